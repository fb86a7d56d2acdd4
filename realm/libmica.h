/* SPDX-License-Identifier: Apache-2.0 */
/* Between the files of libmica; components include include/mica.h. */
#ifndef LIBMICA_H
#define LIBMICA_H

#include "include/mica.h"

/* component.lds */
extern uint8_t __text[], __rodata[], __data[], __data_end[], __fault_stack[], __fault_stack_top[];
extern uint8_t __stack[], __stack_top[], __heap[];

/* rsi.c: ask the monitor who we are. Works without MMU. */
void self_init(void);
uint64_t self_ram_top(void);

/* A name as the monitor hands it over, eight characters a register. */
static inline void copy_name(char name[MICA_NAME_SIZE], const uint64_t *x)
{
	for (unsigned int i = 0; i < MICA_NAME_SIZE; i++)
		name[i] = (char)(x[i / 8] >> (i % 8 * 8));
	name[MICA_NAME_SIZE - 1] = '\0';
}

/* channel.c: write our role into every channel page that peers can read. */
void channels_announce(void);

/* cpu.c: the other CPUs use this CPU's tables. */
void cpus_init(uint64_t table, uint64_t tcr);

int main(void);

#endif
