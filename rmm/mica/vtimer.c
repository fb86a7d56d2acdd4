/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Right VTIMER: the one vCPU of a confined operating system gets three interrupts from the monitor itself, in three list
 * registers that nobody else fills: its virtual timer, its signals, its own SGIs. Source: extension.md section 9.
 */
#include "../realm/gic.h"
#include "../realm/timer.h"
#include "hooks.h"
#include "wf.h"

#define LR_ACTIVE	BIT(63)
#define LR_RAISED	(BIT(62) | BIT(60) | 0x80UL << 48)	/* pending, group 1, priority */

#define PPI_SIGNAL	22
#define PPI_VTIMER	27

/* ICC_SGI1R_EL1: fields that name another CPU than affinity 0.0.0.0 */
#define SGI_OTHERS	(0xffUL << 16 | 0xffUL << 32 | 1UL << 40 | 0xfUL << 44 | 0xffUL << 48)
#define SGI_INTID(v)	((v) >> 24 & 0xf)

bool vtimer_supported(void)
{
	return gic_num_lrs() >= 3;
}

/* A level: while it is active it is neither withdrawn nor pending again; the next look after its end sees it. */
static uint64_t level(uint64_t lr, uint64_t intid, bool up)
{
	if (lr & LR_ACTIVE)
		return lr;
	return up ? LR_RAISED | intid : 0;
}

void mica_raise(struct run *run)
{
	struct rec *rec = run->rec;
	const struct mica_blob_role *record = rec->bound ? rd_record(run->rd) : NULL;
	bool signal;

	if (record == NULL || !(record->rights & MICA_RIGHT_VTIMER))
		return;
	/* A level that nobody takes away would interrupt an operating system without its driver for ever. */
	signal = record->flags & MICA_ROLE_SIG_IRQ && rec->takes_signals &&
		 __atomic_load_n(&rd_role(run->rd)->pending, __ATOMIC_SEQ_CST) != 0;
	write_ICH_LR0_EL2(level(read_ICH_LR0_EL2(), PPI_VTIMER, timer_asserted() & TIMER_V));
	write_ICH_LR1_EL2(level(read_ICH_LR1_EL2(), PPI_SIGNAL, signal));
	if (rec->sgis != 0 && LR_STATE(read_ICH_LR2_EL2()) == 0) {
		write_ICH_LR2_EL2(LR_RAISED | (unsigned int)__builtin_ctz(rec->sgis));
		rec->sgis &= rec->sgis - 1;
	}
}

bool mica_sgi_open(struct run *run, uint64_t sgi1r)
{
	if (!run->rec->bound || mica_opens(run, MICA_RIGHT_IRQ))
		return true;
	if (rd_record(run->rd)->rights & MICA_RIGHT_VTIMER && !(sgi1r & SGI_OTHERS) && sgi1r & 1)
		run->rec->sgis |= 1U << SGI_INTID(sgi1r);
	return false;
}
