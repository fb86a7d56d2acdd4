/* SPDX-License-Identifier: Apache-2.0 */
/* RMM 1.0's commands on a bound Realm: what is frozen, what drains, what must be in place before. */
#include "attack.h"

/* ---- frozen: each command that succeeds before REALM_ACTIVATE, or on an unbound Realm, is refused after it ---- */

static uint64_t rd(void) { return W->m[0].rd; }

static uint64_t data_create(void)
{
	uint64_t src = host_page(), page = delegated(), status = RMI0(DATA_CREATE, rd(), page, AT_RAM, src, 1);

	if (status == RMI_SUCCESS)
		W->m[0].ram[AT_RAM / PAGE] = page;
	return status;
}

static uint64_t data_create_unknown(void)
{
	uint64_t page = delegated(), status = RMI0(DATA_CREATE_UNKNOWN, rd(), page, AT_RAM);

	if (status == RMI_SUCCESS)
		W->m[0].ram[AT_RAM / PAGE] = page;
	return status;
}

static uint64_t data_destroy(void)
{
	uint64_t status = RMI0(DATA_DESTROY, rd(), AT_RAM);

	if (status == RMI_SUCCESS) {
		take_back(W->m[0].ram[AT_RAM / PAGE]);
		W->m[0].ram[AT_RAM / PAGE] = 0;
	}
	return status;
}

static uint64_t init_ripas(void)
{
	return RMI0(RTT_INIT_RIPAS, rd(), AT_RAM, AT_RAM + PAGE);
}

/* A table over the second 2 MiB; made and unmade. */
static uint64_t rtt_create(void)
{
	uint64_t status = RMI0(RTT_CREATE, rd(), delegated(), BLOCK, 3);

	if (status == RMI_SUCCESS)
		must(RMI0(RTT_DESTROY, rd(), BLOCK, 3));
	return status;
}

static uint64_t rtt_destroy(void)
{
	return RMI0(RTT_DESTROY, rd(), BLOCK, 3);
}

static uint64_t rtt_fold(void)
{
	return RMI0(RTT_FOLD, rd(), BLOCK, 3);
}

static uint64_t map_unprotected(void)
{
	uint64_t status = RMI0(RTT_MAP_UNPROTECTED, rd(), AT_WINDOW(0), 3, host_page() | RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW);

	if (status == RMI_SUCCESS)
		must(RMI0(RTT_UNMAP_UNPROTECTED, rd(), AT_WINDOW(0), 3));
	return status;
}

static uint64_t unmap_unprotected(void)
{
	uint64_t status = RMI0(RTT_UNMAP_UNPROTECTED, rd(), AT_WINDOW(0), 3);

	if (status == RMI_SUCCESS)
		memset(W->m[0].window, 0, sizeof(W->m[0].window));
	return status;
}

static uint64_t rec_create(void)
{
	unsigned int n = W->m[0].rec[0] != 0;
	uint64_t params = rec_params(0, n), rec = delegated(), status = RMI0(REC_CREATE, rd(), rec, params);

	if (status == RMI_SUCCESS)
		W->m[0].rec[n] = rec;
	return status;
}

static uint64_t rec_destroy(void)
{
	uint64_t status = RMI0(REC_DESTROY, W->m[0].rec[0]);

	if (status == RMI_SUCCESS) {
		take_back(W->m[0].rec[0]);
		W->m[0].rec[0] = 0;
	}
	return status;
}

static uint64_t realm_activate_again(void)
{
	return RMI0(REALM_ACTIVATE, rd());
}

static uint64_t realm_destroy(void)
{
	uint64_t status = RMI0(REALM_DESTROY, rd());

	if (status == RMI_SUCCESS) {
		take_back(rd());
		W->m[0].rd = 0;
	}
	return status;
}

