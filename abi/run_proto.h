/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages between `mica run` (outside) and mica-vmm (in the machine) over one byte stream:
 * the virtio-serial port "mica.ctl". Each message is a header and len bytes. Little-endian.
 * The VMM is untrusted: `mica run` checks type, order and length of everything.
 */
#ifndef MICA_ABI_RUN_PROTO_H
#define MICA_ABI_RUN_PROTO_H

#include "types.h"

#define RUN_PROTO_VERSION	2
#define RUN_MSG_MAX		(1U << 20)	/* bytes of payload */

struct run_msg {
	uint32_t type;			/* enum run_msg_type */
	uint32_t arg;			/* role or region index, or 0 */
	uint32_t len;			/* payload bytes that follow */
	uint32_t zero;
};

enum run_msg_type {
	/* mica run -> VMM */
	RUN_BLOB = 1,		/* payload: compiled policy */
	RUN_IMAGE = 2,		/* arg: role; payload: next piece of its image; several in order */
	RUN_LOAD = 3,		/* everything sent: build the workflow */
	RUN_CHALLENGE = 4,	/* payload: 64 bytes */
	RUN_BEGIN = 5,		/* attested: components may begin */
	RUN_DATA = 6,		/* arg: region (blob index); payload: input, at most the credit given */
	RUN_EOF = 7,		/* arg: region; input complete */
	RUN_STOP = 8,		/* tear down now */
	RUN_OPTION = 9,		/* payload: "name=value", before RUN_LOAD (hostile-host selection) */

	/* VMM -> mica run */
	RUN_READY = 32,		/* payload: struct run_ready */
	RUN_LOADED = 33,	/* arg: role; payload: struct run_loaded */
	RUN_ACTIVE = 34,	/* workflow is active */
	RUN_TOKEN = 35,		/* arg: role that delivered it; payload: CCA token */
	RUN_CREDIT = 36,	/* arg: region; payload: u32 bytes more of input accepted */
	RUN_OUTPUT = 37,	/* arg: region; payload: output bytes */
	RUN_OUTPUT_END = 38,	/* arg: region; output complete */
	RUN_ROLE_EXIT = 39,	/* arg: role; payload: struct run_role_exit */
	RUN_DONE = 40,		/* all roles ended, everything torn down; payload: struct run_done */
	RUN_FAIL = 41,		/* payload: UTF-8 text, one clear sentence; RUN_DONE follows */
	RUN_NOTE = 42,		/* payload: UTF-8 text for the progress display */
	RUN_ROLE_RESTART = 43,	/* arg: role; payload: struct run_role_restart; it is reset, and lives again */
};

struct run_ready {
	uint32_t proto;			/* RUN_PROTO_VERSION */
	uint32_t zero;
	uint64_t rmi_version;		/* as RMI_VERSION gave it */
	uint64_t mica_magic;		/* FEATURES X1, 0 if the monitor has no Mica */
};

struct run_loaded {
	uint8_t rim[64];		/* what the VMM computed for the image it loaded */
	uint64_t pages;			/* RAM pages given */
};

struct run_role_exit {
	uint32_t how;			/* 0 off, 1 host call EXIT, 2 stopped, 3 refused by the monitor, 4 at rest: see below */
	uint32_t status;		/* enum mica_exit for 1; X0 of REC_ENTER for 3 */
};
/*
 * At rest: every role that could still do something has ended. Left are gate servers that nobody will call, vCPUs that
 * nobody will switch on, and services: roles with `restart` that have no way to say that they are done.
 */

struct run_role_restart {
	uint32_t how, status;		/* as it ended */
	uint32_t restart, of;		/* which of how many */
};

struct run_done {
	uint64_t granules_used;		/* delegated at the peak */
	uint64_t granules_left;		/* still delegated after teardown: 0, or it is a bug */
	uint64_t rec_entries;
	uint64_t rec_exits_irq;
};

#endif
