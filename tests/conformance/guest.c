/* SPDX-License-Identifier: Apache-2.0 */
/* The Realm of the rows about behaviour. */
#include "guest.h"

struct realm guest;
uint64_t guest_rec[GUEST_RECS], guest_run[GUEST_RECS], guest_ram;

static struct exec_slot *slot(unsigned int i)
{
	return page_ptr(guest.shared + EXEC_SLOT_AT * (i + 1));
}

/* ---- making it ---- */

static void give(uint64_t at, uint64_t pa)
{
	must(RMI0(DATA_CREATE_UNKNOWN, guest.rd, pa, at));
}

static void ripas_ram(uint64_t at)
{
	must(RMI0(RTT_INIT_RIPAS, guest.rd, at, at + PAGE));
}

static void take(uint64_t at)
{
	must(RMI0(DATA_DESTROY, guest.rd, at));
}

/* @recs of them, the first @runnable on. */
static void make(unsigned int recs, unsigned int runnable)
{
	realm_new(&guest);
	ripas_ram(AT_RAM);
	ripas_ram(AT_LATE);
	ripas_ram(AT_GONE);
	ripas_ram(AT_TAKEN);
	give(AT_RAM, guest_ram = delegated());
	give(AT_EMPTY, delegated());
	give(AT_GONE, delegated());
	give(AT_TAKEN, delegated());
	take(AT_GONE);
	take(AT_TAKEN);
	give(AT_TAKEN, delegated());
	for (unsigned int i = 0; i < GUEST_RECS; i++) {
		guest_rec[i] = 0;
		guest_run[i] = host_page();
		if (i < recs)
			guest_rec[i] = one_more_rec(&guest, i, i < runnable ? RMI_REC_FLAG_RUNNABLE : 0, REALM_EXEC_IN(i, 0));
	}
	guest.rec = guest_rec[0];
	guest.run = guest_run[0];
}

void guest_go(void)
{
	go(&guest);
}

void guest_loading(uint64_t x[REGS])
{
	(void)x;
	make(1, 1);
}

void guest_new(uint64_t x[REGS])
{
	guest_loading(x);
	guest_go();
}

void guest_three_loading(uint64_t x[REGS])
{
	(void)x;
	make(GUEST_RECS, GUEST_RECS);
}

void guest_of_three(uint64_t x[REGS])
{
	guest_three_loading(x);
	guest_go();
}

void guest_psci(uint64_t x[REGS])
{
	(void)x;
	make(GUEST_RECS, 1);
	guest_go();
}

void no_guest(uint64_t x[REGS])
{
	(void)x;
}

void map_page_as(uint64_t at, uint64_t pa, uint64_t s2ap)
{
	must(RMI0(RTT_MAP_UNPROTECTED, guest.rd, at, 3, pa | RMI_DESC_MEMATTR_WB | s2ap));
}

void map_page(uint64_t at, uint64_t pa)
{
	map_page_as(at, pa, RMI_DESC_S2AP_RW);
}

void unmap_page(uint64_t at)
{
	must(RMI0(RTT_UNMAP_UNPROTECTED, guest.rd, at, 3));
}

/* ---- running it ---- */

struct rmi_rec_enter *entry(unsigned int i)
{
	return page_ptr(guest_run[i]);
}

const struct rmi_rec_exit *left(unsigned int i)
{
	return page_ptr(guest_run[i] + sizeof(struct rmi_rec_enter));
}

const struct rmi_rec_exit *enter(unsigned int i)
{
	memset(page_ptr(guest_run[i] + sizeof(struct rmi_rec_enter)), 0xa5, sizeof(struct rmi_rec_exit));
	must(RMI0(REC_ENTER, guest_rec[i], guest_run[i]));
	entry(i)->flags = 0;
	return left(i);
}

bool asks(unsigned int i)
{
	return left(i)->exit_reason == RMI_EXIT_HOST_CALL && left(i)->imm == REALM_CALL_EXEC;
}

void finish(unsigned int i)
{
	enter(i);
	EXPECT(asks(i));
}

uint64_t *program(unsigned int i, struct code c)
{
	struct exec_slot *s = slot(i);

	if (!asks(i))
		finish(i);
	s->words = (uint64_t)(c.to - c.from);
	EXPECT(s->words <= EXEC_WORDS);
	for (uint64_t n = 0; n < s->words; n++)
		s->code[n] = c.from[n];
	memset(&s->state, 0, sizeof(s->state));
	s->state.vector = EXEC_NO_VECTOR;
	return s->state.in;
}

const struct exec_state *after(unsigned int i)
{
	EXPECT(asks(i));
	return &slot(i)->state;
}

uint64_t run_code(unsigned int i, struct code c, uint64_t x0, uint64_t x1, uint64_t x2)
{
	uint64_t *in = program(i, c);

	in[0] = x0;
	in[1] = x1;
	in[2] = x2;
	finish(i);
	return after(i)->out[0];
}

/* ---- what it was ---- */

void exit_is(unsigned int i, const struct rmi_rec_exit *want)
{
	const uint64_t *got = (const uint64_t *)left(i), *w = (const uint64_t *)want;
	const uint64_t vmcr = offsetof(struct rmi_rec_exit, gicv3_vmcr) / 8;

	for (uint64_t n = 0; n < sizeof(*want) / 8; n++) {
		if (n == vmcr || got[n] == w[n])
			continue;
		bare_puts("exit record at ");
		bare_hex(n * 8);
		bare_puts("\r\n");
		EXPECT_EQ(got[n], w[n]);
	}
}

void exception_is(unsigned int i, uint64_t vector, uint64_t esr, uint64_t far, uint64_t word)
{
	const struct exec_state *s = after(i);

	EXPECT_EQ(s->vector, vector);
	EXPECT_EQ(s->esr, esr);
	EXPECT_EQ(s->far, far);
	EXPECT_EQ(s->elr, s->at + 4 * word);
}

void no_exception(unsigned int i)
{
	EXPECT_EQ(after(i)->vector, EXEC_NO_VECTOR);
}

void undefined_is(unsigned int i, uint64_t word)
{
	exception_is(i, VECTOR_EL1H, ESR_UNDEFINED, after(i)->far, word);
}