/* The act on a Realm that is sealed, its workflow running or not yet; the same at @before. */
static bool frozen(bool open, uint64_t (*act)(void), enum stage before, uint64_t want, bool active)
{
	uint64_t status;

	role(0);
	build(open ? before : active ? ST_ACTIVE : ST_SEALED);
	status = act();
	EXPECT_EQ(status, open ? RMI_SUCCESS : want);
	if (!open && active) {
		RUN(0, "mov x0, #7");
		EXPECT(fine(0) && only_reasons(0));
	}
	return status == RMI_SUCCESS;
}

#define FROZEN(name, cmd, what, act, before, want)						\
ATTEMPT(sealed, name, "cmd/" cmd " row/live-memory I2", "a running Realm: " what, "before its REALM_ACTIVATE")	\
{												\
	return frozen(open, act, before, want, true);						\
}												\
ATTEMPT(sealed, name##_early, "cmd/" cmd " row/live-memory I2", \
	"a sealed Realm of a workflow not yet active: " what, "before its REALM_ACTIVATE")	\
{												\
	return frozen(open, act, before, want, false);						\
}

FROZEN(data_create, "DATA_CREATE", "the host adds a measured page", data_create, ST_TABLES, RMI_ERROR_REALM)
FROZEN(data_create_unknown, "DATA_CREATE_UNKNOWN", "the host adds a page", data_create_unknown, ST_TABLES,
	POLICY(SEALED))
FROZEN(data_destroy, "DATA_DESTROY", "the host takes RAM away: the Realm's fault would tell what it touches",
	data_destroy, ST_RAM, POLICY(SEALED))
FROZEN(init_ripas, "RTT_INIT_RIPAS", "the host changes RIPAS", init_ripas, ST_TABLES, RMI_ERROR_REALM)
FROZEN(rtt_create, "RTT_CREATE", "the host adds a table", rtt_create, ST_TABLES, POLICY(SEALED))
FROZEN(map_unprotected, "RTT_MAP_UNPROTECTED", "the host maps a window again", map_unprotected, ST_TABLES,
	POLICY(SEALED))
FROZEN(unmap_unprotected, "RTT_UNMAP_UNPROTECTED", "the host takes a window away", unmap_unprotected, ST_LOADED,
	POLICY(SEALED))
FROZEN(rec_create, "REC_CREATE", "the host adds a vCPU", rec_create, ST_LOADED, RMI_ERROR_REALM)
FROZEN(rec_destroy, "REC_DESTROY", "the host takes a vCPU away", rec_destroy, ST_RECS, POLICY(SEALED))
FROZEN(activate, "REALM_ACTIVATE", "the host seals it again", realm_activate_again, ST_RECS, RMI_ERROR_REALM)
FROZEN(realm_destroy, "REALM_DESTROY", "the host destroys it", realm_destroy, ST_CREATED, POLICY(SEALED))

/* Tables of the second 2 MiB, made before the seal. */
static bool frozen_table(bool open, uint64_t (*act)(void))
{
	uint64_t status, table = delegated();

	role(0);
	build(ST_RECS);
	must(RMI0(RTT_CREATE, rd(), table, BLOCK, 3));
	if (!open) {
		must(RMI0(REALM_ACTIVATE, rd()));
		must(MICA0(WF_ACTIVATE, W->wf));
	}
	status = act();
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(SEALED));
	if (status != RMI_SUCCESS) {
		stop();
		must(RMI0(RTT_DESTROY, rd(), BLOCK, 3));
	}
	take_back(table);
	return status == RMI_SUCCESS;
}

ATTEMPT(sealed, rtt_destroy, "cmd/RTT_DESTROY row/live-memory rule/5 s14/rtt-shape",
	"a running Realm: the host destroys a table of it", "before its REALM_ACTIVATE")
{
	return frozen_table(open, rtt_destroy);
}

ATTEMPT(sealed, rtt_fold, "cmd/RTT_FOLD row/live-memory rule/5 s14/rtt-shape",
	"a running Realm: the host folds a table of it", "before its REALM_ACTIVATE")
{
	return frozen_table(open, rtt_fold);
}

/* ---- draining: memory goes, nothing comes ---- */

