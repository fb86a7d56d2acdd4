/* SPDX-License-Identifier: Apache-2.0 */
/* Loads and stores of a Realm that leave it: what the host sees, and how the instruction ends. rmi.md 7.4, 7.5. */
#include "../guest.h"
#define COMMAND "REC_EXIT_DATA_ABORT"

static const struct env env = { .set_up = guest_new };

#define OFFSET		0x128UL			/* in the page: what FAR shows */
#define DATA		0x8192a3b4c5d6e7f8UL	/* a byte, half, word, double whose sign bit is 1 */
#define DATA_PLUS	0x0112233445566778UL	/* and 0 */
#define OLD		0xdeadbeefdeadbeefUL

/* Registers of the entry record but the first are nobody's. */
static void answer(uint64_t flags, uint64_t value)
{
	memset(entry(0)->gprs, 0x5a, sizeof(entry(0)->gprs));
	entry(0)->gprs[0] = value;
	entry(0)->flags = flags;
}

static void access_at(struct code c, uint64_t at, unsigned int rt, uint64_t data)
{
	uint64_t *in = program(0, c);

	in[rt] = data;
	in[1] = at;
	enter(0);
}

static void emulatable(uint64_t shown, uint64_t gpr0)
{
	EXIT_IS(0, .esr = EC(EC_DABT) | ISV | shown | FSC_TRANS | 3, .far = OFFSET, .hpfar = HPFAR(AT_DEVICE), .gprs[0] = gpr0);
}

static void load(struct code c, unsigned int rt, uint64_t shown, uint64_t given, uint64_t want)
{
	access_at(c, AT_DEVICE + OFFSET, rt, OLD);
	emulatable(shown, 0);
	answer(RMI_ENTER_EMUL_MMIO, given);
	finish(0);
	no_exception(0);
	EXPECT_EQ(after(0)->out[rt], want);
	EXPECT_EQ(after(0)->out[1], AT_DEVICE + OFFSET);
}

static void store(struct code c, unsigned int rt, uint64_t shown, uint64_t data, uint64_t want)
{
	access_at(c, AT_DEVICE + OFFSET, rt, data);
	emulatable(shown | WNR, want);
	answer(RMI_ENTER_EMUL_MMIO, OLD);
	finish(0);
	no_exception(0);
	EXPECT_EQ(after(0)->out[rt], data);
}

#define LOAD(id, insn, rt, shown, given, want)	SHOW(id, load(CODE(insn), rt, shown, given, want))
#define STORE(id, insn, rt, shown, want)	SHOW(id, store(CODE(insn), rt, shown, DATA, want))

