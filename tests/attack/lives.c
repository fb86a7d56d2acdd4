/* SPDX-License-Identifier: Apache-2.0 */
/* Ends, successors, several workflows at once, and granules that run out. */
#include "attack.h"

/* ---- what is left when something ends ---- */

/* Writer a, reader b; a may restart. */
static unsigned int a, b, c;

static void pair_of(uint16_t flags, uint32_t role_flags)
{
	a = role(0);
	b = role(0);
	W->p.role[a].flags = role_flags;
	c = channel_between(a, b, flags);
}

ATTEMPT(end, channel_after_reset, "row/reset-residue row/teardown op/ROLE_RESET op/CHAN_UNMAP",
	"a writer is reset; its successor and the reader look for its words", "the channel has KEEP")
{
	uint64_t got;

	pair_of(open ? MICA_CHAN_KEEP : 0, MICA_ROLE_RESTART);
	start();
	RUN(a, STORE, AT_CHAN(c), SECRET);
	EXPECT_EQ(RUN(b, LOAD, AT_CHAN(c))[0], SECRET);
	must(MICA0(ROLE_RESET, W->wf, a));
	end_role(a);
	got = RUN(b, LOAD, AT_CHAN(c))[0];
	load_role(a, ST_SEALED);
	EXPECT_EQ(RUN(a, LOAD, AT_CHAN(c))[0], got);
	return got == SECRET;
}

ATTEMPT(end, ram_after_reset, "row/reset-residue row/teardown op/ROLE_RESET cmd/DATA_DESTROY",
	"a role's successor is given the very pages of its RAM and looks there", "its predecessor's channel with KEEP")
{
	uint64_t page, got;

	pair_of(open ? MICA_CHAN_KEEP : 0, MICA_ROLE_RESTART);
	start();
	RUN(a, STORE, open ? AT_CHAN(c) : AT_RAM, SECRET);
	page = W->m[a].ram[AT_RAM / PAGE];
	must(MICA0(ROLE_RESET, W->wf, a));
	end_role(a);
	must(RMI0(GRANULE_DELEGATE, page));
	W->m[a].ram_page = page;
	load_role(a, ST_SEALED);
	got = RUN(a, LOAD, open ? AT_CHAN(c) : AT_RAM)[0];
	EXPECT(fine(a));
	return got == SECRET;
}

ATTEMPT(end, host_gets_ram, "row/teardown cmd/DATA_DESTROY cmd/GRANULE_UNDELEGATE",
	"the host stops a workflow, takes a Realm's RAM and reads it", "what the Realm put into its window")
{
	uint64_t page;

	a = role(0);
	window(a, 3, IN | OUT);
	start();
	RUN(a, STORE, open ? AT_WINDOW(3) : AT_RAM, SECRET);
	if (open)
		return *window_at(a, AT_WINDOW(3)) == SECRET;
	page = W->m[a].ram[AT_RAM / PAGE];
	stop();
	end_role(a);
	return *(uint64_t *)page_ptr(page) == SECRET;
}

#define RESIDUE(name, what, page_of)								\
ATTEMPT(end, name, "row/teardown cmd/GRANULE_UNDELEGATE I3 I9", \
	"the host takes " what " back and looks into it", "after the Realm told it by its window")	\
{												\
	uint64_t page;										\
	bool got = false;									\
												\
	pair_of(0, 0);										\
	window(a, 3, IN | OUT);									\
	start();										\
	RUN(a, "mov x20, x1\n\t mov x28, x1\n\t" STORE, AT_CHAN(c), SECRET);			\
	RUN(a, STORE, open ? AT_WINDOW(3) : AT_RAM, SECRET);					\
	page = open ? (uint64_t)window_at(a, AT_WINDOW(3)) : (page_of);				\
	end_world();										\
	for (unsigned int i = 0; i < PAGE / 8; i++)						\
		got |= open ? ((uint64_t *)page_ptr(page))[i] == SECRET : ((uint64_t *)page_ptr(page))[i] != 0;	\
	return got;										\
}
RESIDUE(rec_page, "a vCPU's granule, its registers in it,", W->m[a].rec[0])
RESIDUE(rec_aux, "a vCPU's auxiliary granule", W->m[a].aux[0][0])
RESIDUE(rd_page, "an RD", W->m[a].rd)
RESIDUE(table_page, "a table", W->m[a].table[1])
RESIDUE(wf_page, "the workflow's granule", W->wf)
RESIDUE(wf_table, "a table of the workflow", W->aux[0])
RESIDUE(chan_page, "a channel's page", W->chan_base[c])

