/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two CPUs make a call each at the same moment, many times. Attacks: calls that exclude each other, where both succeed, or
 * neither leaves what it should. Controls: the same two calls where they do not exclude each other, and both succeed.
 */
#include "attack.h"

#define ROUNDS		60

struct side {
	uint64_t fid, x[5];
	unsigned int wait;		/* turns of a loop before the call: a different overlap each round */
	struct rmi_out out;
};
static struct side other;
static volatile bool ready, start_now;

static void make(struct side *s)
{
	for (volatile unsigned int i = 0; i < s->wait; i++)
		;
	s->out = rmi_call(s->fid, s->x[0], s->x[1], s->x[2], s->x[3], s->x[4]);
}

static void on_other(void *arg)
{
	ready = true;
	while (!start_now)
		;
	make(arg);
}

/* Both calls at once, as near as may be. */
static void both(struct side *s, unsigned int round)
{
	ready = start_now = false;
	s->wait = round % 8 < 4 ? round % 4 * 40 : 0;
	other.wait = round % 8 < 4 ? 0 : round % 4 * 40;
	on_cpu1(on_other, &other);
	while (!ready)
		;
	start_now = true;
	make(s);
	wait_cpu1();
}

#define MICA_SIDE(op, ...)	(struct side){ .fid = SMC_RMI_MICA, .x = { MICA_##op, __VA_ARGS__ } }
#define RMI_SIDE(name, ...)	(struct side){ .fid = SMC_RMI_##name, .x = { __VA_ARGS__ } }

/* Of the CPU whose call is @s: 0. Of the other: 1. */
static bool succeeded(const struct side *s, unsigned int cpu)
{
	return (cpu == 0 ? s->out.x[0] : other.out.x[0]) == RMI_SUCCESS;
}

static unsigned int won(const struct side *s)
{
	return succeeded(s, 0) + succeeded(s, 1);
}

/* At least one of the calls succeeds; did both? */
static bool both_won(struct side *s, unsigned int round)
{
	both(s, round);
	EXPECT(won(s) >= 1);
	return won(s) == 2;
}

/* ---- one granule, one winner ---- */

ATTEMPT(race, two_workflows, "race/create op/WF_CREATE I3", "both CPUs make a workflow of the same granules",
	"of their own")
{
	uint64_t first, second, wf, wf2, n;
	bool got = false;

	(void)channel_between(role(0), role(0), 0);
	first = wf_params(encode());
	n = W->n_aux;
	wf = wf2 = delegated();
	second = first;
	if (open) {
		struct mica_wf_params *p = page_ptr(second = host_page());

		memcpy(p, page_ptr(first), sizeof(*p));
		for (unsigned int i = 0; i < n; i++)
			p->aux[i] = W->aux[n + i] = delegated();
		W->n_aux = 2 * n;
		wf2 = delegated();
	}
	for (unsigned int i = 0; i < ROUNDS; i++) {
		struct side s = MICA_SIDE(WF_CREATE, wf, first);

		other = MICA_SIDE(WF_CREATE, wf2, second);
		got |= both_won(&s, i);
		must(MICA0(WF_DESTROY, wf));
		if (open)
			must(MICA0(WF_DESTROY, wf2));
	}
	take_back(wf);
	if (open)
		take_back(wf2);
	return got;
}

/* Two roles, and for each what REALM_CREATE takes. */
static void two_realms(uint64_t rds[2], uint64_t params[2])
{
	role(0);
	role(0);
	build(ST_WF);
	for (unsigned int i = 0; i < 2; i++) {
		params[i] = realm_params(i);
		rds[i] = delegated();
	}
}

static void destroy_made(const struct side *s, const uint64_t rds[2])
{
	for (unsigned int n = 0; n < 2; n++)
		if (succeeded(s, n))
			must(RMI0(REALM_DESTROY, rds[n]));
}

