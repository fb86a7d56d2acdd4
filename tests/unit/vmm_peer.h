/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole session of the VMM over the stand-in device, for suites about the life of roles: three roles a, b, c
 * without channels; what each may, and what its RECs do, is the test's. The test is the other end of the port.
 */
#ifndef VMM_PEER_H
#define VMM_PEER_H

#include <stdatomic.h>
#include <string.h>

#include "../../abi/host_call.h"
#include "vmm_fake.h"
#include "vmm_port.h"

enum { A, B, C, ROLES };

struct peer_blob {
	struct mica_blob_header h;
	struct mica_blob_role role[ROLES];
	struct mica_blob_gate gate[1];
	struct mica_blob_region region[1];
};

/* All roles: hostcall, one vCPU, no gate; the caller of the test changes what it is about. */
struct peer_blob peer_blob(void);
/* a gate from caller to callee, served by this REC */
void peer_gate(struct peer_blob *b, unsigned int caller, unsigned int callee, unsigned int server);
/* an output window for a, a page */
void peer_window(struct peer_blob *b);

/* After port_open() and what it changes of `fake`: RUN_ACTIVE has come, and all run. */
void peer_load(const struct peer_blob *b);

/* Nothing comes until the test's own count is there. */
void peer_until(const atomic_int *what, int at_least);
void peer_expect_exit(unsigned int role, uint32_t how);
/* All end that have not (bits of `ended`), in any order; this one because only it is left. */
void peer_expect_rest(unsigned int role, unsigned int ended);
void peer_expect_restart(unsigned int role, unsigned int which);
/* RUN_FAIL with this in its text. */
void peer_expect_fail(const char *text);
/* RUN_DONE, the end of the stream, and nothing is left behind. */
void peer_end(void);
/* The same however it ends: stop it, read what comes. */
void peer_stop(void);

/* exits */
uint64_t exit_with(struct rmi_rec_run *run, uint64_t reason);
uint64_t exit_call(struct rmi_rec_run *run, uint64_t imm, uint64_t a);
/* scripts */
uint64_t play_exit_ok(unsigned int role, struct rmi_rec_run *run);
uint64_t play_idle(unsigned int role, struct rmi_rec_run *run);
uint64_t play_off(unsigned int role, struct rmi_rec_run *run);

#endif
