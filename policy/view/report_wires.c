/* SPDX-License-Identifier: Apache-2.0 */
/* Every path that the policy opens, and what no policy can close. */
#include <inttypes.h>
#include <string.h>

#include "report.h"

#define TEXT(g, ...)	((const char *)arena_printf(&(g)->p->arena, __VA_ARGS__))

/* Row ids are named by the lines of the picture: kind of construct and index (report_data.c). */
static void row(FILE *out, const char *id, const char *const cell[4], uint32_t line)
{
	fprintf(out, "<tr id=\"%s\">", id);
	for (int i = 0; i < 4; i++)
		html_element(out, i == 0 ? "th" : "td", NULL, cell[i]);
	fprintf(out, "<td>%" PRIu32 "</td></tr>\n", line);
}

static void channel(FILE *out, const struct graph *g, uint32_t i)
{
	const struct m_channel *c = &g->m->channels.v[i];
	const char *doc = graph_doc(g, c->item), *note = "";
	char size[24];

	if (c->ack)
		note = "readers answer on a page of their own each (ack)";
	if (c->signal)
		note = TEXT(g, "%s%sparticipants may ring (signal)", note, *note ? "; " : "");
	if (c->keep)
		note = TEXT(g, "%s%scontents survive a restart (keep)", note, *note ? "; " : "");
	if (doc)
		note = TEXT(g, "%s%s%s", doc, *note ? " " : "", note);
	row(out, TEXT(g, "wire-c%" PRIu32, i), (const char *const[]){
		TEXT(g, "channel %s", c->name), size_text(size, c->size, " "),
		c->two_way ? TEXT(g, "%s, both ways", words_list(g, &c->writers, "and")) :
		TEXT(g, "%s \u2192 %s", words_list(g, &c->writers, "and"), words_list(g, &c->readers, "and")), note },
	    graph_item_line(c->item));
}

static void window(FILE *out, const struct graph *g, uint32_t i)
{
	const struct m_window *w = &g->m->windows.v[i];
	const char *doc = graph_doc(g, w->item);
	char size[24];

	row(out, TEXT(g, "wire-w%" PRIu32, i), (const char *const[]){
		TEXT(g, "window %s", w->name), size_text(size, w->size, " "),
		TEXT(g, "host %s %s", w->in && w->out ? "\u2194" : w->in ? "\u2192" : "\u2190", graph_name(g, w->role)),
		doc ? doc : "plain to the host" }, graph_item_line(w->item));
}

static void gate(FILE *out, const struct graph *g, uint32_t i)
{
	const struct m_gate *t = &g->m->gates.v[i];
	const char *doc = graph_doc(g, t->item);

	row(out, TEXT(g, "wire-g%" PRIu32, i), (const char *const[]){
		TEXT(g, "gate %s", t->name), TEXT(g, "%u / %u words", t->args, t->results),
		TEXT(g, "%s \u21c4 %s", graph_name(g, t->caller), graph_name(g, t->callee)),
		doc ? doc : "a call and its return, without the host in between" }, graph_item_line(t->item));
}

static void control(FILE *out, const struct graph *g, uint32_t v)
{
	const struct m_role *r = &g->m->roles.v[v];
	const char *means = NULL;

	if (r->control) {
		for (uint32_t i = 0; i < r->control->attrs.n; i++) {
			const char *right = words_right(g, &r->control->attrs.v[i]);

			means = means ? TEXT(g, "%s; %s", means, right) : right;
		}
		row(out, TEXT(g, "wire-r%" PRIu32, v), (const char *const[]){ TEXT(g, "control %s", r->name), "",
			TEXT(g, "host \u2194 %s", r->name), means }, graph_item_line(r->control));
	}
	if (r->image == IMAGE_ANY)
		row(out, TEXT(g, "wire-i%" PRIu32, v), (const char *const[]){ TEXT(g, "image any: %s", r->name), "",
			TEXT(g, "host \u2192 %s", r->name), "who picks unknown code picks its data" }, graph_item_line(r->item));
}

void report_wires(FILE *out, const struct report *r)
{
	const struct model *m = r->g->m;

	fputs("<section id=\"wires\">\n<h2>Every path that is open</h2>\n<p>There are no others: the monitor maps, passes and answers nothing "
	      "that is not in this table.</p>\n<div class=\"scroll\"><table>\n<thead><tr><th>Path</th><th>Size</th><th>Between</th><th>What it is"
	      "</th><th>Line</th></tr></thead>\n<tbody>\n", out);
	for (uint32_t i = 0; i < m->channels.n; i++)
		channel(out, r->g, i);
	for (uint32_t i = 0; i < m->gates.n; i++)
		gate(out, r->g, i);
	for (uint32_t i = 0; i < m->windows.n; i++)
		window(out, r->g, i);
	for (uint32_t i = 0; i < m->roles.n; i++)
		control(out, r->g, i);
	fputs("</tbody></table></div>\n</section>\n", out);
}

/* ---- residual ---- */

static const char *with(const struct graph *g, bool signal)
{
	bool *set = graph_set(g);

	for (uint32_t i = 0; i < g->m->channels.n; i++)
		for (uint32_t k = 0; signal && g->m->channels.v[i].signal && k < g->m->channels.v[i].readers.n; k++)
			set[g->m->channels.v[i].readers.v[k]] = true;
	for (uint32_t i = 0; i < g->m->channels.n; i++)
		for (uint32_t k = 0; signal && g->m->channels.v[i].signal && g->m->channels.v[i].ack &&
		     k < g->m->channels.v[i].writers.n; k++)
			set[g->m->channels.v[i].writers.v[k]] = true;
	for (uint32_t i = 0; !signal && i < g->m->roles.n; i++)
		set[i] = g->m->roles.v[i].restart;
	for (uint32_t i = 0; i < g->m->roles.n; i++)
		if (set[i])
			return words_set(g, set, "and");
	return "no role";
}

void report_residual(FILE *out, const struct report *r)
{
	const char *const rows[][4] = {
		{ "Count and time of exits, run time between them", "role \u2192 host", "every role",
		  "bounded by the host's own clock and by how often it lets the role run" },
		{ "Kind of exit: idle, wake, off", "role \u2192 host", "every role", "a choice of three, at most 1.6 bits an exit" },
		{ "Wake-ups", "role \u2192 host", with(r->g, true), "that a waiting role was rung, along signal channels only" },
		{ "Death", "role \u2192 host", "every role", "once in the life of a role" },
		{ "Scheduling, withheld memory or devices", "host \u2192 role", "every role",
		  "the host chooses when a role runs, and can deny service" },
		{ "Restart", "host \u2192 role", with(r->g, false), "the host chooses when; peers see the epoch go up" },
	};

	fputs("<section id=\"residual\">\n<h2>What no policy can close</h2>\n<p>These edges exist for every workflow, are bounded, and never enter a "
	      "claim. The threat model lists them all.</p>\n<div class=\"scroll\"><table>\n<thead><tr><th>What</th><th>Direction</th><th>Roles</th>"
	      "<th>Bound</th></tr></thead>\n<tbody>\n", out);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fputs("<tr>", out);
		for (int k = 0; k < 4; k++)
			html_element(out, k == 0 ? "th" : "td", NULL, rows[i][k]);
		fputs("</tr>\n", out);
	}
	fputs("</tbody></table></div>\n</section>\n", out);
}