ATTEMPT(end, undelegate_in_use, "row/teardown cmd/GRANULE_UNDELEGATE I3 I9",
	"the host takes back, one by one, every granule of a running workflow", "after it is taken down")
{
	uint64_t pages[16];
	unsigned int n = 0, taken = 0;

	pair_of(0, 0);
	start();
	pages[n++] = W->wf;
	for (unsigned int i = 0; i < W->n_aux; i++)
		pages[n++] = W->aux[i];
	pages[n++] = W->m[a].rd;
	pages[n++] = W->m[a].rtt0;
	pages[n++] = W->m[a].table[3];
	pages[n++] = W->m[a].ram[0];
	pages[n++] = W->m[a].rec[0];
	pages[n++] = W->m[a].aux[0][0];
	pages[n++] = W->chan_base[c];
	if (open) {
		end_world();
		for (unsigned int i = 0; i < n; i++)
			must(RMI0(GRANULE_DELEGATE, pages[i]));
	}
	for (unsigned int i = 0; i < n; i++)
		taken += RMI0(GRANULE_UNDELEGATE, pages[i]) == RMI_SUCCESS;
	return open ? taken == n : taken != 0;
}

ATTEMPT(end, peer_dies, "row/peer row/exit-count I12",
	"a writer is stopped, reset and gone in the middle of a message: the reader would fault", "it lives on")
{
	pair_of(0, MICA_ROLE_RESTART);
	start();
	RUN(a, STORE, AT_CHAN(c), SECRET);
	if (!open) {
		must(MICA0(ROLE_RESET, W->wf, a));
		end_role(a);
	}
	RUN(b, LOAD, AT_CHAN(c));
	EXPECT(fine(b) && only_reasons(b));	/* never a fault; its words are gone */
	return after(b)->out[0] == SECRET;
}

ATTEMPT(end, unmap_order, "row/teardown rule/18 op/WF_DESTROY op/CHAN_REMOVE",
	"the host gives a channel's page away while the reader still has it mapped", "unmapped first")
{
	uint64_t status;

	pair_of(0, 0);
	start();
	stop();
	if (open) {
		end_role(a);
		end_role(b);
	} else {
		end_role(a);		/* of two */
	}
	status = MICA0(CHAN_REMOVE, W->wf, c);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(IN_USE));
	if (status == RMI_SUCCESS) {
		take_back(W->chan_base[c]);
		W->chan_added[c] = 0;
	}
	return status == RMI_SUCCESS;
}

ATTEMPT(end, vmid_reused, "row/stale-tlb exhaust/vmid row/teardown",
	"a Realm gets the VMID of one that ended, and looks at the addresses that that one had touched",
	"the one that lives")
{
	uint16_t vmid;
	uint64_t *x;

	a = role(0);
	W->p.role[a].flags = MICA_ROLE_RESTART;
	window(a, 3, IN | OUT);
	start();
	RUN(a, STORE, AT_RAM, SECRET);
	vmid = W->m[a].vmid;
	if (!open) {
		end_world();
		a = role(0);
		window(a, 3, IN | OUT);
		build(ST_WF);
		W->m[a].rd = delegated();
		x = page_ptr(realm_params(a));
		((struct rmi_realm_params *)x)->vmid = vmid;
		must(MICA0(REALM_CREATE, W->m[a].rd, (uint64_t)x, W->wf, a));
		load_rest(a, ST_TABLES);
		must(MICA0(WF_ACTIVATE, W->wf));
	}
	x = RUN(a, LOAD, AT_RAM);
	return x[0] == SECRET;
}

/* ---- two at once ---- */

ATTEMPT(many, other_workflow_channel, "many/workflows s4/none",
	"a Realm reads at the address of a channel of another workflow, in the same place in its policy", "its own")
{
	pair_of(0, 0);
	start();
	RUN(a, STORE, AT_CHAN(c), SECRET);
	if (!open) {
		use(1);
		pair_of(0, 0);
		start();
	}
	return RUN(b, LOAD, AT_CHAN(c))[0] == SECRET;
}

ATTEMPT(many, instance_ids, "many/instances op/WF_INFO rsi/SELF",
	"two instances of one policy: an instance ID that comes twice, in one boot", "the workflow ID, which is one")
{
	struct rmi_out first, second;
	uint64_t sel = open ? MICA_INFO_WORKFLOW_ID : MICA_INFO_INSTANCE_ID;

	a = role(0);
	start();
	first = MICA(WF_INFO, W->wf, sel);
	EXPECT(memcmp(&first.x[1], RSI(a, MICA_SELF, open ? MICA_SELF_WORKFLOW_ID : MICA_SELF_INSTANCE_ID) + 1, 32) == 0);
	use(1);
	a = role(0);
	start();
	second = MICA(WF_INFO, W->wf, sel);
	return memcmp(&first.x[1], &second.x[1], 32) == 0;
}

ATTEMPT(many, stop_of_other, "many/instances op/WF_STOP", "one instance of a policy is stopped: the other notices",
	"it is stopped itself")
{
	uint64_t status;

	a = role(0);
	start();
	use(1);
	a = role(0);
	start();
	use(open);
	stop();
	use(1);
	status = enter(a);
	return status != RMI_SUCCESS;
}

