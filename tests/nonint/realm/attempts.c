/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a confined Realm can do that a host or another Realm might notice, the secret in every argument, address and
 * register. Each act says how it has to end; none of them may be an exit but those whose number is the same for every secret.
 */
#include "realm.h"

#define S(i)		secret[(i) % SECRET_WORDS]
#define SOME_PAGE(i)	(S(i) & 0xff000)	/* one of 256 */
#define WORD(a)		(*(volatile uint64_t *)(a))

static struct rsi_host_call host_call __attribute__((aligned(256)));
static uint8_t page[4096] __attribute__((aligned(4096)));

/* ---- calls ---- */

static void call_host(void)
{
	host_call.imm = (unsigned int)S(0) & 0xffff;
	for (unsigned int i = 0; i < 31; i++)
		host_call.gprs[i] = S(i);
	attempt(CALL0(SMC_RSI_HOST_CALL, (uint64_t)&host_call), MICA_POLICY(MICA_RULE_HOSTCALL));
}

/* The structure where a monitor that writes it would write for the Realm: refused before any of it is read. */
static void call_host_elsewhere(void)
{
	attempt(CALL0(SMC_RSI_HOST_CALL, AT_SECRET), MICA_POLICY(MICA_RULE_HOSTCALL));
	attempt(CALL0(SMC_RSI_HOST_CALL, AT_DELIVER + 0x100), MICA_POLICY(MICA_RULE_HOSTCALL));
	attempt(CALL0(SMC_RSI_HOST_CALL, AT_HOLE + SOME_PAGE(1) % 0x40000), MICA_POLICY(MICA_RULE_HOSTCALL));
	attempt(CALL0(SMC_RSI_HOST_CALL, UNPROT + SOME_PAGE(2)), RSI_ERROR_INPUT);
	attempt(CALL0(SMC_RSI_REALM_CONFIG, UNPROT + SOME_PAGE(3)), RSI_ERROR_INPUT);
	attempt(CALL0(SMC_RSI_REALM_CONFIG, AT_SECRET), RSI_ERROR_INPUT);
	attempt(CALL0(SMC_RSI_ATTEST_TOKEN_CONTINUE, AT_DELIVER, 0, 4096), RSI_ERROR_STATE);
}

static void psci(void)
{
	if (arg & ARG_VARIABLE) {
		/* a bit by which call it is: closed, both are denied inside; and a number that is looked for, in a time of its own */
		attempt(CALL0(S(0) & 1 ? PSCI_CPU_OFF : PSCI_CPU_ON_64, 0, 0), (uint64_t)PSCI_DENIED);
		attempt(CALL0(PSCI_FEATURES, S(1) | 1UL << 30), (uint64_t)PSCI_NOT_SUPPORTED);
	}
	attempt(CALL0(PSCI_AFFINITY_INFO_64, S(0), 0), (uint64_t)PSCI_NOT_SUPPORTED);
	attempt(CALL0(PSCI_CPU_SUSPEND_64, S(2), S(3), S(4)), PSCI_SUCCESS);	/* IDLE */
	attempt(CALL0(PSCI_CPU_ON_64, S(0) & 0xff00000f, S(1), S(2)), (uint64_t)PSCI_DENIED);
	attempt(CALL0(PSCI_CPU_OFF), (uint64_t)PSCI_DENIED);
}

static void ripas(void)
{
	uint64_t ram = S(0) & 0x3000, hole = AT_HOLE + (S(1) & 0xf000);

	attempt(CALL0(SMC_RSI_IPA_STATE_SET, hole, hole + 0x1000, RMI_RAM, 0), RSI_ERROR_INPUT);
	attempt(CALL0(SMC_RSI_IPA_STATE_SET, ram, ram + 0x1000, RMI_EMPTY, 0), RSI_ERROR_INPUT);
	attempt(CALL0(SMC_RSI_IPA_STATE_SET, ram, ram + 0x1000, RMI_RAM, 0), RSI_SUCCESS);
	attempt(CALL0(SMC_RSI_IPA_STATE_SET, AT_SECRET, AT_SECRET + 0x1000, RMI_EMPTY, 0), RSI_ERROR_INPUT);
	attempt(CALL0(SMC_RSI_IPA_STATE_SET, UNPROT + SOME_PAGE(2), UNPROT + SOME_PAGE(2) + 0x1000, RMI_RAM, 0), RSI_ERROR_INPUT);
	attempt(CALL0(SMC_RSI_IPA_STATE_GET, hole, hole + 0x1000), RSI_SUCCESS);
}

