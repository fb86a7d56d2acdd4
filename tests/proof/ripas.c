/* SPDX-License-Identifier: Apache-2.0 */
/*
 * INIT_RIPAS and SET_RIPAS. One step of the loop from anywhere in any table: what it does to its entry, and that the
 * range stays below top and within the table. Then whole calls that take up to three steps: where they stop and
 * what they answer, for any arguments. How a walk finds an entry and replaces it is not proved here.
 * Options: --unwind 5
 */
#include "../../rmm/rmi/ripas.c"
#include "panic.h"

#define STEPS	3

/* Any Realm and REC of it; of the table where the walk ends, the entries from any one on. */
static struct rd rd;
static struct rec rec;
static struct granule g_rd, g_rec, g_table;
static struct s2_entry table[STEPS + 1], old[STEPS + 1];
static unsigned int first;	/* index of table[0] */
static int level;
static uint64_t start;		/* address that its entry translates, or one within */
static bool walked;
static int held;		/* locks */

void *granule_va(const struct granule *g) { return g == &g_rd ? (void *)&rd : (void *)&rec; }
void granule_unlock(struct granule *g) { (void)g; held--; }

void s2_walk_lock(const struct s2_root *r, ipa_t a, int to, struct s2_walk *w)
{
	assert(r == &rd.s2 && a.v == start && to == 3 && !walked);
	walked = true;
	*w = (struct s2_walk){ .g = &g_table, .idx = first, .level = level };
	held++;
}

void s2_walk_end(struct s2_walk *w) { assert(w->g == &g_table); held--; }

static unsigned int place(const struct s2_walk *w)
{
	assert(w->idx >= first && w->idx - first <= STEPS && w->idx < S2_ENTRIES);
	return w->idx - first;
}

struct s2_entry s2_walk_entry(const struct s2_walk *w) { return table[place(w)]; }

/* What a TLB may hold is flushed: a leaf that was valid. */
static unsigned int flushes, writes;
void s2_walk_set(struct s2_walk *w, const struct s2_entry *e, const struct s2_root *r, ipa_t a, enum s2_flush flush)
{
	unsigned int i = place(w);

	assert(r == &rd.s2 && a.v == start + i * s2_entry_size(level));
	assert((flush == S2_FLUSH_ENTRY) == s2_is_valid_leaf(&table[i]) && flush != S2_FLUSH_ALL);
	writes++;
	flushes += flush == S2_FLUSH_ENTRY;
	table[i] = *e;
}

static bool found;
struct granule *granule_find_lock(pa_t a, enum granule_state want)
{
	(void)a;
	assert(want == GRANULE_RD);
	held += found;
	return found ? &g_rd : NULL;
}

bool granule_lock_set(struct granule_req *reqs, unsigned int n)
{
	assert(n == 2 && reqs[0].want == GRANULE_RD && reqs[1].want == GRANULE_REC);
	reqs[0].g = &g_rd;
	reqs[1].g = &g_rec;
	held += found ? 2 : 0;
	return found;
}
void granule_unlock_set(struct granule_req *reqs, unsigned int n) { (void)reqs; held -= (int)n; }

/* The policy hooks: any answer. */
static uint64_t may, may_ram, asked_base, asked_top;
static enum mica_cmd asked;
uint64_t mica_may(const struct rd *r, enum mica_cmd cmd) { assert(r == &rd); asked = cmd; return may; }
uint64_t mica_may_ram(const struct rd *r, uint64_t base, uint64_t top)
{
	assert(r == &rd);
	asked_base = base;
	asked_top = top;
	return may_ram;
}

/* What is measured, entry by entry: [measured_from, measured_to). */
static uint64_t measured_from, measured_to;
static unsigned int measured;
void measure_ripas(enum hash_algo algo, uint64_t base, uint64_t top, uint64_t size, uint8_t rim[HASH_MAX_SIZE])
{
	assert((uint8_t)algo == rd.hash_algo && rim == rd.measurement[0] && top > base);
	assert(size == s2_entry_size(level) && measured++ == 0);
	measured_from = base;
	measured_to = top;
}

/* Any entry the monitor may mean at this level. */
static struct s2_entry any_entry(void)
{
	struct s2_entry e = { .kind = (enum s2_kind)any_u8(), .ripas = (enum rmi_ripas)any_u8(), .pa = pa(any_u64()), .attr = any_u64() };

	ASSUME((unsigned int)e.kind <= S2_TABLE && (unsigned int)e.ripas <= RMI_DESTROYED);
	ASSUME(e.kind == S2_UNASSIGNED || e.kind == S2_ASSIGNED || e.ripas == RMI_EMPTY);
	return e;
}

static bool same(const struct s2_entry *x, const struct s2_entry *y)
{
	return x->kind == y->kind && x->ripas == y->ripas && x->pa.v == y->pa.v && x->attr == y->attr;
}

