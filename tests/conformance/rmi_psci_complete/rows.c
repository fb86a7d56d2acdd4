/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RMI_PSCI_COMPLETE"

#define SUCCESS	((uint64_t)PSCI_SUCCESS)
#define DENIED	((uint64_t)PSCI_DENIED)

static uint64_t fid;

/* REC 0 has asked about REC 1; REC 2 is there, too. */
static void ask(uint64_t x[REGS], uint64_t psci)
{
	const uint64_t call[REGS] = { fid = psci, 1, 0, 0x77 };

	caller_of_three();
	make_call(call);
	EXPECT_EQ(realm_run(&caller)->exit.exit_reason, RMI_EXIT_PSCI);
	EXPECT_EQ(realm_run(&caller)->exit.gprs[0], psci);
	EXPECT_EQ(realm_run(&caller)->exit.gprs[1], 1);
	EXPECT_EQ(realm_run(&caller)->exit.gprs[2], 0);
	x[1] = caller_rec[0];
	x[2] = caller_rec[1];
	x[3] = SUCCESS;
}

static void set_up_on(uint64_t x[REGS]) { ask(x, PSCI_CPU_ON_64); }
static void set_up_info(uint64_t x[REGS]) { ask(x, PSCI_AFFINITY_INFO_64); }
static const struct env env = { .fid = SMC_RMI_PSCI_COMPLETE, .set_up = set_up_on };
static const struct env env_info = { .fid = SMC_RMI_PSCI_COMPLETE, .set_up = set_up_info };

/* X0..X3 of the caller once it runs on. */
static bool caller_sees(uint64_t x0)
{
	struct rmi_rec_run *run = realm_run(&caller);

	must(RMI0(REC_ENTER, caller.rec, caller.run));
	return run->exit.imm == REALM_CALL_PROXY && run->exit.gprs[0] == x0 && run->exit.gprs[1] == 0 &&
	       run->exit.gprs[2] == 0 && run->exit.gprs[3] == 0;
}

static bool target_runs(void)
{
	uint64_t run = host_page();

	return RMI0(REC_ENTER, caller_rec[1], run) == RMI_SUCCESS;
}

REC_ROWS(calling, 1);
REC_ROWS(target, 2);
ROW(alias, INPUT, x[2] = x[1]);
ROW(pending__target_asks, INPUT, x[1] = caller_rec[2]);
ROW(pending__other_realm, INPUT, x[1] = sample.rec);
ROW(owner, INPUT, x[2] = sample.rec);
ROW(target_mpidr, INPUT, x[2] = caller_rec[2]);
ROW(status__already_on, INPUT, x[3] = (uint64_t)PSCI_ALREADY_ON);
ROW(status__invalid, INPUT, x[3] = (uint64_t)PSCI_INVALID_PARAMETERS);
ROW(status__not_supported, INPUT, x[3] = (uint64_t)PSCI_NOT_SUPPORTED);
ROW(status__positive, INPUT, x[3] = 1);
ROW(status__narrow, INPUT, x[3] = 0xfffffffdUL);
LAST(pending__completed, INPUT, must(RMI0(PSCI_COMPLETE, x[1], x[2], SUCCESS)));
GOOD(success__cpu_on, , caller_sees(SUCCESS) && target_runs());
GOOD(success__cpu_on_denied, x[3] = DENIED, caller_sees(DENIED) && !target_runs());

#define env env_info
ROW(status__denied_for_affinity_info, INPUT, x[3] = DENIED);
GOOD(success__affinity_info_off, , caller_sees(1));
#undef env
