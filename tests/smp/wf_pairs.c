/* SPDX-License-Identifier: Apache-2.0 */
/* Calls that want the same of a workflow at the same time. */
#include <string.h>

#include "../fuzz/wf.h"
#include "smp.h"

static void set_op(struct part *p, uint64_t op, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	memset(p, 0, sizeof(*p));
	p->call = (struct chosen_call){ SMC_RMI_MICA, { 0, op, a, b, c, d } };
}

/* What a step of tests/fuzz would call next. */
static bool set_load(struct part *p, struct m_wf *w, unsigned int role)
{
	memset(p, 0, sizeof(*p));
	capture = &p->call;
	load_step(w, role);
	capture = NULL;
	return p->call.fid != 0;
}

static unsigned int role_in(const struct m_wf *w, unsigned int state)
{
	unsigned int first = draw(w->policy.roles);

	for (unsigned int i = 0; i < w->policy.roles; i++)
		if (m_role_state(w, (first + i) % w->policy.roles) == state)
			return (first + i) % w->policy.roles;
	return first;
}

/* Two Realms for one role, one role loaded by two CPUs, or two roles of one channel. */
static bool two_loads(struct part *p, struct m_wf *w)
{
	unsigned int role = role_in(w, one_in(2) ? MICA_ROLE_EMPTY : MICA_ROLE_LOADING);

	if (!set_load(&p[0], w, role) || !set_load(&p[1], w, one_in(3) ? draw(w->policy.roles) : role))
		return false;
	/* parameters of one are not those of the other */
	return p[0].call.fid != SMC_RMI_MICA || p[0].call.x[3] != p[1].call.x[3];
}

/* A page goes while it is mapped, or both. */
static bool two_for_a_page(struct part *p, struct m_wf *w)
{
	unsigned int c = w->policy.channels != 0 ? draw(w->policy.channels) : 0;

	set_op(&p[0], MICA_CHAN_REMOVE, w->pa, c, 0, 0);
	if (one_in(3)) {
		p[1] = p[0];
		return true;
	}
	for (unsigned int i = 0; i < w->policy.grants; i++) {
		const struct m_grant *g = &w->policy.grant[i];
		int realm = w->role[g->role].realm;

		for (unsigned int k = 0; g->channel == c && realm != M_NONE && m_grant(w, g->role, k) != NULL; k++)
			if (m_grant(w, g->role, k) == g)
				set_op(&p[1], one_in(2) ? MICA_CHAN_MAP : MICA_CHAN_UNMAP, model.realm[realm].rd, k, 0, 3);
	}
	return p[1].call.fid == SMC_RMI_MICA;
}

/* The workflow ends, or starts, meanwhile. */
static bool load_and_end(struct part *p, struct m_wf *w)
{
	static const uint64_t end[] = { MICA_WF_STOP, MICA_WF_ACTIVATE, MICA_WF_DESTROY, MICA_ROLE_RESET };

	set_op(&p[1], end[draw(4)], w->pa, draw(w->policy.roles), 0, 0);
	if (one_in(2))
		return set_load(&p[0], w, role_in(w, MICA_ROLE_LOADING));
	set_op(&p[0], end[draw(4)], w->pa, draw(w->policy.roles), 0, 0);
	return true;
}

bool choose_wf_pair(struct part *p)
{
	struct m_wf *w = pick_wf();

	memset(p, 0, 2 * sizeof(*p));
	if (w == NULL)
		return false;
	switch (draw(3)) {
	case 0:
		return two_loads(p, w);
	case 1:
		return two_for_a_page(p, w);
	default:
		return load_and_end(p, w);
	}
}
