/* SPDX-License-Identifier: Apache-2.0 */
/* arch.h as instructions: wiping, non-secure copies, SMC, TLB maintenance, random numbers. */
#include "../arch.h"

#include "plat.h"

#define EL3_DELEGATE	0xc40001b0UL
#define EL3_UNDELEGATE	0xc40001b1UL

/* vectors.S */
bool ns_copy(void *dst, const void *src, size_t size);
bool realm_at(uint64_t va);

#define ZERO_UNROLL	8		/* GRANULE_SIZE holds as many blocks, or more: cpu_lacks() */
_Static_assert(ZERO_UNROLL * ARCH_ZERO_BLOCK_MAX == GRANULE_SIZE, "arch_granule_zero()");

static uint64_t zero_block(void)
{
	return 4UL << (read_DCZID_EL0() & 0xf);
}

void arch_granule_zero(pa_t a)
{
	uint64_t va = (uint64_t)arch_granule_va(a), step = zero_block();

	for (uint64_t end = va + GRANULE_SIZE; va < end; va += ZERO_UNROLL * step)
#pragma GCC unroll 8
		for (unsigned int i = 0; i < ZERO_UNROLL; i++)
			__asm__ volatile("dc zva, %0" : : "r"(va + i * step) : "memory");
	arch_dsb_ish();
}

bool arch_ns_read(void *dst, pa_t src, size_t size)
{
	return ns_copy(dst, (const void *)(VA_NS_MAP + src.v), size);
}

bool arch_ns_write(pa_t dst, const void *src, size_t size)
{
	return ns_copy((void *)(VA_NS_MAP + dst.v), src, size);
}

void arch_smc(struct arch_smc *r)
{
	register uint64_t x0 __asm__("x0") = r->x[0];
	register uint64_t x1 __asm__("x1") = r->x[1];
	register uint64_t x2 __asm__("x2") = r->x[2];
	register uint64_t x3 __asm__("x3") = r->x[3];
	register uint64_t x4 __asm__("x4") = r->x[4];
	register uint64_t x5 __asm__("x5") = r->x[5];
	register uint64_t x6 __asm__("x6") = r->x[6];
	register uint64_t x7 __asm__("x7") = r->x[7];

	/* the other world ran in between: everything SMCCC lets a callee change is gone */
	__asm__ volatile("smc #0"
			 : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3),
			   "+r"(x4), "+r"(x5), "+r"(x6), "+r"(x7)
			 :
			 : "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17",
			   "cc", "memory");
	*r = (struct arch_smc){ { x0, x1, x2, x3, x4, x5, x6, x7 } };
}

static long el3_call(uint64_t fid, uint64_t arg)
{
	struct arch_smc r = { { fid, arg } };

	arch_smc(&r);
	return (long)r.x[0];
}

long el3_delegate(pa_t a)
{
	return el3_call(EL3_DELEGATE, a.v);
}

long el3_undelegate(pa_t a)
{
	return el3_call(EL3_UNDELEGATE, a.v);
}

void *arch_shared_va(void)
{
	return (void *)PLAT_SHARED_BASE;
}

pa_t arch_shared_pa(void)
{
	return pa(PLAT_SHARED_BASE);
}

/* TLBI by IPA or VMID names the VMID through VTTBR_EL2. */
static uint64_t vmid_enter(uint16_t vmid)
{
	uint64_t old = read_VTTBR_EL2();

	arch_dsb_ish();
	write_VTTBR_EL2((uint64_t)vmid << 48);
	arch_isb();
	return old;
}

static void vmid_leave(uint64_t old)
{
	arch_dsb_ish();
	arch_isb();
	write_VTTBR_EL2(old);
	arch_isb();
}

void arch_tlbi_ipa(uint16_t vmid, ipa_t a)
{
	uint64_t old = vmid_enter(vmid);

	__asm__ volatile("tlbi ipas2e1is, %0" : : "r"(a.v >> GRANULE_SHIFT) : "memory");
	arch_dsb_ish();
	/* entries that combine both stages are not found by IPA */
	__asm__ volatile("tlbi vmalle1is" : : : "memory");
	vmid_leave(old);
}

void arch_tlbi_vmid(uint16_t vmid)
{
	uint64_t old = vmid_enter(vmid);

	__asm__ volatile("tlbi vmalls12e1is" : : : "memory");
	vmid_leave(old);
}

void arch_tlbi_stage1_here(void)
{
	__asm__ volatile("tlbi vmalle1\n\tdsb nsh\n\tisb" : : : "memory");
}

bool arch_has_random(void)
{
	return read_ID_AA64ISAR0_EL1() >> 60 != 0;
}

bool arch_random(uint64_t *v)
{
	uint32_t ok;

	if (!arch_has_random())
		return false;
	__asm__ volatile("mrs %0, s3_3_c2_c4_0\n\tcset %w1, ne" : "=r"(*v), "=r"(ok) : : "cc");
	return ok != 0;
}

#define PAR_FAULT	BIT(0)
#define PAR_PA		0x000ffffffffff000UL

bool arch_realm_translate(uint64_t va, uint64_t *ipa_page)
{
	uint64_t saved = read_PAR_EL1(), result;
	bool walked = realm_at(va);

	result = read_PAR_EL1();
	write_PAR_EL1(saved);
	if (!walked || (result & PAR_FAULT))
		return false;
	*ipa_page = result & PAR_PA;
	return true;
}
