/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blobs that break one rule of docs/spec/extension.md section 11. What each change does is argued from the rules' text
 * alone: a rule that comes earlier must still hold. tests/unit/blob.c has more, one by one.
 */
#include <string.h>

#include "wf.h"

static struct mica_blob_role *some_role(struct records *r)
{
	return &r->role[draw(r->header.roles)];
}

static bool header(struct records *r)
{
	switch (draw(4)) {
	case 0:
		r->header.magic[draw(8)] ^= 1;
		break;
	case 1:
		r->header.version++;
		break;
	case 2:
		some_role(r)->flags |= 1U << (5 + draw(27));
		break;
	default:
		some_role(r)->z1[draw(96)] = 1;
		break;
	}
	return true;
}

static bool names(struct records *r)
{
	static const char bad[][4] = { "", "A", "1a", "a.b", "-" };
	const char *name = bad[draw(5)];

	memset(some_role(r)->name, 0, MICA_NAME_SIZE);
	strcpy(some_role(r)->name, name);
	return true;
}

static bool order(struct records *r)
{
	if (r->header.roles < 2)
		return false;
	r->role[0].name[0] = one_in(2) ? 'b' : 'z';
	return true;
}

static bool roles(struct records *r)
{
	struct mica_blob_role *x = some_role(r);

	switch (draw(5)) {
	case 0:
		x->vcpus = one_in(2) ? 0 : 9;
		break;
	case 1:
		x->s2sz = one_in(2) ? 31 : 49;
		break;
	case 2:
		x->hash = 2;
		break;
	case 3:
		x->grant_count++;
		break;
	default:
		x->num_wps = 0;
		break;
	}
	return true;
}

static bool rights(struct records *r)
{
	struct mica_blob_role *x = some_role(r);

	x->rights ^= one_in(2) ? MICA_RIGHT_MMIO : MICA_RIGHT_IRQ;	/* without its regions, or the other way */
	return true;
}

/* Its end must not wrap either. */
static bool layout(struct records *r)
{
	struct mica_blob_role *x = some_role(r);

	if (x->grant_count != 0 && one_in(2))
		r->grant[x->grant_first].ipa = x->ram_base;
	else if (one_in(2))
		x->ram_size = 0;
	else
		x->ram_base++;
	return true;
}

static bool grants(struct records *r)
{
	struct mica_blob_grant *g = &r->grant[draw(M_GRANTS) % (r->header.grants + !r->header.grants)];

	if (r->header.grants == 0)
		return false;
	switch (draw(3)) {
	case 0:
		g->channel = r->header.channels;
		break;
	case 1:
		g->rights = one_in(2) ? 0 : 2;
		break;
	default:
		g->signal = g->signal == MICA_NO_SIGNAL ? 0 : MICA_NO_SIGNAL;
		break;
	}
	return true;
}

static bool channels(struct records *r)
{
	if (r->header.channels == 0)
		return false;
	r->channel[draw(r->header.channels)].grants++;
	return true;
}

static bool regions(struct records *r)
{
	struct mica_blob_region *x = &r->region[draw(M_REGIONS) % (r->header.regions + !r->header.regions)];

	if (r->header.regions == 0)
		return false;
	if (one_in(2))
		x->pages = 0;
	else
		x->rights = x->kind == MICA_REGION_INTIDS ? 1 : 0;
	return true;
}

static bool gates(struct records *r)
{
	struct mica_blob_gate *g = &r->gate[draw(M_GATES) % (r->header.gates + !r->header.gates)];

	if (r->header.gates == 0)
		return false;
	if (one_in(2))
		g->args = 9;
	else
		g->results = 9;
	return true;
}

unsigned int corrupt(struct records *r)
{
	static bool (*const change[])(struct records *) = {
		[MICA_BLOB_RULE_HEADER] = header, [MICA_BLOB_RULE_NAMES] = names, [MICA_BLOB_RULE_ORDER] = order,
		[MICA_BLOB_RULE_ROLE] = roles, [MICA_BLOB_RULE_RIGHTS] = rights, [MICA_BLOB_RULE_LAYOUT] = layout,
		[MICA_BLOB_RULE_GRANT] = grants, [MICA_BLOB_RULE_CHANNEL] = channels, [MICA_BLOB_RULE_REGION] = regions,
		[MICA_BLOB_RULE_GATE] = gates,
	};
	unsigned int rule = 1 + draw(MICA_BLOB_RULE_GATE);

	return change[rule](r) ? rule : MICA_BLOB_OK;
}
