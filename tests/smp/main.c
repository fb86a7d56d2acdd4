/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smp [--workflows] [--rounds N] [--seed N]: rounds of simultaneous calls; explain.c judges them. Between rounds one CPU builds
 * and tears down. The last line is a suite's; a mismatch aborts with the round's calls.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../rmm/arch/esr.h"
#include "../fuzz/wf.h"
#include "smp.h"

#define ROUNDS_PER_MACHINE	300

static struct part parts[SMP_CPUS];
static unsigned int n_parts;
static atomic_uint round_no, at_line, finished;
static atomic_bool over, realm_is_on;
static unsigned long rounds;

/* ---- CPUs ---- */

static _Thread_local struct part *mine;	/* NULL: no round, tests/fuzz drives the Realm */

static enum rec_trap run_script(uint64_t gpr[31])
{
	struct part *p = mine;

	if (p == NULL)
		return realm_runs(gpr);
	fake_regs()->SPSR_EL2 = PSTATE_MODE_EL1H | PSTATE_DAIF;
	if (p->ran) {
		p->ran_on = true;
		memcpy(p->after, gpr, sizeof(p->after));
		return REC_TRAP_IRQ;
	}
	p->ran = true;
	if (p == &parts[0])
		atomic_store_explicit(&realm_is_on, true, memory_order_relaxed);
	p->pc = fake_regs()->ELR_EL2;
	memcpy(p->found, gpr, sizeof(p->found));
	memcpy(gpr, p->script, sizeof(p->script));
	fake_regs()->ESR_EL2 = ESR_EC_VAL(EC_SMC) | ESR_IL;
	return REC_TRAP_SYNC;
}

static void do_part(struct part *p)
{
	const uint64_t *x = p->call.x;

	mine = p;
	fake_regs()->CNTPCT_EL0 = model.now;
	atomic_fetch_add(&at_line, 1);
	for (unsigned int spins = 0; atomic_load(&at_line) < n_parts; spins++)
		if (spins > 2000)
			sched_yield();
	for (unsigned int spins = 0; p->waits && !atomic_load_explicit(&realm_is_on, memory_order_relaxed) && spins < 20000; spins++)
		;
	if (p->enter)
		p->x0 = fake_rmi(NULL, SMC_RMI_REC_ENTER, p->rec, p->run, 0, 0, 0);
	else
		p->x0 = fake_rmi(p->out, p->call.fid, x[1], x[2], x[3], x[4], x[5]);
	mine = NULL;
}

static void *cpu(void *arg)
{
	unsigned int id = (unsigned int)(uintptr_t)arg, seen = 0;

	fake_set_cpu(id);
	for (;;) {
		for (unsigned int spins = 0; atomic_load(&round_no) == seen; spins++)
			if (spins > 2000)
				sched_yield();
		seen++;
		if (atomic_load(&over))
			return NULL;
		if (id < n_parts)
			do_part(&parts[id]);
		atomic_fetch_add(&finished, 1);
	}
}

/* ---- a round ---- */

_Static_assert(PARAM_PAGES + SMP_CPUS == HOST_PAGES, "each CPU has a run page of its own");

/* What a workflow needs next, or what ends it meanwhile. */
static void choose_wf_call(void)
{
	struct m_wf *w = pick_wf();

	if (w == NULL || !one_in(3))
		build_step();
	else if (!one_in(4))
		mica_step();
	else
		call(SMC_RMI_MICA, one_in(3) ? MICA_WF_STOP : MICA_ROLE_RESET, w->pa, draw(w->policy.roles), 0, 0);
}

static bool choose_call(struct part *p)
{
	uint64_t pointer;

	p->call.fid = 0;
	capture = &p->call;
	if (workflows)
		choose_wf_call();
	else
		call_step();
	capture = NULL;
	if (p->call.fid == 0)
		return false;
	/* host memory holds still: what a call reads must not depend on the order, nor be another CPU's run page */
	pointer = call_pointer(p->call.fid, p->call.x);
	if (p->call.fid == SMC_RMI_GRANULE_DELEGATE)
		return pointer - HOST_BASE >= HOST_PAGES * M_PAGE;
	return pointer == 0 || pointer - HOST_BASE < PARAM_PAGES * M_PAGE;
}

