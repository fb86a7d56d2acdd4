/* SPDX-License-Identifier: Apache-2.0 */
/* Realms, what they run and what control rights they hold: P201 to P208, P401 to P405. */
#include <string.h>

#include "model.h"

/* ---- attributes ---- */

static void set_image(struct model *m, struct m_role *r, const struct attr *a, enum image_kind kind)
{
	struct diag *g;

	if (r->image != IMAGE_NONE) {
		g = diag_error(m->diags, "P202", m->src, a->at, "image given in two ways");
		diag_note(m->diags, g, m->src, r->image_at, "first given here");
		diag_hint(m->diags, g, "keep the one you want attested");
		return;
	}
	r->image = kind;
	r->image_at = a->at;
	r->path = a->path;
	r->rim = a->hash;
	r->hash_size = kind == IMAGE_HASH ? a->hash_size :
		       a->algo && strcmp(a->algo, "sha512") == 0 ? 64 : 32;
}

static void set_memory(struct model *m, struct m_role *r, const struct attr *a)
{
	struct diag *g;

	if (!num_size(m, &a->num, &r->memory))
		return;
	if (!is_page_multiple(r->memory)) {
		g = diag_error(m->diags, "P206", m->src, a->num.at,
			       "memory must be a positive multiple of 4 KiB");
		page_multiple_hint(m, g, r->memory);
	}
}

static void set_vcpus(struct model *m, struct m_role *r, const struct attr *a)
{
	uint64_t n;

	if (!num_count(m, &a->num, &n))
		return;
	if (n < 1 || n > MICA_MAX_VCPUS)
		diag_error(m->diags, "P205", m->src, a->num.at, "vcpus must be 1 to %d", MICA_MAX_VCPUS);
	else
		r->vcpus = (unsigned int)n;
}

static void set_attr(struct model *m, struct m_role *r, const struct attr *a, const struct attr **kind)
{
	if (strcmp(a->word, "image") == 0) {
		set_image(m, r, a, a->any ? IMAGE_ANY : IMAGE_FILE);
	} else if (strcmp(a->word, "measurement") == 0) {
		set_image(m, r, a, IMAGE_HASH);
	} else if (strcmp(a->word, "memory") == 0) {
		set_memory(m, r, a);
	} else if (strcmp(a->word, "vcpus") == 0) {
		set_vcpus(m, r, a);
	} else if (strcmp(a->word, "restart") == 0) {
		r->restart = true;
	} else if (strcmp(a->word, "declassifies") == 0) {
		r->declassifies = true;
		r->declassifies_at = a->at;
	} else if (strcmp(a->word, "peer") == 0) {
		diag_error(m->diags, "P614", m->src, a->at, "'%s' has no component, so no peers", r->name);
	} else if (*kind) {
		struct diag *g = diag_error(m->diags, "P207", m->src, a->at, "a role is native or linux");

		diag_note(m->diags, g, m->src, (*kind)->at, "first given here");
	} else {
		*kind = a;
		r->linux_guest = strcmp(a->word, "linux") == 0;
	}
}

static void one_realm(struct model *m, const struct item *it, struct ref name)
{
	const struct attr *kind = NULL;
	struct m_role *r;
	struct diag *g;

	if (!sym_add(m, SYM_ROLE, name, m->roles.n))
		return;
	r = VEC_ADD(m->arena, &m->roles);
	r->name = name.name;
	r->at = name.at;
	r->item = it;
	r->vcpus = 1;
	for (uint32_t i = 0; i < it->attrs.n; i++)
		set_attr(m, r, &it->attrs.v[i], &kind);
	if (r->memory == 0)
		r->memory = r->linux_guest ? DEFAULT_MEMORY_LINUX : DEFAULT_MEMORY_NATIVE;
	if (r->image == IMAGE_NONE) {
		g = diag_error(m->diags, "P201", m->src, name.at, "role '%s' has no image", r->name);
		diag_hint(m->diags, g, "image \"FILE\", measurement HASH, or image any");
	}
	if (r->declassifies && r->image == IMAGE_ANY) {
		g = diag_error(m->diags, "P204", m->src, r->declassifies_at, "unknown code cannot declassify");
		diag_hint(m->diags, g, "pin '%s' with image or measurement", r->name);
	}
}

