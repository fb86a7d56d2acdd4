/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stage 2 as hardware sees it: an independent walker over raw descriptors, and a TLB that keeps
 * what a Realm touched until an invalidation covers it. No line is shared with rmm/s2tt.
 */
#include <string.h>

#include "fake_internal.h"

#define TLB_MAX		4096

static struct tlb_entry {
	uint64_t vmid, ipa, size, pa;	/* of the whole leaf */
	uint64_t ns;			/* its output is Non-secure */
	uint64_t rights;		/* S2AP; 4: executable */
} tlb[TLB_MAX];
static unsigned int tlb_used;
static uint8_t tlb_lock;

/*
 * What a CPU keeps of stage 1: whose tables it came from, by VMPIDR_EL2. It is found again by VMID (and ASID, and address)
 * alone, so no other REC of that VMID may run on the CPU while it is there.
 */
#define STAGE1_MAX	256

static struct stage1 {
	uint64_t cpu, vmid, mpidr;
} stage1[STAGE1_MAX];
static unsigned int stage1_used;

void fake_tlb_reset(void)
{
	tlb_used = stage1_used = 0;
	memset(tlb, 0, sizeof(tlb));
}

FAKE_HARDWARE static void stage1_drop(uint64_t vmid, bool everywhere)
{
	for (unsigned int i = 0; i < stage1_used;) {
		struct stage1 *s = &stage1[i];

		if (s->vmid == vmid && (everywhere || s->cpu == arch_cpu_id()))
			*s = stage1[--stage1_used];
		else
			i++;
	}
}

/* Hardware takes eight bits of a VMID, in TLB maintenance too, unless VTCR_EL2.VS says all. */
FAKE_HARDWARE static uint64_t vmid_seen(uint64_t vmid)
{
	return fake_regs()->VTCR_EL2 >> 19 & 1 ? vmid : vmid & 0xff;
}

FAKE_HARDWARE void fake_stage1_fill(void)
{
	const struct fake_regs *regs = fake_regs();
	struct stage1 new = { arch_cpu_id(), vmid_seen(regs->VTTBR_EL2 >> 48), regs->VMPIDR_EL2 };
	unsigned int i = 0;

	fake_hw_lock(&tlb_lock);
	while (i < stage1_used && (stage1[i].cpu != new.cpu || stage1[i].vmid != new.vmid))
		i++;
	if (i == STAGE1_MAX)
		fake_fail("stage 1 TLB model full");
	if (i < stage1_used && stage1[i].mpidr != new.mpidr)
		fake_fail("REC %lx runs on CPU %lu with what REC %lx left in its TLB", new.mpidr, new.cpu, stage1[i].mpidr);
	stage1[i] = new;
	stage1_used += i == stage1_used;
	fake_hw_unlock(&tlb_lock);
}

FAKE_HARDWARE void fake_tlb_drop(uint16_t named, bool all, ipa_t a)
{
	uint64_t vmid = vmid_seen(named);

	fake_hw_lock(&tlb_lock);
	stage1_drop(vmid, true);
	for (unsigned int i = 0; i < tlb_used;) {
		struct tlb_entry *t = &tlb[i];

		if (t->vmid == vmid && (all || a.v - t->ipa < t->size))
			*t = tlb[--tlb_used];
		else
			i++;
	}
	fake_hw_unlock(&tlb_lock);
}

FAKE_HARDWARE static bool holds(pa_t a, bool ns_too)
{
	bool held = false;

	fake_hw_lock(&tlb_lock);
	for (unsigned int i = 0; i < tlb_used && !held; i++)
		held = a.v - tlb[i].pa < tlb[i].size && (ns_too || !tlb[i].ns);
	fake_hw_unlock(&tlb_lock);
	return held;
}

FAKE_HARDWARE bool fake_tlb_holds(pa_t a)
{
	return holds(a, true);
}

/* Whatever a Non-secure translation leads to, granule protection lets it reach nothing of the Realm world. */
FAKE_HARDWARE bool fake_tlb_reaches_realm(pa_t a)
{
	return holds(a, false);
}

void fake_tlb_each(void (*see)(uint16_t vmid, uint64_t ipa, uint64_t size, uint64_t pa, bool ns, unsigned int rights))
{
	for (unsigned int i = 0; i < tlb_used; i++)
		see((uint16_t)tlb[i].vmid, tlb[i].ipa, tlb[i].size, tlb[i].pa, tlb[i].ns, (unsigned int)tlb[i].rights);
}

uint64_t fake_tlb_digest(void)
{
	return fake_mix(tlb_used, tlb, tlb_used * sizeof(tlb[0]));
}

static void tlb_add(uint64_t vmid, uint64_t ipa, uint64_t size, uint64_t out, const struct fake_leaf *leaf)
{
	const struct tlb_entry new = { vmid, ipa, size, out, leaf->ns, leaf->s2ap | (leaf->exec ? 4U : 0U) };
	unsigned int i = 0;

	fake_hw_lock(&tlb_lock);
	while (i < tlb_used && memcmp(&tlb[i], &new, sizeof(new)) != 0)
		i++;
	if (i == TLB_MAX)
		fake_fail("TLB model full");
	tlb[i] = new;
	tlb_used += i == tlb_used;
	fake_hw_unlock(&tlb_lock);
}

bool fake_realm_touch(const struct s2_root *root, ipa_t a, struct fake_leaf *leaf)
{
	int level = root->start_level;
	unsigned int shift = 39 - 9 * (unsigned int)level;
	uint64_t table, d;

	if (a.v >> root->ipa_bits)
		return false;
	table = root->base.v + (a.v >> shift) / 512 * GRANULE_SIZE;
	for (;; level++, shift -= 9) {
		if (fake_pas(pa(table)) != FAKE_REALM)
			fake_fail("stage 2 table %lx is not Realm memory", table);
		memcpy(&d, fake_dram(pa(table)) + (a.v >> shift) % 512 * 8, 8);
		if (!(d & 1))
			return false;
		if (level == 3 || !(d & 2))
			break;
		table = d & 0x0000fffffffff000UL;
	}
	if (level == 3 && !(d & 2))
		fake_fail("reserved level 3 descriptor %lx", d);
	if (level == 0)
		fake_fail("block at level 0: %lx", d);
	if (!(d & 1UL << 10) || (d >> 8 & 3) != 3)
		fake_fail("leaf %lx without AF or inner shareable", d);
	if (d & ((1UL << shift) - 1) & 0x0000fffffffff000UL)
		fake_fail("leaf %lx misaligned for level %d", d, level);
	uint64_t out = d & 0x0000fffffffff000UL, off = a.v & ((1UL << shift) - 1);

	*leaf = (struct fake_leaf){
		.pa = pa((out + off) & ~(GRANULE_SIZE - 1)),
		.ns = d >> 55 & 1,
		.exec = (d >> 53 & 3) == 0,
		.s2ap = d >> 6 & 3,
		.memattr = d >> 2 & 7,
		.level = level,
	};
	tlb_add(root->vmid, a.v - off, 1UL << shift, out, leaf);
	return true;
}

void arch_tlbi_ipa(uint16_t vmid, ipa_t a)
{
	fake_dither();
	fake_tlb_drop(vmid, false, a);
}

void arch_tlbi_vmid(uint16_t vmid)
{
	fake_tlb_drop(vmid, true, (ipa_t){ 0 });
}

FAKE_HARDWARE void arch_tlbi_stage1_here(void)
{
	fake_hw_lock(&tlb_lock);
	stage1_drop(vmid_seen(fake_regs()->VTTBR_EL2 >> 48), false);
	fake_hw_unlock(&tlb_lock);
}
