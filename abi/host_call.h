/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Host calls of native components: what libmica puts into RsiHostCall and the VMM answers.
 * Only roles with the right `hostcall` reach the host this way. Untrusted on both sides: the
 * component checks every value that comes back, the VMM every value that comes in.
 *
 * imm selects the call; arguments and results in gprs[0..]. gprs[0] of a result is the value
 * stated below or a negative errno-like number.
 */
#ifndef MICA_ABI_HOST_CALL_H
#define MICA_ABI_HOST_CALL_H

/* Fill window gprs[0] (index among the role's own windows) from its start. Result: bytes, 0 = end of stream. */
#define MICA_HC_READ	1
/* gprs[1] bytes at the start of window gprs[0] are output. Result: 0 once taken. */
#define MICA_HC_WRITE	2
/* The output stream of window gprs[0] is complete. Result: 0. Without it output counts as cut off. */
#define MICA_HC_END	3
/* Is a token wanted? Result: gprs[0] = 1 and gprs[1..8] = challenge (64 bytes), or gprs[0] = 0. */
#define MICA_HC_CHALLENGE 4
/* gprs[1] bytes at the start of window gprs[0] are the CCA token for the challenge. Result: 0. */
#define MICA_HC_TOKEN	5
/* The component ends with status gprs[0] (0 good, else enum mica_exit). No result; the VMM does not enter again. */
#define MICA_HC_EXIT	6
/* The verifier accepted: the component may begin. Blocks in the VMM until told. Result: 0. */
#define MICA_HC_BEGIN	7

enum mica_exit {
	MICA_EXIT_OK = 0,
	MICA_EXIT_PANIC = 1,		/* a check inside the component failed */
	MICA_EXIT_PEER_GONE = 2,	/* a peer stopped before its end-of-stream mark */
	MICA_EXIT_PEER_BROKEN = 3,	/* a peer violated the channel protocol */
	MICA_EXIT_HOST = 4,		/* the host's answer made no sense */
	MICA_EXIT_CONFIG = 5,		/* the policy lacks a channel or window the component needs */
};

#endif
