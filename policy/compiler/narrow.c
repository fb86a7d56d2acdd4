/* SPDX-License-Identifier: Apache-2.0 */
/* A workflow can only narrow what the author of a component allows: P603 to P606, P608 to P614, P616. */
#include <string.h>

#include "model.h"

static const char *text_of(struct model *m, const struct source *src, struct span at)
{
	return arena_strndup(m->arena, src->text + at.begin, at.end - at.begin);
}

/* ---- image and build attributes ---- */

bool narrow_attr(struct model *m, struct m_role *r, const struct attr *a)
{
	const struct m_role *given = &r->component->own->roles.v[0];
	bool image = strcmp(a->word, "image") == 0 || strcmp(a->word, "measurement") == 0;
	struct diag *g;

	if (strcmp(a->word, "restart") == 0 && !given->restart) {
		g = diag_error(m->diags, "P611", m->src, a->at, "the author of '%s' does not allow restart", r->name);
		diag_note(m->diags, g, &r->component->src, given->at, "declared here");
		return true;		/* one error is enough: P306 is none, too */
	}
	if (strcmp(a->word, "restart") == 0 || strcmp(a->word, "declassifies") == 0 || strcmp(a->word, "peer") == 0)
		return true;
	if (image && given->image == IMAGE_ANY && !a->any)
		return true;
	g = diag_error(m->diags, "P612", m->src, a->at, "%s is the author's to say", a->word);
	if (image)
		diag_note(m->diags, g, given->image_src, given->image_at, "said here");
	diag_hint(m->diags, g, image ? "only an open `image any` may be pinned, by image or measurement" : "leave it out");
	return false;
}

/* ---- ports ---- */

bool port_find(const struct m_component *c, const char *name, uint32_t *index)
{
	for (*index = 0; *index < c->ports.n; ++*index)
		if (strcmp(c->ports.v[*index].name, name) == 0)
			return true;
	return false;
}

#define SHOWN_MAX 8

/* "raw, clean": ports of one kind. */
static const char *ports_of(struct model *m, const struct m_component *c, enum port_kind kind)
{
	const char *s = NULL;
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->ports.n && n < SHOWN_MAX; i++)
		if (c->ports.v[i].kind == kind) {
			s = s ? arena_printf(m->arena, "%s, %s", s, c->ports.v[i].name) : c->ports.v[i].name;
			n++;
		}
	return s;
}

void need_port(struct model *m, const struct m_role *r, struct span at)
{
	struct diag *g = diag_error(m->diags, "P606", m->src, at, "'%s' comes from a component: name a port", r->name);

	if (r->component->ports.n)
		diag_hint(m->diags, g, "%s.%s", r->name, r->component->ports.v[0].name);
}

static void no_port(struct model *m, const struct m_role *r, const struct end *e, enum port_kind kind)
{
	static const char *const what[] = { [PORT_CHANNEL] = "port", [PORT_WINDOW] = "window", [PORT_GATE] = "gate" };
	struct diag *g = diag_error(m->diags, "P603", m->src, e->port.at, "component '%s' has no %s '%s'",
				    r->component->own->name, what[kind], e->port.name);
	const char *has = ports_of(m, r->component, kind);

	diag_note(m->diags, g, &r->component->src, r->component->ast.workflow.at, "declared here");
	if (has)
		diag_hint(m->diags, g, "it has: %s", has);
}

static void wrong_way(struct model *m, const struct m_role *r, const struct end *e, const struct m_port *p)
{
	bool gate = p->kind == PORT_GATE;
	struct diag *g = diag_error(m->diags, "P604", m->src, e->port.at, "%s '%s' only %s",
				    gate ? "gate" : p->kind == PORT_WINDOW ? "window" : "port", p->name,
				    gate ? (p->out ? "calls" : "serves") : p->out ? "writes" : "reads");

	diag_note(m->diags, g, &r->component->src, p->at, "declared here");
	if (gate)
		diag_hint(m->diags, g, "the author would have to declare one that %s", p->out ? "serves" : "calls");
	else
		diag_hint(m->diags, g, "the author would have to declare it inout");
}