ATTEMPT(many, realm_of_other, "many/workflows op/CHAN_MAP I1 I4",
	"the host maps a channel of one workflow into a Realm of another", "of its own")
{
	uint64_t rd, base;

	pair_of(0, 0);
	build(ST_TABLES);
	rd = W->m[b].rd;
	base = W->chan_base[c];
	if (!open) {
		use(1);
		pair_of(0, 0);
		build(ST_TABLES);
		rd = W->m[b].rd;
	}
	must(MICA0(CHAN_MAP, rd, 0, 0, 3));
	W->m[b].mapped = 1UL << W->p.role[b].grant_first;
	return (RMI(RTT_READ_ENTRY, rd, AT_CHAN(c), 3).x[3] & ~(PAGE - 1)) == base;
}

ATTEMPT(many, bound_elsewhere, "many/workflows op/REALM_CREATE I4", "the host binds one RD to two workflows",
	"another RD")
{
	uint64_t rd, params, status;

	a = role(0);
	build(ST_CREATED);
	rd = W->m[a].rd;
	use(1);
	a = role(0);
	build(ST_WF);
	params = realm_params(a);
	if (open)
		rd = delegated();
	status = MICA0(REALM_CREATE, rd, params, W->wf, a);
	EXPECT_EQ(status, open ? RMI_SUCCESS : RMI_ERROR_INPUT);
	if (status == RMI_SUCCESS)
		W->m[a].rd = rd;
	return status == RMI_SUCCESS;
}

ATTEMPT(many, bound_by_plain_create, "cmd/REALM_CREATE I4 I5",
	"the host makes a role's Realm by 1.0's REALM_CREATE, and the workflow active", "by the extension's")
{
	uint64_t status, params;

	a = role(0);
	build(ST_WF);
	params = realm_params(a);
	W->m[a].rd = delegated();
	must(open ? MICA0(REALM_CREATE, W->m[a].rd, params, W->wf, a) : RMI0(REALM_CREATE, W->m[a].rd, params));
	load_rest(a, ST_TABLES);
	status = MICA0(WF_ACTIVATE, W->wf);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(ROLE_STATE));
	return status == RMI_SUCCESS;
}

/* ---- a host that has not enough, or gives what it has not ---- */

#define SHORT(name, cmd, what, good, bad, expr)							\
ATTEMPT(exhaust, name, "exhaust/granules cmd/" cmd, "the host " what " a granule that it did not delegate", \
	"one that it did")	\
{												\
	uint64_t status, page;									\
												\
	a = role(0);										\
	build(ST_TABLES);									\
	page = open ? (good) : (bad);								\
	status = (expr);									\
	EXPECT_EQ(status, open ? RMI_SUCCESS : RMI_ERROR_INPUT);				\
	return status == RMI_SUCCESS;								\
}
SHORT(data, "DATA_CREATE_UNKNOWN", "gives as RAM", W->m[a].ram[0] = delegated(), host_page(),
	RMI0(DATA_CREATE_UNKNOWN, W->m[a].rd, page, 0))
SHORT(table, "RTT_CREATE", "gives as a table", delegated(), host_page(),
      RMI0(RTT_CREATE, W->m[a].rd, page, BLOCK, 3) ?: RMI0(RTT_DESTROY, W->m[a].rd, BLOCK, 3))
SHORT(rec, "REC_CREATE", "gives as a vCPU", W->m[a].rec[0] = delegated(), host_page(),
	RMI0(REC_CREATE, W->m[a].rd, page, rec_params(a, 0)))
SHORT(data_of_wf, "DATA_CREATE_UNKNOWN", "gives as RAM the workflow itself, or", W->m[a].ram[0] = delegated(), W->wf,
	RMI0(DATA_CREATE_UNKNOWN, W->m[a].rd, page, 0))
SHORT(data_of_aux, "DATA_CREATE_UNKNOWN", "gives as RAM a table of the workflow, or", W->m[a].ram[0] = delegated(),
	W->aux[1], RMI0(DATA_CREATE_UNKNOWN, W->m[a].rd, page, 0))

ATTEMPT(exhaust, workflows, "exhaust/granules many/instances op/WF_CREATE",
	"the host makes a hundred workflows at once and one more on a granule in use", "on one that is free")
{
	uint64_t wfs[100], params, status, blob = 0;
	uint64_t pages[100], extra = delegated();

	a = role(0);
	for (unsigned int i = 0; i < 100; i++) {
		params = wf_params(blob != 0 ? blob : encode());
		blob = W->blob;
		pages[i] = params;
		wfs[i] = delegated();
		must(MICA0(WF_CREATE, wfs[i], params));
	}
	params = wf_params(blob);
	status = MICA0(WF_CREATE, open ? extra : wfs[99], params);
	if (status == RMI_SUCCESS)
		must(MICA0(WF_DESTROY, extra));
	for (unsigned int i = 0; i < 100; i++) {
		const struct mica_wf_params *p = page_ptr(pages[i]);

		must(MICA0(WF_DESTROY, wfs[i]));
		take_back(wfs[i]);
		for (unsigned int n = 0; n < p->n_aux; n++)
			take_back(p->aux[n]);
	}
	take_back(extra);
	return status == RMI_SUCCESS;
}
