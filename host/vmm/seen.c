/* SPDX-License-Identifier: Apache-2.0 */
/* What this host got to see of a role that runs an operating system: how often its REC left, and for what. */
#include <stdio.h>
#include <string.h>

#include "vmm.h"

static enum seen_kind kind_of(uint64_t reason)
{
	switch (reason) {
	case RMI_EXIT_IRQ:
	case RMI_EXIT_FIQ:
		return SEEN_INTERRUPT;
	case RMI_EXIT_MICA_IDLE:
		return SEEN_IDLE;
	case RMI_EXIT_MICA_WAKE:
		return SEEN_WAKE;
	case RMI_EXIT_MICA_OFF:
		return SEEN_OFF;
	case RMI_EXIT_MICA_STOPPED:
		return SEEN_STOPPED;
	}
	return SEEN_OTHER;
}

/* The driver enters again by itself after an interrupt: all entries but the last ended so. */
void seen_count(struct rec *rec, const struct mica_ioc_run *run)
{
	struct realm *realm = rec->realm;

	if (run->entries == 0 || run->status != RMI_SUCCESS)
		return;
	pthread_mutex_lock(&realm->vmm->lock);
	realm->seen[SEEN_INTERRUPT] += run->entries - 1;
	realm->seen[kind_of(rec->run->exit.exit_reason)]++;
	pthread_mutex_unlock(&realm->vmm->lock);
}

void seen_tell(struct realm *realm)
{
	const uint64_t *n = realm->seen;
	char text[256];

	if (!(realm->rec->rights & MICA_RIGHT_VTIMER))
		return;
	snprintf(text, sizeof(text), "all this host saw of '%s': %llu interrupts of its own, idle %llu times, %llu wake-ups of others, "
		 "off %llu, stopped %llu, anything else %llu", realm->name, (unsigned long long)n[SEEN_INTERRUPT],
		 (unsigned long long)n[SEEN_IDLE], (unsigned long long)n[SEEN_WAKE], (unsigned long long)n[SEEN_OFF],
		 (unsigned long long)n[SEEN_STOPPED], (unsigned long long)n[SEEN_OTHER]);
	send_msg(realm->vmm, RUN_NOTE, 0, text, strlen(text));
}
