/* SPDX-License-Identifier: Apache-2.0 */
#include "tally.h"

#define COMMANDS	64		/* from SMC_RMI_BASE; then the extension's operations */

#define ROOTS		2		/* tables a Realm starts with; they go with it */

static uint64_t ticks[2 * COMMANDS], all;
static struct held held;
static uint64_t rec_granules;		/* of one REC; all are alike */

void __real_rmi_smc(uint64_t regs[8]);
void __wrap_rmi_smc(uint64_t regs[8]);

static void hold_realm(uint64_t params)
{
	EXPECT_EQ(((const struct rmi_realm_params *)page_ptr(params))->rtt_num_start, ROOTS);
	held.rd++;
	held.tables += ROOTS;
}

/* An operation of the extension that succeeded. There is one workflow at a time. */
static void hold_mica(uint64_t op, uint64_t params)
{
	switch (op) {
	case MICA_WF_CREATE:
		EXPECT_EQ(held.wf, 0);
		held.wf = 1 + ((const struct mica_wf_params *)page_ptr(params))->n_aux;
		break;
	case MICA_WF_DESTROY:
		held.wf = 0;
		break;
	case MICA_REALM_CREATE:
		hold_realm(params);
		break;
	case MICA_CHAN_ADD:
		held.data++;
		break;
	case MICA_CHAN_REMOVE:
		held.data--;
		break;
	}
}

/* A command that succeeded. */
static void hold(uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3)
{
	switch (fid) {
	case SMC_RMI_GRANULE_DELEGATE:
		held.all++;
		break;
	case SMC_RMI_GRANULE_UNDELEGATE:
		held.all--;
		break;
	case SMC_RMI_DATA_CREATE:
	case SMC_RMI_DATA_CREATE_UNKNOWN:
		held.data++;
		break;
	case SMC_RMI_DATA_DESTROY:
		held.data--;
		break;
	case SMC_RMI_RTT_CREATE:
		held.tables++;
		break;
	case SMC_RMI_RTT_DESTROY:
	case SMC_RMI_RTT_FOLD:
		held.tables--;
		break;
	case SMC_RMI_REALM_CREATE:
		hold_realm(x2);
		break;
	case SMC_RMI_REALM_DESTROY:
		held.rd--;
		held.tables -= ROOTS;
		break;
	case SMC_RMI_REC_CREATE:
		rec_granules = 1 + ((const struct rmi_rec_params *)page_ptr(x3))->num_aux;
		held.rec += rec_granules;
		break;
	case SMC_RMI_REC_DESTROY:
		held.rec -= rec_granules;
		break;
	case SMC_RMI_MICA:
		hold_mica(x1, x3);
		break;
	}
}

const struct held *tally_held(void)
{
	return &held;
}

/* Around the SMC, not around rmi_call(): the harness delegates from the file that defines that one. */
void __wrap_rmi_smc(uint64_t regs[8])
{
	const uint64_t fid = regs[0], x1 = regs[1], x2 = regs[2], x3 = regs[3];

	__real_rmi_smc(regs);
	ticks[fid == SMC_RMI_MICA ? COMMANDS + x1 % COMMANDS : fid % COMMANDS] += rmi_ticks;
	all += rmi_ticks;
	if (regs[0] == RMI_SUCCESS)
		hold(fid, x1, x2, x3);
}

void tally_reset(void)
{
	memset(ticks, 0, sizeof(ticks));
	all = 0;
}

uint64_t tally_rmi(uint64_t fid)
{
	return ticks[fid % COMMANDS];
}

uint64_t tally_mica(uint64_t op)
{
	return ticks[COMMANDS + op];
}

uint64_t tally_all(void)
{
	return all;
}

void tally_exclude(uint64_t n)
{
	all -= n;
}
