/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Roles that do anything: exits of every kind with any contents, in any order, on all their vCPUs, under random rights. However
 * such a session goes, it ends with RUN_DONE, names what it gives up on, and leaves nothing behind.
 */
#include "vmm_peer.h"

#include <stdlib.h>

#include "../../abi/rsi.h"

#define SESSIONS	150

static atomic_uint counter;
static unsigned int seed;

static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

static uint64_t any(void)
{
	return mix(((uint64_t)seed << 32 | atomic_fetch_add(&counter, 1)) + 0x9e3779b97f4a7c15);
}

static const uint64_t fids[] = {
	PSCI_CPU_ON_64, PSCI_CPU_OFF, PSCI_AFFINITY_INFO_64, PSCI_CPU_SUSPEND_64, PSCI_SYSTEM_OFF, PSCI_SYSTEM_RESET,
};

/* Now and then a number that means something. */
static uint64_t any_value(void)
{
	uint64_t r = any();

	switch (r & 3) {
	case 0:
		return fids[(r >> 8) % (sizeof(fids) / sizeof(fids[0]))];
	case 1:
		return r >> 8 & 7;
	case 2:
		return r >> 8 & 0x1fff;
	default:
		return any();
	}
}

static void fill(struct rmi_rec_exit *exit)
{
	unsigned int i;

	for (i = 0; i < 31; i++)
		exit->gprs[i] = any_value();
	for (i = 0; i < 16; i++)
		exit->gicv3_lrs[i] = any();
	exit->imm = any() & 0xf;
	exit->esr = any();
	exit->cntv_ctl = any() & 7;
	exit->cntp_ctl = any() & 7;
	exit->cntv_cval = any();
	exit->cntp_cval = any_value();
}

static uint64_t play_anything(unsigned int role, unsigned int rec, struct rmi_rec_run *run)
{
	static const uint64_t usual[] = {
		RMI_EXIT_MICA_IDLE, RMI_EXIT_MICA_WAKE, RMI_EXIT_HOST_CALL, RMI_EXIT_PSCI, RMI_EXIT_MICA_PARKED, RMI_EXIT_IRQ,
		RMI_EXIT_MICA_IDLE, RMI_EXIT_MICA_WAKE,
	}, rare[] = {
		RMI_EXIT_MICA_OFF, RMI_EXIT_MICA_OFF, RMI_EXIT_MICA_OFF, RMI_EXIT_MICA_OFF, RMI_EXIT_FIQ, RMI_EXIT_FIQ,
		RMI_EXIT_MICA_STOPPED, RMI_EXIT_SYNC, RMI_EXIT_SERROR,
	};
	uint64_t r = any();

	(void)role;
	(void)rec;
	fill(&run->exit);
	if (r % 401 == 0)
		return r & 0x100 ? RMI_ERROR_REC : MICA_POLICY(MICA_RULE_PARKED);
	if (r % 47 == 0)
		return exit_with(run, rare[(r >> 8) % (sizeof(rare) / sizeof(rare[0]))]);
	if (r % 997 == 0)
		return exit_with(run, any());
	exit_with(run, usual[(r >> 8) % (sizeof(usual) / sizeof(usual[0]))]);
	if (run->exit.exit_reason == RMI_EXIT_PSCI && r >> 16 & 31) {	/* mostly sound: nonsense ends the session */
		run->exit.gprs[0] = fids[(r >> 24) % 4];
		run->exit.gprs[1] = 0;
	}
	return 0;
}

static struct peer_blob any_policy(void)
{
	static const uint32_t rights[] = {
		0, MICA_RIGHT_HOSTCALL, MICA_RIGHT_PSCI, MICA_RIGHT_TIMER, MICA_RIGHT_HOSTCALL | MICA_RIGHT_PSCI | MICA_RIGHT_TIMER,
	};
	struct peer_blob b = peer_blob();
	unsigned int i;

	for (i = 0; i < ROLES; i++) {
		uint64_t r = any();

		b.role[i].rights = rights[r % (sizeof(rights) / sizeof(rights[0]))];
		b.role[i].vcpus = 1 + (r >> 8 & 1);
		b.role[i].flags = r >> 9 & 1 ? MICA_ROLE_RESTART : 0;
		fake.play_rec[i] = play_anything;
	}
	if (any() & 1)
		peer_gate(&b, A, B, 0);
	if (any() & 1)
		peer_window(&b);
	return b;
}

/* How often sessions ended how; all of it has to happen, or nothing was shown. */
static unsigned int fails, restarts, exits, ended_by_themselves;

static void session_of(unsigned int n)
{
	struct peer_blob b;
	int messages;

	port_open();
	seed = n;
	counter = 0;
	b = any_policy();
	peer_load(&b);
	port_put(RUN_BEGIN, 0, NULL, 0);
	for (messages = 0; messages < 40 && !port_quiet(n % 3 ? 20 : 500); messages++) {
		switch (port_get()) {
		case RUN_FAIL:
			assert_true(port_msg.len > 10);
			fails++;
			break;
		case RUN_ROLE_RESTART:
			restarts++;
			break;
		case RUN_ROLE_EXIT:
			exits++;
			break;
		case RUN_DONE:
			assert_int_equal(port_data.done.granules_left, 0);
			ended_by_themselves++;
			port_end();
			return;
		case 0:
			fail_msg("session %u ends without RUN_DONE", n);
		}
	}
	peer_stop();
}

static void anything(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < SESSIONS; i++)
		session_of(i);
	print_message("%u failures named, %u restarts, %u ends of roles, %u sessions over by themselves\n", fails, restarts, exits,
		      ended_by_themselves);
	assert_true(fails > 10 && restarts > 0 && exits > 10 && ended_by_themselves > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(anything) };

	return cmocka_run_group_tests_name("vmm_random", tests, NULL, NULL);
}
