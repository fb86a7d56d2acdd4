/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sequences of calls, machine against model: a stream of bytes, random or from a file, chooses what hosts on several CPUs and the
 * Realms they run do next. After each step the answer is compared with the model's, and the machine is looked at.
 */
#ifndef TESTS_FUZZ_SEQ_H
#define TESTS_FUZZ_SEQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../fake/fake.h"
#include "../model/model.h"

/* ---- stream (stream.c) ---- */

struct stream {
	const uint8_t *data;		/* NULL: random from seed */
	size_t size, at;
	uint64_t seed;
};
unsigned int draw(unsigned int n);	/* 0 .. n-1 */
static inline bool one_in(unsigned int n)
{
	return draw(n) == 0;
}
uint64_t draw_any(void);		/* 64 bits, of which most are 0 */
bool stream_ended(void);
void stream_use(const struct stream *s);

/* ---- the pool: pages of the bank a sequence plays with ---- */

/* Small for 1.0 alone, so that calls meet; with workflows there is room for several at once. */
struct pool {
	uint64_t base;
	unsigned int pages, realms, recs, tables;	/* at once */
};
extern struct pool pool;
extern bool workflows;			/* sequences are about them; fixed before the first */
#define BLOCK_BASE	0x40200000UL	/* 2 MiB, for leaves above level 3 */
#define BLOCK_PAGES	512
#define HOST_BASE	0x40110000UL	/* parameters, run pages, sources: seldom delegated */
#define HOST_PAGES	9
#define PARAM_PAGES	6		/* the first of them are for parameters */

extern struct model model;
extern unsigned long steps;

uint64_t pick_page(enum m_state want);		/* mostly in that state; else anything */
uint64_t pick_host_page(void);
uint64_t pick_rd(struct m_realm **r);		/* *r: the Realm meant, NULL if there is none */
struct m_rec *pick_rec(void);			/* NULL if there is none */
uint64_t pick_ipa(const struct m_realm *r, int level);	/* mostly aligned to an entry of the level */
void focus_on(bool on);				/* from now on mostly one Realm, one REC, one address */
bool own_pages(unsigned int n, unsigned int align, uint64_t *pa);	/* n in a row, DELEGATED now */

/* ---- steps ---- */

/* One RMI call, REC_ENTER excepted, on this CPU: compared, checked. X0. */
uint64_t call_now(uint64_t fid, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e);
/* The same; but while capture is not NULL the call is only noted there, for tests/smp to make. */
uint64_t call(uint64_t fid, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e);
struct chosen_call {
	uint64_t fid, x[6];
};
extern struct chosen_call *capture;
uint64_t call_pointer(uint64_t fid, const uint64_t x[6]);	/* host memory that the call reads; 0: none */
void call_step(void);			/* some call */
void host_step(void);			/* some call or entry */
struct m_rec *pick_runnable(void);
void choose_rsi(struct m_rec *rec);	/* a call of the Realm's, into its registers */
void choose_psci(struct m_rec *rec);
enum rec_trap realm_runs(uint64_t gpr[31]);
void start_machine(void);		/* machine and model as at reset */
void make_realm(void);
void make_rec(struct m_realm *r);	/* r NULL: of some Realm */
void boot_realm(void);			/* an ACTIVE Realm, from nothing */
void build_block(void);			/* 512 pages in a row behind one table, then folded */
void tear_down(struct m_realm *r);	/* everything of it destroyed, in an order that works */
void enter_step(void);			/* REC_ENTER, and what the Realm does */
void hide_interrupts(struct rmi_rec_exit *e);	/* what the model does not know of an unbound Realm's exit */
void run_sequence(const struct stream *s, unsigned long max_steps);

/* ---- comparing (check.c) ---- */

void check_machine(void);		/* cheap part; every few calls all of it */
void check_all(void);
_Noreturn __attribute__((format(printf, 1, 2))) void mismatch(const char *fmt, ...);
void show_trace_at_abort(void);
void trace(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void count(uint64_t fid, uint64_t op, uint64_t x0);	/* statistics; @op: X1 */
void count_exit(uint64_t reason);
bool report(bool thorough);		/* print them; false: something never happened although thorough */

#endif
