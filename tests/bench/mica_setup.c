/* SPDX-License-Identifier: Apache-2.0 */
/* What it costs to build and to take down a workflow, against the number of its parts. A point is the sum over all of them. */
#include "mica.h"

#include "../bare/realm/realm_abi.h"

#define PAGE	GRANULE_SIZE

static char names[MICA_MAX_ROLES][4];

struct flow_role *many_roles(void)
{
	static struct flow_role roles[MICA_MAX_ROLES];

	for (unsigned int i = 0; i < MICA_MAX_ROLES; i++) {
		names[i][0] = 'r';
		names[i][1] = (char)('0' + i / 10);
		names[i][2] = (char)('0' + i % 10);
		roles[i] = (struct flow_role){ names[i], 0, REALM_PING };
	}
	return roles;
}

void bench_roles(void)
{
	struct flow_plan plan = { .roles = many_roles() };

	for (unsigned int n = 1; n <= MICA_MAX_ROLES; n *= 2) {
		plan.n_roles = n;
		tally_reset();
		flow_start_plan(&flow, &plan, vmids(n));
		point("roles", "wf_create", n, tally_mica(MICA_WF_CREATE));
		point("roles", "realm_create", n, tally_mica(MICA_REALM_CREATE));
		point("roles", "realm_activate", n, tally_rmi(SMC_RMI_REALM_ACTIVATE));
		point("roles", "wf_activate", n, tally_mica(MICA_WF_ACTIVATE));
		point("roles", "all_of_set_up", n, tally_all());
		tally_reset();
		flow_end(&flow);
		point("roles", "wf_stop", n, tally_mica(MICA_WF_STOP));
		point("roles", "realm_destroy", n, tally_rmi(SMC_RMI_REALM_DESTROY));
		point("roles", "wf_destroy", n, tally_mica(MICA_WF_DESTROY));
		point("roles", "all_of_teardown", n, tally_all());
	}
}

void bench_channels(void)
{
	static struct flow_channel channels[MICA_MAX_CHANNELS];
	struct flow_plan plan = { .roles = many_roles(), .n_roles = 2, .channels = channels, .level = 3 };

	for (unsigned int i = 0; i < MICA_MAX_CHANNELS; i++)
		channels[i] = (struct flow_channel){ .pages = 1, .to = 1 };
	for (unsigned int n = 1; n <= MICA_MAX_CHANNELS; n *= 2) {
		plan.n_channels = n;
		tally_reset();
		flow_start_plan(&flow, &plan, vmids(2));
		point("channels", "wf_create", n, tally_mica(MICA_WF_CREATE));
		point("channels", "chan_add", n, tally_mica(MICA_CHAN_ADD));
		point("channels", "chan_map", n, tally_mica(MICA_CHAN_MAP));
		point("channels", "realm_activate", n, tally_rmi(SMC_RMI_REALM_ACTIVATE));
		point("channels", "wf_activate", n, tally_mica(MICA_WF_ACTIVATE));
		point("channels", "all_of_set_up", n, tally_all());
		tally_reset();
		flow_end(&flow);
		point("channels", "chan_unmap", n, tally_mica(MICA_CHAN_UNMAP));
		point("channels", "chan_remove", n, tally_mica(MICA_CHAN_REMOVE));
		point("channels", "wf_destroy", n, tally_mica(MICA_WF_DESTROY));
		point("channels", "all_of_teardown", n, tally_all());
	}
}

/* One channel of @n pages between two roles, in leaves of a level. */
static void channel_of(unsigned int n, int level)
{
	const struct flow_channel channel = { .pages = n, .to = 1 };
	const struct flow_plan plan = { .roles = many_roles(), .n_roles = 2, .channels = &channel, .n_channels = 1, .level = level };

	tally_reset();
	flow_start_plan(&flow, &plan, vmids(2));
	point("pages", "chan_add", n, tally_mica(MICA_CHAN_ADD));
	point("pages", level == 2 ? "chan_map_block" : "chan_map_page", n, tally_mica(MICA_CHAN_MAP));
	tally_reset();
	flow_end(&flow);
	point("pages", level == 2 ? "chan_unmap_block" : "chan_unmap_page", n, tally_mica(MICA_CHAN_UNMAP));
	point("pages", "chan_remove", n, tally_mica(MICA_CHAN_REMOVE));
}