static void any_world(int at_level)
{
	__CPROVER_havoc_object(&rd);
	__CPROVER_havoc_object(&rec);
	g_rec.refs = any_u16();
	for (unsigned int i = 0; i <= STEPS; i++)
		old[i] = table[i] = any_entry();
	level = at_level;
	first = any_u32();
	start = any_u64();
	ASSUME(first < S2_ENTRIES && start / s2_entry_size(level) % S2_ENTRIES == first);
	ASSUME(rd.s2.ipa_bits >= 32 && rd.s2.ipa_bits <= 48);
	ASSUME(rec.ripas.ripas == RMI_EMPTY || rec.ripas.ripas == RMI_RAM);	/* what a Realm can ask for */
	found = any_bool();
	may = any_u64();
	may_ram = any_u64();
	held = 0;
	walked = false;
	measured = flushes = writes = 0;
}

/* ---- one step ---- */

static struct range_walk rw;

/* Anywhere in a range: range_more() has just said yes. */
static void any_step(int at_level)
{
	any_world(at_level);
	rw = (struct range_walk){ .w = { .g = &g_table, .idx = first, .level = level }, .at = ipa(start), .top = any_u64() };
	ASSUME(start % s2_entry_size(level) == 0 && start <= rw.top && rw.top <= 1UL << 47);	/* the invariant */
	assert(range_more(&rw) == (start + s2_entry_size(level) <= rw.top));
	ASSUME(range_more(&rw));
}

static void invariant_stays(void)
{
	range_next(&rw);
	assert(rw.at.v == start + s2_entry_size(level) && rw.w.idx == first + 1);
	assert(rw.at.v <= rw.top && rw.at.v % s2_entry_size(level) == 0);
	assert(rw.w.idx < S2_ENTRIES || !range_more(&rw));
	COVER(rw.w.idx == S2_ENTRIES && rw.at.v == rw.top);
	COVER(rw.w.idx == S2_ENTRIES && rw.at.v < rw.top);
}

/* RMM 1.0: UNASSIGNED, EMPTY or RAM becomes UNASSIGNED, RAM. */
static void init_step(int at_level)
{
	const struct s2_entry *e = &old[0], *now = &table[0];
	bool done;

	any_step(at_level);
	done = init_entry(&rw, &rd.s2);
	assert(done == (e->kind == S2_UNASSIGNED && (e->ripas == RMI_EMPTY || e->ripas == RMI_RAM)));
	assert(measured == 0 && writes == done && flushes == 0);
	COVER(!done && e->kind == S2_UNASSIGNED);
	COVER(!done && e->kind == S2_ASSIGNED && e->ripas == RMI_EMPTY);
	if (!done)
		return;
	assert(now->kind == S2_UNASSIGNED && now->ripas == RMI_RAM && now->pa.v == 0 && now->attr == 0);
	invariant_stays();
}

/* RMM 1.0: RIPAS changes and nothing else does; DESTROYED only if the Realm said so. */
static void set_step(int at_level)
{
	struct s2_entry want;
	bool done;

	any_step(at_level);
	want = old[0];
	done = set_entry(&rw, &rd.s2, &rec);
	assert(done == ((want.kind == S2_UNASSIGNED || want.kind == S2_ASSIGNED) &&
			(want.ripas != RMI_DESTROYED || rec.ripas.change_destroyed)));
	if (done)
		want.ripas = (enum rmi_ripas)rec.ripas.ripas;
	assert(same(&table[0], &want) && measured == 0);
	assert(writes == (done && old[0].ripas != want.ripas));
	COVER(flushes == 1);
	COVER(done && old[0].ripas == RMI_DESTROYED && want.kind == S2_ASSIGNED && want.ripas == RMI_RAM);
	COVER(done && writes == 0);
	COVER(!done && old[0].ripas == RMI_DESTROYED);
	if (done)
		invariant_stays();
}

/* ---- whole calls ---- */

/* Of three entries at most: by the end of the table, or by top. */
static void bounded(uint64_t top)
{
	ASSUME(first + STEPS >= S2_ENTRIES || (top > start && (top - start) / s2_entry_size(level) <= STEPS));
}

static bool init_allowed(unsigned int i) { return old[i].kind == S2_UNASSIGNED && old[i].ripas != RMI_DESTROYED; }
static bool set_allowed(unsigned int i)
{
	return (old[i].kind == S2_UNASSIGNED || old[i].kind == S2_ASSIGNED) &&
	       (rec.ripas.change_destroyed || old[i].ripas != RMI_DESTROYED);
}

