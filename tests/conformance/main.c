/* SPDX-License-Identifier: Apache-2.0 */
/* Runs every row; one line each: "row COMMAND ID ok" or "row COMMAND ID FAILED why". */
#include "conf.h"

extern const struct row __start_rows[], __stop_rows[];

struct samples sample;
struct realm caller;

uint16_t next_vmid(void)
{
	static uint16_t vmid;

	return ++vmid;
}

void realm_new(struct realm *r)
{
	realm_create(r, next_vmid());
	realm_tables(r);
	realm_load(r);
}

void realm_with_rec(struct realm *r, uint64_t what)
{
	realm_new(r);
	realm_rec(r, what);
}

void realm_active(struct realm *r, uint64_t what)
{
	realm_with_rec(r, what);
	go(r);
}

void switch_off(struct realm *r)
{
	for (int i = 0; i < 20 && RMI0(REC_ENTER, r->rec, r->run) == RMI_SUCCESS; i++)
		;
}

/* ---- calls of a Realm ---- */

/* Enter until the proxy asks for its next call. */
static void to_proxy(void)
{
	struct rmi_rec_run *run = realm_run(&caller);

	for (int i = 0; i < 200; i++) {
		if (RMI0(REC_ENTER, caller.rec, caller.run) != RMI_SUCCESS)
			break;
		if (run->exit.exit_reason == RMI_EXIT_HOST_CALL && run->exit.imm == REALM_CALL_PROXY)
			return;
	}
	EXPECT(!"the Realm came back");
}

uint64_t one_more_rec(struct realm *r, uint64_t index, uint64_t flags, uint64_t what)
{
	struct rmi_rec_params *p = page_ptr(host_page());
	uint64_t rec = delegated();

	p->flags = flags;
	p->mpidr = index;
	p->gprs[0] = what;
	p->num_aux = RMI(REC_AUX_COUNT, r->rd).x[1];
	for (uint64_t i = 0; i < p->num_aux; i++)
		p->aux[i] = delegated();
	must(RMI0(REC_CREATE, r->rd, rec, (uint64_t)p));
	return rec;
}

uint64_t caller_rec[3];

static void caller_make(void)
{
	realm_create(&caller, next_vmid());
	realm_tables(&caller);
	realm_load(&caller);
	EXPECT_EQ(RMI0(RTT_INIT_RIPAS, caller.rd, CALLER_BUFFER, CALLER_BUFFER + PAGE), RMI_SUCCESS);
	EXPECT_EQ(RMI0(DATA_CREATE_UNKNOWN, caller.rd, delegated(), CALLER_BUFFER), RMI_SUCCESS);
	realm_rec(&caller, REALM_PROXY);
	caller_rec[0] = caller.rec;
}

void caller_new(uint64_t x[REGS])
{
	(void)x;
	caller_make();
	go(&caller);
	to_proxy();
}

void caller_of_three(void)
{
	caller_make();
	for (uint64_t i = 1; i < 3; i++)
		caller_rec[i] = one_more_rec(&caller, i, 0, REALM_HELLO);
	go(&caller);
	to_proxy();
}

void make_call(const uint64_t x[REGS])
{
	memcpy(realm_run(&caller)->enter.gprs, x, REGS * sizeof(x[0]));
	must(RMI0(REC_ENTER, caller.rec, caller.run));
}

void caller_smc(const uint64_t x[REGS], uint64_t r[REGS])
{
	struct rmi_rec_run *run = realm_run(&caller);

	memcpy(run->enter.gprs, x, REGS * sizeof(x[0]));
	to_proxy();
	memcpy(r, run->exit.gprs, REGS * sizeof(r[0]));
}

/* ---- a Realm that runs elsewhere ---- */

static volatile uint64_t *running_shared;

static void run_there(void *arg)
{
	const struct realm *r = arg;

	/* an interrupt, should one come, is no reason to stay outside */
	while (RMI0(REC_ENTER, r->rec, r->run) == RMI_SUCCESS)
		;
}

void running_start(struct realm *r)
{
	realm_active(r, REALM_SPIN);
	running_shared = page_ptr(r->shared);
	on_cpu1(run_there, r);
	while (running_shared[1] == 0)
		;
}

void running_stop(void)
{
	running_shared[0] = 1;
	wait_cpu1();
}

/* ---- one row ---- */

static void call(const struct env *env, const uint64_t x[REGS], uint64_t r[REGS])
{
	struct rmi_out out;

	memset(r, 0, REGS * sizeof(r[0]));
	if (env->rsi) {
		caller_smc(x, r);
		return;
	}
	out = rmi_call(x[0], x[1], x[2], x[3], x[4], x[5]);
	memcpy(r, out.x, sizeof(out.x));
}

static const char *judge_failure(const struct row *row, const uint64_t x[REGS], const uint64_t r[REGS])
{
	if (r[0] != row->want)
		return "status";
	for (unsigned int i = 1; i <= 3; i++)
		if (r[i] != 0 && !(row->env->outputs >> i & 1))
			return "an output is not zero";
	if (!row->env->rsi && (r[5] != x[5] || r[6] != 0x6666 || r[7] != 0x7777))
		return "a register is not preserved";
	return NULL;
}

static const char *try_row(const struct row *row, uint64_t r[REGS])
{
	uint64_t x[REGS] = { 0 }, good[REGS];
	const char *why;

	row->env->set_up(x);
	if (row->kind == ROW_SHOW) {
		row->spoil(x);
		return NULL;
	}
	x[0] = row->env->fid;
	memcpy(good, x, sizeof(good));
	row->spoil(x);
	call(row->env, x, r);
	if (row->kind == ROW_GOOD)
		return r[0] != 0 ? "status" : row->check(r) ? NULL : "results";
	why = judge_failure(row, x, r);
	if (why != NULL || row->kind == ROW_LAST)
		return why;
	call(row->env, good, r);
	return r[0] == 0 ? NULL : "the good call after it is refused";
}

static const char *run_row(const struct row *row, uint64_t r[REGS])
{
	const char *why = try_row(row, r);

	if (row->env->tear_down != NULL)
		row->env->tear_down();
	return why;
}

static void print_row(const struct row *row, const char *why, uint64_t got)
{
	bare_puts("row ");
	bare_puts(row->command);
	bare_puts(" ");
	bare_puts(row->id);
	if (why == NULL) {
		bare_puts(" ok\r\n");
		return;
	}
	bare_puts(" FAILED ");
	bare_puts(why);
	bare_puts(", got ");
	bare_hex(got);
	bare_puts(" want ");
	bare_hex(row->want);
	bare_puts("\r\n");
}

static void make_samples(void)
{
	static struct realm r;

	realm_with_rec(&r, REALM_HELLO);
	sample = (struct samples){ .ns = host_page(), .delegated = delegated(), .rd = r.rd, .rec = r.rec,
				   .aux = r.aux[0], .rtt = r.l3, .data = r.pages[0] };
}

_Noreturn void bare_main(void)
{
	make_samples();
	for (const struct row *row = __start_rows; row < __stop_rows; row++) {
		unsigned int before = bare_failed;
		uint64_t r[REGS] = { 0 };
		const char *why = run_row(row, r);

		if (why == NULL && bare_failed != before)
			why = row->kind == ROW_SHOW ? "see above" : "its preparation failed";
		print_row(row, why, r[0]);
	}
	bare_puts("rows end\r\n");
	bare_power_off();
}
