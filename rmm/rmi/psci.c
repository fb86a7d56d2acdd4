/* SPDX-License-Identifier: Apache-2.0 */
/* RMI_PSCI_COMPLETE: the host names the target of a REC's CPU_ON or AFFINITY_INFO; the monitor does the rest. */
#include "../arch/esr.h"
#include "../mica/hooks.h"
#include "../realm/mpidr.h"
#include "../realm/rec.h"
#include "rmi_internal.h"

#include "../../abi/rsi.h"

#define SCTLR_EL1_RESET	0x00c50878UL
#define SCTLR_EE	BIT(25)
#define AFFINITY_ON	0
#define AFFINITY_OFF	1

static bool is_cpu_on(const struct rec *calling)
{
	return calling->psci.fid == PSCI_CPU_ON_32 || calling->psci.fid == PSCI_CPU_ON_64;
}

static bool is_on(const struct granule *g_target)
{
	const struct rec *target = granule_va(g_target);

	return __atomic_load_n(&g_target->refs, __ATOMIC_ACQUIRE) != 0 ||
	       __atomic_load_n(&target->runnable, __ATOMIC_ACQUIRE);
}

static bool status_permitted(const struct rec *calling, const struct granule *g_target, uint64_t status)
{
	if (status == (uint64_t)PSCI_SUCCESS)
		return true;
	return status == (uint64_t)PSCI_DENIED && is_cpu_on(calling) && !is_on(g_target);
}

static bool args_valid(const struct granule *g_calling, const struct granule *g_target, uint64_t status)
{
	const struct rec *calling = granule_va(g_calling), *target = granule_va(g_target);

	if (__atomic_load_n(&g_calling->refs, __ATOMIC_ACQUIRE) != 0 || !calling->psci.pending)
		return false;
	return calling->g_rd == target->g_rd &&
	       target->index == realm_mpidr_index(calling->psci.arg[0]) &&
	       status_permitted(calling, g_target, status);
}

/* The target starts as out of reset, in the caller's byte order. */
static void switch_on(struct rec *target, const struct rec *calling)
{
	target->pstate = PSTATE_MODE_EL1H | PSTATE_DAIF;
	target->sys.SCTLR_EL1 = SCTLR_EL1_RESET | (calling->sys.SCTLR_EL1 & SCTLR_EE);
	target->pc = calling->psci.arg[1];
	target->gpr[0] = calling->psci.arg[2];
	__atomic_store_n(&target->runnable, 1, __ATOMIC_RELEASE);
}

static long complete_cpu_on(const struct rec *calling, struct granule *g_target, uint64_t status)
{
	if (is_on(g_target))
		return PSCI_ALREADY_ON;
	if (status != (uint64_t)PSCI_SUCCESS)
		return PSCI_DENIED;
	switch_on(granule_va(g_target), calling);
	return PSCI_SUCCESS;
}

void rmi_psci_complete(const struct rmi_args *in, struct rmi_result *out)
{
	struct granule_req reqs[] = {
		{ .pa = pa(in->x[1]), .want = GRANULE_REC },
		{ .pa = pa(in->x[2]), .want = GRANULE_REC },
	};
	uint64_t status = in->x[3];
	struct rec *calling = NULL;

	out->x[0] = RMI_ERROR_INPUT;
	if (!granule_lock_set(reqs, ARRAY_SIZE(reqs)))
		return;
	if (args_valid(reqs[0].g, reqs[1].g, status)) {
		calling = granule_va(reqs[0].g);
		out->x[0] = mica_active(calling);
	}
	if (out->x[0] == RMI_SUCCESS) {
		calling->gpr[0] = is_cpu_on(calling) ?
				  (uint64_t)complete_cpu_on(calling, reqs[1].g, status) :
				  is_on(reqs[1].g) ? AFFINITY_ON : AFFINITY_OFF;
		memset(&calling->gpr[1], 0, 3 * sizeof(calling->gpr[0]));
		calling->psci.pending = false;
	}
	granule_unlock_set(reqs, ARRAY_SIZE(reqs));
}
