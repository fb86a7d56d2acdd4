/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes of state: of any granule of any table. Which granule an address means is granule_find.c's matter, so the
 * board here has a bank of eight pages, anywhere in memory; at the start of a call nothing is locked. With the
 * unwinding of the spin loop asserted, no call waits for a lock that it holds.
 * Options: --unwind 9 --unwindset spin_lock.0:2,spin_lock.1:1,insert_request.0:69,next_request_is_inserted.0:69 -DFAKE_DRAM_SIZE=0x8000UL
 */
#include "../../rmm/core/spinlock.h"

/* Locks are taken in ascending order, until all are free again. */
static const spinlock_t *last_locked;
static void ordered_lock(spinlock_t *l);
#define spin_lock(l)	ordered_lock(l)
#include "../../rmm/granule/granule.c"
#undef spin_lock
#include "../../rmm/rmi/granule.c"
#include "proof.h"

#define PAGES	PLAT_MAX_GRANULES
#define SET	3	/* requests in any order; more of them: next_request_is_inserted() */

static void ordered_lock(spinlock_t *l)
{
	assert(last_locked == NULL || l > last_locked);
	last_locked = l;
	spin_lock(l);
}

static struct granule old[PAGES];
static unsigned int k;	/* any granule */

static bool same(const struct granule *x, const struct granule *y)
{
	return x->state == y->state && x->refs == y->refs && x->lock == y->lock;
}

/* A panic is right only where the caller broke a promise, and comes before anything but the lock has changed. */
static bool may_panic;

_Noreturn void rmm_panic(const char *what)
{
	(void)what;
	assert(may_panic);
	assert(granules[k].state == old[k].state && granules[k].refs == old[k].refs);
	ASSUME(0);
	for (;;)
		;
}

/* Wiped while it is locked and before it is DELEGATED. */
static uint64_t wiped;
void arch_granule_zero(pa_t a)
{
	const struct granule *g = &granules[(a.v - bank_base) / 4096];

	assert(g->lock == 1 && (may_panic || g->state != GRANULE_DELEGATED));
	wiped = a.v;
}

static uint64_t el3_page;
static long el3_answer;
long el3_delegate(pa_t a) { el3_page = a.v; return el3_answer; }
long el3_undelegate(pa_t a) { el3_page = a.v; return el3_answer; }

/* Host memory is touched only where tracking says that it is the host's. */
static bool ns_copied, ns_fault;
static bool ns_access(pa_t a)
{
	const struct granule *g = granule_find(pa(a.v / 4096 * 4096));

	assert(g != NULL && g->state == GRANULE_NS);
	ns_copied = true;
	return !ns_fault;
}
bool arch_ns_read(void *dst, pa_t src, size_t size) { (void)dst; (void)size; return ns_access(src); }
bool arch_ns_write(pa_t dst, const void *src, size_t size) { (void)src; (void)size; return ns_access(dst); }
void *arch_granule_va(pa_t a) { (void)a; return NULL; }
uint64_t rmi_feature_register_0(void) { return any_u64(); }

/* Any table between two calls. */
static void any_table(void)
{
	bank_base = any_u64() & ~0xfffUL;
	bank_pages = PAGES;
	ASSUME(bank_base < 1UL << 52);
	__CPROVER_havoc_object(granules);
	for (unsigned int i = 0; i < PAGES; i++) {
		ASSUME(granules[i].state < GRANULE_NSTATES && granules[i].lock == 0);
		old[i] = granules[i];
	}
	k = any_u32();
	ASSUME(k < PAGES);
	last_locked = NULL;
	wiped = 0;
	may_panic = false;
}

static struct granule *any_granule(void)
{
	unsigned int i = any_u32();

	ASSUME(i < PAGES);
	return &granules[i];
}

/* What the design says, in other words than the table: memory is entered from and left to DELEGATED, referenced by nothing. */
static bool allowed(const struct granule *g, enum granule_state next)
{
	if (next == GRANULE_DELEGATED)
		return g->state != GRANULE_DELEGATED && g->refs == 0;
	return g->state == GRANULE_DELEGATED && (unsigned int)next < GRANULE_NSTATES;
}

