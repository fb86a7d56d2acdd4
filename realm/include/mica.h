/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libmica: what a native component sees. A component is one or more C files with
 *     int main(void);
 * whose return value becomes its exit status (abi/host_call.h enum mica_exit). No operating
 * system, no allocation, one thread unless it starts another vCPU. Everything fails closed: a component that gives up ends
 * inside its Realm and tells nobody why unless its policy gave it a way to the host.
 *
 * Errors are negative numbers of mica_errno.h.
 */
#ifndef MICA_H
#define MICA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mica_errno.h"
#include "../ring.h"
#include "../../abi/host_call.h"
#include "../../abi/mica.h"
#include "../../abi/mica_blob.h"
#include "../../abi/rsi.h"

/* ---- who we are ---- */

struct mica_self {
	unsigned int role, rights, grants, gates, regions;
	uint32_t epoch;
};
const struct mica_self *mica_self(void);

/* ---- channels: byte streams to and from peers that are not trusted ---- */

enum mica_direction { MICA_READ = 1, MICA_WRITE = 2 };

struct mica_channel {
	enum mica_direction direction;
	unsigned int signal_grant;	/* grant to ring through */
	uint64_t wait_mask;		/* our signal bit for this stream; 0 = none, poll */
	bool corked, owed;		/* mica_channel_cork(): bells wait; one does */
	union {
		struct ring_reader reader;
		struct ring_writer writer;
	};
};

/*
 * Open the channel of that (local) name. It must have an `ack` page, one writer and one reader (others: docs/spec/channels.md).
 * 0, -ENOENT if the policy has no such channel for this role, -EACCES wrong direction.
 */
int mica_channel_open(struct mica_channel *c, const char *name, enum mica_direction direction);

/*
 * Reading. Blocks until something is there. Bytes, 0 at the end of the stream, -EPIPE if the
 * writer stopped before its end mark, -EPROTO if it broke the rules.
 * Zero copy: the writer may change the bytes while we look; copy before checking anything.
 */
long mica_channel_acquire(struct mica_channel *c, const uint8_t **p);
void mica_channel_release(struct mica_channel *c, size_t n);
long mica_channel_read(struct mica_channel *c, void *buf, size_t size);

/* Writing. Blocks while the reader is behind. -EPIPE if it stopped, -EPROTO as above. */
long mica_channel_reserve(struct mica_channel *c, uint8_t **p);		/* bytes at *p, > 0 */
void mica_channel_commit(struct mica_channel *c, size_t n);
int mica_channel_write(struct mica_channel *c, const void *buf, size_t size);	/* all of it */
/* End of stream. Without it the reader takes the stream for cut off. */
void mica_channel_close(struct mica_channel *c);

/*
 * Either side. While corked, what is committed, written, released or read is published at once, but the bell that wakes the
 * peer waits until this side has to wait itself (a writer for space, a reader for bytes), closes the stream, or is uncorked:
 * many small messages for one bell. Uncork before doing anything else for long: a peer that sleeps may learn of them a
 * tenth of a second late.
 */
void mica_channel_cork(struct mica_channel *c, bool cork);

/* ---- windows: memory shared with the host, and the host calls that go with them ---- */

struct mica_window {
	unsigned int index;
	unsigned int rights;		/* MICA_REGION_READ, MICA_REGION_WRITE */
	uint8_t *base;
	size_t size;
};

int mica_window_open(struct mica_window *w, const char *name, enum mica_direction direction);
/* Next piece of input, in the window itself: the host may change it at any time. 0 = end; -EIO. */
long mica_window_read(struct mica_window *w);
/* The first n bytes of the window are output. */
int mica_window_write(struct mica_window *w, size_t n);
int mica_window_end(struct mica_window *w);

/* ---- gates: calls into another Realm, without the host ---- */

struct mica_gate {
	unsigned int number;
	bool serves;			/* else we call */
	unsigned int args, results;	/* words that cross; the others are lost */
	unsigned int server;		/* vCPU of the callee */
	char name[MICA_NAME_SIZE];
};

/* The role's gates, as the monitor tells them; by index, by (local) name. 0, or -ENOENT. */
int mica_gate(unsigned int i, struct mica_gate *g);
int mica_gate_open(struct mica_gate *g, const char *name);
/*
 * Call and wait for the answer; when it comes is the callee's choice. 0, -EPIPE if it is gone or nobody serves yet, -EBUSY,
 * -ELOOP if this is itself too deep in a chain of calls, -EACCES if we are not its caller.
 */