static bool choose_entry(struct part *p, unsigned int id)
{
	static struct m_rec copy;
	struct m_rec *rec = workflows ? pick_bound_rec() : pick_runnable();

	if (rec == NULL)
		return false;
	p->enter = true;
	p->rec = rec->pa;
	p->run = HOST_BASE + (HOST_PAGES - 1 - id) * M_PAGE;
	memset(&p->entry, 0, sizeof(p->entry));
	p->entry.flags = one_in(8) ? draw(32) : 0;
	memcpy(fake_ns_va(pa(p->run)), &p->entry, sizeof(p->entry));
	copy = *rec;
	if (workflows && !one_in(8))
		choose_mica(&copy, &copy);
	else if (one_in(2))
		choose_psci(&copy);
	else
		choose_rsi(&copy);
	memcpy(p->script, copy.gpr, sizeof(p->script));
	return true;
}

static void choose(void)
{
	n_parts = 2;
	if (!workflows && !one_in(3) && choose_pair(parts))
		return;
	if (workflows && one_in(3) && choose_wf_pair(parts))
		return;
	n_parts = one_in(4) ? 3 : 2;
	focus_on(!one_in(8));
	if (workflows)
		wf_focus = pick_wf();
	for (unsigned int i = 0; i < n_parts;) {
		memset(&parts[i], 0, sizeof(parts[i]));
		if (i > 0 && !parts[0].enter && one_in(5))
			parts[i++].call = parts[0].call;	/* twice the same, at once */
		else if (one_in(3) ? choose_entry(&parts[i], i) : choose_call(&parts[i]))
			i++;
	}
	focus_on(false);
	wf_focus = NULL;
}

/* What cannot be judged: more Realms, RECs or tables at once than the model has room for. */
static bool fits(void)
{
	unsigned int realms = 0, recs = 0, tables = 0;

	for (unsigned int i = 0; i < M_REALMS; i++)
		realms += model.realm[i].used;
	for (unsigned int i = 0; i < M_RECS; i++)
		recs += model.rec[i].used;
	for (unsigned int i = 0; i < M_TABLES; i++)
		tables += model.table[i].used;
	for (unsigned int i = 0; i < n_parts; i++) {
		bool create = parts[i].call.fid == SMC_RMI_REALM_CREATE ||
			      (parts[i].call.fid == SMC_RMI_MICA && parts[i].call.x[1] == MICA_REALM_CREATE);

		realms += !parts[i].enter && create;
		tables += parts[i].enter ? 0 : create ? 16 : parts[i].call.fid == SMC_RMI_RTT_CREATE;
		recs += !parts[i].enter && parts[i].call.fid == SMC_RMI_REC_CREATE;
	}
	return realms <= pool.realms && recs <= pool.recs && tables <= pool.tables;
}

static void show_round(void)
{
	for (unsigned int i = 0; i < n_parts; i++) {
		const struct part *p = &parts[i];
		const uint64_t *x = p->enter ? p->script : p->call.x;

		if (p->enter)
			trace("CPU %u: enter %lx, ran %d %d, script %lx(%lx, %lx, %lx): %lx, exit %lu", i, p->rec, p->ran, p->ran_on,
			      x[0], x[1], x[2], x[3], p->x0, p->exit.exit_reason);
		else
			trace("CPU %u: %lx(%lx, %lx, %lx, %lx, %lx) = %lx %lx %lx %lx %lx", i, p->call.fid, x[1], x[2], x[3], x[4],
			      x[5], p->x0, p->out[0], p->out[1], p->out[2], p->out[3]);
	}
}

static void take_exit(struct part *p)
{
	struct rmi_rec_exit *e = &p->exit;

	if (!p->enter || p->x0 != RMI_SUCCESS)
		return;
	*e = ((const struct rmi_rec_run *)fake_peek(pa(p->run)))->exit;
	hide_interrupts(e);
}

static void one_round(void)
{
	choose();
	if (!fits())
		return;
	rounds++;
	steps += n_parts;
	atomic_store(&finished, 0);
	atomic_store(&at_line, 0);
	atomic_store(&realm_is_on, false);
	unmapping = false;
	for (unsigned int i = 0; i < n_parts; i++)
		unmapping |= parts[i].call.fid == SMC_RMI_MICA && parts[i].call.x[1] == MICA_CHAN_UNMAP;
	atomic_fetch_add(&round_no, 1);
	do_part(&parts[0]);
	while (atomic_load(&finished) != SMP_CPUS - 1)
		sched_yield();
	for (unsigned int i = 0; i < n_parts; i++) {
		take_exit(&parts[i]);
		count(parts[i].enter ? SMC_RMI_REC_ENTER : parts[i].call.fid, parts[i].call.x[1], parts[i].x0);
		if (parts[i].enter && parts[i].x0 == RMI_SUCCESS)
			count_exit(parts[i].exit.exit_reason);
	}
	show_round();
	if (!explain(parts, n_parts)) {
		show_state();
		mismatch("no order of the calls explains what they answered");
	}
	learn_instances();
	for (unsigned int i = 0; i < M_REALMS; i++)
		if (model.realm[i].used && model.realm[i].state == 1)
			learn_rim(&model.realm[i]);
	if (workflows)
		check_access();
	check_machine();
}

