/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compare MEMORY_A SEED_A MEMORY_B SEED_B: two machines' memories after a run. What differs in the transcripts, contents and times apart;
 * what of the pages that came back differs; where either machine's secret lies. Lines "KEY: ..." for tests/system/nonint.sh.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../abi/rmi.h"
#include "layout.h"
#include "realm/realm_abi.h"
#include "sysregs.h"

struct machine {
	const char *file;
	int fd;
	const uint8_t *memory;		/* from DRAM_BASE */
	const struct log *log;
	const uint8_t *readable;	/* a byte for each granule, by the last map */
	uint64_t secret[SECRET_WORDS];
};

static const uint8_t *at(const struct machine *m, uint64_t pa)
{
	return m->memory + (pa - DRAM_BASE);
}

static void open_machine(struct machine *m, const char *file, const char *seed)
{
	m->file = file;
	m->fd = open(file, O_RDONLY);
	m->memory = m->fd < 0 ? MAP_FAILED : mmap(NULL, DRAM_SIZE, PROT_READ, MAP_SHARED, m->fd, 0);
	if (m->memory == MAP_FAILED) {
		perror(file);
		exit(2);
	}
	m->log = (const struct log *)at(m, LOG_BASE);
	if (m->log->magic != LOG_MAGIC || (!m->log->complete && strcmp(seed, "0") != 0)) {
		printf("%s: the run did not come to its end\n", file);
		exit(2);
	}
	for (unsigned int i = 0; i < SECRET_WORDS; i++)
		m->secret[i] = secret_word(strtoull(seed, NULL, 0), i);
}

/* ---- what differs ---- */

#define MAX_FIELDS 64
static struct field {
	char name[64];
	uint64_t count, event;		/* the first */
	uint64_t offset, a, b;
	char where[64];
} fields[MAX_FIELDS];
static unsigned int n_fields;

static const char *exit_field(uint64_t off)
{
	static const struct { uint64_t from, to; const char *name; } f[] = {
		{ 0, 8, "exit.exit_reason" }, { 0x100, 0x108, "exit.esr" }, { 0x108, 0x110, "exit.far" }, { 0x110, 0x118, "exit.hpfar" },
		{ 0x200, 0x2f8, "exit.gprs" }, { 0x300, 0x308, "exit.gicv3_hcr" }, { 0x308, 0x388, "exit.gicv3_lrs" },
		{ 0x388, 0x390, "exit.gicv3_misr" }, { 0x390, 0x398, "exit.gicv3_vmcr" }, { 0x400, 0x408, "exit.cntp_ctl" },
		{ 0x408, 0x410, "exit.cntp_cval" }, { 0x410, 0x418, "exit.cntv_ctl" }, { 0x418, 0x420, "exit.cntv_cval" },
		{ 0x500, 0x518, "exit.ripas" }, { 0x600, 0x608, "exit.imm" }, { 0x700, 0x708, "exit.pmu_ovf_status" } };

	for (unsigned int i = 0; i < sizeof(f) / sizeof(f[0]); i++)
		if (off >= f[i].from && off < f[i].to)
			return f[i].name;
	return "exit.reserved";
}

static void field_name(char *to, size_t size, const struct machine *m, const struct event *e, uint64_t tag, uint64_t off)
{
	unsigned int r;

	switch (tag) {
	case SEC_GPRS:
		if (off < 31 * 8)
			snprintf(to, size, "%s.x%" PRIu64, e->name, off / 8);
		else
			snprintf(to, size, "%s", off < 32 * 8 ? "nzcv" : "exclusive");
		break;
	case SEC_SYSREGS:
		r = m->log->sysreg[off / 8];
		snprintf(to, size, "S%u_%u_C%u_C%u_%u", 2 + (r >> 14), r >> 11 & 7, r >> 7 & 15, r >> 3 & 15, r & 7);
		break;
	case SEC_VECTORS:
		snprintf(to, size, "vectors");
		break;
	case SEC_GIC:
		snprintf(to, size, "gic");
		break;
	case SEC_EXIT:
		snprintf(to, size, "%s", exit_field(off));
		break;
	case SEC_SWEEP:
		snprintf(to, size, "memory");
		break;
	case SEC_MAP:
		snprintf(to, size, "granules");
		break;
	case SEC_TIME:
		snprintf(to, size, "time");
		break;
	default:
		snprintf(to, size, "section-%" PRIu64, tag);
	}
}

static void differs(const char *name, const struct event *e, uint64_t number, uint64_t off, uint64_t a, uint64_t b)
{
	struct field *f = fields;

	while (f < fields + n_fields && strcmp(f->name, name) != 0)
		f++;
	if (f == fields + n_fields) {
		if (n_fields == MAX_FIELDS)
			return;
		n_fields++;
		snprintf(f->name, sizeof(f->name), "%s", name);
		snprintf(f->where, sizeof(f->where), "%s %" PRIx64, e->name, e->arg);
		f->event = number;
		f->offset = off;
		f->a = a;
		f->b = b;
	}
	f->count++;
}

