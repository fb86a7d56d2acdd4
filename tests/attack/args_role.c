/* SPDX-License-Identifier: Apache-2.0 */
/* Hostile arguments of the operations on a role and on its channels. */
#include "hostile.h"

/* ---- REALM_CREATE ---- */

static void good_create(uint64_t x[ARGS])
{
	role(0);
	role(0);
	build(ST_WF);
	x[1] = MICA_REALM_CREATE;
	x[3] = realm_params(0);
	x[2] = delegated();
	x[4] = W->wf;
	x[5] = 0;
}
static void did_create(const uint64_t x[ARGS]) { W->m[x[5]].rd = x[2]; }
static const struct hostile create = { good_create, did_create, false };
static const struct hostile create_once = { good_create, did_create, true };

static struct rmi_realm_params *params(uint64_t x[ARGS])
{
	struct rmi_realm_params *p = page_ptr(host_page());

	memcpy(p, page_ptr(x[3]), sizeof(*p));
	x[3] = (uint64_t)p;
	return p;
}

#define CREATE(name, keys, what, want, code)	HOSTILE(REALM_CREATE, name, create, keys, what, want, code)
NOT_A_GRANULE(REALM_CREATE, 2, create, rd)
CREATE(rd_in_tables, "", "rd is one of its own tables", RMI_ERROR_INPUT, x[2] = W->m[0].rtt0)
CREATE(rd_wf, "I4 I9", "rd is the workflow", RMI_ERROR_INPUT, x[2] = W->wf)
CREATE(rd_aux, "I9", "rd is a table of the workflow", RMI_ERROR_INPUT, x[2] = W->aux[1])
CREATE(params_unaligned, "", "params are unaligned", RMI_ERROR_INPUT, x[3] += 8)
CREATE(params_delegated, "", "params are in Realm memory", RMI_ERROR_INPUT, x[3] = delegated())
CREATE(params_wf, "I9", "params are the workflow", RMI_ERROR_INPUT, x[3] = W->wf)
CREATE(tables_aux, "I9", "a table of the Realm is a table of the workflow", RMI_ERROR_INPUT,
	params(x)->rtt_base = W->aux[0] & ~(2 * PAGE - 1))
CREATE(tables_ns, "exhaust/granules", "the tables are not delegated", RMI_ERROR_INPUT,
	params(x)->rtt_base = page_alloc(2, 2 * PAGE))
CREATE(wf_unaligned, "I4", "wf is unaligned", RMI_ERROR_INPUT, x[4] += 8)
CREATE(wf_ns, "I4", "wf is memory of the host: a policy of its own", RMI_ERROR_INPUT, x[4] = host_page())
CREATE(wf_delegated, "I4", "wf is only delegated", RMI_ERROR_INPUT, x[4] = delegated())
CREATE(wf_aux, "I4 I9", "wf is a table of the workflow", RMI_ERROR_INPUT, x[4] = W->aux[1])
CREATE(wf_is_rd, "I4", "wf is the rd itself", RMI_ERROR_INPUT, x[4] = x[2])
CREATE(wf_0, "I4", "no workflow", RMI_ERROR_INPUT, x[4] = 0)
CREATE(role_beyond, "", "a role past the end", RMI_ERROR_INPUT, x[5] = 2)
CREATE(role_wraps, "", "a role that wraps in 32 bits", RMI_ERROR_INPUT, x[5] = 1UL << 32)
CREATE(role_wraps_16, "", "a role that wraps in 16 bits", RMI_ERROR_INPUT, x[5] = 1UL << 16)
HOSTILE(REALM_CREATE, role_taken, create_once, "rule/11 I4", "a second Realm in one role", POLICY(ROLE_STATE),
	load_role(0, ST_CREATED);
	x[3] = (uint64_t)params(x); params(x)->vmid = next_vmid(); params(x)->rtt_base = granule_alloc(2, 2 * PAGE))
HOSTILE(REALM_CREATE, stopped, create_once, "rule/10", "a stopped workflow", POLICY(WF_STATE),
	stop())

/* ---- ROLE_RESET ---- */