ATTEMPT(race, one_role, "race/create op/REALM_CREATE I4", "both CPUs bind a Realm to the same role", "to two roles")
{
	uint64_t rds[2], params[2];
	bool got = false;

	two_realms(rds, params);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		struct side s = MICA_SIDE(REALM_CREATE, rds[0], params[0], W->wf, 0);

		other = MICA_SIDE(REALM_CREATE, rds[1], params[1], W->wf, open);
		got |= both_won(&s, i);
		EXPECT(open || won(&s) == 2 || s.out.x[0] == POLICY(ROLE_STATE) || other.out.x[0] == POLICY(ROLE_STATE));
		EXPECT_EQ(MICA(WF_INFO, W->wf, MICA_INFO_STATE).x[4], won(&s));
		destroy_made(&s, rds);
	}
	take_back(rds[0]);
	take_back(rds[1]);
	return got;
}

ATTEMPT(race, one_vmid, "race/create exhaust/vmid op/REALM_CREATE", "both CPUs make a Realm with the same VMID",
	"with two")
{
	uint64_t rds[2], params[2];
	bool got = false;

	two_realms(rds, params);
	if (!open)
		((struct rmi_realm_params *)page_ptr(params[1]))->vmid = W->m[0].vmid;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		struct side s = MICA_SIDE(REALM_CREATE, rds[0], params[0], W->wf, 0);

		other = MICA_SIDE(REALM_CREATE, rds[1], params[1], W->wf, 1);
		got |= both_won(&s, i);
		destroy_made(&s, rds);
	}
	take_back(rds[0]);
	take_back(rds[1]);
	return got;
}

/* What both CPUs want: one page, or one for each. */
static void take_pages(uint64_t pages[2], bool open)
{
	pages[0] = delegated();
	pages[1] = open ? delegated() : pages[0];
}

static void give_pages(const uint64_t pages[2], bool open)
{
	take_back(pages[0]);
	if (open)
		take_back(pages[1]);
}

ATTEMPT(race, one_page_two_channels, "race/pages op/CHAN_ADD I3", "both CPUs add the same page, to two channels",
	"two pages")
{
	uint64_t pages[2];
	bool got = false;

	(void)channel_between(role(0), role(0), 0);
	(void)channel_between(0, 1, 0);
	build(ST_WF);
	take_pages(pages, open);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		struct side s = MICA_SIDE(CHAN_ADD, W->wf, 0, pages[0]);

		other = MICA_SIDE(CHAN_ADD, W->wf, 1, pages[1]);
		got |= both_won(&s, i);
		for (unsigned int c = 0; c < 2; c++)
			if (succeeded(&s, c))
				must(MICA0(CHAN_REMOVE, W->wf, c));
	}
	give_pages(pages, open);
	return got;
}

ATTEMPT(race, add_and_undelegate, "race/pages op/CHAN_ADD cmd/GRANULE_UNDELEGATE I3",
	"one CPU adds a page, the other takes it back: a channel page that the host reads", "two pages")
{
	uint64_t pages[2];
	bool got = false;

	(void)channel_between(role(0), role(0), 0);
	build(ST_WF);
	take_pages(pages, open);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		struct side s = MICA_SIDE(CHAN_ADD, W->wf, 0, pages[0]);

		other = RMI_SIDE(GRANULE_UNDELEGATE, pages[1]);
		got |= both_won(&s, i);
		if (s.out.x[0] == RMI_SUCCESS) {
			EXPECT(!host_can_read(page_ptr(pages[0])));
			must(MICA0(CHAN_REMOVE, W->wf, 0));
		}
		if (other.out.x[0] == RMI_SUCCESS)
			must(RMI0(GRANULE_DELEGATE, pages[1]));
	}
	give_pages(pages, open);
	return got;
}

/* A channel of two pages from a to b. */
static unsigned int two_page_channel(unsigned int a, unsigned int b)
{
	unsigned int c = channel(2, 0);

	grant(c, a, RW);
	grant(c, b, R);
	build(ST_TABLES);
	return c;
}

