/* SPDX-License-Identifier: Apache-2.0 */
/* What the programs of the Realms share. */
#ifndef NONINT_REALM_H
#define NONINT_REALM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../../abi/mica.h"
#include "../../../abi/rmi.h"
#include "../../../abi/rsi.h"
#include "realm_abi.h"

/* low.S */
void smc(uint64_t x[18]);
void vector_fill(uint64_t v);
void vector_read(uint64_t to[66]);
void regs_fill_wfi(uint64_t v);
extern volatile uint64_t faults[4];	/* count, ESR, FAR */

struct call { uint64_t x[18]; };
#define CALL(...)	({ struct call c_ = { { __VA_ARGS__ } }; smc(c_.x); c_; })
#define CALL0(...)	(CALL(__VA_ARGS__).x[0])

extern uint64_t arg;			/* X0 at entry */
extern uint64_t secret[SECRET_WORDS];
extern struct tally tally;

void wait_for(uint64_t mask);
_Noreturn void wait_for_ever(void);	/* IDLE at each entry */
uint64_t signal(uint64_t grant);

/* One attempt: what it answered, and what it has to if it is closed. */
void attempt(uint64_t got, uint64_t want);
/* An act that has to fault, and to do nothing else. */
#define FAULTS(act)	do { uint64_t n_ = faults[0]; act; attempt(faults[0] - n_, 1); } while (0)

/* attempts.c */
void attempts(void);
void attempts_while_serving(void);
void attempts_short(void);
/* registers.c */
void write_all_registers(uint64_t v);
void do_all_instructions(uint64_t v);
unsigned int read_all_registers(volatile uint64_t *to, unsigned int max);

_Noreturn void send(unsigned int channel);	/* sender.c */

#endif