void bench_pages(void)
{
	for (unsigned int n = 512; n <= 2048; n *= 2)
		for (int level = 2; level <= 3; level++)
			channel_of(n, level);
}

/* ---- 64 MiB of channel, and of RAM: what leaves of 2 MiB save ---- */

#define MIB_64	(64UL << 20)

static void channel_of_64_mib(const char *up, const char *down, int level)
{
	const struct flow_channel channel = { .pages = MIB_64 / PAGE, .to = 1 };
	const struct flow_plan plan = { .roles = many_roles(), .n_roles = 2, .channels = &channel, .n_channels = 1, .level = level };

	flow_create(&flow, &plan);
	tally_reset();
	flow_add(&flow, 0);
	for (unsigned int i = 0; i < 2; i++) {
		uint64_t before = tally_all();

		flow_load(&flow, i, vmids(1));
		tally_exclude(tally_all() - before);
		flow_map(&flow, i);
	}
	add(tally_all());
	show(up);
	EXPECT_EQ(MICA0(WF_STOP, flow.wf), RMI_SUCCESS);
	tally_reset();
	for (unsigned int i = 0; i < 2; i++) {
		uint64_t before;

		flow_unmap(&flow, i);
		before = tally_all();
		realm_teardown(&flow.realm[i]);
		tally_exclude(tally_all() - before);
	}
	flow_remove(&flow, 0);
	add(tally_all());
	show(down);
	flow_destroy(&flow);
}

/* RAM as the VMM loads it: one page in eight has contents. Folded: in blocks, once they are whole. */
static void ram_of_64_mib(const char *up, const char *down, bool folded)
{
	const uint64_t base = FLOW_CHANNELS, block = FLOW_BLOCK;
	uint64_t src = page_alloc(1, PAGE), ram = page_alloc(MIB_64 / PAGE, block), a;
	struct realm r;

	realm_create(&r, vmids(1));
	EXPECT_EQ(RMI0(RTT_CREATE, r.rd, granule_alloc(1, PAGE), base, 2), RMI_SUCCESS);
	tally_reset();
	EXPECT_EQ(RMI0(RTT_INIT_RIPAS, r.rd, base, base + MIB_64), RMI_SUCCESS);
	for (a = base; a < base + MIB_64; a += PAGE) {
		uint64_t pa = ram + (a - base);

		if (a % block == 0)
			EXPECT_EQ(RMI0(RTT_CREATE, r.rd, granule_alloc(1, PAGE), a, 3), RMI_SUCCESS);
		EXPECT_EQ(RMI0(GRANULE_DELEGATE, pa), RMI_SUCCESS);
		EXPECT_EQ(a % (8 * PAGE) == 0 ? RMI0(DATA_CREATE, r.rd, pa, a, src, 1) :
						RMI0(DATA_CREATE_UNKNOWN, r.rd, pa, a), RMI_SUCCESS);
		if (folded && (a + PAGE) % block == 0)
			undelegate(RMI(RTT_FOLD, r.rd, a + PAGE - block, 3).x[1]);
	}
	add(tally_all());
	show(up);
	tally_reset();
	for (a = base; a < base + MIB_64; a += PAGE) {
		if (folded && a % block == 0)
			EXPECT_EQ(RMI0(RTT_CREATE, r.rd, granule_alloc(1, PAGE), a, 3), RMI_SUCCESS);
		undelegate(RMI(DATA_DESTROY, r.rd, a).x[1]);
		if ((a + PAGE) % block == 0)
			undelegate(RMI(RTT_DESTROY, r.rd, a + PAGE - block, 3).x[1]);
	}
	add(tally_all());
	show(down);
	undelegate(RMI(RTT_DESTROY, r.rd, base, 2).x[1]);
	realm_teardown(&r);
}

void bench_memory(void)
{
	channel_of_64_mib("channel_64_mib_pages_up", "channel_64_mib_pages_down", 3);
	channel_of_64_mib("channel_64_mib_blocks_up", "channel_64_mib_blocks_down", 2);
	ram_of_64_mib("ram_64_mib_pages_up", "ram_64_mib_pages_down", false);
	ram_of_64_mib("ram_64_mib_blocks_up", "ram_64_mib_blocks_down", true);
}
