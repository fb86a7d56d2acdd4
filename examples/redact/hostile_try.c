/* SPDX-License-Identifier: Apache-2.0 */
/* Acts that may raise an exception, one instruction each, and the handler that catches it. */
#include "hostile.h"

static struct {
	bool armed;
	bool hit;
	uint64_t esr;
} catcher;

#define EC(esr)		((esr) >> 26 & 0x3f)
#define EC_FETCH	0x21

bool mica_on_fault(struct mica_fault *f)
{
	if (!catcher.armed)
		return false;
	catcher.hit = true;
	catcher.esr = f->esr;
	f->elr = EC(f->esr) == EC_FETCH ? f->x[30] : f->elr + 4;
	return true;
}

static void arm(void)
{
	catcher.hit = false;
	catcher.armed = true;
	asm volatile("dsb sy\n\tisb" : : : "memory");
}

static struct result disarm(uint64_t value)
{
	/* A store's external abort may come late. */
	asm volatile("dsb sy\n\tisb" : : : "memory");
	catcher.armed = false;
	if (catcher.hit)
		return (struct result){ FAULTED, catcher.esr };
	return (struct result){ DONE, value };
}

struct result try_load(uint64_t va)
{
	uint64_t v = 0;

	arm();
	asm volatile("ldr %0, [%1]" : "+r"(v) : "r"(va) : "memory");
	return disarm(v);
}

struct result try_load_byte(uint64_t va)
{
	uint64_t v = 0;

	arm();
	asm volatile("ldrb %w0, [%1]" : "+r"(v) : "r"(va) : "memory");
	return disarm(v);
}

struct result try_load_pair(uint64_t va)
{
	uint64_t v = 0, w = 0;

	arm();
	asm volatile("ldp %0, %1, [%2]" : "+r"(v), "+r"(w) : "r"(va) : "memory");
	return disarm(v | w);
}

struct result try_store(uint64_t va)
{
	arm();
	asm volatile("str %0, [%1]" : : "r"(hostile_secret), "r"(va) : "memory");
	return disarm(0);
}

struct result try_store_byte(uint64_t va)
{
	arm();
	asm volatile("strb %w0, [%1]" : : "r"(hostile_secret), "r"(va) : "memory");
	return disarm(0);
}

struct result try_store_pair(uint64_t va)
{
	arm();
	asm volatile("stp %0, %0, [%1]" : : "r"(hostile_secret), "r"(va) : "memory");
	return disarm(0);
}

struct result try_atomic(uint64_t va)
{
	uint64_t v = 0;

	arm();
	asm volatile("ldadd %1, %0, [%2]" : "+r"(v) : "r"(hostile_secret), "r"(va) : "memory");
	return disarm(v);
}

struct result try_exclusive(uint64_t va)
{
	uint64_t v = 0, failed = 1;

	arm();
	asm volatile("ldxr %0, [%2]\n\tstxr %w1, %0, [%2]" : "+r"(v), "+r"(failed) : "r"(va) : "memory");
	return disarm(failed);
}

struct result try_zero_block(uint64_t va)
{
	arm();
	asm volatile("dc zva, %0" : : "r"(va) : "memory");
	return disarm(0);
}

struct result try_call(uint64_t va)
{
	arm();
	asm volatile("blr %0" : : "r"(va) : "x30", "x0", "x1", "x16", "x17", "memory");
	return disarm(0);
}

struct result try_hvc(void)
{
	/* X0..X3 as a hypervisor call would carry them. ELR points behind HVC already. */
	register uint64_t x0 asm("x0") = 0x86000000;
	register uint64_t x1 asm("x1") = hostile_secret;

	arm();
	asm volatile("hvc #0\n\tnop" : "+r"(x0) : "r"(x1) : "memory");
	return disarm(x0);
}

struct result try_smc(uint64_t fid, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	uint64_t x[11] = { fid, a, b, c, d };
	struct result r;

	arm();
	mica_smc(x);
	r = disarm(x[0]);
	if (r.outcome == DONE && x[0] != 0)
		r.outcome = STATUS;
	return r;
}

/* ---- first stage: 1 TiB of identity, everything allowed ---- */

#define GIB		(1UL << 30)
#define DESC_TABLE	3UL
#define DESC_BLOCK_RWX	(1UL | 3UL << 8 | 1UL << 10 | 1UL << 54)	/* AF, inner shareable, UXN */
#define SCTLR_WXN	(1UL << 19)

void open_first_stage(void)
{
	static uint64_t l0[512] __attribute__((aligned(4096)));
	static uint64_t l1[2][512] __attribute__((aligned(4096)));
	uint64_t sctlr;

	for (unsigned int i = 0; i < 2; i++) {
		l0[i] = (uint64_t)l1[i] | DESC_TABLE;
		for (unsigned int j = 0; j < 512; j++)
			l1[i][j] = (i * 512UL + j) * GIB | DESC_BLOCK_RWX;
	}
	asm volatile("mrs %0, sctlr_el1" : "=r"(sctlr));
	asm volatile("dsb ish\n\tmsr sctlr_el1, %0\n\tmsr ttbr0_el1, %1\n\tisb\n\t"
		     "tlbi vmalle1\n\tdsb nsh\n\tisb"
		     : : "r"(sctlr & ~SCTLR_WXN), "r"(l0) : "memory");
}