/* every size and extension, with a sign and without one; the host's upper bits are dropped */
LOAD(load__ldrb, "ldrb w2, [x1]", 2, SAS(0), DATA, 0xf8);
LOAD(load__ldrh, "ldrh w2, [x1]", 2, SAS(1), DATA, 0xe7f8);
LOAD(load__ldr_w, "ldr w2, [x1]", 2, SAS(2), DATA, 0xc5d6e7f8);
LOAD(load__ldr_x, "ldr x2, [x1]", 2, SAS(3) | SF, DATA, DATA);
LOAD(load__ldrsb_w, "ldrsb w2, [x1]", 2, SAS(0), DATA, 0xfffffff8);
LOAD(load__ldrsb_x, "ldrsb x2, [x1]", 2, SAS(0) | SF, DATA, 0xfffffffffffffff8);
LOAD(load__ldrsh_w, "ldrsh w2, [x1]", 2, SAS(1), DATA, 0xffffe7f8);
LOAD(load__ldrsh_x, "ldrsh x2, [x1]", 2, SAS(1) | SF, DATA, 0xffffffffffffe7f8);
LOAD(load__ldrsw, "ldrsw x2, [x1]", 2, SAS(2) | SF, DATA, 0xffffffffc5d6e7f8);
LOAD(load__ldrsb_w_plus, "ldrsb w2, [x1]", 2, SAS(0), DATA_PLUS, 0x78);
LOAD(load__ldrsb_x_plus, "ldrsb x2, [x1]", 2, SAS(0) | SF, DATA_PLUS, 0x78);
LOAD(load__ldrsh_w_plus, "ldrsh w2, [x1]", 2, SAS(1), DATA_PLUS, 0x6778);
LOAD(load__ldrsh_x_plus, "ldrsh x2, [x1]", 2, SAS(1) | SF, DATA_PLUS, 0x6778);
LOAD(load__ldrsw_plus, "ldrsw x2, [x1]", 2, SAS(2) | SF, DATA_PLUS, 0x45566778);
LOAD(load__ldar, "ldar x2, [x1]", 2, SAS(3) | SF, DATA, DATA);
LOAD(load__ldarb, "ldarb w2, [x1]", 2, SAS(0), DATA, 0xf8);
LOAD(load__x0, "ldr x0, [x1]", 0, SAS(3) | SF, DATA, DATA);
LOAD(load__x29, "ldr x29, [x1]", 29, SAS(3) | SF, DATA, DATA);
LOAD(load__x30, "ldr w30, [x1]", 30, SAS(2), DATA, 0xc5d6e7f8);
LOAD(load__xzr, "ldr xzr, [x1]", 2, SAS(3) | SF, DATA, OLD);
LOAD(load__wzr, "ldrb wzr, [x1]", 2, SAS(0), DATA, OLD);
STORE(store__strb, "strb w2, [x1]", 2, SAS(0), 0xf8);
STORE(store__strh, "strh w2, [x1]", 2, SAS(1), 0xe7f8);
STORE(store__str_w, "str w2, [x1]", 2, SAS(2), 0xc5d6e7f8);
STORE(store__str_x, "str x2, [x1]", 2, SAS(3) | SF, DATA);
STORE(store__stlr, "stlr x2, [x1]", 2, SAS(3) | SF, DATA);
STORE(store__x0, "str x0, [x1]", 0, SAS(3) | SF, DATA);
STORE(store__x29, "str w29, [x1]", 29, SAS(2), 0xc5d6e7f8);
STORE(store__xzr, "str xzr, [x1]", 2, SAS(3) | SF, 0);
STORE(store__wzr, "strb wzr, [x1]", 2, SAS(0), 0);
SHOW(store__x30, access_at(CODE("mov x30, x2; str x30, [x1]"), AT_DEVICE + OFFSET, 2, DATA); emulatable(SAS(3) | SF | WNR, DATA));

/* without EMUL_MMIO the instruction comes again, and the answer is nobody's */
SHOW(not_emulated__again, access_at(CODE("ldr x2, [x1]"), AT_DEVICE + OFFSET, 2, OLD); answer(0, DATA); enter(0);
     emulatable(SAS(3) | SF, 0));
SHOW(not_emulated__mapped, access_at(CODE("ldr x2, [x1]"), AT_DEVICE + OFFSET, 2, OLD);
     uint64_t page = host_page(); *(uint64_t *)page_ptr(page + OFFSET) = DATA_PLUS; map_page(AT_DEVICE, page);
     answer(0, DATA); finish(0); EXPECT_EQ(after(0)->out[2], DATA_PLUS));
SHOW(not_emulated__store_mapped, access_at(CODE("str x2, [x1]"), AT_DEVICE + OFFSET, 2, DATA);
     uint64_t page = host_page(); map_page(AT_DEVICE, page); answer(0, OLD); finish(0);
     EXPECT_EQ(*(uint64_t *)page_ptr(page + OFFSET), DATA));
/* emulated once: the next instruction at the same address is asked for again */
SHOW(emulated__twice, access_at(CODE("ldr x2, [x1]; ldr x3, [x1]"), AT_DEVICE + OFFSET, 2, OLD); answer(RMI_ENTER_EMUL_MMIO, 5);
     enter(0); emulatable(SAS(3) | SF, 0); answer(RMI_ENTER_EMUL_MMIO, 6); finish(0);
     EXPECT_EQ(after(0)->out[2], 5); EXPECT_EQ(after(0)->out[3], 6));