static const char *wire_name(const struct item *it)
{
	return it->names.v[0].name;
}

bool narrow_port(struct model *m, uint32_t role, const struct end *e, enum port_kind kind, enum port_dir need,
		 const struct item *it, uint32_t index)
{
	struct m_role *r = &m->roles.v[role];
	const struct m_port *p;
	struct m_wired *w;
	struct diag *g;
	uint32_t i;

	if (!port_find(r->component, e->port.name, &i) || r->component->ports.v[i].kind != kind) {
		no_port(m, r, e, kind);
		return false;
	}
	p = &r->component->ports.v[i];
	w = &r->wired[i];
	if (w->item && w->item != it) {
		g = diag_error(m->diags, "P605", m->src, e->port.at, "port '%s' is already wired to '%s'", p->name,
			       wire_name(w->item));
		diag_note(m->diags, g, m->src, w->at, "wired here");
		diag_hint(m->diags, g, "give several readers to one channel");
		return false;
	}
	*w = (struct m_wired){ it, index, end_span(e) };
	if (((need & DIR_IN) && !p->in) || ((need & DIR_OUT) && !p->out)) {
		wrong_way(m, r, e, p);
		return false;
	}
	return true;
}

/* ---- channels, windows, gates ---- */

static const struct m_port *port_of(const struct m_role *r, const char *port)
{
	uint32_t i;

	return port_find(r->component, port, &i) ? &r->component->ports.v[i] : NULL;
}

static bool narrow_flag(struct model *m, const struct m_role *r, const struct m_port *p, const struct attr *a)
{
	bool asked = strcmp(a->word, "ack") == 0 ? p->ack : strcmp(a->word, "signal") == 0 ? p->signal : p->keep;
	struct diag *g;

	if (asked)
		return true;
	g = diag_error(m->diags, "P608", m->src, a->at, "the author of '%s' does not ask for %s on '%s'", r->name,
		       a->word, p->name);
	diag_note(m->diags, g, &r->component->src, p->at, "declared here");
	diag_hint(m->diags, g, "leave it out: a workflow can only narrow");
	return false;
}

bool narrow_size(struct model *m, const struct m_role *r, const char *port, const struct item *it)
{
	const struct m_port *p = port_of(r, port);
	uint64_t size;
	char text[24];
	struct diag *g;
	bool ok = true;

	for (uint32_t i = 0; it->kind == ITEM_CHANNEL && i < it->attrs.n; i++)
		ok = narrow_flag(m, r, p, &it->attrs.v[i]) && ok;
	if (!num_size(m, &it->value, &size) || size >= p->size)
		return ok;
	g = diag_error(m->diags, "P609", m->src, it->value.at, "%s '%s' needs at least %s",
		       p->kind == PORT_WINDOW ? "window" : "port", p->name, size_text(text, p->size, ""));
	diag_note(m->diags, g, &r->component->src, p->at, "declared here");
	return false;
}

static bool narrow_count(struct model *m, const struct m_role *r, const struct m_port *p, const struct num *n,
			 unsigned int words, unsigned int most, const char *what)
{
	struct diag *g;

	if (words <= most)
		return true;
	g = diag_error(m->diags, "P616", m->src, n->at, "the author allows %u %s%s", most, what, most == 1 ? "" : "s");
	diag_note(m->diags, g, &r->component->src, p->at, "declared here");
	return false;
}

bool narrow_words(struct model *m, const struct m_role *r, const char *port, const struct m_gate *gate)
{
	const struct m_port *p = port_of(r, port);
	bool ok = narrow_count(m, r, p, &gate->item->value, gate->args, p->args, "arg");

	return narrow_count(m, r, p, &gate->item->value2, gate->results, p->results, "result") && ok;
}

