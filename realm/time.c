/* SPDX-License-Identifier: Apache-2.0 */
/* Sleeping. Interrupts stay masked: a pending one ends a WFI all the same. */
#include "libmica.h"

#define CTL_ENABLE	1UL

static void set_timer(uint64_t ctl, uint64_t deadline)
{
	asm volatile("msr cntv_cval_el0, %0" : : "r"(deadline));
	asm volatile("msr cntv_ctl_el0, %0\n\tisb" : : "r"(ctl));
}

void mica_sleep(uint64_t ticks)
{
	uint64_t deadline = mica_now() + ticks;

	if (ticks == 0)
		return;
	if (!(mica_self()->rights & MICA_RIGHT_TIMER)) {
		while (mica_now() < deadline)
			mica_wait(0, deadline - mica_now());
		return;
	}
	set_timer(CTL_ENABLE, deadline);
	while (mica_now() < deadline)
		asm volatile("wfi" : : : "memory");
	set_timer(0, deadline);
}
