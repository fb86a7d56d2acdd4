/* SPDX-License-Identifier: Apache-2.0 */
/* Policies with gates, and what their tests ask. Role a calls b through gate 0. */
#ifndef TESTS_UNIT_MICA_GATE_WORLD_H
#define TESTS_UNIT_MICA_GATE_WORLD_H

#include "../../rmm/mica/wf.h"
#include "mica_world.h"

#define CALL(g, ...)	{ SMC_RSI_MICA_GATE_CALL, g, ##__VA_ARGS__ }
#define RECV(g, ...)	{ SMC_RSI_MICA_GATE_RECV, g, ##__VA_ARGS__ }
#define OWN(role, n)	(0x5a5a0000UL + (role) * 0x100UL + (n))	/* what follow() leaves in Xn */

/* Two roles that restart, two RECs each, one gate; REC 1 of b serves it. Rights as said. */
static inline void gate(uint32_t rights_a, uint32_t rights_b, uint8_t args, uint8_t results)
{
	policy_roles(&policy, 2, 2);
	policy.role[0].rights = rights_a;
	policy.role[1].rights = rights_b;
	policy.role[0].flags = policy.role[1].flags = MICA_ROLE_RESTART;
	policy_gate(&policy, 0, 1, 1, args, results);
}

static inline void park(uint8_t role, uint8_t rec, uint64_t g)
{
	RUN(role, rec, RMI_EXIT_MICA_PARKED, { role, rec, SMC, RECV(g), NULL });
	ONLY_REASON(role, rec);
}

static inline void start_gate(void)
{
	start();
	park(1, 1, 0);
}

static inline enum gate_state gate_is(unsigned int g)
{
	return ((struct wf *)arch_granule_va(pa(wf)))->gates[g].state;
}

static inline uint16_t refs(unsigned int role, unsigned int rec)
{
	return granule_find(pa(realms[role][rec].rec))->refs;
}

/* a.0 is in a call, the server of b was interrupted. */
static inline void suspend(void)
{
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SMC, CALL(0, 0x11, 0x22), NULL }, { 1, 1, IRQ, { 0 }, NULL });
	ONLY_REASON(0, 0);
	assert_int_equal(gate_is(0), GATE_BUSY);
}

static inline void assert_refused(const uint64_t x[31], uint64_t status)
{
	assert_int_equal(x[0], status);
	for (int i = 1; i <= 8; i++)
		assert_int_equal(x[i], 0);
}

/* a -> b -> ... , REC 0 everywhere; from role @first on parked. */
static inline void row(uint8_t n, uint8_t first)
{
	policy_roles(&policy, n, 1);
	for (uint8_t i = 0; i + 1 < n; i++)
		policy_gate(&policy, i, i + 1, 0, 1, 1);
	for (uint8_t i = 0; i < n; i++)
		policy.role[i].flags = MICA_ROLE_RESTART;
	start();
	for (uint8_t i = first; i < n; i++)
		park(i, 0, i - 1UL);
}

#define DEVICE	(WINDOW_BASE + 0x10000)
#define STORE	(ESR_EC_VAL(EC_DATA_ABORT) | ESR_IL | ESR_ISV | ESR_WNR | 2UL << 22 | 3UL << 16 | FSC_KIND_TRANSLATION | 1)
#define SGI	(ESR_EC_VAL(EC_SYSREG) | ESR_IL | ESR_SYS_REG(3, 0, 12, 11, 5) | 3UL << 5)
#define ALL	(MICA_RIGHT_HOSTCALL | MICA_RIGHT_PSCI | MICA_RIGHT_MMIO | MICA_RIGHT_TIMER | MICA_RIGHT_IRQ)

static inline void everything_open_to(uint8_t role)
{
	policy_region(&policy, role, MICA_REGION_DEVICE, DEVICE, 1, MICA_REGION_READ | MICA_REGION_WRITE);
	policy_region(&policy, role, MICA_REGION_INTIDS, 40, 2, 0);
}

static uint64_t cnthctl;

static inline void fire_timer(void)
{
	cnthctl = fake_regs()->CNTHCTL_EL2;
	fake_regs()->CNTV_CTL_EL02 = 5;
	fake_regs()->CNTV_CVAL_EL02 = 0x1234;
	fake_regs()->ICH_VMCR_EL2 = 0xff;
}

#endif
