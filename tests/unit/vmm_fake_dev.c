/* SPDX-License-Identifier: Apache-2.0 */
/* The stand-in's driver: the memory that it lends, whose granules have states, calls on to the monitor, entries of RECs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../../abi/rsi.h"
#include "../../host/vmm/dev.h"
#include "vmm_fake_parts.h"

#define BASE		0x80000000UL
#define PAGES		16384

static uint64_t brk_pa;
static uint8_t kinds[PAGES];		/* 1 granules, 2 shared */
static uint8_t states[PAGES];
static uint8_t *memory;			/* behind shared pages */

void fake_free(void)
{
	free(memory);
	memory = NULL;
}

void memory_reset(void)
{
	fake_free();
	brk_pa = BASE;
	memset(kinds, 0, sizeof(kinds));
	memset(states, 0, sizeof(states));
	memory = calloc(PAGES, PAGE);
}

bool granule_is(uint64_t pa, enum granule s)
{
	uint64_t i = (pa - BASE) / PAGE;

	return pa >= BASE && pa % PAGE == 0 && i < PAGES && kinds[i] == 1 && states[i] == s;
}

void granule_set(uint64_t pa, enum granule s)
{
	states[(pa - BASE) / PAGE] = s;
}

void *fake_shared(uint64_t pa)
{
	uint64_t i = (pa - BASE) / PAGE;

	return pa >= BASE && i < PAGES && kinds[i] == 2 ? memory + (pa - BASE) : NULL;
}

unsigned int fake_delegated(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < PAGES; i++)
		n += states[i] != NS;
	return n;
}

int dev_open(void)
{
	return 0;
}

void dev_close(void)
{
}

int dev_info(struct mica_ioc_info *info)
{
	*info = (struct mica_ioc_info){ .version = MICA_IOCTL_VERSION, .rmi_version = 0x10000,
		.mica_magic = fake.no_mica ? 0 : MICA_MAGIC_VERSION };
	return 0;
}

int dev_stats(struct mica_ioc_stats *stats)
{
	pthread_mutex_lock(&fake_lock);
	*stats = (struct mica_ioc_stats){ .granules_delegated = fake_delegated() };
	pthread_mutex_unlock(&fake_lock);
	return 0;
}

int dev_mem(enum mica_mem_kind kind, uint64_t size, uint64_t align, uint64_t *pa)
{
	uint64_t i;

	pthread_mutex_lock(&fake_lock);
	*pa = (brk_pa + align - 1) & ~(align - 1);
	brk_pa = *pa + size;
	for (i = *pa; i < brk_pa && (i - BASE) / PAGE < PAGES; i += PAGE)
		kinds[(i - BASE) / PAGE] = kind == MICA_MEM_GRANULES ? 1 : 2;
	pthread_mutex_unlock(&fake_lock);
	return brk_pa <= BASE + PAGES * PAGE ? 0 : -ENOMEM;
}

void *dev_map(uint64_t pa, size_t size)
{
	(void)size;
	return fake_shared(pa);
}

int dev_rmi(struct mica_rmi_call *calls, uint32_t count, uint32_t *done)
{
	uint64_t st = 0;

	pthread_mutex_lock(&fake_lock);
	for (*done = 0; *done < count && st == 0; ++*done) {
		st = fake_call(calls[*done].x);
		calls[*done].x[0] = st;
	}
	pthread_mutex_unlock(&fake_lock);
	return 0;
}

static bool switches_off(const struct rmi_rec_exit *exit)
{
	return exit->exit_reason == RMI_EXIT_MICA_OFF ||
	       (exit->exit_reason == RMI_EXIT_PSCI &&
		(exit->gprs[0] == PSCI_SYSTEM_OFF || exit->gprs[0] == PSCI_SYSTEM_RESET));
}

int dev_run(struct mica_ioc_run *run)
{
	unsigned int role, index;
	struct rmi_rec_run *page;
	fake_rec play_rec;
	fake_role play;

	pthread_mutex_lock(&fake_lock);
	fake_rec_at(run->rec, &role, &index);
	page = fake_shared(run->run_pa);
	fake.entered_early += !fake.wf_active;
	fake.irq_exits[role] += run->flags & MICA_RUN_IRQ_EXITS ? 1 : 0;
	play = fake.play[role];
	play_rec = fake.play_rec[role];
	run->status = fake_may_enter(role);
	pthread_mutex_unlock(&fake_lock);
	run->entries = 1;
	if (run->status)
		return 0;
	memset(&page->exit, 0, sizeof(page->exit));
	run->status = play_rec ? play_rec(role, index, page) : play(role, page);
	if (run->status == 0 && switches_off(&page->exit))
		fake_role_dies(role);
	return 0;
}

uint64_t dev_counter(void)
{
	return fake.counter;
}

uint64_t dev_counter_hz(void)
{
	return 1000000000;
}