/* the right to emulate ends with the next exit */
static void stale(uint64_t flags)
{
	access_at(CODE("ldr x2, [x1]; str x2, [x1]"), AT_DEVICE + OFFSET, 2, OLD);
	map_page(AT_DEVICE, host_page());
	finish(0);
	entry(0)->flags = flags;
	EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REC);
	entry(0)->flags = 0;
	finish(0);
}
SHOW(emulated__not_after_next_exit, stale(RMI_ENTER_EMUL_MMIO));
SHOW(injected__not_after_next_exit, stale(RMI_ENTER_INJECT_SEA));
/* a refused entry leaves the right as it was */
SHOW(emulated__after_refusal, access_at(CODE("ldr x2, [x1]"), AT_DEVICE + OFFSET, 2, OLD); entry(0)->gicv3_hcr = 1;
     answer(RMI_ENTER_EMUL_MMIO, 7); EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REC); entry(0)->gicv3_hcr = 0;
     finish(0); EXPECT_EQ(after(0)->out[2], 7));

/* ---- no valid syndrome: the host may map memory or inject ---- */

static void hidden(uint64_t at, uint64_t fsc)
{
	EXIT_IS(0, .esr = EC(EC_DABT) | fsc, .hpfar = HPFAR(at));
}

static void no_emulation(struct code c)
{
	access_at(c, AT_DEVICE + OFFSET, 2, OLD);
	hidden(AT_DEVICE, FSC_TRANS | 3);
	entry(0)->flags = RMI_ENTER_EMUL_MMIO;
	EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REC);
	entry(0)->flags = 0;
	map_page(AT_DEVICE, host_page());
	finish(0);
	no_exception(0);
}
#define NO_SYNDROME(id, insns)	SHOW(id, no_emulation(CODE(insns)))
NO_SYNDROME(no_syndrome__ldp, "ldp x2, x3, [x1]");
NO_SYNDROME(no_syndrome__stp, "stp x2, x3, [x1]");
NO_SYNDROME(no_syndrome__ldp_w, "ldp w2, w3, [x1]");
NO_SYNDROME(no_syndrome__post_index, "ldr x2, [x1], #8");
NO_SYNDROME(no_syndrome__pre_index, "str x2, [x1, #-8]!");
NO_SYNDROME(no_syndrome__ldadd, "ldadd x2, x3, [x1]");
NO_SYNDROME(no_syndrome__swp, "swp x2, x3, [x1]");
NO_SYNDROME(no_syndrome__ldxr, "ldxr x2, [x1]");
NO_SYNDROME(no_syndrome__simd_load, "mov x3, #3 << 20; msr cpacr_el1, x3; isb; ldr d0, [x1]");
NO_SYNDROME(no_syndrome__simd_store, "mov x3, #3 << 20; msr cpacr_el1, x3; isb; str q0, [x1, #8]");

/* ---- permission faults at what the host mapped ---- */

static void permission(struct code c, uint64_t s2ap, uint64_t shown, uint64_t gpr0)
{
	map_page_as(AT_WINDOW, host_page(), s2ap);
	access_at(c, AT_WINDOW + OFFSET, 2, DATA);
	EXIT_IS(0, .esr = EC(EC_DABT) | ISV | shown | FSC_PERM | 3, .far = OFFSET, .hpfar = HPFAR(AT_WINDOW), .gprs[0] = gpr0);
	answer(RMI_ENTER_EMUL_MMIO, 9);
	finish(0);
	EXPECT_EQ(after(0)->out[2], shown & WNR ? DATA : 9);
}
SHOW(permission__store_to_read_only, permission(CODE("str x2, [x1]"), RMI_DESC_S2AP_RO, SAS(3) | SF | WNR, DATA));
SHOW(permission__load_from_write_only, permission(CODE("ldr w2, [x1]"), RMI_DESC_S2AP_WO, SAS(2), 0));
SHOW(permission__load_from_none, permission(CODE("ldrb w2, [x1]"), 0, SAS(0), 0));
SHOW(permission__store_to_none, permission(CODE("strh w2, [x1]"), 0, SAS(1) | WNR, 0xe7f8));
SHOW(permission__load_from_read_only, map_page_as(AT_WINDOW, host_page(), RMI_DESC_S2AP_RO);
     EXPECT_EQ(run_code(0, CODE("ldr x0, [x1]"), OLD, AT_WINDOW, 0), 0); no_exception(0));
