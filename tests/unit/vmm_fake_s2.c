/* SPDX-License-Identifier: Apache-2.0 */
/* The stand-in's stage 2: entries in a list, as strict about levels and what is there as the monitor. */
#include <stdlib.h>

#include "vmm_fake_parts.h"

#define MAX_ENTRIES	8192

struct entry {
	unsigned int realm;
	uint64_t ipa, pa;
	int level;
	enum fake_kind kind;
};

static struct entry entries[MAX_ENTRIES];
static unsigned int n_entries;

void s2_reset(void)
{
	n_entries = 0;
}

static uint64_t size_at(int level)
{
	return PAGE << (9 * (3 - level));
}

static struct entry *look(const struct fake_realm *r, uint64_t ipa, int level, bool table)
{
	unsigned int i;

	for (i = 0; i < n_entries; i++)
		if (entries[i].realm == r->role && entries[i].ipa == ipa &&
		    entries[i].level == level && (entries[i].kind == TABLE) == table)
			return &entries[i];
	return NULL;
}

static int walk(const struct fake_realm *r, uint64_t ipa)
{
	int level = r->start;

	while (level < 3 && look(r, ipa & ~(size_at(level) - 1), level + 1, true))
		level++;
	return level;
}

static void put(const struct fake_realm *r, uint64_t ipa, uint64_t pa, int level, enum fake_kind kind)
{
	if (n_entries == MAX_ENTRIES)
		abort();
	entries[n_entries++] = (struct entry){ r->role, ipa, pa, level, kind };
}

static void drop(struct entry *e)
{
	*e = entries[--n_entries];
}

bool s2_live_below(const struct fake_realm *r, uint64_t ipa, int level)
{
	unsigned int i;

	for (i = 0; i < n_entries; i++) {
		const struct entry *e = &entries[i];
		int at = e->kind == TABLE ? e->level - 1 : e->level;

		if (e->realm == r->role && at >= level && e->kind != PAGE_NS &&
		    e->ipa >= ipa && e->ipa < ipa + size_at(level - 1))
			return true;
	}
	return false;
}

void s2_forget(const struct fake_realm *r)
{
	unsigned int i;

	for (i = 0; i < n_entries;)
		if (entries[i].realm == r->role)
			drop(&entries[i]);
		else
			i++;
}

void *fake_window(unsigned int role, uint64_t ipa)
{
	void *p = NULL;
	unsigned int i;

	pthread_mutex_lock(&fake_lock);
	for (i = 0; i < n_entries; i++)
		if (entries[i].kind == PAGE_NS && entries[i].realm == role && entries[i].ipa == ipa)
			p = fake_shared(entries[i].pa);
	pthread_mutex_unlock(&fake_lock);
	return p;
}

unsigned int fake_count(unsigned int role, enum fake_leaf kind, int level)
{
	static const enum fake_kind kinds_of[] = { [FAKE_RAM] = PAGE_DATA, [FAKE_CHANNEL] = PAGE_CHAN, [FAKE_TABLE] = TABLE };
	unsigned int i, n = 0;

	for (i = 0; i < n_entries; i++)
		n += entries[i].realm == role && entries[i].level == level && entries[i].kind == kinds_of[kind];
	return n;
}

uint64_t s2_map(struct fake_realm *r, uint64_t pa, uint64_t ipa, int level, enum fake_kind kind)
{
	int at = walk(r, ipa);

	if (ipa % size_at(level) || pa % size_at(level))
		return RMI_ERROR_INPUT;
	if (at != level)
		return RMI_RET(RMI_ERROR_RTT, at);
	if (look(r, ipa, level, false))
		return RMI_RET(RMI_ERROR_RTT, level);
	put(r, ipa, pa, level, kind);
	return 0;
}

uint64_t s2_unmap(struct fake_realm *r, uint64_t ipa, int level, enum fake_kind kind, uint64_t *pa)
{
	struct entry *e = look(r, ipa, level, false);

	if (!e || e->kind != kind)
		return RMI_RET(RMI_ERROR_RTT, walk(r, ipa));
	*pa = e->pa;
	drop(e);
	return 0;
}

/* A block of RAM whose table is made becomes 512 pages. */
static void split(struct fake_realm *r, uint64_t ipa, int level)
{
	struct entry *e = look(r, ipa, level, false);
	uint64_t i, pa;

	if (!e || e->kind != PAGE_DATA)
		return;
	pa = e->pa;
	drop(e);
	for (i = 0; i < 512; i++)
		put(r, ipa + i * PAGE, pa + i * PAGE, level + 1, PAGE_DATA);
}

uint64_t s2_create(struct fake_realm *r, uint64_t rtt, uint64_t ipa, int level)
{
	int at;

	if (level <= r->start || level > 3 || ipa % size_at(level - 1) || !granule_is(rtt, DELEGATED))
		return RMI_ERROR_INPUT;
	at = walk(r, ipa);
	if (at != level - 1)
		return RMI_RET(RMI_ERROR_RTT, at < level - 1 ? at : level - 1);
	split(r, ipa, level - 1);
	put(r, ipa, rtt, level, TABLE);
	granule_set(rtt, RTT);
	return 0;
}

/* 512 pages of RAM side by side become a block. */
uint64_t s2_fold(struct fake_realm *r, uint64_t ipa, int level, uint64_t *out)
{
	struct entry *table = look(r, ipa, level, true), *first = look(r, ipa, level, false), *e;
	uint64_t i, pa;

	if (!table)
		return RMI_RET(RMI_ERROR_RTT, level - 1);
	if (level != 3 || !first || first->kind != PAGE_DATA || first->pa % size_at(2))
		return RMI_RET(RMI_ERROR_RTT, level);
	pa = first->pa;
	for (i = 0; i < 512; i++) {
		e = look(r, ipa + i * PAGE, 3, false);
		if (!e || e->kind != PAGE_DATA || e->pa != pa + i * PAGE)
			return RMI_RET(RMI_ERROR_RTT, level);
	}
	for (i = 0; i < 512; i++)
		drop(look(r, ipa + i * PAGE, 3, false));
	table = look(r, ipa, level, true);
	*out = table->pa;
	granule_set(table->pa, DELEGATED);
	drop(table);
	put(r, ipa, pa, 2, PAGE_DATA);
	if (fake.folds < 8)
		fake.fold_calls[fake.folds++] = fake.calls;
	return 0;
}

uint64_t s2_destroy(struct fake_realm *r, uint64_t ipa, int level)
{
	struct entry *e = look(r, ipa, level, true);

	if (!e)
		return RMI_RET(RMI_ERROR_RTT, level - 1);
	if (s2_live_below(r, ipa, level))
		return RMI_RET(RMI_ERROR_RTT, level);
	granule_set(e->pa, DELEGATED);
	drop(e);
	return 0;
}

uint64_t s2_init_ripas(struct fake_realm *r, uint64_t base, uint64_t top, uint64_t *out)
{
	int level = walk(r, base);

	if (top <= base || top % PAGE)
		return RMI_ERROR_INPUT;
	if (base % size_at(level) || base + size_at(level) > top)
		return RMI_RET(RMI_ERROR_RTT, level);
	*out = base + size_at(level);	/* one entry a call: callers have to go on */
	r->ripas_end = *out;
	return 0;
}