/* Host memory that everybody uses is the host's in a round. */
static void prepare(void)
{
	for (unsigned int i = 0; i < HOST_PAGES; i++) {
		uint64_t page = HOST_BASE + i * M_PAGE;

		if (m_is(&model, page, M_DELEGATED))
			call_now(SMC_RMI_GRANULE_UNDELEGATE, page, 0, 0, 0, 0);
		if (m_is(&model, page, M_NS))
			fake_set_pas(pa(page), FAKE_NS);
	}
}

static bool host_pages_ready(void)
{
	for (unsigned int i = 0; i < HOST_PAGES; i++)
		if (!m_is(&model, HOST_BASE + i * M_PAGE, M_NS))
			return false;
	return true;
}

static bool any_pair_runs(void)
{
	for (unsigned int r = 0; r < M_REALMS; r++) {
		unsigned int n = 0;

		for (unsigned int i = 0; i < M_RECS; i++)
			n += model.rec[i].used && model.rec[i].realm == (int)r && model.rec[i].runnable && !model.rec[i].psci.pending;
		if (model.realm[r].used && model.realm[r].state == 1 && n >= 2)
			return true;
	}
	return false;
}

/* Rounds wear Realms out: most switch themselves off. */
static void replenish(void)
{
	struct m_realm *r;

	if (any_pair_runs() || !one_in(4))
		return;
	pick_rd(&r);
	if (r != NULL)
		tear_down(r);
	boot_realm();
}

static void one_machine(unsigned long max)
{
	unsigned long end = rounds + max;

	start_machine();
	fake_set_realm(run_script);
	fake_jitter(true);
	for (unsigned int i = 0; i < 3 && !workflows; i++)
		boot_realm();
	access_every = ~0U;		/* one_round() looks itself */
	for (unsigned int i = 0; i < 400 && workflows; i++)
		build_step();
	for (unsigned long tries = 0; rounds < end && tries < 4 * max; tries++) {
		if (one_in(16))
			for (unsigned int i = draw(20); i > 0; i--)
				host_step();
		prepare();
		if (!workflows)
			replenish();
		else if (one_in(3))
			build_step();
		if (host_pages_ready())
			one_round();
	}
	check_all();
}

static unsigned long number(const char *s)
{
	char *end;
	unsigned long v = strtoul(s != NULL ? s : "", &end, 0);

	if (s == NULL || *s == 0 || *end != 0) {
		fprintf(stderr, "usage: smp [--workflows] [--rounds N] [--seed N]\n");
		exit(2);
	}
	return v;
}

int main(int argc, char **argv)
{
	unsigned long max = 3000, seed = 1, machines = 0;
	pthread_t threads[SMP_CPUS];
	bool ok;

	show_trace_at_abort();
	gates_too = false;		/* tests/unit/mica_smp.c: a chain of calls is more than one script */
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--rounds") == 0)
			max = number(argv[++i]);
		else if (strcmp(argv[i], "--seed") == 0)
			seed = number(argv[++i]);
		else if (strcmp(argv[i], "--workflows") == 0)
			workflows = true;
		else
			number(NULL);
	}
	for (uintptr_t i = 1; i < SMP_CPUS; i++)
		pthread_create(&threads[i], NULL, cpu, (void *)i);
	for (; rounds < max; seed++, machines++) {
		struct stream s = { .seed = seed * 0xd1342543de82ef95UL };

		fprintf(stderr, "\rseed %lu, %lu rounds", seed, rounds);
		stream_use(&s);
		one_machine(ROUNDS_PER_MACHINE);
	}
	atomic_store(&over, true);
	atomic_fetch_add(&round_no, 1);
	for (unsigned int i = 1; i < SMP_CPUS; i++)
		pthread_join(threads[i], NULL);
	fprintf(stderr, "\r%40s\r", "");
	ok = report(max >= 10000);
	printf("%lu rounds on %lu machines\n", rounds, machines);
	printf("smp: %lu passed, %d failed\n", machines, !ok);
	return !ok;
}