static bool nothing_but(const struct granule *g)
{
	return &granules[k] == g || same(&granules[k], &old[k]);
}

static void find_lock(void)
{
	uint64_t a = any_u64();
	enum granule_state want = (enum granule_state)any_u8();
	struct granule *at, *g;

	any_table();
	at = granule_find(pa(a));
	g = granule_find_lock(pa(a), want);
	assert((g != NULL) == (at != NULL && old[at - granules].state == want));
	assert(g == NULL || (g == at && g->lock == 1 && g->state == want && g->refs == old[g - granules].refs));
	assert(nothing_but(g));
	COVER(g != NULL && want == GRANULE_CHAN);
	COVER(g == NULL && at != NULL);
	COVER(g == NULL && a % 4096 != 0 && a - bank_base < 4096);
}

static void unlock_to(void)
{
	enum granule_state next = (enum granule_state)any_u8();
	struct granule *g;

	ASSUME((unsigned int)next < GRANULE_NSTATES);
	any_table();
	g = any_granule();
	granule_lock(g, (enum granule_state)g->state);
	may_panic = !allowed(g, next);
	COVER(may_panic && g->refs == 0);
	COVER(may_panic && next == GRANULE_DELEGATED && g->state == GRANULE_RTT);
	granule_unlock_to(g, next);
	assert(!may_panic);
	assert(g->state == next && g->lock == 0 && g->refs == old[g - granules].refs);
	assert(nothing_but(g));
	COVER(next == GRANULE_DELEGATED && old[g - granules].state == GRANULE_WF);
	COVER(next == GRANULE_NS);
	COVER(next == GRANULE_RTT && g->refs != 0);
}

static void release(void)
{
	struct granule *g;

	any_table();
	g = any_granule();
	granule_lock(g, (enum granule_state)g->state);
	may_panic = !allowed(g, GRANULE_DELEGATED);
	granule_release(g);
	assert(!may_panic);
	assert(g->state == GRANULE_DELEGATED && g->lock == 0 && wiped == granule_pa(g).v && nothing_but(g));
	COVER(old[g - granules].state == GRANULE_RTT);
}

/* The state of what the monitor keeps a pointer to is known. */
static void lock_known(void)
{
	enum granule_state want = (enum granule_state)any_u8();
	struct granule *g;

	any_table();
	g = any_granule();
	may_panic = g->state != want;
	COVER(may_panic);
	granule_lock(g, want);
	assert(!may_panic && g->lock == 1 && nothing_but(g));
	granule_unlock(g);
	assert(same(&granules[k], &old[k]));
	COVER(want == GRANULE_RTT);
}

static struct granule_req reqs[SET];

static bool lockable(unsigned int i)
{
	const struct granule *g = granule_find(reqs[i].pa);

	if (g == NULL || old[g - granules].state != reqs[i].want)
		return false;
	for (unsigned int j = 0; j < i; j++)
		if (reqs[j].pa.v == reqs[i].pa.v)
			return false;
	return true;
}

static bool requested(const struct granule *g, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (granule_pa(g).v == reqs[i].pa.v)
			return true;
	return false;
}

static void lock_set(unsigned int n)
{
	bool want = true, got;

	any_table();
	__CPROVER_havoc_object(reqs);
	for (unsigned int i = 0; i < n; i++)
		want = lockable(i) && want;
	got = granule_lock_set(reqs, n);
	assert(got == want);
	assert(granules[k].state == old[k].state && granules[k].refs == old[k].refs);
	assert(granules[k].lock == (got && requested(&granules[k], n)));
	COVER(n < 2 || (got && reqs[0].pa.v > reqs[1].pa.v));
	COVER(n < 2 || (!got && reqs[0].pa.v != reqs[1].pa.v && lockable(0) && lockable(1) != (n == 2)));
	COVER(n < 2 || (!got && reqs[0].pa.v == reqs[1].pa.v));
	if (!got)
		return;
	for (unsigned int i = 0; i < n; i++)
		assert(reqs[i].g == granule_find(reqs[i].pa));
	granule_unlock_set(reqs, n);
	assert(same(&granules[k], &old[k]));
}

