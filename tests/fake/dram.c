/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fake DRAM and the physical address space of each page. A page changes its contents when it
 * changes its world, as memory encryption would make it: a missing scrub shows.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fake_internal.h"

uint8_t fake_pas_of[FAKE_PAGES];

/* Held while a page changes its world, and while the host's memory is read or written: the access faults, or it is whole. */
static uint8_t pas_lock[FAKE_PAGES];

static int dram_fd = -1;
static uint8_t *dram;
static uint64_t next_free;

static bool (*shared)(pa_t pa);
static long el3_refusal;
static void (*el3_smc)(struct arch_smc *regs);
static uint8_t shared_page[GRANULE_SIZE] __attribute__((aligned(4096)));

static pthread_mutex_t window_lock = PTHREAD_MUTEX_INITIALIZER;
static uint8_t *window;
static unsigned int window_pages;

void fake_dram_reset(void)
{
	if (dram_fd < 0) {
		dram_fd = memfd_create("fake-dram", 0);
		if (dram_fd < 0)
			fake_fail("no memory file");
	}
	if (ftruncate(dram_fd, 0) || ftruncate(dram_fd, FAKE_DRAM_SIZE))
		fake_fail("no fake memory");
	if (dram == NULL)
		dram = mmap(NULL, FAKE_DRAM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, dram_fd, 0);
	if (dram == MAP_FAILED)
		fake_fail("no fake memory");
	memset(fake_pas_of, FAKE_NS, sizeof(fake_pas_of));
	memset(pas_lock, 0, sizeof(pas_lock));
	for (uint64_t a = PLAT_RMM_BASE; a < PLAT_RMM_BASE + PLAT_RMM_SIZE; a += GRANULE_SIZE)
		fake_pas_of[fake_page_index(pa(a))] = FAKE_REALM;
	next_free = PLAT_RMM_BASE + PLAT_RMM_SIZE;
	memset(shared_page, 0, sizeof(shared_page));
	el3_refusal = 0;
	el3_smc = NULL;
	shared = NULL;
}

uint64_t fake_page_index(pa_t a)
{
	return (a.v - FAKE_DRAM_BASE) / GRANULE_SIZE;
}

uint8_t *fake_dram(pa_t a)
{
	if (fake_page_index(a) >= FAKE_PAGES)
		fake_fail("access outside DRAM: %lx", a.v);
	return dram + (a.v - FAKE_DRAM_BASE);
}

FAKE_HARDWARE void fake_set_pas(pa_t a, enum fake_pas pas)
{
	uint8_t *lock = &pas_lock[fake_page_index(a)];

	(void)fake_dram(a);
	fake_hw_lock(lock);
	fake_pas_of[fake_page_index(a)] = (uint8_t)pas;
	fake_hw_unlock(lock);
}

FAKE_HARDWARE enum fake_pas fake_pas(pa_t a)
{
	return fake_page_index(a) < FAKE_PAGES ? fake_pas_of[fake_page_index(a)] : FAKE_ABSENT;
}

void *fake_ns_va(pa_t a)
{
	return fake_pas(a) == FAKE_NS ? fake_dram(a) : NULL;
}

const void *fake_peek(pa_t a)
{
	return fake_dram(a);
}

static bool is_zero(const uint8_t *p)
{
	return p[0] == 0 && memcmp(p, p + 1, GRANULE_SIZE - 1) == 0;
}

bool fake_page_is_zero(pa_t a)
{
	return is_zero(fake_dram(a));
}

pa_t fake_alloc(unsigned int pages, uint64_t align)
{
	uint64_t a = (next_free + align - 1) & ~(align - 1);

	next_free = a + pages * GRANULE_SIZE;
	if (next_free > FAKE_DRAM_BASE + FAKE_DRAM_SIZE)
		fake_fail("out of fake memory");
	return pa(a);
}

uint64_t fake_dram_digest(void)
{
	uint64_t h = fake_mix(1, fake_pas_of, sizeof(fake_pas_of));
	off_t end = 0, at;

	/* only pages that exist; one of zeroes counts like one that does not */
	while ((at = lseek(dram_fd, end, SEEK_DATA)) >= 0) {
		end = lseek(dram_fd, at, SEEK_HOLE);
		for (; at < end; at += GRANULE_SIZE)
			if (!is_zero(dram + at))
				h += fake_mix((uint64_t)at, dram + at, GRANULE_SIZE);
	}
	return h;
}

/* ---- the monitor's side ---- */

void *arch_granule_va(pa_t a)
{
	if (fake_pas(a) != FAKE_REALM)
		fake_fail("monitor reads %lx through its own map, but it is not Realm", a.v);
	return fake_dram(a);
}