SHOW(permission__store_to_write_only, map_page_as(AT_WINDOW, host_page(), RMI_DESC_S2AP_WO);
     run_code(0, CODE("str x0, [x1]"), OLD, AT_WINDOW, 0); no_exception(0));

/* ---- the protected half: nothing but where ---- */

static void protected_exit(struct code c, uint64_t at)
{
	access_at(c, at + OFFSET, 2, DATA);
	hidden(at, FSC_TRANS | 3);
	/* no answer is allowed */
	for (uint64_t flags = RMI_ENTER_EMUL_MMIO; flags <= RMI_ENTER_INJECT_SEA; flags <<= 1) {
		entry(0)->flags = flags;
		EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REC);
	}
	entry(0)->flags = 0;
	/* and the instruction comes again */
	enter(0);
	hidden(at, FSC_TRANS | 3);
}
#define PROTECTED(id, at)							\
	SHOW(id##_load, protected_exit(CODE("ldr x2, [x1]"), at));		\
	SHOW(id##_store, protected_exit(CODE("strb w2, [x1]"), at));		\
	SHOW(id##_pair, protected_exit(CODE("stp x2, x3, [x1]"), at))
PROTECTED(protected__ram_unassigned, AT_LATE);
PROTECTED(protected__destroyed_unassigned, AT_GONE);
PROTECTED(protected__destroyed_assigned, AT_TAKEN);
SHOW(protected__then_given, access_at(CODE("str x2, [x1]; ldr x3, [x1]"), AT_LATE, 2, DATA);
     must(RMI0(DATA_CREATE_UNKNOWN, guest.rd, delegated(), AT_LATE)); finish(0); EXPECT_EQ(after(0)->out[3], DATA));
/* the level at which the walk ended */
SHOW(level__2, access_at(CODE("ldr x2, [x1]"), AT_UNPROT + 4 * BLOCK, 2, OLD);
     EXIT_IS(0, .esr = EC(EC_DABT) | ISV | SAS(3) | SF | FSC_TRANS | 2, .hpfar = HPFAR(AT_UNPROT + 4 * BLOCK)));
SHOW(level__1, access_at(CODE("ldr x2, [x1]"), AT_UNPROT + 4 * GIB, 2, OLD);
     EXIT_IS(0, .esr = EC(EC_DABT) | ISV | SAS(3) | SF | FSC_TRANS | 1, .hpfar = HPFAR(AT_UNPROT + 4 * GIB)));
SHOW(level__last, access_at(CODE("ldr x2, [x1]"), IPA_END - 8, 2, OLD);
     EXIT_IS(0, .esr = EC(EC_DABT) | ISV | SAS(3) | SF | FSC_TRANS | 1, .far = 0xff8, .hpfar = HPFAR(IPA_END - PAGE)));

/*
 * External: the physical address answers nothing. A machine that takes it to EL2 shows the host the exit first (this
 * emulator does not); the Realm sees its abort either way.
 */
static void external(struct code c)
{
	map_page(AT_WINDOW, PA_NOWHERE);
	access_at(c, AT_WINDOW + OFFSET, 2, OLD);
	if (!asks(0)) {
		EXIT_IS(0, .esr = EC(EC_DABT) | EA | FSC_SEA);
		entry(0)->flags = RMI_ENTER_EMUL_MMIO;
		EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REC);
		finish(0);
	}
	EXPECT_EQ(after(0)->vector, VECTOR_EL1H);
	EXPECT_EQ(after(0)->esr >> 26, EC_DABT + 1);
	EXPECT_EQ(after(0)->esr & 0x3f, FSC_SEA);
	EXPECT_EQ(after(0)->far, AT_WINDOW + OFFSET);
}
SHOW(external__load, external(CODE("ldr x2, [x1]")));
SHOW(external__store, external(CODE("strb w2, [x1]")));
