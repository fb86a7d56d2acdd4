/* SPDX-License-Identifier: Apache-2.0 */
/* Harness: console, allocator, RMI, the second CPU. */
#include "bare.h"

#define UART_DATA	((volatile uint32_t *)0x09000000)
#define PSCI_FN_CPU_ON	PSCI_CPU_ON_64
#define PAGES_BASE	0x70000000UL
#define PAGES_END	0xa0000000UL

void rmi_smc(uint64_t regs[8]);
void secondary_entry(void);

unsigned int bare_passed, bare_failed;
static uint64_t next_page = PAGES_BASE;

void bare_puts(const char *s)
{
	for (; *s != '\0'; s++)
		*UART_DATA = (uint8_t)*s;
}

static void put_number(uint64_t v, unsigned int base)
{
	char digits[24], *p = &digits[23];

	*p = '\0';
	do
		*--p = "0123456789abcdef"[v % base];
	while ((v /= base) != 0);
	bare_puts(p);
}

void bare_hex(uint64_t v)
{
	put_number(v, 16);
}

void bare_number(uint64_t v)
{
	put_number(v, 10);
}

void bare_check(bool ok, const char *what, const char *file, int line, uint64_t got, uint64_t want)
{
	if (ok) {
		bare_passed++;
		return;
	}
	bare_failed++;
	bare_puts("FAIL ");
	bare_puts(file);
	bare_puts(":");
	bare_number((uint64_t)line);
	bare_puts(": ");
	bare_puts(what);
	bare_puts(" (got ");
	bare_hex(got);
	bare_puts(", want ");
	bare_hex(want);
	bare_puts(")\r\n");
}

_Noreturn void bare_power_off(void)
{
	uint64_t r[8] = { PSCI_SYSTEM_OFF };

	rmi_smc(r);
	for (;;)
		;
}

void bare_report(const char *name)
{
	bare_puts("bare ");
	bare_puts(name);
	bare_puts(": ");
	bare_number(bare_passed);
	bare_puts(" passed, ");
	bare_number(bare_failed);
	bare_puts(" failed\r\n");
}

_Noreturn void bare_exception(uint64_t esr, uint64_t elr, uint64_t far)
{
	bare_puts("FAIL exception ESR ");
	bare_hex(esr);
	bare_puts(" ELR ");
	bare_hex(elr);
	bare_puts(" FAR ");
	bare_hex(far);
	bare_puts("\r\n");
	bare_failed++;
	bare_report("exception");
	bare_power_off();
}

uint64_t page_alloc(unsigned int pages, uint64_t align)
{
	uint64_t pa = (next_page + align - 1) & ~(align - 1);

	next_page = pa + pages * GRANULE_SIZE;
	EXPECT(next_page <= PAGES_END);
	memset(page_ptr(pa), 0, pages * GRANULE_SIZE);
	return pa;
}

uint64_t page_next(void)
{
	return next_page;
}

void page_reset(uint64_t pa)
{
	next_page = pa;
}

uint64_t granule_alloc(unsigned int pages, uint64_t align)
{
	uint64_t pa = page_alloc(pages, align);

	for (unsigned int i = 0; i < pages; i++)
		EXPECT_EQ(RMI0(GRANULE_DELEGATE, pa + i * GRANULE_SIZE), RMI_SUCCESS);
	return pa;
}

struct rmi_out rmi_call(uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3, uint64_t x4,
			uint64_t x5)
{
	struct rmi_out r = { { fid, x1, x2, x3, x4, x5, 0x6666, 0x7777 } };

	rmi_smc(r.x);
	return r;
}

/* ---- CPU 1 ---- */

static void (*volatile work)(void *);
static void *volatile work_arg;
static volatile bool cpu1_on;

_Noreturn void bare_secondary(uint64_t cpu)
{
	(void)cpu;
	for (;;) {
		void (*fn)(void *) = __atomic_load_n(&work, __ATOMIC_ACQUIRE);

		if (fn == NULL)
			continue;
		fn(work_arg);
		__atomic_store_n(&work, NULL, __ATOMIC_RELEASE);
	}
}

void on_cpu1(void (*fn)(void *arg), void *arg)
{
	if (!cpu1_on) {
		uint64_t r[8] = { PSCI_FN_CPU_ON, 1, (uint64_t)secondary_entry, 1 };

		rmi_smc(r);
		EXPECT_EQ(r[0], 0);
		cpu1_on = true;
	}
	work_arg = arg;
	__atomic_store_n(&work, fn, __ATOMIC_RELEASE);
}

void wait_cpu1(void)
{
	while (__atomic_load_n(&work, __ATOMIC_ACQUIRE) != NULL)
		;
}
