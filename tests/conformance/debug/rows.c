/* SPDX-License-Identifier: Apache-2.0 */
/* Self-hosted debug in a Realm: what the feature register claims works, and the host's breakpoints stay the host's. */
#include "../orders.h"
#define COMMAND "DEBUG"

#define BPS		2		/* minus 1, of the Realm; the machine has more */
#define WPS		1
#define SS		1UL
#define KDE		(1UL << 13)
#define MDE		(1UL << 15)
#define BP		0x1e7UL		/* E, EL1 and EL0, the whole instruction */
#define BP_EL0		0x1e5UL
#define BP_LINKED(n)	(BP | 1UL << 20 | (uint64_t)(n) << 16)
#define BP_CONTEXT	(BP | 3UL << 20)	/* of CONTEXTIDR_EL1, for others to link to */
#define WP		0x1fffUL	/* E, EL1 and EL0, load and store, the whole word */
#define WP_LOAD		0x1fefUL
#define WP_LINKED(n)	(WP | 1UL << 20 | (uint64_t)(n) << 16)

#define EC_BREAKPOINT	0x30UL		/* from EL0; from EL1 one more */
#define EC_STEP		0x32UL
#define EC_WATCHPOINT	0x34UL
#define EC_BRK		0x3cUL

static struct realm r;
static uint64_t target, word, other_word, second;

#define HOST_REGS(X)										\
	X(DBGBVR0_EL1, DBGBCR0_EL1) X(DBGBVR1_EL1, DBGBCR1_EL1) X(DBGBVR2_EL1, DBGBCR2_EL1)	\
	X(DBGBVR3_EL1, DBGBCR3_EL1) X(DBGBVR4_EL1, DBGBCR4_EL1) X(DBGBVR5_EL1, DBGBCR5_EL1)	\
	X(DBGWVR0_EL1, DBGWCR0_EL1) X(DBGWVR1_EL1, DBGWCR1_EL1)					\
	X(DBGWVR2_EL1, DBGWCR2_EL1) X(DBGWVR3_EL1, DBGWCR3_EL1)

static void host_debug_off(void)
{
#define OFF(value, control)	HOST_WRITE(control, 0); HOST_WRITE(value, 0);
	HOST_REGS(OFF)
	HOST_WRITE(MDSCR_EL1, 0);
}

