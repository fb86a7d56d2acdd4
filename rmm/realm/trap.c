/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a Realm's trap means. Whatever is not known here is Undefined to the Realm: no syndrome that
 * nobody thought of reaches the host. Source: RMM specification, Realm exception model.
 */
#include "../arch/esr.h"
#include "../mica/hooks.h"
#include "context.h"
#include "run.h"

static enum run_verdict undefined(struct run *run)
{
	rec_inject_undefined(run->rec);
	return RUN_RESUME;
}

static enum run_verdict trap_wfx(struct run *run, uint64_t esr)
{
	struct mica_verdict v;

	rec_advance_pc(run->rec);
	v = mica_wfx(run);
	if (v.handled)
		return v.run;
	run->exit.exit_reason = RMI_EXIT_SYNC;
	run->exit.esr = esr & (ESR_EC_MASK | ESR_WFX_TI);
	return RUN_EXIT;
}

static enum run_verdict trap_hvc(struct run *run)
{
	run->rec->pc -= 4;		/* the preferred return address of HVC is behind it */
	return undefined(run);
}

/* No handler below knows 16-bit encodings, and AArch32 is not offered. */
static bool from_aarch32(const struct run *run)
{
	return run->rec->pstate & PSTATE_AARCH32;
}

static enum run_verdict trap_sync(struct run *run)
{
	uint64_t esr = read_ESR_EL2();

	switch (ESR_EC(esr)) {
	case EC_SMC:
		rec_advance_pc(run->rec);
		return rsi_dispatch(run);
	case EC_DATA_ABORT:
		return rec_data_abort(run, esr);
	case EC_INST_ABORT:
		return rec_inst_abort(run, esr);
	case EC_SYSREG:
		return rec_sysreg_trap(run, esr);
	case EC_WFX:
		return from_aarch32(run) ? undefined(run) : trap_wfx(run, esr);
	case EC_HVC:
		return trap_hvc(run);
	case EC_FP:
	case EC_SME:
		/*
		 * EC_SME: FP in the streaming mode the host left on, which loading ends. Once the Realm's
		 * state is loaded such a trap is an SME instruction.
		 */
		if (run->simd)
			return undefined(run);
		rec_simd_load(run);
		return RUN_RESUME;
	default:
		return undefined(run);
	}
}

enum run_verdict rec_trap(struct run *run, enum rec_trap trap)
{
	switch (trap) {
	case REC_TRAP_SYNC:
		return trap_sync(run);
	case REC_TRAP_IRQ:
		run->exit.exit_reason = RMI_EXIT_IRQ;
		return RUN_EXIT;
	case REC_TRAP_FIQ:
		run->exit.exit_reason = RMI_EXIT_FIQ;
		return RUN_EXIT;
	case REC_TRAP_SERROR:
		return rec_serror(run, read_ESR_EL2());
	}
	rmm_panic("rec_trap: kind");
}
