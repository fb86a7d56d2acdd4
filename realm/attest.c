/* SPDX-License-Identifier: Apache-2.0 */
/* The CCA token by the standard calls: RSI (DEN0137) ATTESTATION_TOKEN_INIT and _CONTINUE. */
#include "libmica.h"

long mica_token(const uint8_t challenge[RSI_CHALLENGE_SIZE], uint8_t buf[MICA_TOKEN_BUFFER])
{
	uint64_t x[11] = { SMC_RSI_ATTEST_TOKEN_INIT };
	size_t have = 0;

	memcpy(&x[1], challenge, RSI_CHALLENGE_SIZE);
	mica_smc(x);
	if (x[0] != RSI_SUCCESS || x[1] > MICA_TOKEN_BUFFER)
		return -EIO;
	do {
		size_t offset = have % GRANULE_SIZE;

		/* INCOMPLETE without a byte: the monitor was interrupted while it signed. */
		if (have == MICA_TOKEN_BUFFER)
			return -EIO;
		x[0] = SMC_RSI_ATTEST_TOKEN_CONTINUE;
		x[1] = (uint64_t)(buf + have - offset);
		x[2] = offset;
		x[3] = GRANULE_SIZE - offset;
		mica_smc(x);
		if (x[0] != RSI_SUCCESS && x[0] != RSI_INCOMPLETE)
			return -EIO;
		if (x[1] > GRANULE_SIZE - offset)
			return -EIO;
		have += x[1];
	} while (x[0] == RSI_INCOMPLETE);
	return (long)have;
}