/* The host's breakpoints and watchpoints, all on, at the addresses of the Realm's target and its word. */
static void host_marks(void)
{
#define MARK(value, control)									\
	HOST_WRITE(value, #value[4] == 'B' ? target : word); HOST_WRITE(control, #control[4] == 'B' ? BP : WP);
	HOST_REGS(MARK)
	HOST_WRITE(MDSCR_EL1, MDE | KDE | SS);
}

static bool host_marks_there(void)
{
	bool ok = HOST_READ(MDSCR_EL1) == (MDE | KDE | SS);

#define THERE(value, control)									\
	ok = ok && HOST_READ(value) == (#value[4] == 'B' ? target : word) &&			\
	     HOST_READ(control) == (#control[4] == 'B' ? BP : WP);
	HOST_REGS(THERE)
	return ok;
}

static uint64_t where(uint64_t what) { return order(&r, REALM_WHERE, what, 0).value; }

static void make(uint8_t bps, uint8_t wps)
{
	orders_new(&r, 0, 0, bps, wps);
	target = where(0);
	word = where(1);
	other_word = where(2);
	second = where(3);
}

static void set_up(uint64_t x[REGS])
{
	(void)x;
	host_debug_off();
	make(BPS, WPS);
}
static const struct env env = { .fid = SMC_RMI_FEATURES, .set_up = set_up, .tear_down = host_debug_off };

static bool w(uint64_t reg, uint64_t v) { return realm_write(&r, reg, v); }
static uint64_t rd(uint64_t reg) { return realm_read(&r, reg); }
static uint64_t dfr0(unsigned int lsb) { return rd(REALM_ID_AA64DFR0_EL1) >> lsb & 0xf; }
static bool gone(uint64_t reg) { return undefined(order(&r, REALM_READ, reg, 0)) && undefined(order(&r, REALM_WRITE, reg, 1)); }

/* ---- the target, run at EL1 or EL0 ---- */

static bool quiet(uint64_t how)
{
	struct answer a = order(&r, how, 0, 0);

	return a.exceptions == 0 && a.value == 1;
}
static bool quiet_everywhere(void) { return quiet(REALM_AT_EL1) && quiet(REALM_AT_EL0); }

static bool raises(uint64_t how, uint64_t ec, uint64_t elr)
{
	struct answer a = order(&r, how, 0, 0);

	return a.exceptions == 1 && a.esr >> 26 == ec + (how == REALM_AT_EL1) && a.elr == elr;
}
static bool hits(uint64_t how) { return raises(how, EC_BREAKPOINT, target); }

/* The store is skipped, so it must not have happened. */
static bool watched(uint64_t how)
{
	struct answer a = order(&r, how, 0, 0);

	return a.exceptions == 1 && a.esr >> 26 == EC_WATCHPOINT + (how == REALM_AT_EL1) && a.far == word && a.value == 0;
}

static bool bp0(uint64_t control, uint64_t mdscr)
{
	return w(REALM_DBGBVR0_EL1, target) && w(REALM_DBGBCR0_EL1, control) && w(REALM_MDSCR_EL1, mdscr);
}

static bool wp0(uint64_t address, uint64_t control, uint64_t mdscr)
{
	return w(REALM_DBGWVR0_EL1, address) && w(REALM_DBGWCR0_EL1, control) && w(REALM_MDSCR_EL1, mdscr);
}

/* The last breakpoint compares CONTEXTIDR_EL1 for those that link to it. */
static bool context(uint64_t wanted, uint64_t is)
{
	return w(REALM_DBGBVR2_EL1, wanted) && w(REALM_DBGBCR2_EL1, BP_CONTEXT) && w(REALM_CONTEXTIDR_EL1, is);
}

static bool registers_at_reset(void)
{
	return rd(REALM_MDSCR_EL1) == 0 && rd(REALM_DBGBVR0_EL1) == 0 && rd(REALM_DBGBCR0_EL1) == 0 && rd(REALM_DBGBVR2_EL1) == 0 &&
	       rd(REALM_DBGBCR2_EL1) == 0 && rd(REALM_DBGWVR0_EL1) == 0 && rd(REALM_DBGWCR0_EL1) == 0 && rd(REALM_OSLSR_EL1) == 8;
}

static bool registers_keep(void)
{
	return w(REALM_DBGBVR2_EL1, 0xffff123456789abc) && w(REALM_DBGBCR2_EL1, 0x3201e6) && w(REALM_DBGWVR1_EL1, 0x12345678) &&
	       w(REALM_DBGWCR1_EL1, 0x3e6) && rd(REALM_DBGBVR2_EL1) == 0xffff123456789abc && rd(REALM_DBGBCR2_EL1) == 0x3201e6 &&
	       rd(REALM_DBGWVR1_EL1) == 0x12345678 && rd(REALM_DBGWCR1_EL1) == 0x3e6 && rd(REALM_DBGBVR0_EL1) == 0;
}

static bool registers_have_no_more(void)
{
	return w(REALM_DBGBCR0_EL1, ~1UL) && rd(REALM_DBGBCR0_EL1) == 0xffe1e6 && w(REALM_DBGWCR0_EL1, ~1UL) &&
	       rd(REALM_DBGWCR0_EL1) == 0x1f1ffffe && w(REALM_DBGWVR0_EL1, ~0UL) && rd(REALM_DBGWVR0_EL1) == ~3UL &&
	       w(REALM_MDSCR_EL1, ~SS) && rd(REALM_MDSCR_EL1) == (MDE | KDE | 1UL << 12);
}

/* Two Realms in turn: each has its own. */
static bool other_realm(void)
{
	struct realm first;
	bool ok = bp0(BP, MDE | KDE) && hits(REALM_AT_EL1);

	first = r;
	make(BPS, WPS);
	ok = ok && registers_at_reset() && w(REALM_MDSCR_EL1, MDE | KDE) && quiet_everywhere();
	r = first;
	return ok && hits(REALM_AT_EL1);
}

static bool lock(void) { return w(REALM_OSLAR_EL1, 1) && rd(REALM_OSLSR_EL1) == 0xa; }
static bool unlock(void) { return w(REALM_OSLAR_EL1, 0) && rd(REALM_OSLSR_EL1) == 8; }

/* Always the Realm's own, no monitor or host in between. */
static bool brk(void)
{
	struct answer a = order(&r, REALM_BRK, 0, 0);

	return a.exceptions == 1 && a.esr >> 26 == EC_BRK && (a.esr & 0xffff) == 0x123 && lock() &&
	       order(&r, REALM_BRK, 0, 0).exceptions == 1;
}

GOOD(features, , (r[1] >> 14 & 0x3f) >= 1 && (r[1] >> 20 & 0x3f) >= 1);
GOOD(id_register, , dfr0(12) == BPS && dfr0(20) == WPS && dfr0(28) == 1 && dfr0(36) == 0xf && dfr0(0) >= 6);
GOOD(id_register__all, make(5, 3), dfr0(12) == 5 && dfr0(20) == 3);
GOOD(id_register__fewest, make(1, 1), dfr0(12) == 1 && dfr0(20) == 1);
GOOD(registers__reset, , registers_at_reset());
GOOD(registers__reset_host_marks, host_marks(), registers_at_reset());
GOOD(registers__keep, , registers_keep());
GOOD(registers__keep_loaded, , w(REALM_MDSCR_EL1, MDE | KDE) && registers_keep());
GOOD(registers__res0, , registers_have_no_more());
GOOD(registers__beyond, , gone(REALM_DBGBVR5_EL1) && gone(REALM_DBGBCR5_EL1) && gone(REALM_DBGWVR2_EL1) && gone(REALM_DBGWCR2_EL1));
GOOD(registers__beyond_fewest, make(1, 1), gone(REALM_DBGBVR2_EL1) && gone(REALM_DBGBCR2_EL1) && w(REALM_DBGBVR1_EL1, 4));
GOOD(registers__beyond_none, make(5, 3), w(REALM_DBGBVR5_EL1, 4) && w(REALM_DBGWVR3_EL1, 8) && rd(REALM_DBGBVR5_EL1) == 4);
GOOD(registers__other_realm, , other_realm());
GOOD(breakpoint__el1, , bp0(BP, MDE | KDE) && hits(REALM_AT_EL1));
GOOD(breakpoint__el0, , bp0(BP, MDE | KDE) && hits(REALM_AT_EL0));
GOOD(breakpoint__last, , w(REALM_DBGBVR2_EL1, target) && w(REALM_DBGBCR2_EL1, BP) && w(REALM_MDSCR_EL1, MDE | KDE) && hits(REALM_AT_EL1));
GOOD(breakpoint__set_while_on, , w(REALM_MDSCR_EL1, MDE | KDE) && quiet(REALM_AT_EL1) && bp0(BP, MDE | KDE) && hits(REALM_AT_EL1));
GOOD(breakpoint__again, , bp0(BP, MDE | KDE) && hits(REALM_AT_EL1) && hits(REALM_AT_EL0) && hits(REALM_AT_EL1));
GOOD(breakpoint__disabled, , bp0(BP & ~1UL, MDE | KDE) && quiet_everywhere());
GOOD(breakpoint__no_mde, , bp0(BP, KDE) && quiet_everywhere());
GOOD(breakpoint__no_kde, , bp0(BP, MDE) && quiet(REALM_AT_EL1) && hits(REALM_AT_EL0));
GOOD(breakpoint__of_el0, , bp0(BP_EL0, MDE | KDE) && quiet(REALM_AT_EL1) && hits(REALM_AT_EL0));
GOOD(breakpoint__elsewhere, , bp0(BP, MDE | KDE) && w(REALM_DBGBVR0_EL1, target + 0x1000) && quiet_everywhere());
GOOD(breakpoint__switched_off, , bp0(BP, MDE | KDE) && hits(REALM_AT_EL1) && w(REALM_DBGBCR0_EL1, 0) && quiet_everywhere());
GOOD(breakpoint__mde_off, , bp0(BP, MDE | KDE) && hits(REALM_AT_EL1) && w(REALM_MDSCR_EL1, KDE) && quiet_everywhere());
GOOD(breakpoint__linked, , context(7, 7) && bp0(BP_LINKED(2), MDE | KDE) && hits(REALM_AT_EL1));
GOOD(breakpoint__linked_other_context, , context(7, 8) && bp0(BP_LINKED(2), MDE | KDE) && quiet_everywhere());
GOOD(breakpoint__linked_to_none, , context(7, 7) && bp0(BP_LINKED(3), MDE | KDE) && quiet_everywhere());
GOOD(watchpoint__el1, , wp0(word, WP, MDE | KDE) && watched(REALM_AT_EL1));
GOOD(watchpoint__el0, , wp0(word, WP, MDE) && watched(REALM_AT_EL0));
GOOD(watchpoint__last, , w(REALM_DBGWVR1_EL1, word) && w(REALM_DBGWCR1_EL1, WP) && w(REALM_MDSCR_EL1, MDE | KDE) && watched(REALM_AT_EL1));
GOOD(watchpoint__load, , wp0(word, WP_LOAD, MDE | KDE) && quiet_everywhere());
GOOD(watchpoint__other_word, , wp0(other_word, WP, MDE | KDE) && quiet_everywhere());
GOOD(watchpoint__no_mde, , wp0(word, WP, KDE) && quiet_everywhere());
GOOD(watchpoint__linked, , context(7, 7) && wp0(word, WP_LINKED(2), MDE | KDE) && watched(REALM_AT_EL1));
GOOD(watchpoint__linked_other_context, , context(7, 8) && wp0(word, WP_LINKED(2), MDE | KDE) && quiet_everywhere());
GOOD(watchpoint__linked_to_none, , context(7, 7) && wp0(word, WP_LINKED(5), MDE | KDE) && quiet_everywhere());
GOOD(step__el1, , w(REALM_MDSCR_EL1, SS | KDE) && raises(REALM_AT_EL1, EC_STEP, second));
GOOD(step__el0, , w(REALM_MDSCR_EL1, SS) && raises(REALM_AT_EL0, EC_STEP, second));
GOOD(step__no_kde, , w(REALM_MDSCR_EL1, SS) && quiet(REALM_AT_EL1));
GOOD(step__once, , w(REALM_MDSCR_EL1, SS | KDE) && raises(REALM_AT_EL1, EC_STEP, second) && rd(REALM_MDSCR_EL1) == KDE && quiet_everywhere());
GOOD(brk, , brk());
GOOD(os_lock__breakpoint, , bp0(BP, MDE | KDE) && lock() && rd(REALM_MDSCR_EL1) == (MDE | KDE) && quiet_everywhere() &&
     unlock() && hits(REALM_AT_EL1));
GOOD(os_lock__watchpoint, , wp0(word, WP, MDE | KDE) && lock() && quiet_everywhere() && unlock() && watched(REALM_AT_EL1));
GOOD(os_lock__step, , w(REALM_MDSCR_EL1, SS | KDE) && lock() && quiet_everywhere() && unlock() && raises(REALM_AT_EL1, EC_STEP, second));
GOOD(os_lock__locked_first, , w(REALM_OSLAR_EL1, 1) && bp0(BP, MDE | KDE) && quiet_everywhere() && unlock() && hits(REALM_AT_EL0));
GOOD(host_keeps__in_use, host_marks(), bp0(BP, MDE | KDE) && wp0(other_word, WP, MDE | KDE) && hits(REALM_AT_EL1) && host_marks_there());
GOOD(host_keeps__not_in_use, host_marks(), registers_keep() && host_marks_there());
GOOD(host_keeps__locked, host_marks(), bp0(BP, MDE | KDE) && lock() && host_marks_there());
GOOD(host_silent__not_in_use, host_marks(), quiet_everywhere());
GOOD(host_silent__kde, host_marks(), w(REALM_MDSCR_EL1, KDE) && quiet_everywhere());
GOOD(host_silent__in_use, host_marks(), w(REALM_MDSCR_EL1, MDE | KDE) && quiet_everywhere());
GOOD(host_silent__elsewhere, host_marks(), wp0(other_word, WP, MDE | KDE) && quiet_everywhere());
GOOD(host_silent__locked, host_marks(), bp0(BP, MDE | KDE) && lock() && quiet_everywhere());