/*
 * Any number of requests: those before ascend, and so do those with the next. Requests are read through order[] only,
 * so which of them stands where in the caller's array is a matter of names: here they stand in order.
 */
static struct granule_req many[GRANULE_REQ_MAX];
static void next_request_is_inserted(unsigned int i)
{
	static uint8_t order[GRANULE_REQ_MAX];
	unsigned int n = any_u32(), at = any_u32();
	bool there = false;

	__CPROVER_havoc_object(many);
	ASSUME(n < i && at <= i);
	for (unsigned int j = 0; j < i; j++) {
		order[j] = (uint8_t)j;
		ASSUME(j == 0 || many[j - 1].pa.v < many[j].pa.v);
		there = there || many[j].pa.v == many[i].pa.v;
	}
	if (!insert_request(many, order, i)) {
		assert(there);
		COVER(many[i].pa.v == many[0].pa.v);
		return;
	}
	assert(many[order[n]].pa.v < many[order[n + 1]].pa.v);	/* all ascend, so none is there twice */
	/* it stands somewhere; what is below it stayed, what is above it moved by one */
	ASSUME(order[at] == i);
	assert(order[n < at ? n : n + 1] == n);
	COVER(at == 0);
	COVER(at == i);
}

static void host_memory(void)
{
	uint64_t a = any_u64();
	bool ns, ok;

	any_table();
	ns_copied = false;
	ns_fault = any_bool();
	ns = granule_is_ns(pa(a));
	ok = any_bool() ? granule_ns_read(pa(a), NULL, 8) : granule_ns_write(pa(a), NULL, 8);
	assert(ns_copied == ns && ok == (ns && !ns_fault));
	assert(same(&granules[k], &old[k]));
	COVER(ok && a % 4096 == 8);
	COVER(!ns);
}

/* RMI_GRANULE_DELEGATE and RMI_GRANULE_UNDELEGATE: EL3 may refuse the one, and must not the other. */
static void host_gives_and_takes(bool give)
{
	struct rmi_args in = { .x = { 0, any_u64() } };
	struct rmi_result out = { .x = { 0 } };
	struct granule *g;

	any_table();
	el3_page = ~0UL;
	el3_answer = (long)any_u64();
	g = granule_find(pa(in.x[1]));
	may_panic = !give && el3_answer != 0 && g != NULL && g->state == GRANULE_DELEGATED;
	if (give)
		ASSUME(g == NULL || g->state != GRANULE_NS || g->refs == 0);	/* what nothing uses nothing refers to */
	give ? rmi_granule_delegate(&in, &out) : rmi_granule_undelegate(&in, &out);
	assert(!may_panic);
	if (out.x[0] == RMI_SUCCESS) {
		assert(g->state == (give ? GRANULE_DELEGATED : GRANULE_NS) && el3_page == in.x[1] && el3_answer == 0);
		assert(old[g - granules].state == (give ? GRANULE_NS : GRANULE_DELEGATED));
		assert(g->lock == 0 && nothing_but(g) && (!give || wiped == in.x[1]));
		COVER(g == &granules[PAGES - 1]);
	} else {
		assert(out.x[0] == RMI_ERROR_INPUT && same(&granules[k], &old[k]) && wiped == 0);
		COVER(g != NULL && (el3_page == in.x[1]) == give);
		COVER(g == NULL);
	}
}

void proof_one(void)
{
	find_lock();
	unlock_to();
	release();
	lock_known();
	host_memory();
	host_gives_and_takes(true);
	host_gives_and_takes(false);
}

void proof_set(void)
{
	for (unsigned int n = 0; n <= SET; n++)
		lock_set(n);
}

void proof_order(void)
{
	next_request_is_inserted(1);
	next_request_is_inserted(GRANULE_REQ_MAX - 1);
}
