/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory the monitor holds for a workflow that runs: granules delegated to it, without those that are RAM of a Realm or pages of a
 * channel. Each of them belongs to an object, and none is left when the workflow is gone: both are counted in the calls.
 */
#include "mica.h"

#define PAGE	GRANULE_SIZE
#define MIB	(1UL << 20)

static const struct held none;

static void hold(const char *against, unsigned int x, const struct flow_plan *plan)
{
	const uint64_t free = page_next();
	const struct held *h = tally_held();

	EXPECT(memcmp(h, &none, sizeof(none)) == 0);
	flow_start_plan(&flow, plan, vmids(plan->n_roles));
	EXPECT_EQ(h->all, h->data + h->rd + h->rec + h->tables + h->wf);
	point(against, "granules", x, h->all - h->data);
	point(against, "granules_wf", x, h->wf);
	point(against, "granules_rd", x, h->rd);
	point(against, "granules_rec", x, h->rec);
	point(against, "granules_tables", x, h->tables);
	point(against, "granules_data", x, h->data);
	flow_end(&flow);
	EXPECT(memcmp(h, &none, sizeof(none)) == 0);
	page_reset(free);
}

void bench_granules(void)
{
	static struct flow_channel channels[MICA_MAX_CHANNELS];
	struct flow_plan plan = { .roles = many_roles(), .channels = channels, .level = 3 };

	for (plan.n_roles = 1; plan.n_roles <= MICA_MAX_ROLES; plan.n_roles *= 2)
		hold("roles", plan.n_roles, &plan);
	plan.n_roles = 2;
	for (unsigned int i = 0; i < MICA_MAX_CHANNELS; i++)
		channels[i] = (struct flow_channel){ .pages = 1, .to = 1 };
	for (plan.n_channels = 1; plan.n_channels <= MICA_MAX_CHANNELS; plan.n_channels *= 2)
		hold("channels", plan.n_channels, &plan);
	plan.n_channels = 1;
	for (unsigned int mib = 2; mib <= 32; mib *= 2) {
		channels[0].pages = (uint32_t)(mib * MIB / PAGE);
		plan.level = 3;
		hold("channel_mib_by_pages", mib, &plan);
		plan.level = 2;
		hold("channel_mib_by_blocks", mib, &plan);
	}
	plan.n_roles = 1;
	plan.n_channels = 0;
	for (unsigned int mib = 2; mib <= 32; mib *= 2) {
		plan.ram = mib * MIB;
		plan.fold = false;
		hold("ram_mib_by_pages", mib, &plan);
		plan.fold = true;
		hold("ram_mib_by_blocks", mib, &plan);
	}
}
