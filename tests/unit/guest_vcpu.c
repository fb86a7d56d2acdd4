/* SPDX-License-Identifier: Apache-2.0 */
/* A vCPU whose entry the monitor refuses: what that says about the guest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "../../host/vmm/guest/guest.h"

static struct vmm vmm;
static struct guest guest;
static struct rec rec;
static struct rmi_rec_run run;
static uint64_t status;
static int failures;

int dev_run(struct mica_ioc_run *arg)
{
	arg->status = status;
	arg->entries = 0;
	return 0;
}

int vmm_fail(struct vmm *v, const char *format, ...)
{
	(void)v;
	(void)format;
	failures++;
	return -1;
}

/* Nothing of these is reached by an entry that is refused. */
bool vcpu_exit(struct vcpu *vcpu) { (void)vcpu; fail(); return false; }
uint64_t dev_counter(void) { fail(); return 0; }
uint64_t dev_counter_hz(void) { fail(); return 1; }
void vmm_kick(struct vmm *v) { (void)v; }

static int failures_after(uint64_t answer)
{
	struct vcpu *vcpu = &guest.vcpu[1];

	memset(&guest, 0, sizeof(guest));
	guest.vmm = &vmm;
	gic_init(&guest.gic, 2, 4);
	pl011_init(&guest.uart);
	assert_int_equal(pthread_mutex_init(&guest.lock, NULL), 0);
	rec.run = &run;
	*vcpu = (struct vcpu){ .guest = &guest, .rec = &rec, .index = 1, .on = true };
	status = answer;
	failures = 0;
	vcpu_thread(vcpu);
	assert_true(guest.off);
	return failures;
}

static void a_realm_that_another_vcpu_switched_off_is_no_failure(void **state)
{
	(void)state;
	assert_int_equal(failures_after(RMI_ERROR_REALM | 1 << 8), 0);
}

static void any_other_refusal_is_a_failure(void **state)
{
	(void)state;
	assert_int_equal(failures_after(RMI_ERROR_INPUT), 1);
	assert_int_equal(failures_after(RMI_ERROR_RTT), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_realm_that_another_vcpu_switched_off_is_no_failure),
		cmocka_unit_test(any_other_refusal_is_a_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
