/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attestation: RAK and platform token from EL3 at boot, Realm token on demand.
 * Source: RMM specification, CCA attestation token; shared/measurement facts in docs/spec.
 */
#ifndef RMM_ATTEST_H
#define RMM_ATTEST_H

#include "../realm/rec.h"

/* Cold boot: fetch key and platform token through the EL3 buffer, check the RAK binding, wipe the buffer. */
bool attest_init(void);

/* Aux granules a REC needs for a token in progress: signing arena and finished token. */
#define ATTEST_AUX_GRANULES	8	/* at most; attest/token.c states why */

/* TOKEN_INIT: snapshot under the RD lock, build the payload. False: crypto failure. */
bool attest_token_start(struct rec *rec, const uint8_t challenge[64]);
enum attest_step { ATTEST_AGAIN, ATTEST_READY, ATTEST_FAILED };
/* A bounded step of signing; ATTEST_READY when the token can be copied. */
enum attest_step attest_token_step(struct rec *rec);
/* Copy token bytes [rec->token_pos..) ; returns bytes copied, at most size. */
size_t attest_token_copy(struct rec *rec, void *dst, size_t size);

#endif