ATTEMPT(race, map_twice, "race/pages op/CHAN_MAP I3", "both CPUs map the same page of a grant: counted twice",
	"two pages")
{
	unsigned int a = role(0), c = two_page_channel(a, role(0));
	bool got = false;

	for (unsigned int i = 0; i < ROUNDS; i++) {
		struct side s = MICA_SIDE(CHAN_MAP, W->m[a].rd, 0, 0, 3);

		other = MICA_SIDE(CHAN_MAP, W->m[a].rd, 0, open ? PAGE : 0, 3);
		got |= both_won(&s, i);
		EXPECT_EQ(MICA(WF_INFO, W->wf, MICA_INFO_CHANNEL, c).x[3], won(&s));
		must(MICA0(CHAN_UNMAP, W->m[a].rd, 0, 0, 3));
		if (open)
			must(MICA0(CHAN_UNMAP, W->m[a].rd, 0, PAGE, 3));
	}
	return got;
}

ATTEMPT(race, unmap_twice, "race/pages op/CHAN_UNMAP I3", "both CPUs unmap the same page: the count would pass zero",
	"two pages")
{
	unsigned int a = role(0), c = two_page_channel(a, role(0));
	bool got = false;

	for (unsigned int i = 0; i < ROUNDS; i++) {
		struct side s = MICA_SIDE(CHAN_UNMAP, W->m[a].rd, 0, 0, 3);

		must(MICA0(CHAN_MAP, W->m[a].rd, 0, 0, 3));
		if (open)
			must(MICA0(CHAN_MAP, W->m[a].rd, 0, PAGE, 3));
		other = MICA_SIDE(CHAN_UNMAP, W->m[a].rd, 0, open ? PAGE : 0, 3);
		got |= both_won(&s, i);
		EXPECT_EQ(MICA(WF_INFO, W->wf, MICA_INFO_CHANNEL, c).x[3], 0);
	}
	return got;
}

ATTEMPT(race, map_and_remove, "race/pages op/CHAN_MAP op/CHAN_REMOVE I3 row/teardown",
	"one CPU maps a channel's page, the other removes it: a mapped page that the host gets", "of two channels")
{
	unsigned int a = role(0), b = role(0), c = channel_between(b, a, 0);
	bool got = false;

	(void)channel_between(b, a, 0);
	build(ST_TABLES);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		struct side s = MICA_SIDE(CHAN_MAP, W->m[a].rd, 0, 0, 3);

		other = MICA_SIDE(CHAN_REMOVE, W->wf, open ? 1 : c);
		got |= both_won(&s, i);
		if (s.out.x[0] == RMI_SUCCESS)
			must(MICA0(CHAN_UNMAP, W->m[a].rd, 0, 0, 3));
		if (other.out.x[0] == RMI_SUCCESS)
			must(MICA0(CHAN_ADD, W->wf, open ? 1 : c, W->chan_base[open ? 1 : c]));
	}
	return got;
}

ATTEMPT(race, bind_and_destroy, "race/end op/REALM_CREATE op/WF_DESTROY I4",
	"one CPU binds a Realm, the other destroys the workflow: an RD bound to nothing", "of two workflows")
{
	uint64_t rd, params, wf_params_pa, second = 0;
	bool got = false;

	role(0);
	wf_params_pa = wf_params(encode());
	W->wf = delegated();
	params = realm_params(0);
	rd = delegated();
	if (open) {
		use(1);
		role(0);
		build(ST_WF);
		second = W->wf;
		use(0);
	}
	for (unsigned int i = 0; i < ROUNDS; i++) {
		struct side s = MICA_SIDE(REALM_CREATE, rd, params, W->wf, 0);

		if (i == 0 || !open)
			must(MICA0(WF_CREATE, W->wf, wf_params_pa));
		other = MICA_SIDE(WF_DESTROY, open ? second : W->wf);
		got |= both_won(&s, i);
		if (s.out.x[0] == RMI_SUCCESS)
			must(RMI0(REALM_DESTROY, rd));
		if (open)
			break;
		if (other.out.x[0] != RMI_SUCCESS)
			must(MICA0(WF_DESTROY, W->wf));
	}
	take_back(rd);
	if (open) {
		use(1);
		take_back(W->wf);
		W->wf = 0;
		use(0);
	} else {
		take_back(W->wf);
		W->wf = 0;
	}
	return got;
}

