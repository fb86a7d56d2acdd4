/* SPDX-License-Identifier: Apache-2.0 */
/* RSI_VERSION, RSI_FEATURES, RSI_REALM_CONFIG: what the Realm is told about where it runs. */
#include "rsi_internal.h"

enum run_verdict rsi_version(struct run *run)
{
	uint64_t *x = run->rec->gpr;

	x[0] = x[1] == RSI_ABI_VERSION_1_0 ? RSI_SUCCESS : RSI_ERROR_INPUT;
	x[1] = RSI_ABI_VERSION_1_0;	/* reported on failure, too */
	x[2] = RSI_ABI_VERSION_1_0;
	return RUN_RESUME;
}

/* 1.0 defines no feature register: all read as zero. */
enum run_verdict rsi_features(struct run *run)
{
	run->rec->gpr[0] = RSI_SUCCESS;
	run->rec->gpr[1] = 0;
	return RUN_RESUME;
}

static void fill_config(struct rsi_realm_config *c, const struct rd *rd)
{
	memset(c, 0, sizeof(*c));
	c->ipa_width = rd->s2.ipa_bits;
	c->hash_algo = rd->hash_algo;
	memcpy(c->rpv, rd->rpv, sizeof(c->rpv));
}

enum run_verdict rsi_realm_config(struct run *run)
{
	ipa_t a = ipa(run->rec->gpr[1]);
	enum rsi_buffer buffer = RSI_BUFFER_INPUT;
	struct s2_walk w;
	void *va;

	if (IS_ALIGNED(a.v, GRANULE_SIZE) && s2_in_par(&run->rec->s2, a, GRANULE_SIZE))
		buffer = rsi_buffer_map(run, a, &w, &va);
	if (buffer == RSI_BUFFER_EXIT)
		return RUN_EXIT;
	if (buffer == RSI_BUFFER_INPUT) {
		rsi_fail(run, RSI_ERROR_INPUT, RSI_RESULTS);
		return RUN_RESUME;
	}
	fill_config(va, run->rd);
	s2_walk_end(&w);
	run->rec->gpr[0] = RSI_SUCCESS;
	return RUN_RESUME;
}
