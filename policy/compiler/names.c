/* SPDX-License-Identifier: Apache-2.0 */
/* The namespace of a workflow (P101, P102), and its numbers (P104). */
#include <string.h>

#include "model.h"

#define GUESSES_MAX 32			/* each looks at every name there is */

static uint32_t hash_name(const char *s)
{
	uint32_t h = 2166136261u;

	while (*s)
		h = (h ^ (unsigned char)*s++) * 16777619u;
	return h;
}

void sym_init(struct model *m, uint32_t expected)
{
	m->table_size = 64;
	while (m->table_size < 2 * expected)
		m->table_size *= 2;
	m->table = arena_alloc(m->arena, m->table_size * sizeof(*m->table));
}

struct sym *sym_find(const struct model *m, const char *name)
{
	struct sym *s = m->table[hash_name(name) & (m->table_size - 1)];

	while (s && strcmp(s->name, name) != 0)
		s = s->next;
	return s;
}

const char *sym_kind_text(enum sym_kind kind)
{
	static const char *const text[] = {
		[SYM_ROLE] = "a role", [SYM_CHANNEL] = "a channel", [SYM_WINDOW] = "a window",
		[SYM_GATE] = "a gate", [SYM_MMIO] = "an mmio range", [SYM_SET] = "a set",
		[SYM_CONST] = "a constant", [SYM_BAD] = "an item in error", [SYM_PORT] = "a port", [SYM_PEER] = "a peer",
	};

	return text[kind];
}

struct sym *sym_add(struct model *m, enum sym_kind kind, struct ref name, uint32_t index)
{
	struct sym *old = sym_find(m, name.name), **slot;
	struct diag *g;

	if (old && old->kind == SYM_BAD)
		return NULL;
	if (old) {
		g = diag_error(m->diags, "P101", m->src, name.at, "'%s' is already declared, as %s",
			       name.name, sym_kind_text(old->kind));
		diag_note(m->diags, g, m->src, old->at, "first declared here");
		return NULL;
	}
	slot = &m->table[hash_name(name.name) & (m->table_size - 1)];
	old = arena_alloc(m->arena, sizeof(*old));
	*old = (struct sym){ name.name, kind, index, name.at, *slot, false, 0 };
	*slot = old;
	return old;
}

void sym_unknown(struct model *m, struct ref name)
{
	struct diag *g = diag_error(m->diags, "P102", m->src, name.at, "nothing is called '%s'", name.name);
	unsigned int best = 3, length = (unsigned int)strlen(name.name);
	const char *near = NULL;

	if (m->guesses++ >= GUESSES_MAX)
		return;
	for (uint32_t i = 0; i < m->table_size; i++)
		for (const struct sym *s = m->table[i]; s; s = s->next) {
			unsigned int d = edit_distance(name.name, s->name, 2);

			if (d >= length || d >= strlen(s->name))
				continue;	/* nothing in common */
			if (d < best || (d == best && near && strcmp(s->name, near) < 0)) {
				best = d;
				near = s->name;
			}
		}
	if (near && best <= 2)
		diag_hint(m->diags, g, "did you mean %s?", near);
}

/* ---- lists ---- */

void new_list(struct model *m)
{
	if (!m->marks)
		m->marks = arena_alloc(m->arena, (m->roles.n + 1) * sizeof(*m->marks));
	m->list++;
}

bool in_list(const struct model *m, uint32_t role)
{
	return m->marks[role] == m->list;
}

bool list_add(struct model *m, uint32_t role)
{
	bool is_new = !in_list(m, role);

	m->marks[role] = m->list;
	return is_new;
}

bool list_add_sym(struct model *m, struct sym *s)
{
	bool is_new = s->mark != m->list;

	s->mark = m->list;
	return is_new;
}

#define SPELLED_MAX ((uint32_t)8 << 20)

bool spell_out(struct model *m, const struct source *src, struct span at, uint32_t n)
{
	bool before = m->spelled <= SPELLED_MAX;
	struct diag *g;

	if (before)
		m->spelled += n;
	if (m->spelled <= SPELLED_MAX)
		return true;
	if (before) {
		g = diag_error(m->diags, "P028", src, at, "sets and `any` spell out to more than %u roles", SPELLED_MAX);
		diag_hint(m->diags, g, "use fewer of them, or smaller sets");
	}
	return false;
}

/* ---- numbers ---- */

static bool num_of(struct model *m, const struct num *n, enum num_kind want, uint64_t *out)
{
	const char *shown = n->kind == NUM_CONST ? n->name : NULL;
	const struct num *v = n;
	struct diag *g;
	struct sym *s;

	if (n->kind == NUM_CONST) {
		s = sym_find(m, n->name);
		if (!s) {
			sym_unknown(m, (struct ref){ n->name, n->at });
			return false;
		}
		s->used = true;
		if (s->kind == SYM_BAD)
			return false;
		v = &m->consts.v[s->index];
	}
	if (v->kind != want) {
		g = diag_error(m->diags, "P104", m->src, n->at, "%s is a %s, a %s is needed here",
			   shown ? shown : arena_strndup(m->arena, m->src->text + n->at.begin,
							 n->at.end - n->at.begin),
			   v->kind == NUM_SIZE ? "size" : "count", want == NUM_SIZE ? "size" : "count");
		diag_hint(m->diags, g, want == NUM_SIZE ? "a size has a unit: KiB, MiB or GiB" : "a count has no unit");
		return false;
	}
	*out = v->value;
	return true;
}

bool num_size(struct model *m, const struct num *n, uint64_t *out)
{
	return num_of(m, n, NUM_SIZE, out);
}

bool num_count(struct model *m, const struct num *n, uint64_t *out)
{
	return num_of(m, n, NUM_INT, out);
}

bool is_page_multiple(uint64_t size)
{
	return size != 0 && size % 4096 == 0;
}

void page_multiple_hint(struct model *m, struct diag *g, uint64_t size)
{
	uint64_t down = size / 4096 * 4096, up = down + 4096;
	char a[24], b[24];

	if (up < size)			/* beyond 64 bits */
		return;
	if (down == 0)
		diag_hint(m->diags, g, "%s", size_text(a, up, ""));
	else
		diag_hint(m->diags, g, "%s or %s", size_text(a, down, ""), size_text(b, up, ""));
}
