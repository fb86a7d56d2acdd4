/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The canonical blob: what the source says shortly is spelled out, laid out and sorted. Shares layouts and limits
 * with the monitor (abi/mica_blob.h), and no code: the monitor's decoder checks all of this again.
 *
 * Layout of a native role, the one place that decides it: RAM at 1 GiB; grants from 64 GiB upward in
 * ascending order of channel name, aligned to their page or (from 2 MiB) block size, 64 KiB apart at least; windows,
 * then devices without an address of their own, from the start of the unprotected half in ascending order of name, the
 * same way and around the devices that have one.
 */
#include <stdlib.h>
#include <string.h>

#include "../../loadplan/linux.h"
#include "emit.h"

/* ---- channels: spelling out ack and several writers ---- */

static int by_index(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* Blob roles of model roles, sorted: blob order is name order. */
static struct indices mapped(struct emitter *e, const struct indices *v)
{
	struct indices out = { 0 };

	for (uint32_t i = 0; i < v->n; i++)
		*VEC_ADD(&e->p->arena, &out) = e->blob_role[v->v[i]];
	if (out.n > 1)
		qsort(out.v, out.n, sizeof(*out.v), by_index);
	return out;
}

static struct indices single(struct emitter *e, uint32_t x)
{
	struct indices out = { 0 };

	*VEC_ADD(&e->p->arena, &out) = x;
	return out;
}

static bool has(const struct indices *v, uint32_t x)
{
	for (uint32_t i = 0; i < v->n; i++)
		if (v->v[i] == x)
			return true;
	return false;
}

static struct indices without(struct emitter *e, const struct indices *v, uint32_t x)
{
	struct indices out = { 0 };

	for (uint32_t i = 0; i < v->n; i++)
		if (v->v[i] != x)
			*VEC_ADD(&e->p->arena, &out) = v->v[i];
	return out;
}

static bool any_restarts(const struct emitter *e, const struct indices *writers)
{
	for (uint32_t i = 0; i < writers->n; i++)
		if (e->p->model.roles.v[e->out->roles.v[writers->v[i]].model].restart)
			return true;
	return false;
}

static void add_part(struct emitter *e, const struct m_channel *c, const char *suffix, bool ack,
		     struct indices writers, struct indices readers)
{
	struct part *q;

	if (writers.n + readers.n < 2)
		return;			/* what a role writes for itself alone needs no channel */
	q = VEC_ADD(&e->p->arena, &e->parts);
	snprintf(q->name, sizeof(q->name), "%s%s", c->name, suffix);
	q->suffix = suffix;
	q->of = c;
	q->ack = ack;
	q->pages = (ack ? PAGE : c->size) / PAGE;
	q->flags = (c->signal ? MICA_CHAN_SIGNAL : 0) |
		   (c->keep && any_restarts(e, &writers) ? MICA_CHAN_KEEP : 0);
	q->writers = writers;
	q->readers = readers;
}

/* NAME and NAME-ack, or numbered where there are several. */
static void expand_channel(struct emitter *e, const struct m_channel *c)
{
	struct indices w = mapped(e, &c->writers), r = mapped(e, &c->readers);
	struct arena *a = &e->p->arena;

	if (c->two_way) {
		add_part(e, c, "", false, w, (struct indices){ 0 });
		return;
	}
	for (uint32_t i = 0; i < w.n; i++)
		add_part(e, c, w.n == 1 ? "" : arena_printf(a, "-%u", i), false, single(e, w.v[i]), without(e, &r, w.v[i]));
	for (uint32_t i = 0; c->ack && i < r.n; i++)
		add_part(e, c, r.n == 1 ? "-ack" : arena_printf(a, "-ack-%u", i), true, single(e, r.v[i]),
			 without(e, &w, r.v[i]));
}

/* What the role calls it: its component's port, or the channel. */
static const char *local_name(struct emitter *e, const struct part *q, uint32_t role)
{
	bool writer_side = has(&q->writers, role) != q->ack;
	const struct indices *roles = writer_side ? &q->of->writers : &q->of->readers;
	const struct port_names *ports = writer_side ? &q->of->writer_ports : &q->of->reader_ports;
	const char *name = q->of->name;

	for (uint32_t i = 0; i < roles->n; i++)
		if (e->blob_role[roles->v[i]] == role && ports->v[i])
			name = ports->v[i];
	return arena_printf(&e->p->arena, "%s%s", name, q->suffix);
}

static int by_part_name(const void *a, const void *b)
{
	return strcmp(((const struct part *)a)->name, ((const struct part *)b)->name);
}

/* ---- layout ---- */

uint64_t aligned(uint64_t at, uint64_t size)
{
	uint64_t align = size >= BLOCK ? BLOCK : PAGE;

	return (at + align - 1) / align * align;
}

void too_many(struct emitter *e, struct span at, const char *what, uint64_t n, uint64_t max)
{
	if (n > max)
		diag_error(&e->p->diags, "P702", &e->p->src, at, "%llu %s, the RMM takes %llu", (unsigned long long)n,
			   what, (unsigned long long)max);
}

const struct m_role *role_of(const struct emitter *e, uint32_t blob_index)
{
	return &e->p->model.roles.v[e->out->roles.v[blob_index].model];
}

#define SUM_LINES 12

struct diag *no_room(struct emitter *e, uint32_t role, const char *what, uint64_t need, uint64_t room)
{
	char a[24], b[24];

	/* the sum has gaps of some KiB in it: rounded up, it is still what does not fit */
	if (need > (uint64_t)1 << 30)
		need = (need + 0x3fffffff) & ~(uint64_t)0x3fffffff;
	return diag_error(&e->p->diags, "P703", &e->p->src, role_of(e, role)->at,
			  "%s of '%s' need%s %s, %s are free", what, role_of(e, role)->name,
			  strcmp(what, "memory") == 0 ? "s" : "", size_text(a, need, " "), size_text(b, room, " "));
}

void sum_line(struct emitter *e, struct diag *g, uint32_t n, uint32_t of, const char *name, uint64_t size)
{
	char a[24];

	if (n < SUM_LINES)
		diag_hint(&e->p->diags, g, "%s needs %s", name, size_text(a, size, " "));
	else if (n + 1 == of)
		diag_hint(&e->p->diags, g, "and %u more", of - SUM_LINES);
}

/* Does another participant write? Then there is something to be told by a signal. */
static bool told(const struct part *q, uint32_t role)
{
	return q->flags & MICA_CHAN_SIGNAL && (q->writers.n > 1 || q->writers.v[0] != role);
}

static void channels_too_large(struct emitter *e, uint32_t role, uint32_t first, uint64_t need)
{
	struct diag *g = no_room(e, role, "channels", need, UNPROTECTED_BASE - GRANT_BASE);

	for (uint32_t i = first; i < e->grants.n; i++)
		sum_line(e, g, i - first, e->grants.n - first, e->grants.v[i].name,
			 e->parts.v[e->grants.v[i].channel].pages * PAGE);
}

/* Grants of one role: parts are sorted by name, so addresses and signal bits ascend in that order. */
static void grants_of(struct emitter *e, uint32_t role)
{
	const struct m_role *r = role_of(e, role);
	uint32_t first = e->grants.n;
	uint64_t next = GRANT_BASE;
	unsigned int signals = 0;

	for (uint32_t i = 0; i < e->parts.n; i++) {
		const struct part *q = &e->parts.v[i];
		bool writes = has(&q->writers, role);
		struct mica_blob_grant *g;

		if (!writes && !has(&q->readers, role))
			continue;
		g = VEC_ADD(&e->p->arena, &e->grants);
		snprintf(g->name, sizeof(g->name), "%s", local_name(e, q, role));
		g->channel = (uint16_t)i;
		g->role = (uint8_t)role;
		g->rights = writes ? MICA_GRANT_RW : MICA_GRANT_R;
		g->signal = told(q, role) ? (uint8_t)signals++ : MICA_NO_SIGNAL;
		g->ipa = aligned(next, q->pages * PAGE);
		next = g->ipa + q->pages * PAGE + GAP;
	}
	too_many(e, r->at, "signals of one role", signals, MICA_MAX_SIGNALS);
	if (next > UNPROTECTED_BASE)
		channels_too_large(e, role, first, next - GRANT_BASE);
	if (r->memory > GRANT_BASE - RAM_BASE)
		(void)no_room(e, role, "memory", r->memory, GRANT_BASE - RAM_BASE);
}

/* ---- records ---- */

static bool is_signalled(const struct emitter *e, uint32_t role)
{
	for (uint32_t i = 0; i < e->grants.n; i++)
		if (e->grants.v[i].role == role && e->grants.v[i].signal != MICA_NO_SIGNAL)
			return true;
	return false;
}

/* Timer and interrupts from the RMM: not a right that a policy gives, since nothing of it leaves the Realm. */
static void fill_linux(const struct emitter *e, uint32_t role, struct mica_blob_role *rec)
{
	rec->rights |= MICA_RIGHT_VTIMER;
	if (is_signalled(e, role))
		rec->flags |= MICA_ROLE_SIG_IRQ;
	rec->dev_page_off = (uint32_t)(linux_devices_at(rec->ram_size) / PAGE);
	rec->dev_pages = LINUX_DEVICES_SIZE / PAGE;
}

static void fill_role(const struct emitter *e, uint32_t i, struct mica_blob_role *rec)
{
	const struct built_role *b = &e->out->roles.v[i];
	const struct m_role *r = role_of(e, i);

	rec->flags = (b->pinned ? MICA_ROLE_PINNED : 0) | (r->declassifies ? MICA_ROLE_DECLASSIFIES : 0) |
		     (r->restart ? MICA_ROLE_RESTART : 0);
	rec->rights = r->rights;
	rec->s2sz = IPA_BITS;
	rec->hash = b->hash_size == 64 ? 1 : 0;
	rec->vcpus = (uint8_t)r->vcpus;
	rec->num_bps = rec->num_wps = 1;
	rec->ram_base = RAM_BASE;
	rec->ram_size = r->memory;
	if (r->linux_guest)
		fill_linux(e, i, rec);
	if (b->pinned)
		memcpy(rec->rim, b->rim, b->hash_size);
	snprintf(rec->name, sizeof(rec->name), "%s", b->name);
}

static void fill_channel(const struct part *q, struct mica_blob_channel *rec)
{
	memcpy(rec->name, q->name, sizeof(rec->name));
	rec->pages = (uint32_t)q->pages;
	rec->flags = q->flags;
	rec->grants = (uint16_t)(q->writers.n + q->readers.n);
}

static void write_blob(struct emitter *e)
{
	uint32_t roles = e->out->roles.n, gates = e->gates.n, channels = e->parts.n, regions = e->regions.n,
		 grants = e->grants.n;
	size_t size = sizeof(struct mica_blob_header) + roles * sizeof(struct mica_blob_role) +
		      gates * sizeof(struct mica_blob_gate) + channels * sizeof(struct mica_blob_channel) +
		      regions * sizeof(struct mica_blob_region) + grants * sizeof(struct mica_blob_grant);
	uint8_t *blob = arena_alloc(&e->p->arena, size);
	struct mica_blob_header *h = (void *)blob;
	struct mica_blob_role *r = (void *)(h + 1);
	struct mica_blob_gate *t = (void *)(r + roles);
	struct mica_blob_channel *c = (void *)(t + gates);
	struct mica_blob_region *w = (void *)(c + channels);
	struct mica_blob_grant *g = (void *)(w + regions);
	uint32_t gi = 0, wi = 0;

	memcpy(h->magic, MICA_BLOB_MAGIC, sizeof(h->magic));
	h->total = (uint32_t)size;
	h->version = MICA_BLOB_VERSION;
	h->roles = (uint16_t)roles;
	h->channels = (uint16_t)channels;
	h->regions = (uint16_t)regions;
	h->gates = (uint16_t)gates;
	h->grants = (uint16_t)grants;
	snprintf(h->name, sizeof(h->name), "%s", e->p->model.name);
	for (uint32_t i = 0; i < roles; i++) {
		fill_role(e, i, &r[i]);
		r[i].grant_first = (uint16_t)gi;
		r[i].region_first = (uint16_t)wi;
		while (gi < grants && e->grants.v[gi].role == i)
			gi++;
		while (wi < regions && e->regions.v[wi].role == i)
			wi++;
		r[i].grant_count = (uint16_t)(gi - r[i].grant_first);
		r[i].region_count = (uint16_t)(wi - r[i].region_first);
	}
	for (uint32_t i = 0; i < channels; i++)
		fill_channel(&e->parts.v[i], &c[i]);
	if (gates)
		memcpy(t, e->gates.v, gates * sizeof(*t));
	if (regions)
		memcpy(w, e->regions.v, regions * sizeof(*w));
	if (grants)
		memcpy(g, e->grants.v, grants * sizeof(*g));
	e->out->blob = blob;
	e->out->blob_size = size;
}

/* ---- limits ---- */

static void check_limits(struct emitter *e)
{
	const struct model *m = &e->p->model;
	struct span all = e->p->ast.workflow.at;

	too_many(e, all, "channels (ack and several writers spelled out)", e->parts.n, MICA_MAX_CHANNELS);
	too_many(e, all, "windows, mmio and interrupt ranges", count_regions(e), MICA_MAX_REGIONS);
	too_many(e, all, "gates", m->gates.n, MICA_MAX_GATES);
	for (uint32_t i = 0; i < m->windows.n; i++)
		too_many(e, m->windows.v[i].item->value.at, "pages in one window", m->windows.v[i].size / PAGE,
			 MICA_MAX_CHANNEL_PAGES);
	for (uint32_t i = 0; i < m->channels.n; i++)
		too_many(e, m->channels.v[i].item->value.at, "pages in one channel", m->channels.v[i].size / PAGE,
			 MICA_MAX_CHANNEL_PAGES);
	for (uint32_t i = 0; i < e->parts.n; i++) {
		const struct part *q = &e->parts.v[i];

		if (i == 0 || q->of != q[-1].of)	/* once for all the parts of a channel */
			too_many(e, q->of->at, "participants of one channel", q->writers.n + q->readers.n,
				 MICA_MAX_PARTICIPANTS);
	}
}

int emit(struct policy *p, struct built *out)
{
	struct emitter e = { .p = p, .out = out };
	const struct model *m = &p->model;

	e.blob_role = arena_alloc(&p->arena, (m->roles.n + 1) * sizeof(*e.blob_role));
	for (uint32_t i = 0; i < out->roles.n; i++)
		e.blob_role[out->roles.v[i].model] = i;
	too_many(&e, p->ast.workflow.at, "roles", m->roles.n, MICA_MAX_ROLES);
	if (m->roles.n > MICA_MAX_ROLES)
		return -1;		/* numbers of roles have eight bits */
	for (uint32_t i = 0; i < m->channels.n; i++)
		expand_channel(&e, &m->channels.v[i]);
	if (e.parts.n > 1)
		qsort(e.parts.v, e.parts.n, sizeof(*e.parts.v), by_part_name);
	check_limits(&e);
	if (p->diags.errors)
		return -1;
	for (uint32_t i = 0; i < out->roles.n; i++)
		grants_of(&e, i);
	for (uint32_t i = 0; i < out->roles.n; i++)
		regions_of(&e, i);
	emit_gates(&e);
	too_many(&e, p->ast.workflow.at, "ends of channels", e.grants.n, MICA_MAX_GRANTS);
	if (p->diags.errors)
		return -1;
	write_blob(&e);
	return 0;
}
