/* SPDX-License-Identifier: Apache-2.0 */
/* Control rights: P401 to P405. */
#include <stdlib.h>
#include <string.h>

#include "model.h"

static uint32_t right_bit(const char *word)
{
	static const struct { const char *word; uint32_t bit; } bits[] = {
		{ "hostcall", MICA_RIGHT_HOSTCALL }, { "psci", MICA_RIGHT_PSCI },
		{ "timer", MICA_RIGHT_TIMER }, { "audit", MICA_RIGHT_AUDIT },
		{ "mmio", MICA_RIGHT_MMIO }, { "interrupts", MICA_RIGHT_IRQ },
	};

	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		if (strcmp(word, bits[i].word) == 0)
			return bits[i].bit;
	return 0;
}

/* ---- mmio ---- */

struct range { uint64_t at, size; const struct attr *attr; };

static bool mmio_size(struct model *m, const struct attr *a, uint64_t *size)
{
	struct diag *g;

	if (!num_size(m, &a->num, size))
		return false;
	if (is_page_multiple(*size))
		return true;
	g = diag_error(m->diags, "P404", m->src, a->num.at, "'%s' is not page aligned", a->ref.name);
	page_multiple_hint(m, g, *size);
	return false;
}

/* Where the author of a policy puts it, if anywhere: in the half of the address space that is the host's. */
static bool mmio_place(struct model *m, const struct attr *a, uint64_t size)
{
	const uint64_t from = UNPROTECTED_BASE, to = 2 * UNPROTECTED_BASE;
	uint64_t at = a->place.value;
	struct diag *g;

	if (at % 4096 != 0) {
		diag_error(m->diags, "P404", m->src, a->place.at, "'%s' is not page aligned", a->ref.name);
		return false;
	}
	if (at >= from && at < to && size <= to - at)
		return true;
	g = diag_error(m->diags, "P404", m->src, a->place.at, at < from ? "'%s' is in protected memory" :
		       "'%s' is outside the address space", a->ref.name);
	diag_hint(m->diags, g, "from 0x%llx up to 0x%llx", (unsigned long long)from, (unsigned long long)to - 1);
	return false;
}

static int by_address(const void *x, const void *y)
{
	const struct range *a = x, *b = y;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return a->attr->at.begin < b->attr->at.begin ? -1 : a->attr->at.begin > b->attr->at.begin;
}

/* All ranges of a role stand in one statement. */
static void check_overlap(struct model *m, struct range *r, uint32_t n)
{
	struct diag *g;

	if (n > 1)
		qsort(r, n, sizeof(*r), by_address);
	for (uint32_t i = 1; i < n; i++)
		if (r[i].at - r[i - 1].at < r[i - 1].size) {
			g = diag_error(m->diags, "P404", m->src, r[i].attr->place.at, "'%s' overlaps '%s'",
				       r[i].attr->ref.name, r[i - 1].attr->ref.name);
			diag_note(m->diags, g, m->src, r[i - 1].attr->place.at, "placed here");
		}
}

static void check_mmio(struct model *m, const struct item *it)
{
	struct range *placed = arena_alloc(m->arena, (it->attrs.n + 1) * sizeof(*placed));
	uint32_t n = 0;
	uint64_t size;

	for (uint32_t i = 0; i < it->attrs.n; i++) {
		const struct attr *a = &it->attrs.v[i];
		struct sym *s = a->ref.name ? sym_find(m, a->ref.name) : NULL;

		if (!a->ref.name || !mmio_size(m, a, &size))
			continue;
		if (a->place.kind != NUM_NONE && mmio_place(m, a, size))
			placed[n++] = (struct range){ a->place.value, size, a };
		if (s && s->kind == SYM_MMIO && s->at.begin == a->ref.at.begin)
			m->mmios.v[s->index] = (struct m_mmio){ .name = a->ref.name, .item = it, .size = size };
	}
	check_overlap(m, placed, n);
}

/* ---- interrupts ---- */

#define SPI_FIRST 32U
#define SPI_LAST 1019U

static void check_interrupts(struct model *m, const struct attr *a)
{
	bool seen[SPI_LAST + 1] = { false };
	struct diag *g;

	for (uint32_t i = 0; i < a->nums.n; i++) {
		uint64_t n = a->nums.v[i].value;

		if (n < SPI_FIRST || n > SPI_LAST) {
			g = diag_error(m->diags, "P403", m->src, a->nums.v[i].at, "%llu is not an SPI (%u to %u)",
				       (unsigned long long)n, SPI_FIRST, SPI_LAST);
			diag_hint(m->diags, g, "the virtual timer needs no right");
		} else if (seen[n]) {
			diag_error(m->diags, "P402", m->src, a->nums.v[i].at, "'%llu' is listed twice",
				   (unsigned long long)n);
		} else {
			seen[n] = true;
		}
	}
}

void check_rights(struct model *m, const struct item *it)
{
	check_mmio(m, it);
	for (uint32_t i = 0; i < it->attrs.n; i++)
		if (strcmp(it->attrs.v[i].word, "interrupts") == 0)
			check_interrupts(m, &it->attrs.v[i]);
}

/* ---- who holds them ---- */

static void give_rights(struct model *m, uint32_t role, const struct item *it)
{
	struct m_role *r = &m->roles.v[role];
	struct diag *g;

	if (r->control) {
		g = diag_error(m->diags, "P401", m->src, it->word, "'%s' already has a control statement",
			       r->name);
		diag_note(m->diags, g, m->src, r->control->at, "first given here");
		diag_hint(m->diags, g, "rights of a role stand in one place, here");
		return;
	}
	r->control = it;
	r->used = true;
	for (uint32_t i = 0; i < it->attrs.n; i++)
		r->rights |= right_bit(it->attrs.v[i].word);
	if (r->component)
		narrow_rights(m, r, it);
}

void resolve_control(struct model *m, const struct item *it)
{
	struct indices roles = { 0 };

	check_rights(m, it);
	new_list(m);
	for (uint32_t i = 0; i < it->names.n; i++) {
		const struct end e = { .role = it->names.v[i] };
		uint32_t before = roles.n;

		if (strcmp(e.role.name, "host") == 0) {
			diag_error(m->diags, "P405", m->src, e.role.at, "host is not a role");
			continue;
		}
		(void)end_roles(m, &e, &roles);
		for (uint32_t k = before; k < roles.n; k++)
			if (!list_add(m, roles.v[k])) {
				diag_error(m->diags, "P105", m->src, e.role.at, "'%s' is listed twice",
					   m->roles.v[roles.v[k]].name);
				roles.n = k;
			}
	}
	for (uint32_t i = 0; i < roles.n; i++)
		give_rights(m, roles.v[i], it);
}