static void good_reset(uint64_t x[ARGS])
{
	role(0);
	role(0);
	W->p.role[0].flags = MICA_ROLE_RESTART;
	start();
	x[1] = MICA_ROLE_RESET;
	x[2] = W->wf;
}
static const struct hostile reset = { good_reset, NULL, false };
static const struct hostile reset_once = { good_reset, NULL, true };
NOT_A_WF(ROLE_RESET, reset)
HOSTILE(ROLE_RESET, role_beyond, reset, "", "a role past the end", RMI_ERROR_INPUT, x[3] = 2)
HOSTILE(ROLE_RESET, role_wraps, reset, "", "a role that wraps", RMI_ERROR_INPUT, x[3] = 1UL << 32)
HOSTILE(ROLE_RESET, no_restart, reset, "rule/11 row/exit-count", "a role that the policy does not let restart",
	POLICY(ROLE_STATE), x[3] = 1)
HOSTILE(ROLE_RESET, twice, reset_once, "rule/11", "a role that drains already", POLICY(ROLE_STATE),
	must(MICA0(ROLE_RESET, W->wf, 0)))
HOSTILE(ROLE_RESET, stopped, reset_once, "rule/10", "a stopped workflow", POLICY(WF_STATE), stop())

ATTEMPT(ROLE_RESET, before_active, "op/ROLE_RESET rule/10",
	"the host resets a role before the workflow is active: epochs would differ", "after WF_ACTIVATE")
{
	uint64_t status;

	role(0);
	W->p.role[0].flags = MICA_ROLE_RESTART;
	build(open ? ST_ACTIVE : ST_SEALED);
	status = MICA0(ROLE_RESET, W->wf, 0);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(WF_STATE));
	return status == RMI_SUCCESS;
}

/* ---- CHAN_ADD, CHAN_REMOVE ---- */

static void two_with_channel(unsigned int pages)
{
	unsigned int a = role(0), b = role(0), c = channel(pages, 0);

	grant(c, a, RW);
	grant(c, b, R);
}

static void good_add(uint64_t x[ARGS])
{
	two_with_channel(2);
	build(ST_WF);
	W->chan_base[0] = granule_alloc(2, PAGE);
	must(MICA0(CHAN_ADD, W->wf, 0, W->chan_base[0]));
	W->chan_added[0] = 1;
	x[1] = MICA_CHAN_ADD;
	x[2] = W->wf;
	x[4] = W->chan_base[0] + PAGE;
}
static void did_add(const uint64_t x[ARGS])
{
	(void)x;
	W->chan_added[0]++;
}
static const struct hostile add = { good_add, did_add, false };
static const struct hostile add_once = { good_add, did_add, true };
NOT_A_WF(CHAN_ADD, add)
NOT_A_GRANULE(CHAN_ADD, 4, add, page)
HOSTILE(CHAN_ADD, chan_beyond, add, "", "a channel past the end", RMI_ERROR_INPUT, x[3] = 1)
HOSTILE(CHAN_ADD, chan_wraps, add, "", "a channel that wraps", RMI_ERROR_INPUT, x[3] = 1UL << 32)
HOSTILE(CHAN_ADD, page_again, add, "I3", "a page that is in the channel", RMI_ERROR_INPUT, x[4] -= PAGE)
HOSTILE(CHAN_ADD, page_elsewhere, add, "I3", "a page that does not follow: contents would not be one piece",
	RMI_ERROR_INPUT, x[4] = delegated())
HOSTILE(CHAN_ADD, page_wf, add, "I9", "the page is the workflow", RMI_ERROR_INPUT, x[4] = x[2])
HOSTILE(CHAN_ADD, page_aux, add, "I9", "the page is a table of the workflow", RMI_ERROR_INPUT, x[4] = W->aux[1])
HOSTILE(CHAN_ADD, page_rd, add, "I3", "the page is an RD", RMI_ERROR_INPUT, x[4] = stranger())
HOSTILE(CHAN_ADD, stopped, add_once, "rule/10", "a stopped workflow", POLICY(WF_STATE), stop())

ATTEMPT(CHAN_ADD, full, "op/CHAN_ADD rule/16", "the host adds one page more than the channel has", "as many")
{
	uint64_t status, base;

	two_with_channel(open ? 2 : 1);
	build(ST_WF);
	base = W->chan_base[0] = granule_alloc(2, PAGE);
	must(MICA0(CHAN_ADD, W->wf, 0, base));
	status = MICA0(CHAN_ADD, W->wf, 0, base + PAGE);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(LIMIT));
	W->chan_added[0] = 1 + (status == RMI_SUCCESS);
	return status == RMI_SUCCESS;
}