/* ---- a Realm that runs on CPU 1 ---- */

static volatile bool inside;
static struct { uint64_t status, reason; unsigned int role; } ran;

static void run_there(void *arg)
{
	(void)arg;
	ran.status = RMI0(REC_ENTER, W->m[ran.role].rec[0], W->m[ran.role].run[0]);
	ran.reason = left(ran.role)->exit_reason;
	inside = false;
}

/* The Realm spins until its window says otherwise: word 0 is there, word 1 go on. */
#define SPIN	"mov x1, #1\n\t str x1, [x0]\n\t 1: ldr x1, [x0, #8]\n\t cbz x1, 1b"

/* The Realm of role @i on CPU 1: @code, which begins with SPIN. */
static volatile uint64_t *spins(unsigned int i, struct code code, uint64_t x2, uint64_t x3)
{
	volatile uint64_t *w = window_at(i, AT_WINDOW(3));
	uint64_t *x;

	w[0] = w[1] = 0;
	x = load(i, code);
	x[0] = AT_WINDOW(3);
	x[2] = x2;
	x[3] = x3;
	ran.role = i;
	inside = true;
	on_cpu1(run_there, NULL);
	while (w[0] == 0 && inside)
		;
	return w;
}

ATTEMPT(race, enter_twice, "row/running race/enter cmd/REC_ENTER I10", "both CPUs run the same vCPU", "two vCPUs")
{
	unsigned int a = role(0);
	volatile uint64_t *w;
	uint64_t status;

	W->p.role[a].vcpus = 2;
	window(a, 3, IN | OUT);
	start();
	w = spins(a, CODE(SPIN), 0, 0);
	load(REC(a, 1), CODE("nop"));
	status = RMI0(REC_ENTER, W->m[a].rec[open], W->m[a].run[1]);
	EXPECT_EQ(status, open ? RMI_SUCCESS : RMI_ERROR_REC);
	w[1] = 1;
	wait_cpu1();
	must(ran.status);
	return status == RMI_SUCCESS;
}

ATTEMPT(race, destroy_running, "race/enter cmd/REC_DESTROY row/teardown",
	"the host destroys a vCPU that runs, the workflow stopped", "after it left")
{
	unsigned int a = role(0);
	volatile uint64_t *w;
	uint64_t status;

	window(a, 3, IN | OUT);
	start();
	w = spins(a, CODE(SPIN), 0, 0);
	stop();
	if (open) {
		w[1] = 1;
		wait_cpu1();
	}
	status = RMI0(REC_DESTROY, W->m[a].rec[0]);
	EXPECT_EQ(status, open ? RMI_SUCCESS : RMI_ERROR_REC);
	w[1] = 1;
	wait_cpu1();
	EXPECT_EQ(ran.reason, RMI_EXIT_MICA_STOPPED);
	if (status == RMI_SUCCESS) {
		take_back(W->m[a].rec[0]);
		W->m[a].rec[0] = 0;
	}
	return status == RMI_SUCCESS;
}

/* The Realm makes a call after the workflow stopped, or its role was reset: served or not? */
static bool served_after(bool open, bool reset)
{
	unsigned int a = role(HOSTCALL);
	volatile uint64_t *w;

	W->p.role[a].flags = MICA_ROLE_RESTART;
	window(a, 3, IN | OUT);
	start();
	w = spins(a, CODE(SPIN "\n\t str x2, [x3, #8]\n\t mov x1, x3\n\t" HOST_CALL), SECRET, AT_RAM);
	if (!open && reset)
		must(MICA0(ROLE_RESET, W->wf, a));
	else if (!open)
		stop();
	w[1] = 1;
	wait_cpu1();
	must(ran.status);
	EXPECT_EQ(ran.reason, open ? RMI_EXIT_HOST_CALL : RMI_EXIT_MICA_STOPPED);
	if (!open)
		for (unsigned int i = 1; i < sizeof(struct rmi_rec_exit) / 8; i++)
			EXPECT_EQ(((const uint64_t *)left(a))[i], 0);
	return left(a)->gprs[0] == SECRET;
}

