/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Component files: read once, checked once, whatever number of roles comes from them. P601, P615, P619, and the rules of
 * realms, sizes and rights as far as a component has them.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "model.h"

#define NOT_REGULAR	(-EINVAL)

/* ---- the file ---- */

static const struct memory_file *in_memory(const struct model *m, const char *path)
{
	for (unsigned int i = 0; i < m->memory->n; i++)
		if (strcmp(m->memory->v[i].path, path) == 0)
			return &m->memory->v[i];
	return NULL;
}

/* Which file it is, by whatever path. -errno: none that can be read. */
static int identify(const struct model *m, const char *path, uint64_t *dev, uint64_t *ino)
{
	struct stat st;

	if (m->memory) {
		const struct memory_file *f = in_memory(m, path);

		*dev = 0;
		*ino = f ? (uint64_t)(f - m->memory->v) : 0;
		return f ? 0 : -ENOENT;
	}
	if (stat(path, &st) != 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? -EISDIR : NOT_REGULAR;	/* a pipe could keep us waiting for ever */
	*dev = st.st_dev;
	*ino = st.st_ino;
	return 0;
}

static int read_text(struct model *m, const char *path, struct source *src)
{
	const struct memory_file *f;

	src->order = m->components.n + 1;
	if (!m->memory)
		return source_read(m->arena, m->diags, path, src);
	f = in_memory(m, path);
	return source_set(m->arena, m->diags, path, f->text, f->size, src);
}

static void cannot_read(struct model *m, const struct item *it, int err)
{
	diag_error(m->diags, "P601", m->src, it->from_at, "cannot read '%s': %s", it->from,
		   err == NOT_REGULAR ? "it is no regular file" : strerror(-err));
}

static struct m_component *open_component(struct model *m, const struct item *it, uint64_t dev, uint64_t ino)
{
	struct m_component *c = arena_alloc(m->arena, sizeof(*c));
	uint32_t before = m->diags->errors;
	int ret = read_text(m, source_beside(m->arena, m->src->path, it->from), &c->src);

	if (ret < 0) {
		cannot_read(m, it, ret);
		return NULL;
	}
	*VEC_ADD(m->arena, &m->components) = c;
	c->dev = dev;
	c->ino = ino;
	if (ret != 0 || !parse(m->arena, m->diags, &c->src, &c->ast))
		return c;
	if (c->ast.component)
		check_component(m, c, before);
	c->sound = c->ast.component && m->diags->errors == before;
	return c;
}

const struct m_component *component_of(struct model *m, const struct item *it)
{
	const char *path = source_beside(m->arena, m->src->path, it->from);
	struct m_component *c = NULL;
	uint64_t dev = 0, ino = 0;
	struct diag *g;
	int err = identify(m, path, &dev, &ino);

	if (err) {
		cannot_read(m, it, err);
		return NULL;
	}
	for (uint32_t i = 0; i < m->components.n && !c; i++)
		if (m->components.v[i]->dev == dev && m->components.v[i]->ino == ino)
			c = m->components.v[i];
	if (!c)
		c = open_component(m, it, dev, ino);
	if (c && c->ast.workflow.name && !c->ast.component) {
		g = diag_error(m->diags, "P601", m->src, it->from_at, "'%s' is not a component file", it->from);
		diag_hint(m->diags, g, "it holds a workflow");
	}
	return c && c->sound ? c : NULL;
}

/* ---- what is in it ---- */

static void component_attr(struct model *own, const struct attr *a, const struct attr **kind)
{
	if (strcmp(a->word, "declassifies") == 0)
		diag_error(own->diags, "P615", own->src, a->at, "only a workflow can trust a role to declassify");
	else if (strcmp(a->word, "peer") != 0)
		set_attr(own, &own->roles.v[0], a, kind);
}

static bool has_attr(const struct item *it, const char *word)
{
	for (uint32_t i = 0; i < it->attrs.n; i++)
		if (strcmp(it->attrs.v[i].word, word) == 0)
			return true;
	return false;
}

static unsigned int port_words(struct model *own, const struct num *n)
{
	struct diag *g;
	uint64_t v;

	if (!num_count(own, n, &v))
		return 0;
	if (v <= MICA_GATE_WORDS)
		return (unsigned int)v;
	g = diag_error(own->diags, "P323", own->src, n->at, "a gate carries at most %d words each way", MICA_GATE_WORDS);
	diag_hint(own->diags, g, "pass a channel offset instead");
	return 0;
}

static void component_port(struct model *own, struct m_component *c, const struct item *it)
{
	enum sym_kind kind = it->kind == ITEM_PORT ? SYM_PORT : it->kind == ITEM_PORT_GATE ? SYM_GATE : SYM_WINDOW;
	struct m_port p = { .name = it->names.v[0].name, .at = it->names.v[0].at };

	p.kind = it->kind == ITEM_PORT ? PORT_CHANNEL : it->kind == ITEM_PORT_GATE ? PORT_GATE : PORT_WINDOW;
	p.in = it->kind == ITEM_PORT_GATE ? !it->calls : (it->dir & DIR_IN) != 0;
	p.out = it->kind == ITEM_PORT_GATE ? it->calls : (it->dir & DIR_OUT) != 0;
	p.ack = has_attr(it, "ack");
	p.signal = has_attr(it, "signal");
	p.keep = has_attr(it, "keep");
	if (it->kind == ITEM_PORT_GATE) {
		p.args = port_words(own, &it->value);
		p.results = port_words(own, &it->value2);
	} else if (it->value.kind != NUM_NONE) {
		(void)wire_size(own, &it->value, &p.size);
	}
	if (sym_add(own, kind, it->names.v[0], c->ports.n))
		*VEC_ADD(own->arena, &c->ports) = p;
}

static void component_peer(struct model *own, struct m_component *c, const struct item *it)
{
	if (sym_add(own, SYM_PEER, it->names.v[0], c->peers.n))
		*VEC_ADD(own->arena, &c->peers) = (struct m_peer){ it->names.v[0].name, it->names.v[0].at,
								   it->peer.hash, it->peer.hash_size };
}

static void component_control(struct model *own, struct m_component *c, const struct item *it)
{
	struct diag *g;

	if (c->control) {
		g = diag_error(own->diags, "P401", own->src, it->word, "'%s' already has a control statement",
			       own->name);
		diag_note(own->diags, g, own->src, c->control->at, "first given here");
		diag_hint(own->diags, g, "rights of a role stand in one place, here");
		return;
	}
	c->control = it;
	for (uint32_t i = 0; i < it->attrs.n; i++)
		if (it->attrs.v[i].ref.name && sym_add(own, SYM_MMIO, it->attrs.v[i].ref, own->mmios.n))
			(void)VEC_ADD(own->arena, &own->mmios);
	check_rights(own, it);
}

static uint32_t count_names(const struct ast *ast)
{
	uint32_t n = ast->bad.n;

	for (uint32_t i = 0; i < ast->items.n; i++)
		n += 1 + ast->items.v[i].attrs.n;
	return n;
}

static void check_names(struct model *own, struct m_component *c)
{
	for (uint32_t i = 0; i < c->ast.items.n; i++) {
		const struct item *it = &c->ast.items.v[i];

		if (it->kind == ITEM_PORT || it->kind == ITEM_PORT_WINDOW || it->kind == ITEM_PORT_GATE)
			component_port(own, c, it);
		else if (it->kind == ITEM_PEER)
			component_peer(own, c, it);
		else if (it->kind == ITEM_CONTROL)
			component_control(own, c, it);
	}
	for (uint32_t i = 0; i < c->ast.bad.n; i++)
		if (!sym_find(own, c->ast.bad.v[i].name))
			(void)sym_add(own, SYM_BAD, c->ast.bad.v[i], 0);
}

void check_component(struct model *m, struct m_component *c, uint32_t errors_before)
{
	struct model *own = arena_alloc(m->arena, sizeof(*own));
	const struct attr *kind = NULL;
	struct m_role *r;
	struct diag *g;

	*own = (struct model){ .arena = m->arena, .diags = m->diags, .src = &c->src, .ast = &c->ast,
			       .name = c->ast.workflow.name };
	c->own = own;
	r = VEC_ADD(own->arena, &own->roles);
	*r = (struct m_role){ .name = own->name, .at = c->ast.workflow.at, .vcpus = 1, .component = c };
	sym_init(own, count_names(&c->ast));
	for (uint32_t i = 0; i < c->ast.items.n; i++)
		if (c->ast.items.v[i].kind == ITEM_ATTR)
			component_attr(own, &c->ast.items.v[i].attrs.v[0], &kind);
	default_memory(r);
	check_names(own, c);
	for (uint32_t i = 0; i < c->ast.items.n; i++)
		if (c->ast.items.v[i].require) {
			check_requirement(own, &c->ast.items.v[i]);
			*VEC_ADD(own->arena, &c->requirements) = &c->ast.items.v[i];
		}
	if (r->image == IMAGE_NONE && own->diags->errors == errors_before) {
		g = diag_error(own->diags, "P201", own->src, r->at, "component '%s' has no image", own->name);
		diag_hint(own->diags, g, "image \"FILE\", measurement HASH, or image any");
	}
	r->component = NULL;
}