void resolve_realm(struct model *m, const struct item *it)
{
	if (it->from) {
		diag_error(m->diags, "P601", m->src, it->from_at, "component files are not supported yet");
		for (uint32_t i = 0; i < it->names.n; i++)
			(void)sym_add(m, SYM_BAD, it->names.v[i], 0);
		return;
	}
	for (uint32_t i = 0; i < it->names.n; i++)
		one_realm(m, it, it->names.v[i]);
}

/* ---- control ---- */

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

static void check_mmio(struct model *m, const struct item *it, const struct attr *a)
{
	struct m_mmio *d;
	uint64_t size, at;
	struct diag *g;

	if (!num_size(m, &a->num, &size))
		return;
	if (!is_page_multiple(size)) {
		g = diag_error(m->diags, "P404", m->src, a->num.at, "not page aligned");
		page_multiple_hint(m, g, size);
		return;
	}
	if (a->place.kind != NUM_NONE) {
		if (!num_count(m, &a->place, &at))
			return;
		if (at % 4096 != 0)
			diag_error(m->diags, "P404", m->src, a->place.at, "not page aligned");
	}
	if (!sym_add(m, SYM_MMIO, a->ref, m->mmios.n))
		return;
	d = VEC_ADD(m->arena, &m->mmios);
	*d = (struct m_mmio){ .name = a->ref.name, .item = it, .size = size };
}

static void check_interrupts(struct model *m, const struct attr *a)
{
	struct diag *g;
	uint64_t n;

	for (uint32_t i = 0; i < a->nums.n; i++) {
		if (!num_count(m, &a->nums.v[i], &n) || (n >= 32 && n <= 1019))
			continue;
		g = diag_error(m->diags, "P403", m->src, a->nums.v[i].at, "%llu is not an SPI (32 to 1019)",
			       (unsigned long long)n);
		diag_hint(m->diags, g, "the virtual timer needs no right");
	}
}

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
}

void resolve_control(struct model *m, const struct item *it)
{
	struct indices roles = { 0 };
	bool ok = true;

	for (uint32_t i = 0; i < it->names.n; i++) {
		const struct end e = { .role = it->names.v[i] };

		if (strcmp(e.role.name, "host") == 0) {
			diag_error(m->diags, "P405", m->src, e.role.at, "host is not a role");
			ok = false;
		} else {
			ok = end_roles(m, &e, &roles) && ok;
		}
	}
	for (uint32_t i = 0; i < it->attrs.n; i++) {
		if (strcmp(it->attrs.v[i].word, "mmio") == 0)
			check_mmio(m, it, &it->attrs.v[i]);
		if (strcmp(it->attrs.v[i].word, "interrupts") == 0)
			check_interrupts(m, &it->attrs.v[i]);
	}
	for (uint32_t i = 0; ok && i < roles.n; i++)
		give_rights(m, roles.v[i], it);
}

/* What only the whole policy can tell. */
void check_roles(struct model *m)
{
	struct diag *g;

	for (uint32_t i = 0; i < m->roles.n; i++) {
		struct m_role *r = &m->roles.v[i];

		if (r->linux_guest && r->vcpus > 1 && !(r->rights & MICA_RIGHT_TIMER)) {
			g = diag_error(m->diags, "P208", m->src, r->at,
				       "a linux role whose timer the RMM provides has one vCPU");
			diag_hint(m->diags, g, "drop vcpus, or open `timer` (a path to and from the host)");
		}
		if (r->serves > r->vcpus) {
			g = diag_error(m->diags, "P325", m->src, r->at,
				       "'%s' serves %u gates, so it needs %u vCPUs", r->name, r->serves,
				       r->serves);
			diag_hint(m->diags, g, "vcpus %u: each gate is served by a vCPU of its own", r->serves);
		}
	}
}
