/* SPDX-License-Identifier: Apache-2.0 */
/* From a blob to an active workflow. What was made is never taken down: a machine runs a measurement and ends. */
#include "../../../abi/mica.h"
#include "../../../abi/mica_blob.h"
#include "../../../loadplan/loadplan.h"
#include "load.h"

#define MICA(op, ...)	RMI(MICA, MICA_##op, ##__VA_ARGS__)
#define MICA0(op, ...)	MICA(op, ##__VA_ARGS__).x[0]
#define PAGE		GRANULE_SIZE

static const struct mica_blob_header *header;
uint64_t load_granules[LOAD_KINDS];

static uint64_t take(enum load_memory what, unsigned int n)
{
	load_granules[what] += n;
	return granule_alloc(n, n * PAGE);
}

/* The sections, in the order of the blob. */
static const struct mica_blob_role *roles(void)
{
	return (const void *)(header + 1);
}

static const struct mica_blob_channel *channels(void)
{
	return (const void *)((const struct mica_blob_gate *)(roles() + header->roles) + header->gates);
}

static const struct mica_blob_region *regions(void)
{
	return (const void *)(channels() + header->channels);
}

static const struct mica_blob_grant *grants(void)
{
	return (const void *)(regions() + header->regions);
}

static void create(struct load *l, const struct load_image *blob)
{
	uint64_t size = (uint64_t)(blob->end - blob->start);
	uint64_t copy = page_alloc((unsigned int)((size + PAGE - 1) / PAGE), PAGE), params = page_alloc(1, PAGE);
	struct mica_wf_params *p = page_ptr(params);

	header = memcpy(page_ptr(copy), blob->start, size);
	p->blob_pa = copy;
	p->blob_size = size;
	p->n_aux = mica_wf_aux_count(size, header->roles, header->channels, header->gates);
	for (unsigned int i = 0; i < p->n_aux; i++)
		p->aux[i] = take(LOAD_WORKFLOW, 1);
	l->wf = take(LOAD_WORKFLOW, 1);
	EXPECT_EQ(MICA0(WF_CREATE, l->wf, params), RMI_SUCCESS);
	for (unsigned int c = 0; c < header->channels; c++) {
		uint64_t pages = channels()[c].pages, align = pages >= 512 ? 512 * PAGE : PAGE, pa = page_alloc((unsigned int)pages, align);

		for (uint64_t i = 0; i < pages; i++) {
			EXPECT_EQ(RMI0(GRANULE_DELEGATE, pa + i * PAGE), RMI_SUCCESS);
			EXPECT_EQ(MICA0(CHAN_ADD, l->wf, c, pa + i * PAGE), RMI_SUCCESS);
		}
		load_granules[LOAD_CHANNEL] += pages;
	}
}

/* Tables above the page at ipa, whatever is there already. */
static void tables(uint64_t rd, unsigned int s2sz, uint64_t ipa)
{
	for (int level = loadplan_start_level(s2sz) + 1; level <= 3; level++) {
		uint64_t span = 1UL << (12 + 9 * (4 - level)), base = ipa & ~(span - 1), table;
		struct rmi_out at = RMI(RTT_READ_ENTRY, rd, base, (uint64_t)level);

		if (at.x[0] == RMI_SUCCESS && at.x[1] == (uint64_t)level)
			continue;
		table = take(LOAD_TABLES, 1);
		EXPECT_EQ(RMI0(RTT_CREATE, rd, table, base, (uint64_t)level), RMI_SUCCESS);
	}
}

static void rec_create(struct load *l, unsigned int role, const struct loadplan_realm *shape, unsigned int index)
{
	uint64_t params = page_alloc(1, PAGE), rd = l->role[role].rd;
	struct rmi_rec_params *p = page_ptr(params);
	struct rmi_out aux = RMI(REC_AUX_COUNT, rd);

	loadplan_rec_params(shape, index, p);
	p->num_aux = aux.x[1];
	for (unsigned int i = 0; i < aux.x[1]; i++)
		p->aux[i] = take(LOAD_REC, 1);
	l->role[role].rec = take(LOAD_REC, 1);
	l->role[role].run = page_alloc(1, PAGE);
	EXPECT_EQ(RMI0(REC_CREATE, rd, l->role[role].rec, params), RMI_SUCCESS);
}

static void realm_create_bound(struct load *l, unsigned int role, const struct loadplan_realm *shape)
{
	uint64_t params = page_alloc(1, PAGE);
	struct rmi_realm_params *p = page_ptr(params);
	static uint16_t vmid;

	loadplan_params(shape, p);
	p->vmid = ++vmid;
	p->rtt_base = take(LOAD_TABLES, loadplan_start_tables(shape->s2sz));
	l->role[role].rd = take(LOAD_RD, 1);
	EXPECT_EQ(MICA0(REALM_CREATE, l->role[role].rd, params, l->wf, role), RMI_SUCCESS);
}

