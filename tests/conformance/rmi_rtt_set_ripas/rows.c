/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RMI_RTT_SET_RIPAS"

static struct realm r;

/* A Realm that has asked for RAM at REALM_HOLE, one page. */
static void set_up(uint64_t x[REGS])
{
	realm_with_rec(&r, REALM_UNBOUND);
	must(RMI0(RTT_INIT_RIPAS, r.rd, REALM_LATE, REALM_LATE + PAGE));
	go(&r);
	must(RMI0(REC_ENTER, r.rec, r.run));
	EXPECT_EQ(realm_run(&r)->exit.exit_reason, RMI_EXIT_RIPAS_CHANGE);
	x[1] = r.rd;
	x[2] = r.rec;
	x[3] = REALM_HOLE;
	x[4] = REALM_HOLE + PAGE;
}
static const struct env env = { .fid = SMC_RMI_RTT_SET_RIPAS, .set_up = set_up };

/* Before any request. */
static void set_up_idle(uint64_t x[REGS])
{
	realm_active(&r, REALM_HELLO);
	x[1] = r.rd;
	x[2] = r.rec;
	x[3] = 0;
	x[4] = PAGE;
}
static const struct env env_idle = { .fid = SMC_RMI_RTT_SET_RIPAS, .set_up = set_up_idle };

RD_ROWS;
REC_ROWS(rec, 2);
ROW(rec_alias__rd, INPUT, x[2] = x[1]);
ROW(size_valid__empty, INPUT, x[4] = x[3]);
ROW(size_valid__negative, INPUT, x[4] = x[3] - PAGE);
ROW(base_bound__above, INPUT, x[3] += PAGE; x[4] += 2 * PAGE);
ROW(base_bound__below, INPUT, x[3] -= PAGE);
ROW(base_bound__align, INPUT, x[3] += 8);
ROW(top_bound__above, INPUT, x[4] += PAGE);
ROW(top_bound__far, INPUT, x[4] = IPA_END);
ROW(top_gran_align, INPUT, x[4] -= 8);
ROW(rec_owner, REC, x[2] = sample.rec);
ROW(base_bound_before_base_align, INPUT, x[3] += 16; x[4] += PAGE);
ROW(top_gran_align_before_no_progress, INPUT, x[4] = x[3] + 8);
LAST(base_align, RTT(2), must(RMI(DATA_DESTROY, r.rd, 0).x[0]);
     for (unsigned int i = 1; i < r.n_pages; i++) must(RMI0(DATA_DESTROY, r.rd, i * PAGE));
     must(RMI0(RTT_DESTROY, r.rd, 0, 3)); x[3] = REALM_HOLE);
GOOD(success, , r[1] == REALM_HOLE + PAGE);
#define env env_idle
LAST(top_bound__no_request, INPUT, );
#undef env

/* ---- the request of a proxy: any range ---- */

static void request(uint64_t x[REGS], uint64_t base, uint64_t top, uint64_t ripas, uint64_t flags)
{
	const uint64_t set[REGS] = { SMC_RSI_IPA_STATE_SET, base, top, ripas, flags };

	caller_new(x);
	make_call(set);
	EXPECT_EQ(realm_run(&caller)->exit.exit_reason, RMI_EXIT_RIPAS_CHANGE);
	x[1] = caller.rd;
	x[2] = caller.rec;
	x[3] = base;
	x[4] = top;
}

static void set_up_block(uint64_t x[REGS]) { request(x, BLOCK, 2 * BLOCK, RMI_RAM, 0); }
static void set_up_across(uint64_t x[REGS]) { request(x, BLOCK - PAGE, 2 * BLOCK, RMI_RAM, 0); }
static void set_up_empty(uint64_t x[REGS]) { request(x, CALLER_BUFFER, CALLER_BUFFER + PAGE, RMI_EMPTY, 0); }
static void set_up_destroyed(uint64_t x[REGS])
{
	set_up_empty(x);
	must(RMI0(DATA_DESTROY, caller.rd, CALLER_BUFFER));
}
static void set_up_destroyed_allowed(uint64_t x[REGS])
{
	request(x, CALLER_BUFFER, CALLER_BUFFER + PAGE, RMI_EMPTY, RSI_CHANGE_DESTROYED);
	must(RMI0(DATA_DESTROY, caller.rd, CALLER_BUFFER));
}
static void set_up_running(uint64_t x[REGS])
{
	running_start(&r);
	x[1] = r.rd;
	x[2] = r.rec;
	x[3] = 0;
	x[4] = PAGE;
}

#define ENV(name, ...) static const struct env env_##name = { .fid = SMC_RMI_RTT_SET_RIPAS, .set_up = set_up_##name, __VA_ARGS__ }
ENV(block);
ENV(across);
ENV(empty);
ENV(destroyed);
ENV(destroyed_allowed);
ENV(running, .tear_down = running_stop);

/* What the Realm reads afterwards. */
static uint64_t ripas_of(uint64_t a)
{
	return RMI(RTT_READ_ENTRY, caller.rd, a, 3).x[4];
}

#define env env_block
ROW(no_progress, RTT(2), x[4] = BLOCK + PAGE);
GOOD(success__block, , r[1] == 2 * BLOCK);
#undef env
#define env env_across
ROW(top_gran_align_before_progress, INPUT, x[4] = BLOCK + 8);
GOOD(success__end_of_table, , r[1] == BLOCK);
GOOD(success__goes_on, must(RMI0(RTT_SET_RIPAS, x[1], x[2], x[3], x[4])); x[3] = BLOCK, r[1] == 2 * BLOCK);
LAST(base_bound__done_already, INPUT, must(RMI0(RTT_SET_RIPAS, x[1], x[2], x[3], x[4])));
#undef env
#define env env_empty
GOOD(success__to_empty, , r[1] == CALLER_BUFFER + PAGE && ripas_of(CALLER_BUFFER) == RMI_EMPTY);
#undef env
#define env env_destroyed
LAST(rtte_state__destroyed, RTT(3), );
#undef env
#define env env_destroyed_allowed
GOOD(success__destroyed_allowed, , r[1] == CALLER_BUFFER + PAGE && ripas_of(CALLER_BUFFER) == RMI_EMPTY);
#undef env
#define env env_running
LAST(rec_running, REC, );
#undef env
