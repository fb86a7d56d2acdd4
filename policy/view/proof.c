/* SPDX-License-Identifier: Apache-2.0 */
/* Why a never claim holds, in a form that a reader can check by looking at a few edges. */
#include "words.h"

void words_proof(const struct graph *g, const struct m_claim *c, struct claim_proof *out)
{
	bool *cut = graph_set(g);

	*out = (struct claim_proof){ .inside = graph_set(g) };
	for (uint32_t i = 0; i < c->via.n; i++)
		cut[c->via.v[i]] = true;
	graph_starts(g, &c->a, cut, out->inside);
	graph_spread(g, out->inside, cut, false);
	for (uint32_t i = 0; i < g->edges.n; i++) {
		const struct flow_edge *e = &g->edges.v[i];
		bool from_channel = e->kind == HOP_CHANNEL && has_index(&c->a.channels, e->index);

		if (cut[e->to] && (out->inside[e->from] || from_channel))
			*VEC_ADD(&g->p->arena, &out->exits) = i;
	}
}