/* Functions of others: numbers that are not this role's, or nobody's. */
static void mica(void)
{
	attempt(CALL0(SMC_RSI_MICA_SIGNAL, 3 + (S(0) & 0xff)), MICA_POLICY(MICA_RULE_NO_RIGHT));
	attempt(CALL0(SMC_RSI_MICA_GATE_CALL, 1 + (S(1) & 0xff), S(2), S(3)), MICA_POLICY(MICA_RULE_NO_RIGHT));
	attempt(CALL0(SMC_RSI_MICA_GATE_RECV, S(2) & 0xff, S(3)), MICA_POLICY(MICA_RULE_NO_RIGHT));
	attempt(CALL0(SMC_RSI_MICA_PEER_INFO, ROLES + (S(3) & 0xff)), MICA_POLICY(MICA_RULE_NO_RIGHT));
	attempt(CALL0(SMC_RSI_MICA_PEER_INFO, ROLE_OUTSIDER), MICA_POLICY(MICA_RULE_NO_RIGHT));
	attempt(CALL0(SMC_RSI_MICA_GRANT_INFO, 3 + (S(4) & 0xff)), RSI_ERROR_INPUT);
	attempt(CALL0(SMC_RSI_MICA_SELF, 4 + (S(5) & 0xff)), RSI_ERROR_INPUT);
	attempt(CALL0(SMC_RSI_MICA_WAIT, 1UL << 40, S(6) >> 2 & ~0xffUL, 1), RSI_SUCCESS);
	attempt(CALL0(SMC_RSI_MICA_AUDIT_READ, MICA_RULE_NO_RIGHT), RSI_SUCCESS);
	attempt(CALL0(SMC_RSI_MEASUREMENT_EXTEND, 1, 64, S(0), S(1), S(2), S(3), S(4), S(5), S(6), S(7)), RSI_SUCCESS);
	attempt(CALL0(0xc4000170, S(0), S(1), S(2), S(3), S(4)), ~0UL);
	attempt(CALL0(0xc4000152, S(0) & ~0xfffUL), ~0UL);			/* the host's: GRANULE_UNDELEGATE */
	attempt(CALL0(0x84000050 + (S(5) & 0xf), S(1)), ~0UL);			/* TRNG */
}

/* ---- addresses ---- */

static void touch_unprotected(void)
{
	uint64_t a = UNPROT + 0x100000 + SOME_PAGE(0), b = UNPROT + (1UL << 38 | (S(1) & 0x3ffffff000)), v;


	FAULTS(WORD(a) = S(2));
	FAULTS((void)WORD(a + (S(3) & 0xff8)));
	FAULTS(WORD(b) = S(4));
	FAULTS(__asm__ volatile("ldxr %0, [%1]" : "=r"(v) : "r"(a) : "memory"));
	FAULTS(__asm__ volatile("dc zva, %0" : : "r"(a) : "memory"));
	FAULTS(__asm__ volatile("ldp %0, xzr, [%1]" : "=&r"(v) : "r"(a) : "memory"));
	__asm__ volatile("dc civac, %0" : : "r"(a) : "memory");	/* a fault on hardware, nothing on the emulator */
	FAULTS(((void (*)(void))a)());
}

static void touch_window_and_device(void)
{
	FAULTS(WORD(AT_WINDOW) = S(0));
	FAULTS(WORD(AT_DEVICE + (S(1) & 0xff8)) = S(2));
}

static void touch_protected(void)
{
	uint64_t hole = AT_HOLE + (S(0) & 0x3f000), above = 1UL << IPA_BITS | (S(1) & 0xfffffff000);

	FAULTS(WORD(hole) = S(2));
	FAULTS((void)WORD(hole));
	FAULTS(WORD(above) = S(3));
	FAULTS(((void (*)(void))hole)());
	FAULTS(WORD(AT_SECRET + (S(4) & 0xff8)) = S(5));	/* read-only */
	FAULTS(WORD(AT_KEPT + (S(4) & 0xff8)) = S(5));		/* keeper's and teller's */
	FAULTS(((void (*)(void))AT_DELIVER)());			/* never executable */
}

/* ---- registers ---- */

#define WRITE(reg, v)	__asm__ volatile("msr " reg ", %0\n\tisb" : : "r"((uint64_t)(v)) : "memory")

