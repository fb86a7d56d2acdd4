/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks at what the host does for a role's life (lives.mica): vCPUs on and off, timers, restarts, and what a peer
 * sees of another's. Lives three times: it resets itself, then gives up, then does its work and reports line by line.
 */
#include "vault.h"

#define SPURIOUS	1023
#define STACK		0x8000
#define SOON		(mica_ticks_per_second() / 500)
#define PATIENCE	1500		/* times a fiftieth of a second */

static struct mica_window out;
static uint8_t stacks[3][STACK] __attribute__((aligned(16)));
static int ran[3];

static void report(const char *name, bool good)
{
	const char *verdict = good ? "ok " : "FAILED ";
	size_t n = strlen(verdict), m = strlen(name);

	memcpy(out.base, verdict, n);
	memcpy(out.base + n, name, m);
	out.base[n + m] = '\n';
	mica_window_write(&out, n + m + 1);
}

static uint64_t psci(uint64_t fid, uint64_t a, uint64_t b)
{
	uint64_t x[11] = { fid, a, b };

	mica_smc(x);
	return x[0];
}

/* ---- vCPUs ---- */

static void work(void *arg)
{
	__atomic_fetch_add((int *)arg, 1, __ATOMIC_RELEASE);
}

static void wait_idle(unsigned int cpu)
{
	for (int i = 0; i < PATIENCE && mica_cpu_busy(cpu); i++)
		mica_sleep(mica_ticks_per_second() / 50);
}

static bool start_and_wait(unsigned int cpu)
{
	int before = ran[cpu];

	if (mica_cpu_start(cpu, work, &ran[cpu], stacks[cpu], STACK))
		return false;
	wait_idle(cpu);
	return __atomic_load_n(&ran[cpu], __ATOMIC_ACQUIRE) == before + 1;
}

/* 1: off */
static bool goes_off(unsigned int cpu)
{
	for (int i = 0; i < PATIENCE; i++) {
		if (psci(PSCI_AFFINITY_INFO_64, cpu, 0) == 1)
			return true;
		mica_sleep(mica_ticks_per_second() / 50);
	}
	return false;
}

static void cpus(void)
{
	static int never;

	report("a second vCPU runs", start_and_wait(1));
	report("it switches itself off", goes_off(1));
	report("it is switched on again", start_and_wait(1));
	report("a third one runs", start_and_wait(2));
	report("a fourth is not there", mica_cpu_start(3, work, &never, stacks[0], STACK) == -ENOENT);
	report("the first cannot be started", mica_cpu_start(0, work, &never, stacks[0], STACK) == -EINVAL);
	report("a stack that is too small", mica_cpu_start(1, work, &never, stacks[0], 0x1000) == -EINVAL && never == 0);
}

/* ---- timers, their interrupts taken by hand: PSTATE.I stays set ---- */

#define READ(reg)	({ uint64_t v_; asm volatile("mrs %0, " reg : "=r"(v_) : : "memory"); v_; })
#define WRITE(reg, v)	asm volatile("msr " reg ", %0\n\tisb" : : "r"((uint64_t)(v)) : "memory")
#define IAR1		"s3_0_c12_c12_0"
#define EOIR1		"s3_0_c12_c12_1"
#define PMR		"s3_0_c4_c6_0"
#define IGRPEN1		"s3_0_c12_c12_7"

static uint64_t acknowledge(void)
{
	uint64_t intid = READ(IAR1) & 0xffffff;

	if (intid < SPURIOUS)
		WRITE(EOIR1, intid);
	return intid;
}

/* The host looks at a WFI: what it was told in the exit before, it has put in. */
static uint64_t next_interrupt(void)
{
	uint64_t intid = SPURIOUS;

	for (int i = 0; i < PATIENCE && intid == SPURIOUS; i++) {
		asm volatile("wfi" : : : "memory");
		intid = acknowledge();
	}
	return intid;
}

/* Says which one came instead. The timer is off by then: a report is an exit, and a timer that is up is pending again. */
static void report_interrupt(const char *name, uint64_t got, uint64_t want)
{
	static char text[64];
	bool good = got == want;
	size_t n = strlen(name);

	memcpy(text, name, n + 1);
	if (!good) {
		memcpy(text + n, ": 0000", 7);
		for (size_t i = n + 5; got; i--, got /= 10)
			text[i] = (char)('0' + got % 10);
	}
	report(text, good);
}

static bool none_comes(void)
{
	for (int i = 0; i < 3; i++) {
		asm volatile("wfi" : : : "memory");
		if (acknowledge() != SPURIOUS)
			return false;
	}
	return true;
}

static void timers(void)
{
	uint64_t before, intid;

	WRITE(PMR, 0xff);
	WRITE(IGRPEN1, 1);
	report("no timer, no interrupt", none_comes());
	WRITE("cntv_cval_el0", mica_now() + SOON);
	WRITE("cntv_ctl_el0", 1);
	intid = next_interrupt();
	WRITE("cntv_ctl_el0", 0);
	report_interrupt("the virtual timer's interrupt", intid, 27);
	WRITE("cntp_cval_el0", mica_now() + SOON);
	WRITE("cntp_ctl_el0", 1);
	intid = next_interrupt();
	WRITE("cntp_ctl_el0", 3);
	report_interrupt("the physical timer's interrupt", intid, 30);
	report("a masked timer gives none", none_comes());
	WRITE("cntp_ctl_el0", 0);
	WRITE("cntv_cval_el0", mica_now() + 3600 * mica_ticks_per_second());
	WRITE("cntv_ctl_el0", 1);
	report("a timer of an hour gives none", none_comes());
	WRITE("cntv_ctl_el0", 0);
	before = mica_now();
	mica_sleep(10 * SOON);
	report("a sleep is no shorter than it should be", mica_now() - before >= 10 * SOON);
	report("and leaves no interrupt behind", none_comes());
}

/* ---- a peer ---- */

/* The only role with an edge to us is vault. */
static bool sees_epoch(uint32_t epoch)
{
	struct mica_peer p;

	for (int i = 0; i < PATIENCE; i++) {
		for (unsigned int r = 0; r < MICA_MAX_ROLES; r++)
			if (r != mica_self()->role && mica_peer(r, &p) == 0 && p.epoch == epoch && p.live)
				return true;
		mica_sleep(mica_ticks_per_second() / 50);
	}
	return false;
}

int main(void)
{
	if (mica_self()->epoch == 1)
		psci(PSCI_SYSTEM_RESET, 0, 0);
	if (mica_self()->epoch == 2)
		return MICA_EXIT_PANIC;
	if (mica_window_open(&out, "report", MICA_WRITE) || mica_begin())
		return MICA_EXIT_CONFIG;
	report("this is the third life", mica_self()->epoch == 3);
	cpus();
	timers();
	report("vault is in its third life, too", sees_epoch(3));
	return mica_exit_status(mica_window_end(&out));
}
