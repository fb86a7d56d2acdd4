/* SPDX-License-Identifier: Apache-2.0 */
/* Which SMCs of a Realm are served, and the two that only say so. */
#include "../mica/hooks.h"
#include "rsi_internal.h"

#define FID_MASK	0xffffffffUL

static rsi_handler *const commands[] = {
	[SMC_RSI_VERSION - SMC_RSI_VERSION] = rsi_version,
	[SMC_RSI_FEATURES - SMC_RSI_VERSION] = rsi_features,
	[SMC_RSI_MEASUREMENT_READ - SMC_RSI_VERSION] = rsi_measurement_read,
	[SMC_RSI_MEASUREMENT_EXTEND - SMC_RSI_VERSION] = rsi_measurement_extend,
	[SMC_RSI_ATTEST_TOKEN_INIT - SMC_RSI_VERSION] = rsi_token_init,
	[SMC_RSI_ATTEST_TOKEN_CONTINUE - SMC_RSI_VERSION] = rsi_token_continue,
	[SMC_RSI_REALM_CONFIG - SMC_RSI_VERSION] = rsi_realm_config,
	[SMC_RSI_IPA_STATE_SET - SMC_RSI_VERSION] = rsi_ipa_state_set,
	[SMC_RSI_IPA_STATE_GET - SMC_RSI_VERSION] = rsi_ipa_state_get,
	[SMC_RSI_HOST_CALL - SMC_RSI_VERSION] = rsi_host_call,
};

void rsi_fail(struct run *run, uint64_t status, unsigned int outputs)
{
	run->rec->gpr[0] = status;
	memset(&run->rec->gpr[1], 0, outputs * sizeof(run->rec->gpr[0]));
}

enum run_verdict rsi_dispatch(struct run *run)
{
	uint64_t *x = run->rec->gpr;
	uint64_t fid = x[0] & FID_MASK & ~SMCCC_SVE_HINT;

	if (fid - SMC_RSI_VERSION < ARRAY_SIZE(commands))
		return commands[fid - SMC_RSI_VERSION](run);
	if (fid >= SMC_RSI_MICA_BASE && fid <= SMC_RSI_MICA_LAST)
		return mica_rsi(run);
	if (is_psci(fid))
		return psci_call(run);
	x[0] = fid == SMCCC_VERSION ? SMCCC_VERSION_1_2 : SMCCC_NOT_SUPPORTED;
	return RUN_RESUME;
}
