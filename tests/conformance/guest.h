/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Realm that runs programs of the row, for rows about behaviour: what it does, what the host sees of it, and how it
 * goes on. Everything is made anew for each row.
 */
#ifndef CONF_GUEST_H
#define CONF_GUEST_H

#include "../bare/code.h"
#include "conf.h"

/* Its address space beside the image, RIPAS and whether memory is there; unprotected: the page of the slots alone. */
#define AT_HOLE		REALM_HOLE		/* EMPTY, none */
#define AT_RAM		0x101000UL		/* RAM */
#define AT_LATE		0x102000UL		/* RAM, none */
#define AT_EMPTY	0x103000UL		/* EMPTY, assigned */
#define AT_GONE		0x104000UL		/* DESTROYED, none */
#define AT_TAKEN	0x105000UL		/* DESTROYED, assigned */
#define AT_UNPROT	REALM_UNPROT
#define AT_DEVICE	(REALM_UNPROT + PAGE)	/* nothing mapped */
#define AT_WINDOW	(REALM_UNPROT + 2 * PAGE)	/* nothing mapped: for a row to change */

#define GUEST_RECS	3
extern struct realm guest;
extern uint64_t guest_rec[GUEST_RECS], guest_run[GUEST_RECS];
extern uint64_t guest_ram;			/* the granule at AT_RAM */

void guest_new(uint64_t x[REGS]);		/* REC 0 runs; active */
void guest_of_three(uint64_t x[REGS]);		/* all run, each in its slot */
void guest_psci(uint64_t x[REGS]);		/* RECs 1 and 2 are off */
void guest_loading(uint64_t x[REGS]);		/* not active yet: guest_go() */
void guest_three_loading(uint64_t x[REGS]);
void guest_go(void);
/* For rows that want no Realm, or make their own. */
void no_guest(uint64_t x[REGS]);

/* REC @i waits for its next program, which becomes @c; the registers it starts with, all zero. */
uint64_t *program(unsigned int i, struct code c);
/* Enter once, successfully, with the entry record as it stands; flags are clear afterwards. */
const struct rmi_rec_exit *enter(unsigned int i);
struct rmi_rec_enter *entry(unsigned int i);
const struct rmi_rec_exit *left(unsigned int i);
/* The program ran to its end, or to an exception. */
bool asks(unsigned int i);
/* Enter: it must be done by then. */
void finish(unsigned int i);
/* After that: registers, and the exception if there was one. */
const struct exec_state *after(unsigned int i);
/* program() and finish(), for a program without exits: X0 of its end. */
uint64_t run_code(unsigned int i, struct code c, uint64_t x0, uint64_t x1, uint64_t x2);

/* Every byte of the last exit's record as in @want; the virtual machine control register is the GIC rows' affair. */
void exit_is(unsigned int i, const struct rmi_rec_exit *want);
#define EXIT_IS(i, ...)	exit_is(i, &(const struct rmi_rec_exit){ __VA_ARGS__ })

/* The program's exception: vector, syndrome, address; ELR is word @word of the program. */
void exception_is(unsigned int i, uint64_t vector, uint64_t esr, uint64_t far, uint64_t word);
void no_exception(unsigned int i);
/* Undefined at word @word; taken from EL1h. */
void undefined_is(unsigned int i, uint64_t word);
#define ESR_UNDEFINED	0x02000000UL
#define VECTOR_EL1T	0x000
#define VECTOR_EL1H	0x200
#define VECTOR_EL1H_IRQ	0x280
#define VECTOR_EL0	0x400
#define VECTOR_EL0_32	0x600
#define PSTATE_EL1H	0x3c5UL			/* DAIF masked: as a program starts */

/* ESR_EL2 as the host may see it */
#define EC(n)		((uint64_t)(n) << 26)
#define EC_WFX		0x01
#define EC_SYSREG	0x18
#define EC_IABT		0x20			/* the Realm's own are one more */
#define EC_DABT		0x24
#define IL		(1UL << 25)
#define ISV		(1UL << 24)
#define SAS(n)		((uint64_t)(n) << 22)
#define SSE		(1UL << 21)
#define SRT(n)		((uint64_t)(n) << 16)
#define SF		(1UL << 15)
#define WNR		(1UL << 6)
#define EA		(1UL << 9)
#define FSC_TRANS	0x04UL			/* + level */
#define FSC_PERM	0x0cUL
#define FSC_SEA		0x10UL
#define HPFAR(a)	((a) >> 12 << 4)

/* Map a page of the host's at an unprotected address, readable and writable unless said otherwise. */
void map_page(uint64_t at, uint64_t pa);
void map_page_as(uint64_t at, uint64_t pa, uint64_t s2ap);
void unmap_page(uint64_t at);

#endif