/* ---- control rights ---- */

static const struct attr *same_right(const struct item *control, const struct attr *a)
{
	for (uint32_t i = 0; control && i < control->attrs.n; i++) {
		const struct attr *b = &control->attrs.v[i];

		if (strcmp(a->word, b->word) == 0 && (!a->ref.name || strcmp(a->ref.name, b->ref.name) == 0))
			return b;
	}
	return NULL;
}

/* "hostcall, mmio uart": what the author asks for. */
static const char *rights_of(struct model *m, const struct item *control)
{
	const char *s = NULL;

	for (uint32_t i = 0; control && i < control->attrs.n && i < SHOWN_MAX; i++) {
		const struct attr *a = &control->attrs.v[i];
		const char *one = a->ref.name ? arena_printf(m->arena, "mmio %s", a->ref.name) : a->word;

		s = s ? arena_printf(m->arena, "%s, %s", s, one) : one;
	}
	return s ? s : "no right";
}

static void not_asked(struct model *m, const struct m_role *r, struct span at, const char *what)
{
	struct diag *g = diag_error(m->diags, "P610", m->src, at, "the author of '%s' does not ask for %s", r->name, what);

	diag_hint(m->diags, g, "it asks for: %s", rights_of(m, r->component->control));
}

static void narrow_mmio(struct model *m, const struct m_role *r, const struct attr *a, const struct attr *given)
{
	uint64_t size, most;
	struct diag *g = NULL;
	char text[24];

	if (num_size(m, &a->num, &size) && num_size(r->component->own, &given->num, &most) && size > most)
		g = diag_error(m->diags, "P610", m->src, a->num.at, "the author of '%s' asks for at most %s of mmio '%s'",
			       r->name, size_text(text, most, ""), a->ref.name);
	else if (given->place.kind != NUM_NONE && (a->place.kind == NUM_NONE || a->place.value != given->place.value))
		g = diag_error(m->diags, "P610", m->src, a->place.kind == NUM_NONE ? a->at : a->place.at,
			       "the author of '%s' asks for mmio '%s' at %s", r->name, a->ref.name,
			       text_of(m, &r->component->src, given->place.at));
	if (g)
		diag_note(m->diags, g, &r->component->src, given->at, "declared here");
}

static void narrow_interrupts(struct model *m, const struct m_role *r, const struct attr *a, const struct attr *given)
{
	bool allowed[1024] = { false };

	for (uint32_t i = 0; i < given->nums.n; i++)
		allowed[given->nums.v[i].value % 1024] = true;
	for (uint32_t i = 0; i < a->nums.n; i++)
		if (a->nums.v[i].value < 1024 && !allowed[a->nums.v[i].value])
			not_asked(m, r, a->nums.v[i].at, arena_printf(m->arena, "interrupt %u",
								     (unsigned int)a->nums.v[i].value));
}

void narrow_rights(struct model *m, const struct m_role *r, const struct item *it)
{
	for (uint32_t i = 0; i < it->attrs.n; i++) {
		const struct attr *a = &it->attrs.v[i], *given = same_right(r->component->control, a);

		if (!given)
			not_asked(m, r, a->at, a->ref.name ? arena_printf(m->arena, "mmio '%s'", a->ref.name) : a->word);
		else if (a->ref.name)
			narrow_mmio(m, r, a, given);
		else if (a->nums.n)
			narrow_interrupts(m, r, a, given);
	}
}

/* ---- peers ---- */

static const char *hash_text(struct model *m, const uint8_t *b, unsigned int n)
{
	char *s = arena_alloc(m->arena, 2 * n + 8);
	int at = sprintf(s, "sha%u:", n * 8);

	for (unsigned int i = 0; i < n; i++)
		at += sprintf(s + at, "%02x", b[i]);
	return s;
}