static void compare_section(const struct machine *m, const struct event *e, uint64_t number, const uint64_t *a, const uint64_t *b)
{
	uint64_t tag = a[0], words = a[1] / 8;
	char name[64];

	for (uint64_t i = 0; i < words; i++) {
		if (a[2 + i] == b[2 + i])
			continue;
		if (tag == SEC_PAGE)
			snprintf(name, sizeof(name), "%.24s", (const char *)(a + 2));
		else
			field_name(name, sizeof(name), m, e, tag, i * 8);
		differs(name, e, number, i * 8, a[2 + i], b[2 + i]);
	}
}

static const struct event *next(const struct event *e)
{
	return (const struct event *)((const uint8_t *)(e + 1) + e->bytes);
}

static void compare_event(const struct machine *m, const struct event *a, const struct event *b, uint64_t number)
{
	const uint64_t *s = (const uint64_t *)(a + 1), *t = (const uint64_t *)(b + 1), *end = (const uint64_t *)next(a);

	if (memcmp(a, b, sizeof(*a)) != 0) {
		differs("call", a, number, 0, a->arg, b->arg);
		return;
	}
	for (; s < end; s += 2 + s[1] / 8, t += 2 + t[1] / 8) {
		if (s[0] != t[0] || s[1] != t[1]) {
			differs("shape", a, number, 0, s[0], t[0]);
			return;
		}
		compare_section(m, a, number, s, t);
	}
}

static void compare_transcripts(const struct machine *a, const struct machine *b)
{
	const struct event *e = (const struct event *)(a->log + 1), *f = (const struct event *)(b->log + 1);
	uint64_t n = a->log->events < b->log->events ? a->log->events : b->log->events;

	if (memcmp(a->log->sysreg, b->log->sysreg, sizeof(a->log->sysreg)) != 0)
		differs("registers", e, 0, 0, 0, 0);
	for (uint64_t i = 0; i < n; i++, e = next(e), f = next(f)) {
		compare_event(a, e, f, i);
		if (memcmp(e, f, sizeof(*e)) != 0)
			break;			/* the host did something else: from here on nothing is comparable */
	}
	if (a->log->events != b->log->events)
		differs("events", e, n, 0, a->log->events, b->log->events);
}

/* ---- where the secret lies ---- */

static uint64_t encoded(uint64_t v, unsigned int how)
{
	if (how & 1)
		v = __builtin_bswap64(v);
	return how & 2 ? ~v : v;
}

static bool is_needle(const struct machine *m, uint64_t v)
{
	for (unsigned int i = 0; i < SECRET_WORDS; i++)
		for (unsigned int how = 0; how < 4; how++)
			if (v == encoded(m->secret[i], how))
				return true;
	return false;
}

static void find_map(struct machine *m)
{
	const struct event *e = (const struct event *)(m->log + 1);

	for (uint64_t i = 0; i < m->log->events; i++, e = next(e)) {
		const uint64_t *s = (const uint64_t *)(e + 1);

		if (e->bytes != 0 && s[0] == SEC_MAP)
			m->readable = (const uint8_t *)(s + 2);
	}
}

/* Is it a filter by the lower half of each needle: most bytes are none. */
static uint8_t filter[1 << 13];
static void fill_filter(const struct machine *m)
{
	memset(filter, 0, sizeof(filter));
	for (unsigned int i = 0; i < SECRET_WORDS; i++)
		for (unsigned int how = 0; how < 4; how++) {
			uint64_t v = encoded(m->secret[i], how) & 0xffff;

			filter[v / 8] |= (uint8_t)(1 << v % 8);
		}
}

static void search(struct machine *m, uint64_t pa, uint64_t end, uint64_t *readable, uint64_t *hidden, uint64_t *first)
{
	for (; pa < end; pa++) {
		uint64_t v;

		memcpy(&v, at(m, pa), 8);
		if (!(filter[(v & 0xffff) / 8] >> (v & 0xffff) % 8 & 1) || !is_needle(m, v))
			continue;
		if (!m->readable[(pa - DRAM_BASE) / 4096]) {
			++*hidden;
			continue;
		}
		if (++*readable == 1)
			*first = pa;
	}
}

