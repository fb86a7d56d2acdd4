/* SPDX-License-Identifier: Apache-2.0 */
/* Regions of the blob: windows, devices and interrupts of a role, by kind and address. */
#include <stdlib.h>
#include <string.h>

#include "emit.h"

#define INTIDS 1020
#define HUGE ((uint64_t)1 << 54)	/* fits no address space, and the sum of all regions fits 64 bits */

struct space {				/* a window or device */
	enum mica_region_kind kind;
	const char *name;		/* in the policy: the order of layout */
	const struct m_window *window;	/* or NULL */
	uint64_t size, base;
	bool fixed;			/* mmio ... at */
};

static int by_space_name(const void *a, const void *b)
{
	const struct space *x = a, *y = b;

	return x->kind != y->kind ? (int)x->kind - (int)y->kind : strcmp(x->name, y->name);
}

static int by_base(const void *a, const void *b)
{
	const struct space *x = a, *y = b;

	if (x->kind != y->kind)
		return (int)x->kind - (int)y->kind;
	return x->base < y->base ? -1 : x->base > y->base;
}

/* ---- what a role has ---- */

static uint32_t count_devices(const struct m_role *r)
{
	uint32_t n = 0;

	for (uint32_t i = 0; r->control && i < r->control->attrs.n; i++)
		n += r->control->attrs.v[i].ref.name != NULL;
	return n;
}

static uint32_t spaces_of(struct emitter *e, const struct m_role *r, struct space **out)
{
	struct space *s = arena_alloc(&e->p->arena, (r->windows.n + count_devices(r) + 1) * sizeof(*s));
	uint32_t n = 0;

	for (uint32_t i = 0; i < r->windows.n; i++) {
		const struct m_window *w = &e->p->model.windows.v[r->windows.v[i]];

		s[n++] = (struct space){ .kind = MICA_REGION_WINDOW, .name = w->name, .window = w, .size = w->size };
	}
	for (uint32_t i = 0; r->control && i < r->control->attrs.n; i++) {
		const struct attr *a = &r->control->attrs.v[i];
		struct space *d = &s[n];

		if (!a->ref.name)
			continue;
		n++;
		*d = (struct space){ .kind = MICA_REGION_DEVICE, .name = a->ref.name, .base = a->place.value,
				     .fixed = a->place.kind != NUM_NONE };
		(void)num_size(&e->p->model, &a->num, &d->size);	/* checked: P404 */
		if (d->size > HUGE)
			d->size = HUGE;
	}
	qsort(s, n, sizeof(*s), by_space_name);
	*out = s;
	return n;
}

static void intids_of(const struct m_role *r, bool listed[INTIDS + 1])
{
	memset(listed, 0, INTIDS + 1);		/* the last ends every run */
	for (uint32_t i = 0; r->control && i < r->control->attrs.n; i++)
		for (uint32_t k = 0; k < r->control->attrs.v[i].nums.n; k++)
			listed[r->control->attrs.v[i].nums.v[k].value] = true;
}

/* Consecutive interrupts are one region. */
uint64_t count_regions(struct emitter *e)
{
	const struct model *m = &e->p->model;
	uint64_t n = m->windows.n;
	bool listed[INTIDS + 1];

	for (uint32_t i = 0; i < m->roles.n; i++) {
		n += count_devices(&m->roles.v[i]);
		intids_of(&m->roles.v[i], listed);
		for (unsigned int k = 0; k < INTIDS; k++)
			n += listed[k] && !listed[k + 1];
	}
	return n;
}

/* ---- layout ---- */

/* From @at on, GAP away from every device that has its place. Each is passed at most once. */
static uint64_t free_from(const struct space *s, uint32_t n, uint64_t at, uint64_t size)
{
	at = aligned(at, size);
	for (uint32_t i = 0; i < n; i++)
		if (s[i].fixed && at < s[i].base + s[i].size + GAP && s[i].base < at + size + GAP) {
			at = aligned(s[i].base + s[i].size + GAP, size);
			i = UINT32_MAX;		/* again from the first */
		}
	return at;
}

static void lay_out(struct emitter *e, uint32_t role, struct space *s, uint32_t n)
{
	uint64_t next = UNPROTECTED_BASE;
	bool devices = false;
	struct diag *g;

	for (uint32_t i = 0; i < n; i++) {
		devices = devices || s[i].kind == MICA_REGION_DEVICE;
		if (s[i].fixed)
			continue;
		s[i].base = free_from(s, n, next, s[i].size);
		next = s[i].base + s[i].size + GAP;
	}
	if (next <= 2 * UNPROTECTED_BASE)
		return;
	g = no_room(e, role, devices ? "windows and mmio" : "windows", next - UNPROTECTED_BASE, UNPROTECTED_BASE);
	for (uint32_t i = 0; i < n; i++)
		sum_line(e, g, i, n, s[i].fixed ? arena_printf(&e->p->arena, "%s, placed at 0x%llx,", s[i].name,
				(unsigned long long)s[i].base) : s[i].name, s[i].size);
}

/* ---- records ---- */

static void add_space(struct emitter *e, uint32_t role, const struct space *s)
{
	struct mica_blob_region *r = VEC_ADD(&e->p->arena, &e->regions);
	const struct m_window *w = s->window;

	snprintf(r->name, sizeof(r->name), "%s", w && w->port ? w->port : s->name);
	r->base = s->base;
	r->pages = (uint32_t)(s->size / PAGE);
	r->role = (uint8_t)role;
	r->kind = (uint8_t)s->kind;
	r->rights = MICA_REGION_READ | MICA_REGION_WRITE;	/* the address of a load is data */
	if (!w)
		return;
	r->rights = (w->in ? MICA_REGION_READ : 0) | (w->out ? MICA_REGION_WRITE : 0);
	*VEC_ADD(&e->p->arena, &e->out->windows) = (struct built_window){
		w->name, role, e->regions.n - 1, w->in, w->out };
}

/* "interrupts-40", by the first: no name of a policy has a '-', and no part of a channel so high a number. */
static void add_intids(struct emitter *e, uint32_t role, unsigned int first, unsigned int count)
{
	struct mica_blob_region *r = VEC_ADD(&e->p->arena, &e->regions);

	snprintf(r->name, sizeof(r->name), "interrupts-%u", first);
	r->base = first;
	r->pages = count;
	r->role = (uint8_t)role;
	r->kind = MICA_REGION_INTIDS;
}

void regions_of(struct emitter *e, uint32_t role)
{
	const struct m_role *r = role_of(e, role);
	unsigned int first = 0;
	bool listed[INTIDS + 1];
	struct space *s;
	uint32_t n = spaces_of(e, r, &s);

	lay_out(e, role, s, n);
	qsort(s, n, sizeof(*s), by_base);
	for (uint32_t i = 0; i < n; i++)
		add_space(e, role, &s[i]);
	intids_of(r, listed);
	for (unsigned int k = 0; k < INTIDS; k++) {
		if (listed[k] && (k == 0 || !listed[k - 1]))
			first = k;
		if (listed[k] && !listed[k + 1])
			add_intids(e, role, first, k + 1 - first);
	}
}