int mica_gate_call(const struct mica_gate *g, const uint64_t args[MICA_GATE_WORDS], uint64_t results[MICA_GATE_WORDS]);
/*
 * Answer the call being served, if there is one, and wait for the next; its words are as the caller chose them. While it
 * serves, a component has no way to the host. 0, -EACCES if this vCPU is not the gate's server.
 */
int mica_gate_serve(const struct mica_gate *g, const uint64_t results[MICA_GATE_WORDS], uint64_t args[MICA_GATE_WORDS]);

/* ---- CPUs and time ---- */

/*
 * Run a function on another vCPU of the role, on a stack of ours (at least 16 KiB and 16 bytes; nothing guards its end). It may
 * be started again when it has returned. 0; -EINVAL for CPU 0, none, or a small stack; -EBUSY; with `psci` also -ENOENT if the
 * role has no such vCPU and -EACCES if it was refused. Without `psci` nobody can tell that a vCPU is not there.
 * What is above gates in this file is for one CPU at a time.
 */
int mica_cpu_start(unsigned int cpu, void (*run)(void *arg), void *arg, void *stack, size_t size);
bool mica_cpu_busy(unsigned int cpu);

/*
 * Until so many ticks of the counter have passed. With `timer` by the virtual timer, which the host then knows; without it
 * the monitor compares, and how late it is depends on how often the host looks.
 */
void mica_sleep(uint64_t ticks);

/* ---- attestation ---- */

/* Largest token a Realm may get. */
#define MICA_TOKEN_BUFFER	(2 * 4096)
/* The CCA token for a challenge. buf is page aligned. Bytes, or -EIO. */
long mica_token(const uint8_t challenge[RSI_CHALLENGE_SIZE], uint8_t buf[MICA_TOKEN_BUFFER]);
/* Deliver a token through `out` if the host wants one. 0, or -EIO. Needs `hostcall`. */
int mica_attest(struct mica_window *out);
/* Wait until the verifier outside has accepted the workflow. 0, or -EIO. Needs `hostcall`. */
int mica_begin(void);

/* ---- ending ---- */

void mica_exit(int status) __attribute__((noreturn));
/* A check inside the component failed. The text goes nowhere: it is for a debugger. */
void mica_panic(const char *text) __attribute__((noreturn));
/* The exit status that stands for one of the errors above. */
int mica_exit_status(long error);

/* ---- below ---- */

/* SMC with x[0..10] in and out. */
void mica_smc(uint64_t x[11]);
/* RSI host call: gprs in and out; 0, or -ENOSYS if the policy has not opened it, -EIO. */
int mica_host_call(unsigned int imm, uint64_t gprs[9]);
/* Sleep until a signal in mask or `ticks` of the counter have passed. The bits that came. */
uint64_t mica_wait(uint64_t mask, uint64_t ticks);
uint64_t mica_now(void);
uint64_t mica_ticks_per_second(void);

struct mica_grant {
	uint8_t *base;
	size_t size;
	unsigned int index, channel, rights, signal;
	char name[MICA_NAME_SIZE];
};
/* The role's grants and regions, as the monitor tells them. 0, or -ENOENT past the last. */
int mica_grant(unsigned int i, struct mica_grant *g);
int mica_region(unsigned int i, struct mica_window *w, unsigned int *kind, char name[MICA_NAME_SIZE]);
/* 1 lives, 0 does not, negative: no edge leads from that role to us. */
int mica_peer_live(unsigned int role);
struct mica_peer {
	bool live;
	uint32_t epoch;			/* one more each time the host has reset it */
	uint64_t rim[8];		/* what runs there, in every epoch */
};
int mica_peer(unsigned int role, struct mica_peer *p);	/* 0, or -EACCES as above */
/* How often an act of ours hit this rule of the policy. */
uint64_t mica_audit(enum mica_rule rule);

/* An exception the component caused: it may repair elr and return true, else it ends. */
struct mica_fault {
	uint64_t x[31];
	uint64_t elr, spsr, esr, far;
};
bool mica_on_fault(struct mica_fault *f);

void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);

#endif