static void step(struct load *l, unsigned int role, const struct loadplan_realm *shape, const struct loadplan_step *s)
{
	static uint64_t source;
	uint64_t rd = l->role[role].rd;

	switch (s->op) {
	case LP_REALM_CREATE:
		realm_create_bound(l, role, shape);
		break;
	case LP_RTT_CREATE:
		EXPECT_EQ(RMI0(RTT_CREATE, rd, take(LOAD_TABLES, 1), s->ipa, (uint64_t)s->level), RMI_SUCCESS);
		break;
	case LP_INIT_RIPAS:
		for (uint64_t at = s->ipa; at < s->top; ) {
			struct rmi_out out = RMI(RTT_INIT_RIPAS, rd, at, s->top);

			EXPECT_EQ(out.x[0], RMI_SUCCESS);
			if (out.x[0] != RMI_SUCCESS)
				return;
			at = out.x[1];
		}
		break;
	case LP_DATA_CREATE:
		if (source == 0)
			source = page_alloc(1, PAGE);
		memcpy(page_ptr(source), s->data, PAGE);
		EXPECT_EQ(RMI0(DATA_CREATE, rd, take(LOAD_RAM, 1), s->ipa, source, 1), RMI_SUCCESS);
		break;
	case LP_DATA_CREATE_UNKNOWN:
		EXPECT_EQ(RMI0(DATA_CREATE_UNKNOWN, rd, take(LOAD_RAM, 1), s->ipa), RMI_SUCCESS);
		break;
	case LP_REC_CREATE:
		rec_create(l, role, shape, s->rec);
		break;
	case LP_DONE:
		break;
	}
}

/* Names of a blob are padded with zeroes. */
static uint64_t window_of(const struct load_window *w, const char name[MICA_NAME_SIZE])
{
	while (w->name) {
		unsigned int i = 0;

		while (i < MICA_NAME_SIZE && w->name[i] == name[i] && name[i])
			i++;
		if (i < MICA_NAME_SIZE && w->name[i] == name[i])
			break;
		w++;
	}
	EXPECT(w->pa != 0);
	return w->pa;
}

static void map(struct load *l, unsigned int role, const struct load_window *windows)
{
	const struct mica_blob_role *r = &roles()[role];
	uint64_t rd = l->role[role].rd;

	for (unsigned int g = 0; g < r->grant_count; g++) {
		const struct mica_blob_grant *grant = &grants()[r->grant_first + g];

		for (uint64_t i = 0; i < channels()[grant->channel].pages; i++) {
			if (i == 0 || (grant->ipa + i * PAGE) % (512 * PAGE) == 0)
				tables(rd, r->s2sz, grant->ipa + i * PAGE);
			EXPECT_EQ(MICA0(CHAN_MAP, rd, g, i * PAGE, 3), RMI_SUCCESS);
		}
	}
	for (unsigned int w = 0; w < r->region_count; w++) {
		const struct mica_blob_region *region = &regions()[r->region_first + w];
		uint64_t window = window_of(windows, region->name);

		for (uint64_t i = 0; i < region->pages; i++) {
			uint64_t ipa = region->base + i * PAGE;

			if (i == 0 || ipa % (512 * PAGE) == 0)
				tables(rd, r->s2sz, ipa);
			EXPECT_EQ(RMI0(RTT_MAP_UNPROTECTED, rd, ipa, 3,
				       (window + i * PAGE) | RMI_DESC_MEMATTR_WB |
				       (uint64_t)region->rights << RMI_DESC_S2AP_SHIFT), RMI_SUCCESS);
		}
	}
}

void load_workflow(struct load *l, const struct load_image *blob, const struct load_image images[LOAD_ROLES], uint64_t window)
{
	const struct load_window all = { NULL, window };

	load_workflow_at(l, blob, images, &all);
}

void load_workflow_at(struct load *l, const struct load_image *blob, const struct load_image images[LOAD_ROLES],
		      const struct load_window *windows)
{
	static struct loadplan plan;

	create(l, blob);
	EXPECT(header->roles <= LOAD_ROLES);
	for (unsigned int role = 0; role < header->roles && role < LOAD_ROLES; role++) {
		const struct mica_blob_role *r = &roles()[role];
		const struct loadplan_realm shape = { .s2sz = r->s2sz, .hash = r->hash, .vcpus = r->vcpus, .num_bps = r->num_bps,
			.num_wps = r->num_wps, .ram_base = r->ram_base, .ram_size = r->ram_size,
			.image = images[role].start, .image_size = (size_t)(images[role].end - images[role].start) };
		struct loadplan_step s;

		EXPECT_EQ(loadplan_begin(&plan, &shape), 0);
		do {
			loadplan_next(&plan, &s);
			step(l, role, &shape, &s);
		} while (s.op != LP_DONE && bare_failed == 0);
		map(l, role, windows);
		EXPECT_EQ(RMI0(REALM_ACTIVATE, l->role[role].rd), RMI_SUCCESS);
	}
	EXPECT_EQ(MICA0(WF_ACTIVATE, l->wf), RMI_SUCCESS);
}
