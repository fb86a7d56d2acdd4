/* SPDX-License-Identifier: Apache-2.0 */
/* The machine against the model, and what must hold whatever the model says. */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../rmm/granule/granule.h"
#include "wf.h"

#define FULL_CHECK_EVERY	32

struct model model;
unsigned long steps;

/* ---- trace of the last steps ---- */

#define LINES	40
static char lines[LINES][160];
static unsigned int line;

void trace(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(lines[line++ % LINES], sizeof(lines[0]), fmt, ap);
	va_end(ap);
}

/* However it ends: the fake machine and the sanitizers abort, too. */
static void show_trace(int sig)
{
	(void)sig;
	for (unsigned int i = line < LINES ? 0 : line - LINES; i < line; i++)
		fprintf(stderr, "  %s\n", lines[i % LINES]);
}

void show_trace_at_abort(void)
{
	signal(SIGABRT, show_trace);
}

#define ABORT_AT_ERROR(sanitizer)				\
	const char *__##sanitizer##_default_options(void);	\
	const char *__##sanitizer##_default_options(void)	\
	{							\
		return "abort_on_error=1";			\
	}
ABORT_AT_ERROR(asan)
ABORT_AT_ERROR(ubsan)
ABORT_AT_ERROR(tsan)

void mismatch(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "step %lu: ", steps);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}

/* ---- statistics ---- */

static unsigned long calls[0x40][5], exits[8];

void count(uint64_t fid, uint64_t op, uint64_t x0)
{
	if (fid == SMC_RMI_MICA)
		count_mica(op, x0);
	if ((x0 & 0xff) == MICA_STATUS_POLICY)
		count_rule((unsigned int)(x0 >> 8), 1);
	if (fid - SMC_RMI_BASE < 0x40 && (x0 & 0xff) < 5)
		calls[fid - SMC_RMI_BASE][x0 & 0xff]++;
}

void count_exit(uint64_t reason)
{
	if (reason < 8)
		exits[reason]++;
	count_mica_exit(reason);
}

bool report(bool thorough)
{
	static const char *const name[0x1a] = {
		"VERSION", "GRANULE_DELEGATE", "GRANULE_UNDELEGATE", "DATA_CREATE", "DATA_CREATE_UNKNOWN", "DATA_DESTROY", NULL,
		"REALM_ACTIVATE", "REALM_CREATE", "REALM_DESTROY", "REC_CREATE", "REC_DESTROY", "REC_ENTER", "RTT_CREATE",
		"RTT_DESTROY", "RTT_MAP_UNPROTECTED", NULL, "RTT_READ_ENTRY", "RTT_UNMAP_UNPROTECTED", NULL, "PSCI_COMPLETE", NULL,
		"RTT_FOLD", "REC_AUX_COUNT", "RTT_INIT_RIPAS", "RTT_SET_RIPAS",
	};
	static const char *const reason[7] = { "SYNC", "IRQ", "FIQ", "PSCI", "RIPAS_CHANGE", "HOST_CALL", "SERROR" };
	bool all = true;

	printf("%-22s %10s %10s %10s %10s %10s\n", "command", "SUCCESS", "INPUT", "REALM", "REC", "RTT");
	for (unsigned int i = 0; i < 0x1a; i++) {
		if (name[i] == NULL)
			continue;
		printf("%-22s %10lu %10lu %10lu %10lu %10lu\n", name[i], calls[i][0], calls[i][1], calls[i][2], calls[i][3], calls[i][4]);
		all = all && calls[i][0] != 0 && calls[i][1] != 0;
	}
	printf("exits:");
	for (unsigned int i = 0; i < 7; i++)
		printf(" %s %lu", reason[i], exits[i]);
	printf("\n");
	for (unsigned int i = 0; i < 7; i++)
		all = all && exits[i] != 0;
	if (!workflows)
		return all || !thorough;
	return report_mica(thorough ? EVERYTHING : NOTHING);
}

/* ---- granules ---- */

static const uint8_t machine_state[] = {
	[M_NS] = GRANULE_NS, [M_DELEGATED] = GRANULE_DELEGATED, [M_RD] = GRANULE_RD, [M_REC] = GRANULE_REC,
	[M_REC_AUX] = GRANULE_REC_AUX, [M_RTT] = GRANULE_RTT, [M_DATA] = GRANULE_DATA,
	[M_WF] = GRANULE_WF, [M_WF_AUX] = GRANULE_WF_AUX, [M_CHAN] = GRANULE_CHAN,
};

/* State, world and lock of each page. */
static void check_granules(void)
{
	const struct granule *g = granule_find(pa(model.bank));

	for (uint64_t i = 0; i < model.pages; i++) {
		uint64_t at = model.bank + i * M_PAGE;

		if (at >= model.hole && at < model.hole + model.hole_size)
			continue;
		if (g[i].state != machine_state[model.state[i]])
			mismatch("granule %lx is in state %u, the model says %u", at, g[i].state, machine_state[model.state[i]]);
		if (g[i].lock != 0)
			mismatch("granule %lx is locked", at);
		if ((fake_pas(pa(at)) == FAKE_REALM) != (model.state[i] != M_NS))
			mismatch("granule %lx is in world %d", at, fake_pas(pa(at)));
	}
}

/* ---- tables: the raw descriptors against the model's entries ---- */

static uint8_t seen[M_GRANULES];

static void see(uint64_t at)
{
	uint64_t i = (at - model.bank) / M_PAGE;

	if (i >= model.pages || seen[i]++)
		mismatch("granule %lx is in two places", at);
}

