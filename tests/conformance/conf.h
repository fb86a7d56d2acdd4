/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conformance rows. A row takes a call that would succeed, breaks one condition, and expects the status the specification
 * gives; outputs must be zero and unused registers preserved. Then the unbroken call must succeed: the refusal left
 * nothing behind, and the condition was the only thing wrong.
 *
 * Rows of behaviour make no call of their own: they run a Realm (guest.h) and state what is to be seen.
 *
 * Names are the specification's. A name may end in __variant; "a_before_b" breaks both and expects a's status.
 */
#ifndef CONF_H
#define CONF_H

#include "../bare/bare.h"
#include "../bare/realm/realm_abi.h"

#define REGS	11		/* x[0] is the FID, x[1].. the arguments */

struct env {
	uint64_t fid;
	bool rsi;				/* made by a Realm */
	void (*set_up)(uint64_t x[REGS]);	/* what the call needs, made anew; its good arguments */
	void (*tear_down)(void);		/* or NULL: what a row made is left alone */
	unsigned int outputs;			/* of a failure: bit n: X(n) may be non-zero */
};

enum row_kind {
	ROW_CONTROL,	/* the unbroken call follows and succeeds */
	ROW_LAST,	/* the row changed the world itself: it cannot */
	ROW_GOOD,	/* success expected; @check looks at the results */
	ROW_SHOW,	/* no call of its own: expectations in the row's code */
};

struct row {
	const char *command, *id;
	const struct env *env;
	void (*spoil)(uint64_t x[REGS]);
	uint64_t want;
	enum row_kind kind;
	bool (*check)(const uint64_t r[REGS]);
};

#define ROW_AS(id, want, kind, code)							\
	static void spoil_##id(uint64_t x[REGS]) { (void)x; code; }			\
	static const struct row row_##id __attribute__((section("rows"), used)) =	\
		{ COMMAND, #id, &env, spoil_##id, want, kind, NULL }
#define ROW(id, want, code)	ROW_AS(id, want, ROW_CONTROL, code)
#define LAST(id, want, code)	ROW_AS(id, want, ROW_LAST, code)
/* Succeeds, and @test over the results r[] holds. */
#define GOOD(id, code, test)								\
	static void spoil_##id(uint64_t x[REGS]) { (void)x; code; }			\
	static bool check_##id(const uint64_t *r) { (void)r; return (test); }		\
	static const struct row row_##id __attribute__((section("rows"), used)) =	\
		{ COMMAND, #id, &env, spoil_##id, 0, ROW_GOOD, check_##id }
/* Behaviour: ok if all that the code expects holds. */
#define SHOW(id, ...)								\
	static void spoil_##id(uint64_t x[REGS]) { (void)x; __VA_ARGS__; }		\
	static const struct row row_##id __attribute__((section("rows"), used)) =	\
		{ COMMAND, #id, &env, spoil_##id, 0, ROW_SHOW, NULL }

#define INPUT		RMI_ERROR_INPUT
#define REALM(index)	RMI_RET(RMI_ERROR_REALM, index)
#define REC		RMI_ERROR_REC
#define RTT(level)	RMI_RET(RMI_ERROR_RTT, level)

#define PAGE		GRANULE_SIZE
#define BLOCK		(2UL << 20)
#define GIB		(1UL << 30)
#define PAR_END		REALM_UNPROT		/* first unprotected address */
#define IPA_END		(1UL << REALM_S2SZ)

/* Addresses that are no delegable memory. */
#define PA_DEVICE	0x09000000UL
#define PA_MONITOR	0x40100000UL
#define PA_NOWHERE	0x100000000UL
#define PA_BEYOND	(1UL << 52)

/* One granule of each state, made once and never touched by a row. */
struct samples { uint64_t ns, delegated, rd, rec, aux, rtt, data; };
extern struct samples sample;

/* Argument n is to be a granule in one state: rows for all that it is not. The state it may have has no row. */
#define GRANULE_ROWS(name, n)								\
	ROW(name##_align, INPUT, x[n] += 8);						\
	ROW(name##_align__half, INPUT, x[n] += PAGE / 2);				\
	ROW(name##_bound__device, INPUT, x[n] = PA_DEVICE);				\
	ROW(name##_bound__monitor, INPUT, x[n] = PA_MONITOR);				\
	ROW(name##_bound__nowhere, INPUT, x[n] = PA_NOWHERE);				\
	ROW(name##_bound__beyond, INPUT, x[n] = PA_BEYOND)
#define STATE_ROW(name, n, state)	ROW(name##_state__##state, INPUT, x[n] = sample.state)
#define RD_ROWS										\
	GRANULE_ROWS(rd, 1); STATE_ROW(rd, 1, ns); STATE_ROW(rd, 1, delegated); STATE_ROW(rd, 1, rec);	\
	STATE_ROW(rd, 1, aux); STATE_ROW(rd, 1, rtt); STATE_ROW(rd, 1, data)
/* Argument n is to be DELEGATED. */
#define DELEGATED_ROWS(name, n)								\
	GRANULE_ROWS(name, n); STATE_ROW(name, n, ns); STATE_ROW(name, n, rd); STATE_ROW(name, n, rec);	\
	STATE_ROW(name, n, aux); STATE_ROW(name, n, rtt); STATE_ROW(name, n, data)
#define REC_ROWS(name, n)								\
	GRANULE_ROWS(name, n); STATE_ROW(name, n, ns); STATE_ROW(name, n, delegated); STATE_ROW(name, n, rd); \
	STATE_ROW(name, n, aux); STATE_ROW(name, n, rtt); STATE_ROW(name, n, data)
/* Argument n is to be memory of the host. */
#define HOST_ROWS(name, n)								\
	GRANULE_ROWS(name, n); ROW(name##_pas__delegated, INPUT, x[n] = sample.delegated);	\
	ROW(name##_pas__rd, INPUT, x[n] = sample.rd); ROW(name##_pas__data, INPUT, x[n] = sample.data)

/* A new Realm, as far as a row wants it. */
uint16_t next_vmid(void);
void realm_new(struct realm *r);		/* tables, image, an unprotected page */
void realm_with_rec(struct realm *r, uint64_t what);
void realm_active(struct realm *r, uint64_t what);
static inline uint64_t delegated(void) { return granule_alloc(1, PAGE); }
static inline uint64_t host_page(void) { return page_alloc(1, PAGE); }
static inline void must(uint64_t status) { EXPECT_EQ(status, RMI_SUCCESS); }
static inline void go(struct realm *r) { must(RMI0(REALM_ACTIVATE, r->rd)); }
/* One more REC of a Realm, index as given. */
uint64_t one_more_rec(struct realm *r, uint64_t index, uint64_t flags, uint64_t what);
/* Run the Realm of the row until it has switched itself off. */
void switch_off(struct realm *r);

/* A Realm that runs on CPU 1 until running_stop(). */
void running_start(struct realm *r);
void running_stop(void);

/* RSI rows: the Realm that calls, and an SMC of its. Any exit in between is answered by entering again. */
extern struct realm caller;
void caller_new(uint64_t x[REGS]);
/* The same with RECs 1 and 2 that are off; make_call() leaves when the call does, whatever the reason. */
void caller_of_three(void);
extern uint64_t caller_rec[3];
void make_call(const uint64_t x[REGS]);
void caller_smc(const uint64_t x[REGS], uint64_t r[REGS]);
#define CALLER_BUFFER	REALM_LATE		/* a page of RAM for RSI buffers */

#endif