ATTEMPT(CHAN_ADD, block_unaligned, "op/CHAN_ADD", "the first page of a channel of 2 MiB is not aligned to that",
	"it is")
{
	uint64_t status, page = page_alloc(2, BLOCK) + (open ? 0 : PAGE);

	two_with_channel(512);
	build(ST_WF);
	must(RMI0(GRANULE_DELEGATE, page));
	status = MICA0(CHAN_ADD, W->wf, 0, page);
	EXPECT_EQ(status, open ? RMI_SUCCESS : RMI_ERROR_INPUT);
	W->chan_base[0] = page;
	W->chan_added[0] = status == RMI_SUCCESS;
	return status == RMI_SUCCESS;
}

ATTEMPT(CHAN_ADD, active, "op/CHAN_ADD rule/10", "the host adds a page to a workflow that runs", "one that is new")
{
	uint64_t status;

	two_with_channel(1);
	build(open ? ST_WF : ST_ACTIVE);
	status = MICA0(CHAN_ADD, W->wf, 0, open ? W->chan_base[0] = delegated() : delegated());
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(WF_STATE));
	W->chan_added[0] = 1;
	return status == RMI_SUCCESS;
}

static void good_remove(uint64_t x[ARGS])
{
	two_with_channel(1);
	build(ST_TABLES);
	x[1] = MICA_CHAN_REMOVE;
	x[2] = W->wf;
}
static void did_remove(const uint64_t x[ARGS])
{
	(void)x;
	take_back(W->chan_base[0]);
	W->chan_added[0] = 0;
}
static const struct hostile removes = { good_remove, did_remove, false };
static const struct hostile remove_once = { good_remove, did_remove, true };
NOT_A_WF(CHAN_REMOVE, removes)
HOSTILE(CHAN_REMOVE, chan_beyond, removes, "", "a channel past the end", RMI_ERROR_INPUT, x[3] = 1)
HOSTILE(CHAN_REMOVE, chan_wraps, removes, "", "a channel that wraps", RMI_ERROR_INPUT, x[3] = 1UL << 32)
HOSTILE(CHAN_REMOVE, mapped, remove_once, "rule/18 I3 row/teardown", "a page that a Realm still has mapped",
	POLICY(IN_USE), map_chan(0, 0))
HOSTILE(CHAN_REMOVE, mapped_stopped, remove_once, "rule/18 I3 row/teardown", "the same, the workflow stopped",
	POLICY(IN_USE), map_chan(0, 0); stop())
HOSTILE(CHAN_REMOVE, empty, remove_once, "", "a channel without pages", RMI_ERROR_INPUT,
	must(MICA0(CHAN_REMOVE, W->wf, 0)); did_remove(x))

ATTEMPT(CHAN_REMOVE, active, "op/CHAN_REMOVE rule/10 I3", "the host removes a channel's page while the workflow runs",
	"taken down before")
{
	uint64_t status, page;

	two_with_channel(1);
	start();
	page = W->chan_base[0];
	if (open) {
		stop();
		end_role(0);
		end_role(1);
	}
	status = MICA0(CHAN_REMOVE, W->wf, 0);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(WF_STATE));
	if (status == RMI_SUCCESS) {
		take_back(page);
		W->chan_added[0] = 0;
	}
	return status == RMI_SUCCESS;
}

/* ---- CHAN_MAP, CHAN_UNMAP ---- */

static void good_map(uint64_t x[ARGS])
{
	two_with_channel(2);
	build(ST_TABLES);
	x[1] = MICA_CHAN_MAP;
	x[2] = W->m[0].rd;
	x[5] = 3;
}
static void did_map(const uint64_t x[ARGS])
{
	must(rmi_call(SMC_RMI_MICA, MICA_CHAN_UNMAP, x[2], x[3], x[4], x[5]).x[0]);
}
static const struct hostile map = { good_map, did_map, false };
static const struct hostile map_once = { good_map, did_map, true };

