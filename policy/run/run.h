/* SPDX-License-Identifier: Apache-2.0 */
/* `mica run`: a policy, an emulated machine, data through it. */
#ifndef MICA_RUN_H
#define MICA_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "machine.h"
#include "session.h"

#define RUN_BIND_MAX	64

/* NAME=VALUE of an option */
struct run_bind {
	const char *name;
	const char *value;
	bool used;
};

struct run_options {
	const char *policy;
	struct run_bind in[RUN_BIND_MAX], out[RUN_BIND_MAX], image[RUN_BIND_MAX];
	unsigned int n_in, n_out, n_image;
	const char *console;		/* file that gets the machine's console, or NULL */
	const char *token;		/* file that gets the verified token, or NULL */
	const char *hostile;		/* hostile-host attempt, or NULL */
	uint64_t cpus;			/* of the machine */
	uint64_t timeout;		/* seconds without a sign of life before giving up */
	bool json, quiet;
	bool production;		/* refuse a DEVELOPMENT platform */
	struct machine_config machine;
};

/* plan.c: compile the policy, read the images, open inputs and outputs. 0, or -1 with s->error. */
struct run_plan;
struct run_plan *plan_open(struct session *s, const struct run_options *o);
void plan_close(struct run_plan *p);
const char *plan_workflow(const struct run_plan *p);
const uint8_t *plan_workflow_id(const struct run_plan *p);	/* 32 bytes */
struct diags;
const struct diags *plan_diags(const struct run_plan *p);
/* The session's verify hook; s->arg is a struct run_ctx. */
int plan_verify(struct session *s, char *why, size_t size);

/* progress.c: what the user sees. Lines on stderr; colour and a moving line only on a terminal. */
struct progress {
	FILE *out;
	bool terminal, quiet, moving;
	double start, attested, last_byte, last_shown;
};
void progress_begin(struct progress *p, bool quiet);
void progress_line(struct progress *p, const char *what, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void progress_bytes(struct progress *p, const struct session *s, bool last);
void progress_event(struct progress *p, struct session *s, enum run_msg_type type, uint32_t arg,
		    const char *text);
double progress_now(void);		/* seconds, monotonic */

/* What hangs on session.arg. */
struct run_ctx {
	struct progress progress;
	struct run_plan *plan;
	const struct run_options *options;
	char attested[160];		/* one line on what was verified */
	struct output token;		/* where it is kept, if it is */
	bool started;			/* the machine: what fails from here on is no matter of usage */
};

int cmd_run(int argc, char **argv);
struct cli_spec;
extern const struct cli_spec run_spec;

#endif
