/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PSCI 1.1 as a Realm sees it. What concerns another REC is completed by the host naming it (RMI_PSCI_COMPLETE).
 * Source: RMM specification, PSCI; rsi.md section 3.
 */
#include "../mica/hooks.h"
#include "../realm/mpidr.h"
#include "rsi_internal.h"

static enum run_verdict answer(struct run *run, long value)
{
	run->rec->gpr[0] = (uint64_t)value;
	return RUN_RESUME;
}

static enum run_verdict leave(struct run *run, uint64_t fid)
{
	run->exit.exit_reason = RMI_EXIT_PSCI;
	run->exit.gprs[0] = fid;
	return RUN_EXIT;
}

/* To the host, which has to find the REC with this MPIDR; nothing else of the call is its business. */
static enum run_verdict ask_host(struct run *run, uint64_t fid)
{
	run->rec->psci.pending = true;
	run->rec->psci.fid = fid;
	run->exit.gprs[1] = run->rec->psci.arg[0];
	return leave(run, fid);
}

static enum run_verdict cpu_on(struct run *run, uint64_t fid)
{
	const struct rec *rec = run->rec;
	uint64_t target = realm_mpidr_index(rec->psci.arg[0]);

	if (!s2_in_par(&rec->s2, ipa(rec->psci.arg[1]), 1))
		return answer(run, PSCI_INVALID_ADDRESS);
	if (target >= run->rd->rec_index)
		return answer(run, PSCI_INVALID_PARAMETERS);
	if (target == rec->index)
		return answer(run, PSCI_ALREADY_ON);
	return ask_host(run, fid);
}

static enum run_verdict affinity_info(struct run *run, uint64_t fid)
{
	const struct rec *rec = run->rec;
	uint64_t target = realm_mpidr_index(rec->psci.arg[0]);

	if (rec->psci.arg[1] != 0 || target >= run->rd->rec_index)
		return answer(run, PSCI_INVALID_PARAMETERS);
	if (target == rec->index)
		return answer(run, PSCI_SUCCESS);	/* 0: on */
	return ask_host(run, fid);
}

static enum run_verdict features(struct run *run)
{
	switch (run->rec->psci.arg[0]) {
	case PSCI_VERSION:
	case PSCI_CPU_SUSPEND_32:
	case PSCI_CPU_SUSPEND_64:
	case PSCI_CPU_OFF:
	case PSCI_CPU_ON_32:
	case PSCI_CPU_ON_64:
	case PSCI_AFFINITY_INFO_32:
	case PSCI_AFFINITY_INFO_64:
	case PSCI_SYSTEM_OFF:
	case PSCI_SYSTEM_RESET:
	case PSCI_FEATURES:
	case SMCCC_VERSION:
		return answer(run, PSCI_SUCCESS);
	default:
		return answer(run, PSCI_NOT_SUPPORTED);
	}
}

/* A 32-bit call takes the lower halves of its registers. Source: SMC calling convention. */
static void take_args(struct rec *rec, uint64_t fid)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(rec->psci.arg); i++)
		rec->psci.arg[i] = fid & SMCCC_64 ? rec->gpr[1 + i] : rec->gpr[1 + i] & 0xffffffffUL;
}

enum run_verdict psci_call(struct run *run)
{
	struct rec *rec = run->rec;
	uint64_t fid = rec->gpr[0] & 0xffffffffUL & ~SMCCC_SVE_HINT;
	struct mica_verdict v = mica_psci(run, fid);

	if (v.handled)
		return v.run;
	take_args(rec, fid);
	switch (fid) {
	case PSCI_VERSION:
		return answer(run, PSCI_VERSION_1_1);
	case PSCI_FEATURES:
		return features(run);
	case PSCI_CPU_SUSPEND_32:
	case PSCI_CPU_SUSPEND_64:
		rec->gpr[0] = PSCI_SUCCESS;
		return leave(run, fid);
	case PSCI_CPU_OFF:
		__atomic_store_n(&rec->runnable, 0, __ATOMIC_RELEASE);
		return leave(run, fid);
	case PSCI_CPU_ON_32:
	case PSCI_CPU_ON_64:
		return cpu_on(run, fid);
	case PSCI_AFFINITY_INFO_32:
	case PSCI_AFFINITY_INFO_64:
		return affinity_info(run, fid);
	case PSCI_SYSTEM_OFF:
	case PSCI_SYSTEM_RESET:
		__atomic_store_n(&run->rd->state, REALM_SYSTEM_OFF, __ATOMIC_SEQ_CST);
		mica_realm_off(run->rd);
		return leave(run, fid);
	default:
		return answer(run, PSCI_NOT_SUPPORTED);
	}
}