static void timers(void)
{
	WRITE("cntv_cval_el0", S(0) >> 8);
	WRITE("cntp_cval_el0", S(1) >> 8);
	WRITE("cntv_ctl_el0", 1);
	WRITE("cntp_ctl_el0", 1);
	__asm__ volatile("wfi");
	WRITE("cntv_cval_el0", S(2) & 0xff);		/* long past: its line is up, if it may be */
	WRITE("cntp_cval_el0", S(3) & 0xff);
	__asm__ volatile("wfi");
	attempt(0, 0);
}

/* Virtual interrupt state, SGIs, DIR. */
static void interrupts(void)
{
	WRITE("s3_0_c4_c6_0", S(0) & 0xf8);		/* ICC_PMR_EL1 */
	WRITE("s3_0_c12_c12_3", S(1) & 7);		/* ICC_BPR1_EL1 */
	WRITE("s3_0_c12_c12_7", 1);			/* ICC_IGRPEN1_EL1 */
	WRITE("s3_0_c12_c11_5", S(2) & 0x0f00ffff);	/* ICC_SGI1R_EL1 */
	WRITE("s3_0_c12_c11_6", S(3) & 0x0f00ffff);	/* ICC_ASGI1R_EL1 */
	WRITE("s3_0_c12_c11_7", S(4) & 0x0f00ffff);	/* ICC_SGI0R_EL1 */
	__asm__ volatile("wfi");
	attempt(0, 0);
}

/* An exclusive that is open, events, and every register with the secret, as it leaves. */
static void leave_full(void)
{
	uint64_t v;

	vector_fill(S(5));
	__asm__ volatile("ldxr %0, [%1]\n\tsev\n\tsevl" : "=r"(v) : "r"(page) : "memory");
	regs_fill_wfi(S(6));
	attempt(0, 0);
}

static void exceptions(void)
{
	FAULTS(__asm__ volatile("svc #0x1234"));
	FAULTS(__asm__ volatile("hvc #0x4321"));
	FAULTS(__asm__ volatile(".inst 0"));
	FAULTS(__asm__ volatile("msr s3_0_c15_c2_0, %0" : : "r"(S(0))));	/* implementation defined */
	FAULTS(__asm__ volatile("msr pmswinc_el0, %0" : : "r"(S(1))));
	FAULTS(__asm__ volatile("msr s3_4_c1_c1_0, %0" : : "r"(S(2))));		/* HCR_EL2 */
}

static void all_registers(void)
{
	write_all_registers(S(7));
	do_all_instructions(S(0) | 1UL << 55);
	__asm__ volatile("wfi");
	WRITE("cntkctl_el1", 0);
	attempt(0, 0);
}

/* How often it is refused is the secret's: nobody may read that without AUDIT. */
static void refusals(void)
{
	for (unsigned int i = 0; i < 15; i++)
		if (i < (S(0) & 15))
			CALL(SMC_RSI_MICA_SIGNAL, 0x1000);
		else
			CALL(SMC_RSI_MICA_GRANT_INFO, 0x1000);
	attempt(0, 0);
}

/* What signing takes depends on what is signed. */
static void token(void)
{
	struct call c = CALL(SMC_RSI_ATTEST_TOKEN_INIT, S(0), S(1), S(2), S(3), S(4), S(5), S(6), S(7));

	attempt(c.x[0], RSI_SUCCESS);
	do
		c = CALL(SMC_RSI_ATTEST_TOKEN_CONTINUE, (uint64_t)page, 0, 16);
	while (c.x[0] == RSI_INCOMPLETE && c.x[1] == 0);
	attempt(c.x[1], 16);
}

void attempts(void)
{
	call_host();
	call_host_elsewhere();
	touch_window_and_device();
	touch_unprotected();
	touch_protected();
	psci();
	ripas();
	mica();
	timers();
	interrupts();
	leave_full();
	exceptions();
	if (!(arg & ARG_SHORT))
		all_registers();
	if (arg & ARG_VARIABLE) {
		refusals();
		token();
	}
}

void attempts_short(void)
{
	call_host();
	touch_window_and_device();
	touch_unprotected();
	timers();
	leave_full();
}

/* In a call that crosses no exit: the host must not learn that there is one. */
void attempts_while_serving(void)
{
	CALL(SMC_RSI_HOST_CALL, (uint64_t)&host_call);
	touch_unprotected();
	WRITE("cntv_cval_el0", S(2) & 0xff);
	WRITE("cntv_ctl_el0", 1);
	WRITE("s3_0_c12_c11_5", S(2) & 0x0f00ffff);
	vector_fill(S(1));
	regs_fill_wfi(S(3));
}
