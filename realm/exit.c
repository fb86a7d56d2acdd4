/* SPDX-License-Identifier: Apache-2.0 */
/* The first and the last thing a component does. */
#include "libmica.h"

static void power_off(void) __attribute__((noreturn));
static void power_off(void)
{
	for (;;) {
		uint64_t x[11] = { PSCI_SYSTEM_OFF };

		mica_smc(x);
	}
}

void mica_exit(int status)
{
	uint64_t gprs[9] = { (uint64_t)(unsigned int)status };

	/* Without the right the monitor refuses this, and the way out is to switch off, silently. */
	if (mica_self()->rights & MICA_RIGHT_HOSTCALL)
		mica_host_call(MICA_HC_EXIT, gprs);
	power_off();
}

void mica_panic(const char *text)
{
	(void)text;
	mica_exit(MICA_EXIT_PANIC);
}

int mica_exit_status(long error)
{
	switch (error) {
	case -EPIPE: return MICA_EXIT_PEER_GONE;
	case -EPROTO: return MICA_EXIT_PEER_BROKEN;
	case -EIO: return MICA_EXIT_HOST;
	case -ENOENT:
	case -EACCES:
	case -ENOSYS: return MICA_EXIT_CONFIG;
	default: return error < 0 ? MICA_EXIT_PANIC : MICA_EXIT_OK;
	}
}

__attribute__((weak)) bool mica_on_fault(struct mica_fault *f)
{
	(void)f;
	return false;
}

/* start.S: a synchronous exception; returning means go on at f->elr. */
void libmica_fault(struct mica_fault *f);
void libmica_fault(struct mica_fault *f)
{
	if (!mica_on_fault(f))
		mica_panic("exception");
}

/* start.S: the MMU is on. */
void libmica_start(void) __attribute__((noreturn));
void libmica_start(void)
{
	channels_announce();
	mica_exit(main());
}