/* All bits of it, from the policy. Those that hardware ignores are the monitor's. */
static void check_bound_leaf(const struct m_realm *r, uint64_t d, uint64_t a, int level)
{
	uint64_t out, want;
	unsigned int may = model_may(&model, r, a, &out);

	want = out | (level == 3 ? 3 : 1) | 6UL << 2 | (uint64_t)(may & 3) << 6 | 3UL << 8 | 1UL << 10;
	if (!(may & M_EXECUTE))
		want |= 1UL << 54;
	if (a >= m_par(r))
		want |= 1UL << 55;
	if (may == 0 || (d & ~(7UL << 56)) != want)
		mismatch("%lx: descriptor %lx, the policy says %lx", a, d, want);
}

static void check_entry(const struct m_realm *r, const struct m_entry *e, uint64_t d, uint64_t a, int level)
{
	uint64_t out = d & 0x0000fffffffff000UL;
	bool ns = a >= m_par(r);

	if (e->kind == RMI_TABLE) {
		if ((d & 3) != 3 || out != e->out)
			mismatch("%lx: descriptor %lx is not the table %lx", a, d, e->out);
		return;
	}
	if (e->kind == M_CHAN_LEAF) {
		check_bound_leaf(r, d, a, level);
		return;
	}
	if ((d & 1) && r->wf != M_NONE)
		check_bound_leaf(r, d, a, level);
	if ((d & 1) != (e->kind == RMI_ASSIGNED && (ns || e->ripas == RMI_RAM)))
		mismatch("%lx: descriptor %lx, the model has kind %u ripas %u", a, d, e->kind, e->ripas);
	if ((d & 1) && (out != (e->out & ~0xfffUL) || (d >> 55 & 1) != ns || (d >> 1 & 1) != (level == 3)))
		mismatch("%lx: descriptor %lx, the model has %lx", a, d, e->out);
	if (e->kind == RMI_ASSIGNED && !ns)
		for (uint64_t p = 0; p < m_size(level); p += M_PAGE)
			see(e->out + p);
}

static void check_table(const struct m_realm *r, uint64_t table, uint64_t base, int level)
{
	const struct m_table *t = m_table_at(&model, table);
	const struct granule *g = granule_find(pa(table));
	const uint64_t *raw = fake_peek(pa(table));
	unsigned int live = 0;

	see(table);
	if (t == NULL || !m_is(&model, table, M_RTT))
		mismatch("%lx is no table", table);
	for (unsigned int i = 0; i < 512; i++) {
		uint64_t a = base + i * m_size(level);

		if (a >> r->s2sz != 0)
			break;
		check_entry(r, &t->e[i], raw[i], a, level);
		live += t->e[i].kind == RMI_TABLE || t->e[i].kind == M_CHAN_LEAF || (t->e[i].kind == RMI_ASSIGNED && a < m_par(r));
		if (t->e[i].kind == RMI_TABLE)
			check_table(r, t->e[i].out, a, level + 1);
	}
	if (g->refs != live)
		mismatch("table %lx counts %u live entries, the model says %u", table, g->refs, live);
}

static void check_rec(const struct m_rec *rec)
{
	see(rec->pa);
	for (unsigned int i = 0; i < rec->num_aux; i++)
		see(rec->aux[i]);
	if (granule_find(pa(rec->pa))->refs != rec->running)
		mismatch("REC %lx runs: %u, the model says %u", rec->pa, granule_find(pa(rec->pa))->refs, rec->running);
}

static void see_workflow(const struct m_wf *w)
{
	see(w->pa);
	for (unsigned int i = 0; i < w->n_aux; i++)
		see(w->aux[i]);
	for (unsigned int c = 0; c < w->policy.channels; c++)
		for (unsigned int k = 0; k < w->channel[c].added; k++)
			see(w->channel[c].base + k * M_PAGE);
}

/* Each page that is not free is one thing of one Realm; each free one is wiped. */
void check_all(void)
{
	memset(seen, 0, sizeof(seen));
	check_granules();
	for (unsigned int i = 0; i < M_REALMS; i++) {
		const struct m_realm *r = &model.realm[i];

		if (!r->used)
			continue;
		see(r->rd);
		if (granule_find(pa(r->rd))->refs != r->recs)
			mismatch("RD %lx counts %u RECs, the model says %u", r->rd, granule_find(pa(r->rd))->refs, r->recs);
		for (unsigned int k = 0; k < r->num_start; k++)
			check_table(r, r->rtt_base + k * M_PAGE, k * 512UL * m_size(r->start_level), r->start_level);
	}
	for (unsigned int i = 0; i < M_RECS; i++)
		if (model.rec[i].used)
			check_rec(&model.rec[i]);
	for (unsigned int i = 0; i < M_WFS; i++)
		if (model.wf[i].used)
			see_workflow(&model.wf[i]);
	for (uint64_t i = 0; i < model.pages; i++) {
		bool is_free = model.state[i] == M_NS || model.state[i] == M_DELEGATED;

		if (seen[i] == is_free)
			mismatch("granule %lx: state %u, found in %u places", model.bank + i * M_PAGE, model.state[i], seen[i]);
		if (model.state[i] == M_DELEGATED && !fake_page_is_zero(pa(model.bank + i * M_PAGE)))
			mismatch("granule %lx is DELEGATED and not wiped", model.bank + i * M_PAGE);
	}
	check_workflows();
}

unsigned int access_every = 1;

void check_machine(void)
{
	static unsigned int n;

	if (++n % FULL_CHECK_EVERY == 0)
		check_all();
	else
		check_granules();
	if (workflows && n % access_every == 0)
		check_access();
}