/* Both take the same arguments. */
#define NOT_A_PART(op, h)									\
	NOT_A_GRANULE(op, 2, h, rd)								\
	HOSTILE(op, rd_unbound, h, "", "rd is a Realm that no workflow binds", RMI_ERROR_INPUT, x[2] = stranger())	\
	HOSTILE(op, rd_wf, h, "", "rd is the workflow", RMI_ERROR_INPUT, x[2] = W->wf)		\
	HOSTILE(op, grant_beyond, h, "rule/13 I1", "a grant of the next role", POLICY(NO_RIGHT), x[3] = 1)	\
	HOSTILE(op, grant_wraps, h, "rule/13 I1", "a grant that wraps in 32 bits", POLICY(NO_RIGHT), x[3] = 1UL << 32)	\
	HOSTILE(op, grant_negative, h, "rule/13 I1", "grant -1", POLICY(NO_RIGHT), x[3] = ~0UL)	\
	HOSTILE(op, off_unaligned, h, "I1", "an offset within a page", RMI_ERROR_INPUT, x[4] = 8)	\
	HOSTILE(op, off_end, h, "I1", "an offset behind the channel", RMI_ERROR_INPUT, x[4] = 2 * PAGE)	\
	HOSTILE(op, off_wraps, h, "I1", "an offset that wraps", RMI_ERROR_INPUT, x[4] = ~(PAGE - 1))	\
	HOSTILE(op, level_1, h, "I1 s14/rtt-shape", "level 1", RMI_ERROR_INPUT, x[5] = 1)	\
	HOSTILE(op, level_4, h, "I1 s14/rtt-shape", "level 4", RMI_ERROR_INPUT, x[5] = 4)	\
	HOSTILE(op, level_wraps, h, "I1 s14/rtt-shape", "a level that wraps", RMI_ERROR_INPUT, x[5] = 1UL << 32 | 3)	\
	HOSTILE(op, level_block, h, "I1 s14/rtt-shape", "a block of a channel of two pages", RMI_ERROR_INPUT, x[5] = 2)
NOT_A_PART(CHAN_MAP, map)
HOSTILE(CHAN_MAP, mapped, map_once, "I1", "a page that is mapped", RMI_RET(RMI_ERROR_RTT, 3),
	must(MICA0(CHAN_MAP, x[2], 0, 0, 3)); W->m[0].mapped = 0; must(MICA0(CHAN_MAP, x[2], 0, PAGE, 3)); W->m[0].mapped = 1)
HOSTILE(CHAN_MAP, stopped, map_once, "rule/10", "a stopped workflow", POLICY(WF_STATE), stop())

static void good_unmap(uint64_t x[ARGS])
{
	good_map(x);
	must(MICA0(CHAN_MAP, x[2], 0, 0, 3));
	W->m[0].mapped = 0;
	x[1] = MICA_CHAN_UNMAP;
}
static const struct hostile unmap = { good_unmap, NULL, false };
NOT_A_PART(CHAN_UNMAP, unmap)
HOSTILE(CHAN_UNMAP, not_mapped, unmap, "I3", "a page that is not mapped", RMI_RET(RMI_ERROR_RTT, 3), x[4] = PAGE)

ATTEMPT(CHAN_MAP, sealed, "op/CHAN_MAP rule/11 I2", "the host maps a channel into a sealed Realm again",
	"one that it loads")
{
	uint64_t status;

	two_with_channel(1);
	build(open ? ST_TABLES : ST_ACTIVE);
	status = MICA0(CHAN_MAP, W->m[1].rd, 0, 0, 3);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(ROLE_STATE));
	if (status == RMI_SUCCESS)
		W->m[1].mapped = 2;
	return status == RMI_SUCCESS;
}

ATTEMPT(CHAN_UNMAP, sealed, "op/CHAN_UNMAP rule/11 I2 row/live-memory",
	"the host unmaps a channel of a running Realm: its abort would tell", "one that it loads")
{
	uint64_t status;

	two_with_channel(1);
	build(open ? ST_CHANS : ST_ACTIVE);
	status = MICA0(CHAN_UNMAP, W->m[1].rd, 0, 0, 3);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(ROLE_STATE));
	if (status == RMI_SUCCESS)
		W->m[1].mapped = 0;
	return status == RMI_SUCCESS;
}

ATTEMPT(CHAN_MAP, incomplete, "op/CHAN_MAP rule/9", "the host maps a channel of which a page is missing",
	"all are there")
{
	uint64_t status;

	two_with_channel(2);
	build(ST_WF);
	W->chan_base[0] = granule_alloc(2, PAGE);
	for (; W->chan_added[0] < (open ? 2 : 1); W->chan_added[0]++)
		must(MICA0(CHAN_ADD, W->wf, 0, W->chan_base[0] + W->chan_added[0] * PAGE));
	load_role(0, ST_TABLES);
	status = MICA0(CHAN_MAP, W->m[0].rd, 0, 0, 3);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(INCOMPLETE));
	if (status == RMI_SUCCESS)
		must(MICA0(CHAN_UNMAP, W->m[0].rd, 0, 0, 3));
	return status == RMI_SUCCESS;
}