/* Entries were changed from the first up to out_top and no further, and the next could not be. */
static unsigned int progress(uint64_t top, uint64_t out_top, bool (*allowed)(unsigned int i), enum rmi_ripas ripas)
{
	const uint64_t size = s2_entry_size(level);
	unsigned int n = (unsigned int)((out_top - start) / size), i = any_u32();

	assert(n >= 1 && n <= STEPS && out_top == start + n * size && out_top <= top && first + n <= S2_ENTRIES);
	assert(first + n == S2_ENTRIES || top - out_top < size || !allowed(n));
	ASSUME(i <= STEPS);
	if (i < n)
		assert(allowed(i) && table[i].ripas == ripas && table[i].kind == old[i].kind);
	else
		assert(same(&table[i], &old[i]));
	COVER(n == STEPS && first + n == S2_ENTRIES && out_top < top);
	COVER(n == STEPS && out_top == top);
	COVER(n == 1 && top - out_top >= size && first + n < S2_ENTRIES);
	return n;
}

static void init_call(int at_level)
{
	struct rmi_args in = { .x = { 0, any_u64(), any_u64(), any_u64() } };
	struct rmi_result out = { .x = { 0 } };
	const uint64_t top = in.x[3], size = s2_entry_size(at_level);
	unsigned int n;

	any_world(at_level);
	bounded(top);
	in.x[2] = start;
	rmi_rtt_init_ripas(&in, &out);
	assert(held == 0 && flushes == 0);
	if (top <= start || start % 4096 != 0 || top % 4096 != 0 || !found || top > 1UL << (rd.s2.ipa_bits - 1)) {
		assert(out.x[0] == RMI_ERROR_INPUT);
		COVER(top > start && found);
	} else if (rd.state != REALM_NEW) {
		assert(out.x[0] == RMI_ERROR_REALM);
	} else if (may != 0 || may_ram != 0) {
		assert(out.x[0] == (may != 0 ? may : may_ram));
	} else if (start % size != 0 || top - start < size || !init_allowed(0)) {
		assert(out.x[0] == RMI_RET(RMI_ERROR_RTT, at_level));
		COVER(at_level == 3 || start % size != 0);
		COVER(at_level == 3 || (start % size == 0 && top - start < size));
		COVER(start % size == 0 && top - start >= size);
	} else {
		assert(out.x[0] == RMI_SUCCESS);
		assert(asked == MICA_CMD_DATA_CREATE && asked_base == start && asked_top == top);
		n = progress(top, out.x[1], init_allowed, RMI_RAM);
		assert(writes == n && measured == 1 && measured_from == start && measured_to == out.x[1]);
		return;
	}
	assert(out.x[1] == 0 && writes == 0 && measured == 0);
}

static void set_call(int at_level)
{
	struct rmi_args in = { .x = { 0, any_u64(), any_u64(), any_u64(), any_u64() } };
	struct rmi_result out = { .x = { 0 } };
	const uint64_t base = in.x[3], top = in.x[4], size = s2_entry_size(at_level);
	uint64_t rec_top;

	any_world(at_level);
	bounded(top);
	rec.ripas.addr = start;
	rec.g_rd = any_bool() ? &g_rd : NULL;
	rec_top = rec.ripas.top;
	ASSUME(start % 4096 == 0 && rec_top <= 1UL << 47);	/* RSI checked what the Realm asked for */
	rmi_rtt_set_ripas(&in, &out);
	assert(held == 0 && measured == 0 && rec.ripas.top == rec_top);
	if (top <= base || top % 4096 != 0 || !found) {
		assert(out.x[0] == RMI_ERROR_INPUT);
	} else if (may != 0) {
		assert(out.x[0] == may);	/* whether or not the REC runs */
		COVER(g_rec.refs != 0);
	} else if (g_rec.refs != 0 || rec.g_rd != &g_rd) {
		assert(out.x[0] == RMI_ERROR_REC);
		COVER(g_rec.refs == 0);
	} else if (base != start || top > rec_top) {
		assert(out.x[0] == RMI_ERROR_INPUT);
		COVER(base == start);
		COVER(top <= rec_top);
	} else if (start % size != 0 || top - start < size || !set_allowed(0)) {
		assert(out.x[0] == RMI_RET(RMI_ERROR_RTT, at_level));
		COVER(start % size == 0 && top - start >= size);
	} else {
		assert(out.x[0] == RMI_SUCCESS && asked == MICA_CMD_SET_RIPAS);
		(void)progress(top, out.x[1], set_allowed, (enum rmi_ripas)rec.ripas.ripas);
		assert(rec.ripas.addr == out.x[1]);
		COVER(flushes == STEPS);
		return;
	}
	assert(out.x[1] == 0 && writes == 0 && rec.ripas.addr == start);
}

void proof_steps(void)
{
	for (int at_level = 0; at_level <= 3; at_level++) {
		init_step(at_level);
		set_step(at_level);
	}
}

/* Of blocks, where alignment matters, and of pages, where any address is aligned. */
void proof_init(void)
{
	init_call(2);
	init_call(3);
}

void proof_set(void)
{
	set_call(2);
	set_call(3);
}
