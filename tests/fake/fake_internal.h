/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the files of the fake. */
#ifndef FAKE_INTERNAL_H
#define FAKE_INTERNAL_H

#include <stdio.h>
#include <stdlib.h>

#include "fake.h"

#define FAKE_PAGES	(FAKE_DRAM_SIZE / GRANULE_SIZE)

/* The monitor did what it must never do: the test program ends here, under any sanitizer. */
#define fake_fail(...)	do { fprintf(stderr, "fake: " __VA_ARGS__); fputc('\n', stderr); abort(); } while (0)

struct fake_cpu {
	struct fake_regs regs;
	bool interrupt;
};
struct fake_cpu *fake_cpu(void);

/*
 * What belongs to the hardware, not to the monitor: no ordering that the thread sanitizer would credit to the monitor's own
 * locks comes from here. Such functions copy by hand, the sanitizer watches memcpy() wherever it is called from.
 */
#define FAKE_HARDWARE	__attribute__((no_sanitize("thread"), noinline))
void fake_hw_lock(uint8_t *l);
void fake_hw_unlock(uint8_t *l);
/* A short wait, of random length, where a CPU of real hardware would take its time; fake_jitter(). */
void fake_dither(void);

extern uint8_t fake_pas_of[FAKE_PAGES];
uint8_t *fake_dram(pa_t pa);		/* any PAS; fails the test outside the bank */
uint64_t fake_page_index(pa_t pa);	/* FAKE_PAGES or more: outside */

void fake_tlb_reset(void);
void fake_tlb_drop(uint16_t vmid, bool all, ipa_t a);
uint64_t fake_tlb_digest(void);
void fake_stage1_fill(void);		/* by the Realm that is loaded on this CPU */

uint64_t fake_mix(uint64_t h, const void *data, size_t size);	/* size a multiple of 8 */

#endif