static bool peer_index(const struct m_component *c, const char *name, uint32_t *i)
{
	for (*i = 0; *i < c->peers.n; ++*i)
		if (strcmp(c->peers.v[*i].name, name) == 0)
			return true;
	return false;
}

/* An image in a file is measured by `build`, which comes back to this. */
static void measured(struct model *m, const struct m_component *c, const struct m_peer *p, const struct attr *a,
		     uint32_t role)
{
	const struct m_role *r = &m->roles.v[role];
	struct diag *g;

	if (!p->rim || r->image == IMAGE_FILE || r->image == IMAGE_NONE ||
	    (r->image == IMAGE_HASH && r->hash_size == p->hash_size && memcmp(r->rim, p->rim, p->hash_size) == 0))
		return;
	g = diag_error(m->diags, "P613", m->src, a->ref2.at, "peer '%s' must measure %s", p->name,
		       hash_text(m, p->rim, p->hash_size));
	diag_note(m->diags, g, &c->src, p->at, "declared here");
	diag_note(m->diags, g, r->image_src, r->image_at, "what it measures is said here");
}

static void bind(struct model *m, struct m_role *r, const struct attr *a)
{
	const struct m_component *c = r->component;
	struct end e = { .role = a->ref2 };
	struct indices roles = { 0 };
	struct diag *g;
	uint32_t i;

	if (!peer_index(c, a->ref.name, &i)) {
		g = diag_error(m->diags, "P614", m->src, a->ref.at, "component '%s' has no peer '%s'", c->own->name, a->ref.name);
		diag_note(m->diags, g, &c->src, c->ast.workflow.at, "declared here");
		return;
	}
	if (r->peers[i]) {
		g = diag_error(m->diags, "P027", m->src, a->ref.at, "peer '%s' given twice", a->ref.name);
		diag_note(m->diags, g, m->src, r->peers[i]->ref.at, "first given here");
		return;
	}
	r->peers[i] = a;
	if (!end_roles(m, &e, &roles))
		return;
	if (roles.n != 1 || strcmp(m->roles.v[roles.v[0]].name, a->ref2.name) != 0) {
		diag_error(m->diags, "P103", m->src, a->ref2.at, "'%s' is a set, a role is needed here", a->ref2.name);
		return;
	}
	r->peer_roles[i] = roles.v[0];
	measured(m, c, &c->peers.v[i], a, roles.v[0]);
}

static void bind_role(struct model *m, struct m_role *r)
{
	const struct m_component *c = r->component;
	struct diag *g;

	r->peers = arena_alloc(m->arena, (c->peers.n + 1) * sizeof(*r->peers));
	r->peer_roles = arena_alloc(m->arena, (c->peers.n + 1) * sizeof(*r->peer_roles));
	for (uint32_t i = 0; i < c->peers.n; i++)
		r->peer_roles[i] = NO_ROLE;
	for (uint32_t i = 0; i < r->item->attrs.n; i++)
		if (strcmp(r->item->attrs.v[i].word, "peer") == 0)
			bind(m, r, &r->item->attrs.v[i]);
	for (uint32_t i = 0; i < c->peers.n; i++) {
		if (r->peers[i])
			continue;
		g = diag_error(m->diags, "P614", m->src, r->at, "peer '%s' of '%s' is not bound", c->peers.v[i].name, r->name);
		diag_note(m->diags, g, &c->src, c->peers.v[i].at, "declared here");
		diag_hint(m->diags, g, "peer %s = ROLE", c->peers.v[i].name);
	}
}

void bind_peers(struct model *m)
{
	const struct m_role *last = NULL;

	for (uint32_t i = 0; i < m->roles.n; i++) {
		struct m_role *r = &m->roles.v[i];

		if (!r->component)
			continue;
		if (last && last->item == r->item) {	/* one statement, one binding */
			r->peers = last->peers;
			r->peer_roles = last->peer_roles;
		} else {
			bind_role(m, r);
		}
		last = r;
	}
}