void fake_set_shared(bool (*f)(pa_t pa))
{
	shared = f;
}

void arch_granule_zero(pa_t a)
{
	if (fake_tlb_reaches_realm(a) && (shared == NULL || !shared(a)))
		fake_fail("page %lx wiped while a Realm may still reach it", a.v);
	memset(arch_granule_va(a), 0, GRANULE_SIZE);
}

static void ns_contract(pa_t a, size_t size)
{
	if ((a.v | size) % 8 || a.v / GRANULE_SIZE != (a.v + size - 1) / GRANULE_SIZE)
		fake_fail("non-secure access %lx + %zx breaks its contract", a.v, size);
}

/* Between the monitor and the host's memory; false: granule protection fault. */
FAKE_HARDWARE static bool ns_copy(pa_t host, volatile uint64_t *dst, const volatile uint64_t *src, size_t size)
{
	uint8_t *lock = &pas_lock[fake_page_index(host)];
	bool ok;

	fake_dither();
	if (fake_page_index(host) >= FAKE_PAGES)
		return false;
	fake_hw_lock(lock);
	ok = fake_pas(host) == FAKE_NS;
	for (size_t i = 0; ok && i < size / 8; i++)
		dst[i] = src[i];
	fake_hw_unlock(lock);
	return ok;
}

bool arch_ns_read(void *dst, pa_t src, size_t size)
{
	ns_contract(src, size);
	return fake_page_index(src) < FAKE_PAGES && ns_copy(src, dst, (const void *)fake_dram(src), size);
}

bool arch_ns_write(pa_t dst, const void *src, size_t size)
{
	ns_contract(dst, size);
	return fake_page_index(dst) < FAKE_PAGES && ns_copy(dst, (void *)fake_dram(dst), src, size);
}

void *arch_window_map(const pa_t *pages, unsigned int n)
{
	pthread_mutex_lock(&window_lock);	/* one address space: CPUs take turns */
	if (window_pages != 0 || n == 0 || n > ARCH_WINDOW_PAGES)
		fake_fail("window of %u pages while %u are mapped", n, window_pages);
	if (window == NULL)
		window = mmap(NULL, ARCH_WINDOW_PAGES * GRANULE_SIZE, PROT_NONE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (unsigned int i = 0; i < n; i++) {
		(void)arch_granule_va(pages[i]);
		if (mmap(window + i * GRANULE_SIZE, GRANULE_SIZE, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_FIXED, dram_fd,
			 (off_t)(pages[i].v - FAKE_DRAM_BASE)) == MAP_FAILED)
			fake_fail("no window");
	}
	window_pages = n;
	return window;
}

void arch_window_unmap(void)
{
	if (mmap(window, ARCH_WINDOW_PAGES * GRANULE_SIZE, PROT_NONE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		fake_fail("no window");
	window_pages = 0;
	pthread_mutex_unlock(&window_lock);
}

/* ---- EL3 ---- */

void fake_el3_refuse_next(long code)
{
	el3_refusal = code;
}

FAKE_HARDWARE static void scramble(pa_t a)
{
	volatile uint64_t *p = (void *)fake_dram(a);

	for (size_t i = 0; i < GRANULE_SIZE / 8; i++)
		p[i] = 0xa7a7a7a7a7a7a7a7UL;
}

long el3_delegate(pa_t a)
{
	long code = el3_refusal;

	if (code != 0) {
		el3_refusal = 0;
		return code;
	}
	if (fake_page_index(a) >= FAKE_PAGES || a.v % GRANULE_SIZE)
		return -2;
	fake_dither();
	if (fake_pas(a) != FAKE_NS)
		return -3;
	fake_set_pas(a, FAKE_REALM);
	scramble(a);
	return 0;
}

long el3_undelegate(pa_t a)
{
	if (fake_pas(a) != FAKE_REALM)
		return -3;
	if (!fake_page_is_zero(a))
		fake_fail("page %lx leaves the monitor with contents", a.v);
	if (fake_tlb_reaches_realm(a))
		fake_fail("page %lx leaves while a Realm may still reach it", a.v);
	fake_set_pas(a, FAKE_NS);
	return 0;
}

void fake_set_el3(void (*smc)(struct arch_smc *regs))
{
	el3_smc = smc;
}

void arch_smc(struct arch_smc *regs)
{
	if (el3_smc != NULL)
		el3_smc(regs);
	else
		regs->x[0] = (uint64_t)-1;
}

void *fake_shared_page(void)
{
	return shared_page;
}

void *arch_shared_va(void)
{
	return shared_page;
}

pa_t arch_shared_pa(void)
{
	return pa(PLAT_SHARED_BASE);
}
