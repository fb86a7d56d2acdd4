/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No wake-up is lost: a reader that waits is entered again only when the writer's signal raised WAKE, and the writer signals
 * again only when the last signal was taken. Were one lost, both would stand still. CPUs are threads.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "mica_world.h"

#ifdef __SANITIZE_THREAD__
#define SIGNALS	5000U
#else
#define SIGNALS	50000U
#endif
#define PATIENCE 300		/* seconds */

#define CHECK(c)	do { if (!(c)) { fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #c); abort(); } } while (0)

static atomic_uint sent, taken, woken;
static time_t deadline;

static enum rec_trap smc(void)
{
	fake_regs()->ESR_EL2 = ESR_EC_VAL(EC_SMC) | ESR_IL;
	return REC_TRAP_SYNC;
}

static enum rec_trap writer(uint64_t x[31])
{
	/* as close as can be behind the reader, who is on its way into the next WAIT */
	for (unsigned int n = 0; n < 2000 && atomic_load(&sent) > atomic_load(&taken); n++)
		;
	if (atomic_load(&sent) > atomic_load(&taken) || atomic_load(&sent) == SIGNALS)
		return REC_TRAP_IRQ;
	atomic_fetch_add(&sent, 1);
	x[0] = SMC_RSI_MICA_SIGNAL;
	x[1] = 0;
	return smc();
}

/* X20: a WAIT was made before. */
static enum rec_trap reader(uint64_t x[31])
{
	if (x[20] != 0) {
		CHECK(x[0] == RSI_SUCCESS && x[1] == 1);
		atomic_fetch_add(&taken, 1);
	}
	x[20] = 1;
	x[0] = SMC_RSI_MICA_WAIT;
	x[1] = 1;
	x[2] = x[3] = 0;
	return smc();
}

static enum rec_trap realm(uint64_t x[31])
{
	return fake_regs()->VTTBR_EL2 >> 48 == realms[0][0].vmid ? writer(x) : reader(x);
}

static void *enter_writer(void *arg)
{
	(void)arg;
	fake_set_cpu(1);
	while (atomic_load(&taken) < SIGNALS) {
		CHECK(ENTER(0, 0) == RMI_SUCCESS);
		if (exit_of(0, 0)->exit_reason == RMI_EXIT_MICA_WAKE)
			atomic_fetch_add(&woken, 1);
		else
			sched_yield();
		CHECK(time(NULL) < deadline);
	}
	return NULL;
}

/* The host's side of IDLE: asleep until a WAKE that it has not acted on. */
static void *enter_reader(void *arg)
{
	unsigned int seen_wakes = 0;

	(void)arg;
	fake_set_cpu(2);
	while (atomic_load(&taken) < SIGNALS) {
		CHECK(ENTER(1, 0) == RMI_SUCCESS);
		CHECK(exit_of(1, 0)->exit_reason == RMI_EXIT_MICA_IDLE);
		while (atomic_load(&woken) == seen_wakes && atomic_load(&taken) < SIGNALS) {
			CHECK(time(NULL) < deadline);
			sched_yield();
		}
		seen_wakes = atomic_load(&woken);
	}
	return NULL;
}

static void no_wake_up_is_lost(void **state)
{
	pthread_t t[2];

	(void)state;
	policy_roles(&policy, 2, 1);
	policy_channel(&policy, MICA_CHAN_SIGNAL);
	policy_gate(&policy, 1, 0, 0, 0, 0);	/* never used: the edge back, or each signal would be a WAKE */
	start();
	fake_set_realm(realm);
	fake_jitter(true);
	deadline = time(NULL) + PATIENCE;
	CHECK(pthread_create(&t[0], NULL, enter_writer, NULL) == 0);
	CHECK(pthread_create(&t[1], NULL, enter_reader, NULL) == 0);
	for (unsigned int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	fake_jitter(false);
	assert_int_equal(taken, SIGNALS);
	assert_true(woken > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(no_wake_up_is_lost, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
