/* SPDX-License-Identifier: Apache-2.0 */
/* What a scenario needs: RMI calls, pages, expectations. Each scenario is a function over a fresh allocator. */
#ifndef BARE_H
#define BARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../abi/rmi.h"
#include "../../abi/rsi.h"

void *memset(void *dst, int c, size_t n);
void *memcpy(void *dst, const void *src, size_t n);
int memcmp(const void *a, const void *b, size_t n);

/* ---- expectations: count, and print the failures ---- */
void bare_check(bool ok, const char *what, const char *file, int line, uint64_t got, uint64_t want);
#define EXPECT_EQ(got, want)							\
	do {									\
		uint64_t got_ = (uint64_t)(got), want_ = (uint64_t)(want);	\
										\
		bare_check(got_ == want_, #got " == " #want, __FILE__, __LINE__, got_, want_); \
	} while (0)
#define EXPECT(c)	EXPECT_EQ((c) ? 1 : 0, 1)

extern unsigned int bare_passed, bare_failed;
void bare_report(const char *name);	/* "bare NAME: N passed, M failed" */

void bare_puts(const char *s);
void bare_hex(uint64_t v);
void bare_number(uint64_t v);
_Noreturn void bare_power_off(void);

/* ---- pages of normal DRAM, zeroed, not given back one by one; align in bytes ---- */
uint64_t page_alloc(unsigned int pages, uint64_t align);
uint64_t page_next(void);		/* where the next comes from */
void page_reset(uint64_t pa);		/* all from there on are free again: the host's, and nobody's */
static inline void *page_ptr(uint64_t pa) { return (void *)pa; }
/* the same, delegated */
uint64_t granule_alloc(unsigned int pages, uint64_t align);
void undelegate(uint64_t pa);

/* Does the page answer the host, or raise a granule protection fault? */
bool host_can_read(const void *p);
bool host_can_write(void *p);

/* ---- RMI ---- */
struct rmi_out { uint64_t x[8]; };
extern uint64_t rmi_ticks;	/* of the last call, SMC to return; one an instruction under -icount shift=0 */
struct rmi_out rmi_call(uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3, uint64_t x4,
			uint64_t x5);
#define RMI_ARGS(_0, a, b, c, d, e, ...) a, b, c, d, e
/* X0..X7 of RMI command NAME with up to five arguments, the rest 0 */
#define RMI(name, ...)	rmi_call(SMC_RMI_##name, RMI_ARGS(0, ##__VA_ARGS__, 0, 0, 0, 0, 0))
#define RMI0(name, ...)	RMI(name, ##__VA_ARGS__).x[0]

/* ---- a Realm with the image of tests/bare/realm at IPA 0, one REC, 2 MiB of tables ---- */
#define REALM_S2SZ	40
#define REALM_UNPROT	(1UL << (REALM_S2SZ - 1))
struct realm {
	uint64_t rd, rtt0, l2, l3, rec, run;
	uint64_t unprot_l2, unprot_l3;
	uint64_t shared;		/* an unprotected page, at REALM_UNPROT */
	uint64_t aux[RMI_MAX_REC_AUX];
	uint64_t aux_count;
	uint64_t pages[16];		/* the image, from IPA 0 */
	unsigned int n_pages;
	uint16_t vmid;
};
void realm_params_default(struct rmi_realm_params *p, uint64_t rtt0, uint16_t vmid);
/* Each step expects success. */
void realm_create(struct realm *r, uint16_t vmid);
void realm_create_as(struct realm *r, struct rmi_realm_params *p);	/* p is a page of its own; sets rtt_base */
void realm_tables(struct realm *r);
void realm_load(struct realm *r);
void realm_rec(struct realm *r, uint64_t arg);	/* arg arrives in X0: which realm_* routine */
void realm_activate(struct realm *r);
void realm_teardown(struct realm *r);
struct rmi_rec_run *realm_run(struct realm *r);
extern const uint8_t realm_image[], realm_image_end[];

/* ---- CPU 1 ---- */
void on_cpu1(void (*fn)(void *arg), void *arg);	/* start */
void wait_cpu1(void);				/* until fn returned */

/* the scenarios; main.c runs them in order */
void test_version(void);
void test_granules(void);
void test_realm(void);
void test_tables(void);
void test_run(void);
void test_unbound(void);
void test_smp(void);
void test_gates(void);
void test_vtimer(void);
void test_blocks(void);

#endif