static bool draining(bool open, uint64_t (*act)(void), enum stage at, uint64_t want)
{
	uint64_t status;

	role(0);
	build(at);
	if (!open)
		stop();
	status = act();
	EXPECT_EQ(status, open ? RMI_SUCCESS : want);
	return status == RMI_SUCCESS;
}

#define DRAINS(name, cmd, what, act, at)							\
ATTEMPT(sealed, name, "cmd/" cmd " rule/11", "workflow stopped: " what, "before WF_STOP")	\
{												\
	return draining(open, act, at, POLICY(ROLE_STATE));					\
}
DRAINS(drain_data_create, "DATA_CREATE", "the host adds a measured page", data_create, ST_TABLES)
DRAINS(drain_data_unknown, "DATA_CREATE_UNKNOWN", "the host adds a page", data_create_unknown, ST_TABLES)
DRAINS(drain_init_ripas, "RTT_INIT_RIPAS", "the host changes RIPAS", init_ripas, ST_TABLES)
DRAINS(drain_map, "RTT_MAP_UNPROTECTED", "the host maps a window", map_unprotected, ST_TABLES)

ATTEMPT(sealed, drain_activate, "cmd/REALM_ACTIVATE rule/11 rule/10", "workflow stopped: the host seals a Realm",
	"before WF_STOP")
{
	return draining(open, realm_activate_again, ST_RECS, POLICY(WF_STATE));
}

ATTEMPT(sealed, drain_enter, "cmd/REC_ENTER rule/10 I5", "workflow stopped: the host runs a Realm on", "before WF_STOP")
{
	uint64_t status;

	role(0);
	start();
	RUN(0, "mov x0, #7");
	if (!open)
		stop();
	status = enter(0);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(WF_STATE));
	return status == RMI_SUCCESS;
}

ATTEMPT(sealed, reset_enter, "cmd/REC_ENTER rule/11 I5 op/ROLE_RESET", "role reset: the host runs the old Realm on",
	"before ROLE_RESET")
{
	uint64_t status;

	role(0);
	W->p.role[0].flags = MICA_ROLE_RESTART;
	start();
	RUN(0, "mov x0, #7");
	if (!open)
		must(MICA0(ROLE_RESET, W->wf, 0));
	status = enter(0);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(ROLE_STATE));
	return status == RMI_SUCCESS;
}

ATTEMPT(sealed, early_enter, "cmd/REC_ENTER rule/10 I5 op/WF_ACTIVATE",
	"the host runs a sealed Realm before the workflow is active: other roles might never come", "after WF_ACTIVATE")
{
	uint64_t status;

	role(0);
	role(0);
	build(open ? ST_ACTIVE : ST_SEALED);
	status = enter(0);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(WF_STATE));
	return status == RMI_SUCCESS;
}

ATTEMPT(sealed, early_activate, "op/WF_ACTIVATE rule/11 I5",
	"the host activates a workflow with one role that is not sealed", "all are")
{
	uint64_t status;

	role(0);
	role(0);
	build(ST_RECS);
	must(RMI0(REALM_ACTIVATE, W->m[0].rd));
	if (open)
		must(RMI0(REALM_ACTIVATE, W->m[1].rd));
	status = MICA0(WF_ACTIVATE, W->wf);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(ROLE_STATE));
	return status == RMI_SUCCESS;
}

/* ---- nothing may be missing, nothing else may be there ---- */

static bool seals(bool open, uint64_t want)
{
	uint64_t status = RMI0(REALM_ACTIVATE, rd());

	EXPECT_EQ(status, open ? RMI_SUCCESS : want);
	return status == RMI_SUCCESS;
}

ATTEMPT(seal, no_ram, "cmd/REALM_ACTIVATE rule/9 row/first-touch",
	"a page of RAM is missing: its first touch would tell", "it is there")
{
	role(0);
	build(ST_RECS);
	if (!open)
		must(data_destroy());
	return seals(open, POLICY(INCOMPLETE));
}

