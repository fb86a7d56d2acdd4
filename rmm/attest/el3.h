/* SPDX-License-Identifier: Apache-2.0 */
/* Attestation services of EL3, through the page shared with it. Cold boot only: no lock. */
#ifndef RMM_ATTEST_EL3_H
#define RMM_ATTEST_EL3_H

#include "../core/types.h"

/* The P-384 private scalar, big-endian. False: EL3 gave none. */
bool el3_realm_key(uint8_t key[48]);
/*
 * The platform token over @challenge, piece by piece. Returns its size; 0 if EL3 gave none, or more
 * than @size bytes.
 */
size_t el3_platform_token(const uint8_t challenge[32], uint8_t *buf, size_t size);
/* Leave nothing of either in the shared page. */
void el3_wipe(void);

#endif
