/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attestation: RAK and platform token from EL3 at boot, Realm tokens on demand. A token in
 * progress lives in the auxiliary granules of the REC that asked for it and dies with it.
 * Source: RMM specification, CCA attestation token; docs/spec/attestation.md.
 */
#ifndef RMM_ATTEST_H
#define RMM_ATTEST_H

#include "../realm/rec.h"

/*
 * Cold boot: fetch key and platform token through the EL3 buffer, check that the token is bound to
 * the key, wipe the buffer. False: no attestation, hence no boot.
 */
bool attest_init(void);

/* Auxiliary granules of a REC: a signature in progress and the token; token.c lays them out. */
#define ATTEST_AUX_GRANULES	8

/* rec->token_state */
enum attest_state { ATTEST_NONE = 0, ATTEST_SIGN, ATTEST_COPY };

/* Upper bound of a token, as TOKEN_INIT tells it: 1.0's Realms, and those with a Mica claim. */
#define ATTEST_TOKEN_MAX	4096
#define ATTEST_TOKEN_MAX_BOUND	8192

/*
 * TOKEN_INIT: drop what was in progress, take the snapshot and build all of the token but the signature.
 * Takes the RD's lock, under it the WF lock. ATTEST_SIGN after it. False: crypto failure, ATTEST_NONE.
 * @rec runs on this CPU.
 */
bool attest_token_start(struct rec *rec, const uint8_t challenge[64]);

enum attest_step { ATTEST_AGAIN, ATTEST_READY, ATTEST_FAILED };
/*
 * In ATTEST_SIGN: one bounded step of the signature. READY: state is ATTEST_COPY, token_len its length
 * and token_pos 0. FAILED: ATTEST_NONE.
 */
enum attest_step attest_token_step(struct rec *rec);

/*
 * In ATTEST_COPY: the next bytes, at most @size. Returns their number; *done, and ATTEST_NONE, when
 * none is left.
 */
size_t attest_token_copy(struct rec *rec, void *dst, size_t size, bool *done);

#endif
