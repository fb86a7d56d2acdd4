/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A digest of all a host can read of the monitor's state: every entry of every stage 2 table of
 * every Realm, and everything WF_INFO tells. Two equal digests around a refused act show that
 * it left no footprint.
 */
#include <string.h>

#include "../../lib/hash/hash.h"
#include "hostile.h"

#define TABLE_ENTRIES	512
_Static_assert(TABLE_ENTRIES == MICA_RMI_BATCH, "a table a batch");

static int add_answers(struct vmm *vmm, struct hash_ctx *ctx, struct mica_rmi_call *calls,
		       uint32_t n)
{
	uint32_t done, i;

	if (dev_rmi(calls, n, &done) < 0 || done != n)
		return vmm_fail(vmm, "the monitor's state cannot be read");
	for (i = 0; i < n; i++)
		hash_update(ctx, calls[i].x, 5 * sizeof(uint64_t));
	return 0;
}

static int add_table(struct vmm *vmm, struct hash_ctx *ctx, const struct realm *realm,
		     uint64_t base, int level)
{
	struct mica_rmi_call *calls = vmm->batch.calls;
	unsigned int i;

	for (i = 0; i < TABLE_ENTRIES; i++)
		calls[i] = (struct mica_rmi_call){ { SMC_RMI_RTT_READ_ENTRY, realm->rd,
			base + i * entry_size(level), level } };
	return add_answers(vmm, ctx, calls, TABLE_ENTRIES);
}

static int add_realm(struct vmm *vmm, struct hash_ctx *ctx, const struct realm *realm)
{
	uint64_t span = TABLE_ENTRIES * entry_size(realm->start_level), ipa;
	size_t i;

	for (ipa = 0; ipa < 1UL << realm->rec->s2sz; ipa += span)
		if (add_table(vmm, ctx, realm, ipa, realm->start_level) < 0)
			return -1;
	for (i = 0; i < realm->tables.n; i++)
		if (add_table(vmm, ctx, realm, realm->tables.v[i].at, realm->tables.v[i].level) < 0)
			return -1;
	return 0;
}

static int add_info(struct vmm *vmm, struct hash_ctx *ctx, uint64_t sel, uint64_t count)
{
	struct mica_rmi_call call;
	uint64_t i;

	for (i = 0; i < count; i++) {
		call = (struct mica_rmi_call){ { SMC_RMI_MICA, MICA_WF_INFO, vmm->wf, sel, i } };
		if (add_answers(vmm, ctx, &call, 1) < 0)
			return -1;
	}
	return 0;
}

int state_digest(struct vmm *vmm, uint8_t digest[HASH_MAX_SIZE])
{
	struct hash_ctx ctx;
	unsigned int i;

	if (rmi_flush(vmm) < 0)
		return -1;
	hash_init(&ctx, HASH_SHA256);
	if (vmm->wf && (add_info(vmm, &ctx, MICA_INFO_STATE, 1) < 0 ||
			add_info(vmm, &ctx, MICA_INFO_ROLE, vmm->blob.roles) < 0 ||
			add_info(vmm, &ctx, MICA_INFO_CHANNEL, vmm->blob.channels) < 0 ||
			add_info(vmm, &ctx, MICA_INFO_WORKFLOW_ID, 1) < 0 ||
			add_info(vmm, &ctx, MICA_INFO_INSTANCE_ID, 1) < 0))
		return -1;
	for (i = 0; i < vmm->n_realms; i++)
		if (vmm->realms[i].rd && add_realm(vmm, &ctx, &vmm->realms[i]) < 0)
			return -1;
	hash_final(&ctx, digest);
	return 0;
}
