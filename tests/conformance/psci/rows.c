/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "PSCI"

#define STATUS(n)	((uint64_t)(PSCI_##n))

static void set_up(uint64_t x[REGS]) { (void)x; caller_of_three(); }
/* PSCI promises X0 alone */
static const struct env env = { .fid = PSCI_VERSION, .rsi = true, .set_up = set_up, .outputs = 0xe };

static bool left_by(const struct rmi_rec_exit *exit, uint64_t fid, uint64_t target)
{
	bool only = exit->exit_reason == RMI_EXIT_PSCI && exit->gprs[0] == fid && exit->gprs[1] == target;

	for (int i = 2; i < 31; i++)
		only = only && exit->gprs[i] == 0;
	return only && exit->esr == 0 && exit->far == 0 && exit->hpfar == 0 && exit->imm == 0;
}

/* For the rows whose Realm makes its call in the check. */
static const struct env env_exit = { .fid = SMC_RSI_FEATURES, .rsi = true, .set_up = set_up };

/* A call that exits: what the host sees. */
static bool exits(uint64_t fid, uint64_t a, uint64_t b, uint64_t c, uint64_t target)
{
	const uint64_t x[REGS] = { fid, a, b, c, 0x5ec4e7, 0x5ec4e7 };

	caller_of_three();
	make_call(x);
	return left_by(&realm_run(&caller)->exit, fid, target);
}

LAST(version, 0x10001, x[0] = PSCI_VERSION);
LAST(smccc_version, 0x10002, x[0] = SMCCC_VERSION);
LAST(features__cpu_on, 0, x[0] = PSCI_FEATURES; x[1] = PSCI_CPU_ON_64);
LAST(features__cpu_on_32, 0, x[0] = PSCI_FEATURES; x[1] = PSCI_CPU_ON_32);
LAST(features__cpu_off, 0, x[0] = PSCI_FEATURES; x[1] = PSCI_CPU_OFF);
LAST(features__cpu_suspend, 0, x[0] = PSCI_FEATURES; x[1] = PSCI_CPU_SUSPEND_64);
LAST(features__affinity_info, 0, x[0] = PSCI_FEATURES; x[1] = PSCI_AFFINITY_INFO_64);
LAST(features__system_off, 0, x[0] = PSCI_FEATURES; x[1] = PSCI_SYSTEM_OFF);
LAST(features__system_reset, 0, x[0] = PSCI_FEATURES; x[1] = PSCI_SYSTEM_RESET);
LAST(features__features, 0, x[0] = PSCI_FEATURES; x[1] = PSCI_FEATURES);
LAST(features__smccc_version, 0, x[0] = PSCI_FEATURES; x[1] = SMCCC_VERSION);
LAST(features__migrate, STATUS(NOT_SUPPORTED), x[0] = PSCI_FEATURES; x[1] = 0x84000005);
LAST(features__mem_protect, STATUS(NOT_SUPPORTED), x[0] = PSCI_FEATURES; x[1] = 0x84000013);
LAST(unknown__migrate, STATUS(NOT_SUPPORTED), x[0] = 0x84000005);
LAST(unknown__migrate_info, STATUS(NOT_SUPPORTED), x[0] = 0x84000006);
LAST(unknown__cpu_freeze, STATUS(NOT_SUPPORTED), x[0] = 0x8400000b);
LAST(unknown__system_suspend, STATUS(NOT_SUPPORTED), x[0] = 0xc400000e);
LAST(unknown__system_reset2, STATUS(NOT_SUPPORTED), x[0] = 0xc4000012);
LAST(cpu_on_entry__unprotected, STATUS(INVALID_ADDRESS), x[0] = PSCI_CPU_ON_64; x[1] = 1; x[2] = PAR_END);
LAST(cpu_on_entry__beyond, STATUS(INVALID_ADDRESS), x[0] = PSCI_CPU_ON_64; x[1] = 1; x[2] = ~0UL);
LAST(cpu_on_mpidr__3, STATUS(INVALID_PARAMETERS), x[0] = PSCI_CPU_ON_64; x[1] = 3);
LAST(cpu_on_mpidr__aff3, STATUS(INVALID_PARAMETERS), x[0] = PSCI_CPU_ON_64; x[1] = 1UL << 32);
LAST(cpu_on_self, STATUS(ALREADY_ON), x[0] = PSCI_CPU_ON_64; x[1] = 0);
LAST(cpu_on_entry_before_mpidr, STATUS(INVALID_ADDRESS), x[0] = PSCI_CPU_ON_64; x[1] = 3; x[2] = PAR_END);
LAST(cpu_on_entry_before_self, STATUS(INVALID_ADDRESS), x[0] = PSCI_CPU_ON_64; x[1] = 0; x[2] = PAR_END);
LAST(affinity_info_level, STATUS(INVALID_PARAMETERS), x[0] = PSCI_AFFINITY_INFO_64; x[1] = 1; x[2] = 1);
LAST(affinity_info_mpidr, STATUS(INVALID_PARAMETERS), x[0] = PSCI_AFFINITY_INFO_64; x[1] = 3);
LAST(affinity_info_self, 0, x[0] = PSCI_AFFINITY_INFO_64; x[1] = 0);
LAST(cpu_suspend, 0, x[0] = PSCI_CPU_SUSPEND_64; x[1] = 1; x[2] = 2);
#define env env_exit
GOOD(exit__cpu_on, , exits(PSCI_CPU_ON_64, 1, 0, 0x77, 1));
GOOD(exit__cpu_on_32, , exits(PSCI_CPU_ON_32, 2, 0, 0, 2));
GOOD(exit__affinity_info, , exits(PSCI_AFFINITY_INFO_64, 2, 0, 0, 2));
GOOD(exit__cpu_suspend, , exits(PSCI_CPU_SUSPEND_64, 1, 2, 3, 0));
GOOD(exit__cpu_suspend_32, , exits(PSCI_CPU_SUSPEND_32, 1, 2, 3, 0));
GOOD(exit__cpu_off, , exits(PSCI_CPU_OFF, 1, 2, 3, 0) && RMI0(REC_ENTER, caller.rec, caller.run) == REC);
GOOD(exit__system_off, , exits(PSCI_SYSTEM_OFF, 1, 2, 3, 0) && RMI0(REC_ENTER, caller.rec, caller.run) == REALM(1));
GOOD(exit__system_reset, , exits(PSCI_SYSTEM_RESET, 1, 2, 3, 0) && RMI0(REC_ENTER, caller.rec, caller.run) == REALM(1));
#undef env
