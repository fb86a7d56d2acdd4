/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One run of a workflow as seen from outside: what to send when, what may come back when.
 * Knows nothing of QEMU; the VMM at the other end of the wire is not believed, only bounded.
 *
 *   BOOT --READY--> LOAD --LOADED of each role, ACTIVE--> ATTEST --TOKEN, verified--> STREAM --DONE--> DONE
 *
 * No byte of user data is sent before the token was accepted.
 */
#ifndef MICA_RUN_SESSION_H
#define MICA_RUN_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../abi/mica_blob.h"
#include "output.h"
#include "wire.h"

struct run_role {
	const char *name;
	bool pinned;
	unsigned int hash_size;		/* bytes of the RIM in use: 32 or 64 */
	uint8_t rim[64];		/* the policy's, if pinned */
	const uint8_t *image;
	size_t image_size;

	uint8_t loaded_rim[64];		/* what the VMM says it loaded; shown, believed only from the token */
	bool loaded, ended;
	bool off;			/* ended without a word: it switched itself off */
	struct run_role_restart last_restart;
};

struct run_window {
	const char *name;
	unsigned int role;
	unsigned int region;		/* index in the blob */
	bool in, out;			/* host -> role, role -> host */

	int in_fd;			/* -1: nothing to send, an empty stream */
	bool in_eof;			/* RUN_EOF sent */
	uint64_t credit, bytes_in;
	struct output output;		/* where the role's bytes go */
	bool out_end;
	uint64_t bytes_out;
};

enum session_phase { SESSION_BOOT, SESSION_LOAD, SESSION_ATTEST, SESSION_STREAM, SESSION_DONE };

struct session {
	struct wire *wire;
	enum session_phase phase;
	char error[512];		/* first failure, one sentence; empty if none */
	bool refused;			/* by the compiler, before anything started */
	bool stopping;			/* RUN_STOP sent */

	const uint8_t *blob;
	size_t blob_size;
	const char *option;		/* RUN_OPTION to send, or NULL */
	struct run_role roles[MICA_MAX_ROLES];
	unsigned int n_roles;
	struct run_window windows[MICA_MAX_REGIONS];
	unsigned int n_windows;

	uint8_t challenge[64];
	unsigned int token_role;
	uint8_t token[MICA_BLOB_MAX];	/* as delivered */
	size_t token_size;
	/* Accept the token? 0, or -1 and the reason in why. */
	int (*verify)(struct session *s, char *why, size_t size);
	/* Something worth a line of progress happened. */
	void (*event)(struct session *s, enum run_msg_type type, uint32_t arg, const char *text);
	void *arg;			/* for the two above */

	struct run_ready ready;
	struct run_done done;
	uint64_t restarts;		/* of roles, together */
};

/* Take every message that has arrived. 0, or -1 once s->error is set. */
int session_receive(struct session *s);
/* Send what the phase and the credits allow. 0, or -1. */
int session_send(struct session *s);
/* Record the first failure, printf style; always -1. */
int session_fail(struct session *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Ask the VMM to take everything down (once). */
void session_stop(struct session *s);
/* After DONE: did everything end as it should? 0, or -1 with s->error. */
int session_result(struct session *s);
/* An input descriptor this session would read from now, for poll(); -1 if none. */
int session_wants_input(const struct session *s);
/* What an exit status of a component means. */
const char *session_exit_text(uint32_t status);

#endif