ATTEMPT(seal, empty_ram, "cmd/REALM_ACTIVATE rule/9 row/ripas", "a page of RAM is there with RIPAS EMPTY", "RIPAS RAM")
{
	role(0);
	build(ST_TABLES);
	must(RMI0(RTT_INIT_RIPAS, rd(), 0, IMAGE_SIZE + (open ? RAM_MORE : RAM_MORE - 1) * PAGE));
	for (uint64_t at = 0; at < IMAGE_SIZE + RAM_MORE * PAGE; at += PAGE)
		must(RMI0(DATA_CREATE_UNKNOWN, rd(), W->m[0].ram[at / PAGE] = delegated(), at));
	map_window(0, 0);
	must(rec_create());
	return seals(open, POLICY(INCOMPLETE));
}

ATTEMPT(seal, destroyed_ram, "cmd/REALM_ACTIVATE rule/9 row/ripas", "a page of RAM is taken and given again: its RIPAS is DESTROYED",
	"it stays")
{
	role(0);
	build(ST_RECS);
	if (!open) {
		must(data_destroy());
		must(data_create_unknown());
	}
	return seals(open, POLICY(INCOMPLETE));
}

ATTEMPT(seal, window_with_its_table, "cmd/REALM_ACTIVATE cmd/RTT_DESTROY rule/9", "a window went with the table that held it",
	"it stays")
{
	role(0);
	build(ST_RECS);
	if (!open) {
		must(RMI0(RTT_DESTROY, rd(), REALM_UNPROT, 3));
		take_back(W->m[0].table[3]);
		W->m[0].table[3] = 0;
		memset(W->m[0].window, 0, sizeof(W->m[0].window));
	}
	return seals(open, POLICY(INCOMPLETE));
}

ATTEMPT(seal, no_window, "cmd/REALM_ACTIVATE rule/9", "a window is missing", "it is mapped")
{
	role(0);
	build(ST_CHANS);
	if (open)
		map_window(0, 0);
	must(rec_create());
	return seals(open, POLICY(INCOMPLETE));
}

ATTEMPT(seal, no_channel, "cmd/REALM_ACTIVATE rule/9 op/CHAN_MAP", "a channel is missing", "it is mapped")
{
	unsigned int a = role(0), b = role(0);

	(void)channel_between(b, a, 0);
	build(ST_RAM);
	if (open)
		map_chan(0, 0);
	map_window(0, 0);
	must(rec_create());
	return seals(open, POLICY(INCOMPLETE));
}

ATTEMPT(seal, too_few_recs, "cmd/REALM_ACTIVATE rule/8 s14/rec-count row/shape", "one vCPU less than the role has",
	"as many")
{
	role(0);
	W->p.role[0].vcpus = 2;
	build(ST_LOADED);
	must(rec_create());
	if (open)
		must(rec_create());
	return seals(open, POLICY(SHAPE));
}

ATTEMPT(seal, too_many_recs, "cmd/REALM_ACTIVATE rule/8 s14/rec-count row/shape", "one vCPU more than the role has",
	"as many")
{
	role(0);
	build(ST_LOADED);
	must(rec_create());
	if (!open)
		must(rec_create());
	return seals(open, POLICY(SHAPE));
}

ATTEMPT(seal, rec_replaced, "cmd/REC_DESTROY rule/8 s14/rec-count",
	"a vCPU is made, destroyed and made again: the Realm would see another MPIDR", "made once")
{
	role(0);
	build(ST_LOADED);
	must(rec_create());
	if (!open) {
		uint64_t params;

		must(rec_destroy());
		params = rec_params(0, 1);
		must(RMI0(REC_CREATE, rd(), W->m[0].rec[1] = delegated(), params));
	}
	return seals(open, POLICY(SHAPE));
}