ATTEMPT(race, call_after_stop, "race/end op/WF_STOP I5 row/exit-kind",
	"a running Realm makes a host call after its workflow was stopped on another CPU", "no stop")
{
	return served_after(open, false);
}

ATTEMPT(race, call_after_reset, "race/end op/ROLE_RESET I5 row/exit-kind",
	"a running Realm makes a host call after its role was reset on another CPU", "no reset")
{
	return served_after(open, true);
}

ATTEMPT(race, stop_and_enter, "race/end op/WF_STOP cmd/REC_ENTER I5",
	"one CPU stops the workflow, the other enters: an entry that starts after the stop", "two workflows")
{
	bool got = false;
	uint64_t stopped_wf;

	role(0);
	start();
	for (unsigned int i = 0; i < 12; i++) {
		struct side s = RMI_SIDE(REC_ENTER, W->m[0].rec[0], W->m[0].run[0]);

		stopped_wf = W->wf;
		if (open) {
			use(1);
			role(0);
			start();
			stopped_wf = W->wf;
			W->stopped = true;
			use(0);
		}
		other = MICA_SIDE(WF_STOP, stopped_wf);
		both(&s, i);
		must(other.out.x[0]);
		got |= RMI0(REC_ENTER, W->m[0].rec[0], W->m[0].run[0]) == RMI_SUCCESS;
		if (open)
			break;
		EXPECT(s.out.x[0] == RMI_SUCCESS || s.out.x[0] == POLICY(WF_STATE));
		W->stopped = true;
		end_world();
		role(0);
		start();
	}
	return got;
}

ATTEMPT(race, activate_and_stop, "race/end op/WF_ACTIVATE op/WF_STOP",
	"one CPU activates, the other stops: a workflow that comes alive again", "two workflows")
{
	bool got = false;

	for (unsigned int i = 0; i < 12; i++) {
		struct side s;
		uint64_t victim;

		role(0);
		build(ST_SEALED);
		victim = W->wf;
		if (open) {
			use(1);
			role(0);
			build(ST_SEALED);
			victim = W->wf;
			W->stopped = true;
			use(0);
		}
		s = MICA_SIDE(WF_ACTIVATE, W->wf);
		other = MICA_SIDE(WF_STOP, victim);
		both(&s, i);
		must(other.out.x[0]);
		got |= MICA(WF_INFO, W->wf, MICA_INFO_STATE).x[1] == MICA_WF_ACTIVE;
		if (open)
			break;
		W->stopped = true;
		end_world();
	}
	return got;
}

ATTEMPT(race, seal_and_change, "race/seal cmd/REALM_ACTIVATE cmd/DATA_DESTROY I2 rule/9",
	"one CPU seals a Realm, the other takes a page of its RAM: sealed with a hole", "another Realm's")
{
	bool got = false;

	for (unsigned int i = 0; i < 12; i++) {
		struct side s;

		role(0);
		build(ST_RECS);
		if (open) {
			use(1);
			role(0);
			build(ST_RECS);
		}
		other = RMI_SIDE(DATA_DESTROY, W->m[0].rd, AT_RAM);
		use(0);
		s = RMI_SIDE(REALM_ACTIVATE, W->m[0].rd);
		got |= both_won(&s, i);
		if (open)
			use(1);
		if (other.out.x[0] == RMI_SUCCESS) {
			take_back(W->m[0].ram[AT_RAM / PAGE]);
			W->m[0].ram[AT_RAM / PAGE] = 0;
		}
		use(0);
		if (open)
			break;
		end_world();
	}
	return got;
}
