/* SPDX-License-Identifier: Apache-2.0 */
/* CHAN_MAP and CHAN_UNMAP: a page or a block of a grant, into a Realm that is loaded and out of one that ends. */
#include "model.h"

/* The part of the channel at @off that a leaf at @level holds: inside, and aligned in the Realm and in the channel. */
static bool part_ok(const struct m_wf *w, const struct m_grant *g, uint64_t off, uint64_t level)
{
	uint64_t bytes = w->policy.channel[g->channel].pages * M_PAGE, size;

	if (level != 2 && level != 3)
		return false;
	size = m_size((int)level);
	return off < bytes && size <= bytes - off && off % size == 0 && (g->ipa + off) % size == 0;
}

void m_chan_map(struct model *m, const uint64_t x[6], struct m_result *res)
{
	struct m_realm *r = m_realm_at(m, x[2]);
	struct m_wf *w = r != NULL ? m_wf_of(m, r) : NULL;
	const struct m_grant *g;
	struct m_walk walk;

	res->x[0] = RMI_ERROR_INPUT;
	if (w == NULL)
		return;
	res->x[0] = MICA_POLICY(MICA_RULE_WF_STATE);
	if (w->state == MICA_WF_STOPPED)
		return;
	res->x[0] = MICA_POLICY(MICA_RULE_ROLE_STATE);
	if (m_role_state(w, r->role) != MICA_ROLE_LOADING)
		return;
	res->x[0] = MICA_POLICY(MICA_RULE_NO_RIGHT);
	g = m_grant(w, r->role, x[3]);
	if (g == NULL)
		return;
	res->x[0] = RMI_ERROR_INPUT;
	if (!part_ok(w, g, x[4], x[5]))
		return;
	res->x[0] = MICA_POLICY(MICA_RULE_INCOMPLETE);
	if (w->channel[g->channel].added != w->policy.channel[g->channel].pages)
		return;
	walk = model_walk(m, r, g->ipa + x[4], (int)x[5]);
	res->x[0] = RMI_RET(RMI_ERROR_RTT, walk.level);
	if (walk.level < (int)x[5] || m_at(&walk)->kind != RMI_UNASSIGNED)
		return;
	*m_at(&walk) = (struct m_entry){ .kind = M_CHAN_LEAF, .out = w->channel[g->channel].base + x[4] };
	res->x[0] = RMI_SUCCESS;
}

/* What a role that ends has written does not outlive it, unless the policy keeps it. */
static void wipe(struct model *m, const struct m_wf *w, const struct m_realm *r, const struct m_grant *g, uint64_t pa,
		 uint64_t size)
{
	if (m_role_state(w, r->role) != MICA_ROLE_DRAINING || !g->writes || w->policy.channel[g->channel].keep)
		return;
	for (uint64_t at = pa; at < pa + size; at += M_PAGE)
		m->word[(at - m->bank) / M_PAGE] = 0;
}

void m_chan_unmap(struct model *m, const uint64_t x[6], struct m_result *res)
{
	struct m_realm *r = m_realm_at(m, x[2]);
	struct m_wf *w = r != NULL ? m_wf_of(m, r) : NULL;
	const struct m_grant *g;
	struct m_walk walk;

	res->x[0] = RMI_ERROR_INPUT;
	if (w == NULL)
		return;
	res->x[0] = MICA_POLICY(MICA_RULE_ROLE_STATE);
	if (m_role_state(w, r->role) != MICA_ROLE_LOADING && m_role_state(w, r->role) != MICA_ROLE_DRAINING)
		return;
	res->x[0] = MICA_POLICY(MICA_RULE_NO_RIGHT);
	g = m_grant(w, r->role, x[3]);
	if (g == NULL)
		return;
	res->x[0] = RMI_ERROR_INPUT;
	if (!part_ok(w, g, x[4], x[5]))
		return;
	walk = model_walk(m, r, g->ipa + x[4], (int)x[5]);
	res->x[0] = RMI_RET(RMI_ERROR_RTT, walk.level);
	if (walk.level < (int)x[5] || m_at(&walk)->kind != M_CHAN_LEAF)
		return;
	wipe(m, w, r, g, m_at(&walk)->out, m_size((int)x[5]));
	*m_at(&walk) = (struct m_entry){ .kind = RMI_UNASSIGNED, .ripas = RMI_EMPTY };
	res->x[0] = RMI_SUCCESS;
}

/* Pages of a channel that are mapped, each as often as it is. */
unsigned int m_chan_mapped(struct model *m, const struct m_wf *w, unsigned int channel)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < w->policy.grants; i++) {
		const struct m_grant *g = &w->policy.grant[i];

		if (g->channel != channel || w->role[g->role].realm == M_NONE)
			continue;
		for (unsigned int k = 0; k < w->policy.channel[channel].pages; k++) {
			struct m_walk walk = model_walk(m, &m->realm[w->role[g->role].realm], g->ipa + k * M_PAGE, 3);

			n += m_at(&walk)->kind == M_CHAN_LEAF;
		}
	}
	return n;
}
