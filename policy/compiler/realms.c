/* SPDX-License-Identifier: Apache-2.0 */
/* Realms and what they run: P201 to P208, P325. */
#include <string.h>

#include "model.h"

/* ---- attributes ---- */

static void set_image(struct model *m, struct m_role *r, const struct attr *a, enum image_kind kind)
{
	struct diag *g;

	if (r->image != IMAGE_NONE) {
		g = diag_error(m->diags, "P202", m->src, a->at, "image given in two ways");
		diag_note(m->diags, g, r->image_src, r->image_at, "first given here");
		diag_hint(m->diags, g, "keep the one you want attested");
		return;
	}
	r->image = kind;
	r->image_at = a->at;
	r->image_src = m->src;
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

void set_attr(struct model *m, struct m_role *r, const struct attr *a, const struct attr **kind)
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
		if (!r->component)
			diag_error(m->diags, "P614", m->src, a->at, "'%s' has no component, so no peers", r->name);
	} else if (*kind) {
		struct diag *g = diag_error(m->diags, "P207", m->src, a->at, "a role is native or linux");

		diag_note(m->diags, g, m->src, (*kind)->at, "first given here");
	} else {
		*kind = a;
		r->linux_guest = strcmp(a->word, "linux") == 0;
	}
}

void default_memory(struct m_role *r)
{
	if (r->memory == 0)
		r->memory = r->linux_guest ? DEFAULT_MEMORY_LINUX : DEFAULT_MEMORY_NATIVE;
}

/* ---- realms ---- */

/* What the author says, but for what the workflow has to say again or may pin. */
static struct m_role from_component(const struct m_component *c)
{
	struct m_role r = c->own->roles.v[0];

	r.component = c;
	r.restart = false;
	if (r.image == IMAGE_ANY)
		r.image = IMAGE_NONE;
	return r;
}

/* What all roles of one statement have in common. */
static struct m_role shape_of(struct model *m, const struct item *it, const struct m_component *c)
{
	struct m_role r = c ? from_component(c) : (struct m_role){ .vcpus = 1 };
	const struct attr *kind = NULL;
	struct diag *g;

	r.name = it->names.v[0].name;
	r.item = it;
	for (uint32_t i = 0; i < it->attrs.n; i++)
		if (!c || narrow_attr(m, &r, &it->attrs.v[i]))
			set_attr(m, &r, &it->attrs.v[i], &kind);
	default_memory(&r);
	if (c && r.image == IMAGE_NONE) {
		r.image = IMAGE_ANY;
		r.image_at = c->own->roles.v[0].image_at;
		r.image_src = c->own->roles.v[0].image_src;
	}
	if (r.declassifies && r.image == IMAGE_ANY) {
		g = diag_error(m->diags, "P204", m->src, r.declassifies_at, "unknown code cannot declassify");
		diag_hint(m->diags, g, "pin '%s' with image or measurement", r.name);
	}
	return r;
}

static void fill_role(struct model *m, const struct m_role *shape, struct ref name, uint32_t index)
{
	struct m_role *r = &m->roles.v[index];
	struct diag *g;

	*r = *shape;
	r->name = name.name;
	r->at = name.at;
	if (shape->component)
		r->wired = arena_alloc(m->arena, (shape->component->ports.n + 1) * sizeof(*r->wired));
	if (r->image == IMAGE_NONE) {
		g = diag_error(m->diags, "P201", m->src, name.at, "role '%s' has no image", r->name);
		diag_hint(m->diags, g, "image \"FILE\", measurement HASH, or image any");
	}
}

void resolve_realm(struct model *m, const struct item *it)
{
	const struct m_component *c = it->from ? component_of(m, it) : NULL;
	struct m_role shape = { 0 };

	if (!it->from || c)
		shape = shape_of(m, it, c);
	for (uint32_t i = 0; i < it->names.n; i++) {
		struct sym *s = sym_find(m, it->names.v[i].name);

		if (!s || s->kind != SYM_ROLE || s->at.begin != it->names.v[i].at.begin)
			continue;		/* the second of its name */
		if (shape.item)
			fill_role(m, &shape, it->names.v[i], s->index);
		else
			s->kind = SYM_BAD;	/* its component is in error */
	}
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