ATTEMPT(seal, rec_off, "cmd/REC_CREATE rule/8 s5/PSCI",
	"a vCPU that is off at first: whoever switches it on tells something", "it is on")
{
	uint64_t params, status;

	role(0);
	build(ST_LOADED);
	params = rec_params(0, 0);
	if (!open)
		((struct rmi_rec_params *)page_ptr(params))->flags = 0;
	W->m[0].rec[0] = delegated();
	status = RMI0(REC_CREATE, rd(), W->m[0].rec[0], params);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(SHAPE));
	if (status != RMI_SUCCESS) {
		take_back(W->m[0].rec[0]);
		W->m[0].rec[0] = 0;
	}
	return status == RMI_SUCCESS;
}

/* ---- what runs is what was pinned ---- */

ATTEMPT(seal, other_image, "rule/7 I6 row/image-any", "the host loads other code into a pinned role",
	"the code that is pinned")
{
	uint64_t rim[8];

	role(0);
	start();
	memcpy(rim, RSI(0, MICA_PEER_INFO, 0) + 3, sizeof(rim));
	end_world();
	role(0);
	W->p.role[0].flags = MICA_ROLE_PINNED;
	memcpy(W->p.role[0].rim, rim, sizeof(rim));
	W->m[0].arg = !open;			/* a register is measured like a page */
	build(ST_RECS);
	return seals(open, POLICY(RIM));
}

ATTEMPT(seal, other_successor, "rule/7 I6 op/ROLE_RESET",
	"after a reset the host loads other code into the role (image any)", "the same code")
{
	role(0);
	W->p.role[0].flags = MICA_ROLE_RESTART;
	start();
	must(MICA0(ROLE_RESET, W->wf, 0));
	end_role(0);
	W->m[0].arg = !open;
	load_role(0, ST_RECS);
	return seals(open, POLICY(RIM));
}

/* ---- the shape is the record's ---- */

#define SHAPE(name, keys, what, code, want)							\
ATTEMPT(shape, name, "row/shape rule/8 op/REALM_CREATE " keys, \
	"the host creates a Realm of the role with " what, "as the record says")	\
{												\
	struct rmi_realm_params *p;								\
	uint64_t status;									\
												\
	role(0);										\
	build(ST_WF);										\
	p = page_ptr(realm_params(0));								\
	W->m[0].rd = delegated();								\
	if (!open) {										\
		code;										\
	}											\
	status = MICA0(REALM_CREATE, rd(), (uint64_t)p, W->wf, 0);				\
	EXPECT_EQ(status, open ? RMI_SUCCESS : (want));						\
	if (status != RMI_SUCCESS) {								\
		take_back(rd());								\
		W->m[0].rd = 0;									\
	}											\
	return status == RMI_SUCCESS;								\
}
SHAPE(s2sz, "s14/s2sz", "a narrower address space", p->s2sz = 39; p->rtt_num_start = 1, POLICY(SHAPE))
SHAPE(hash, "s14/hash", "another hash", p->hash_algo = RMI_HASH_SHA_512, POLICY(SHAPE))
SHAPE(breakpoints, "row/debug", "more breakpoints", p->num_bps++, POLICY(SHAPE))
SHAPE(watchpoints, "row/debug", "more watchpoints", p->num_wps++, POLICY(SHAPE))
SHAPE(rpv, "s14/rpv", "a personalization value, which it could read", p->rpv[63] = 1, POLICY(SHAPE))
SHAPE(pmu, "row/pmu", "a PMU", p->flags = RMI_REALM_FLAG_PMU; p->pmu_num_ctrs = 1, POLICY(SHAPE))
SHAPE(lpa2, "s14/s2sz", "LPA2", p->flags = RMI_REALM_FLAG_LPA2, RMI_ERROR_INPUT)
SHAPE(sve, "s14/s2sz", "SVE", p->flags = RMI_REALM_FLAG_SVE, RMI_ERROR_INPUT)
SHAPE(vmid, "exhaust/vmid", "the VMID of another Realm",
	use(1); role(0); build(ST_CREATED); p->vmid = W->m[0].vmid; use(0), RMI_ERROR_INPUT)