/* Every byte of DRAM that was ever written, the seed page apart. */
static void find_secret(struct machine *m, char which)
{
	uint64_t readable = 0, hidden = 0, first = 0;
	off_t from = 0;

	fill_filter(m);
	while ((from = lseek(m->fd, from, SEEK_DATA)) >= 0) {
		off_t to = lseek(m->fd, from, SEEK_HOLE);

		if (to > (off_t)DRAM_SIZE - 8)
			to = (off_t)DRAM_SIZE - 8;
		for (uint64_t pa = DRAM_BASE + (uint64_t)from; pa < DRAM_BASE + (uint64_t)to; pa += 4096)
			if (pa != SEED_PAGE)
				search(m, pa, pa + 4096, &readable, &hidden, &first);
		from = to;
		if (to >= (off_t)DRAM_SIZE - 8)
			break;
	}
	printf("secret %c: %" PRIu64 " where the host can read", which, readable);
	if (readable != 0)
		printf(" (first at %#" PRIx64 ")", first);
	printf(", %" PRIu64 " where it cannot\n", hidden);
}

/* Pages of @m's that were ever written: the others are zero in both, or the other machine's turn shows them. */
static void mark_pool(const struct machine *m, const struct machine *other, uint8_t *differ)
{
	const off_t end = (off_t)(POOL_END - DRAM_BASE);
	off_t from = (off_t)(POOL_BASE - DRAM_BASE), to;

	while ((from = lseek(m->fd, from, SEEK_DATA)) >= 0 && from < end) {
		to = lseek(m->fd, from, SEEK_HOLE);
		for (uint64_t pa = DRAM_BASE + (uint64_t)from; pa < DRAM_BASE + (uint64_t)to && pa < POOL_END; pa += 4096)
			differ[(pa - POOL_BASE) / 4096] = memcmp(at(m, pa), at(other, pa), 4096) != 0;
		from = to;
	}
}

static void compare_pool(const struct machine *a, const struct machine *b)
{
	static uint8_t differ[(POOL_END - POOL_BASE) / 4096];
	uint64_t pages = 0;

	mark_pool(a, b, differ);
	mark_pool(b, a, differ);
	for (uint64_t i = 0; i < sizeof(differ); i++)
		pages += differ[i];
	printf("pages: %" PRIu64 " differ after the run\n", pages);
}

static uint64_t count_faulting(const struct machine *m)
{
	uint64_t n = 0;

	for (uint64_t i = 0; i < DRAM_SIZE / 4096; i++)
		n += m->readable[i] == MAP_FAULTS;
	return n;
}

/* One line an event: call, X0, and of an entry the reason of the exit. */
static void list(const struct machine *m)
{
	const struct event *e = (const struct event *)(m->log + 1);

	for (uint64_t i = 0; i < m->log->events; i++, e = next(e)) {
		const uint64_t *end = (const uint64_t *)next(e);

		printf("%" PRIu64 " %s %" PRIx64, i, e->name, e->arg);
		for (const uint64_t *s = (const uint64_t *)(e + 1); s < end; s += 2 + s[1] / 8) {
			if (s[0] == SEC_GPRS)
				printf(" X0 %" PRIx64 " X1 %" PRIx64, s[2], s[3]);
			if (s[0] == SEC_EXIT)
				printf(" exit %" PRIx64, s[2]);
			if (s[0] == SEC_TIME)
				printf(" ticks %" PRIu64, s[3] - s[2]);
		}
		printf("\n");
	}
}

int main(int argc, char **argv)
{
	struct machine a, b;
	bool time = false, contents = false;

	if (argc == 3 && strcmp(argv[1], "-l") == 0) {
		open_machine(&a, argv[2], "0");
		list(&a);
		return 0;
	}
	if (argc != 5) {
		fprintf(stderr, "usage: nonint_compare MEMORY_A SEED_A MEMORY_B SEED_B\n       nonint_compare -l MEMORY\n");
		return 2;
	}
	open_machine(&a, argv[1], argv[2]);
	open_machine(&b, argv[3], argv[4]);
	find_map(&a);
	find_map(&b);
	compare_transcripts(&a, &b);
	printf("events: %" PRIu64 ", %" PRIu64 " bytes, %" PRIu64 " system registers, %" PRIu64 " granules fault\n", a.log->events,
	       a.log->end, a.log->sysregs, count_faulting(&a));
	for (const struct field *f = fields; f < fields + n_fields; f++) {
		bool is_time = strcmp(f->name, "time") == 0;

		printf("differs: %s %" PRIu64 " times, first in event %" PRIu64 " (%s) at %#" PRIx64 ": %#" PRIx64 " and %#" PRIx64 "\n", f->name, f->count,
		       f->event, f->where, f->offset, f->a, f->b);
		time |= is_time;
		contents |= !is_time;
	}
	printf("contents: %s\n", contents ? "different" : "identical");
	printf("times: %s\n", time ? "different" : "identical");
	compare_pool(&a, &b);
	find_secret(&a, 'A');
	find_secret(&b, 'B');
	return 0;
}
