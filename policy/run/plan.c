/* SPDX-License-Identifier: Apache-2.0 */
/* What a run is about, before any machine starts: policy compiled, images read, inputs and outputs open. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../cli/cli.h"
#include "../compiler/compile.h"
#include "../verifier/verify.h"
#include "run.h"

struct run_plan {
	struct policy policy;
	struct built built;
	char option[128];
};

const char *plan_workflow(const struct run_plan *p)
{
	return p->policy.model.name;
}

const uint8_t *plan_workflow_id(const struct run_plan *p)
{
	return p->built.workflow_id;
}

const struct diags *plan_diags(const struct run_plan *p)
{
	return &p->policy.diags;
}

void plan_close(struct run_plan *p)
{
	if (!p)
		return;
	policy_close(&p->policy);
	free(p);
}

/* ---- the policy ---- */

static void unserved(struct policy *p, struct span at, const char *what)
{
	struct diag *g = diag_error(&p->diags, "P705", &p->src, at, "`mica run` serves no %s yet", what);

	diag_hint(&p->diags, g, "`mica build` compiles this policy, for another host");
}

/* What the monitor enforces and this VMM has no part for: better refused now than a role that waits for ever. */
static int check_served(struct policy *p)
{
	for (uint32_t i = 0; i < p->ast.items.n; i++) {
		const struct item *it = &p->ast.items.v[i];

		for (uint32_t k = 0; it->kind == ITEM_CONTROL && k < it->attrs.n; k++)
			if (strcmp(it->attrs.v[k].word, "mmio") == 0 || strcmp(it->attrs.v[k].word, "interrupts") == 0)
				unserved(p, it->attrs.v[k].at, it->attrs.v[k].word);
	}
	diag_sort(&p->diags);
	return p->diags.errors ? 1 : 0;
}

static int compile(struct run_plan *p, struct session *s, const struct run_options *o)
{
	struct image_override over[RUN_BIND_MAX];
	const char *why = NULL;
	int ret = policy_open(&p->policy, o->policy, &why);

	for (unsigned int i = 0; i < o->n_image; i++)
		over[i] = (struct image_override){ o->image[i].name, o->image[i].value };
	if (ret == 2)
		return session_fail(s, "%s", why);
	if (ret == 0)
		ret = check_served(&p->policy);
	if (ret == 0)
		ret = policy_build(&p->policy, true, over, o->n_image, &p->built);
	if (ret == 0)
		return 0;
	refused(&p->policy);
	s->refused = true;
	return session_fail(s, "%s is refused: %s", o->policy, diag_first_error(&p->policy.diags));
}

static int set_roles(struct run_plan *p, struct session *s, const struct run_options *o)
{
	for (uint32_t i = 0; i < p->built.roles.n; i++) {
		const struct built_role *b = &p->built.roles.v[i];
		struct run_role *r = &s->roles[i];

		r->name = b->name;
		r->pinned = b->pinned;
		r->hash_size = b->hash_size;
		memcpy(r->rim, b->rim, sizeof(r->rim));
		r->image = b->bytes;
		r->image_size = b->size;
	}
	s->n_roles = p->built.roles.n;
	for (unsigned int i = 0; i < o->n_image; i++) {
		bool known = false;

		for (unsigned int k = 0; k < s->n_roles; k++) {
			struct run_ctx *ctx = s->arg;

			if (strcmp(s->roles[k].name, o->image[i].name) != 0)
				continue;
			known = true;
			if (s->roles[k].pinned)
				progress_line(&ctx->progress, "caution", "the policy pins '%s': if %s is other code, the monitor refuses it",
					      o->image[i].name, o->image[i].value);
		}
		if (!known)
			return session_fail(s, "--image: no role is called '%s' in %s", o->image[i].name, o->policy);
	}
	return 0;
}

/* Better now than after minutes of loading. */
static int fits_machine(const struct run_plan *p, struct session *s)
{
	const struct model *m = &p->policy.model;
	uint64_t sum = 0;

	for (uint32_t i = 0; i < m->roles.n; i++)
		sum += m->roles.v[i].memory;
	for (uint32_t i = 0; i < m->channels.n; i++)
		sum += m->channels.v[i].size * (m->channels.v[i].two_way ? 1 : m->channels.v[i].writers.n);
	for (uint32_t i = 0; i < m->windows.n; i++)
		sum += m->windows.v[i].size;
	if (sum >> 20 <= MACHINE_REALMS_MIB)
		return 0;
	return session_fail(s, "roles, channels and windows need %llu MiB, the emulated machine has %d MiB for them",
			    (unsigned long long)(sum >> 20), MACHINE_REALMS_MIB);
}

/* ---- windows ---- */

static const char *bound(const struct run_bind *list, unsigned int n, const char *name)
{
	for (unsigned int i = 0; i < n; i++)
		if (strcmp(list[i].name, name) == 0)
			return list[i].value;
	return NULL;
}

static int open_input(struct session *s, struct run_window *w, const char *file)
{
	struct stat st;

	if (!file)
		return session_fail(s, "input window '%s' has no data: give --in %s=FILE", w->name, w->name);
	if (strcmp(file, "-") == 0) {
		w->in_fd = STDIN_FILENO;
		return 0;
	}
	w->in_fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (w->in_fd < 0)
		return session_fail(s, "cannot read input '%s': %s", file, strerror(errno));
	if (fstat(w->in_fd, &st) == 0 && S_ISDIR(st.st_mode))
		return session_fail(s, "cannot read input '%s': %s", file, strerror(EISDIR));
	return 0;
}

static int open_output(struct session *s, struct run_window *w, const char *file)
{
	int ret;

	if (!file)
		return session_fail(s, "output window '%s' goes nowhere: give --out %s=FILE", w->name, w->name);
	ret = output_open(&w->output, file);
	return ret ? session_fail(s, "cannot write output '%s': %s", file, strerror(-ret)) : 0;
}

static int known_windows(const struct session *s, const struct run_bind *list, unsigned int n, bool in,
			 struct session *err)
{
	for (unsigned int i = 0; i < n; i++) {
		bool known = false;

		for (unsigned int k = 0; k < s->n_windows; k++)
			known = known || (strcmp(s->windows[k].name, list[i].name) == 0 &&
					  (in ? s->windows[k].in : s->windows[k].out));
		if (!known)
			return session_fail(err, "the policy has no %s window '%s'", in ? "host -> role" : "role -> host",
					    list[i].name);
	}
	return 0;
}

static int open_windows(struct run_plan *p, struct session *s, const struct run_options *o)
{
	for (uint32_t i = 0; i < p->built.windows.n; i++) {
		const struct built_window *b = &p->built.windows.v[i];

		s->windows[i] = (struct run_window){ .name = b->name, .role = b->role, .region = b->region,
						     .in = b->in, .out = b->out, .in_fd = -1 };
	}
	s->n_windows = p->built.windows.n;
	for (unsigned int i = 0; i < s->n_windows; i++)
		s->windows[i].output = OUTPUT_NONE;
	if (known_windows(s, o->in, o->n_in, true, s) || known_windows(s, o->out, o->n_out, false, s))
		return -1;
	for (unsigned int i = 0; i < s->n_windows; i++) {
		struct run_window *w = &s->windows[i];

		if (w->in && open_input(s, w, bound(o->in, o->n_in, w->name)))
			return -1;
		if (w->out && open_output(s, w, bound(o->out, o->n_out, w->name)))
			return -1;
	}
	return 0;
}

static const char *nth_output(const struct session *s, const struct run_ctx *ctx, unsigned int i, const struct output **o)
{
	*o = i < s->n_windows ? &s->windows[i].output : &ctx->token;
	return i < s->n_windows ? s->windows[i].name : "--token";
}

/* Two results under one name: one of them would be lost. */
static int apart(struct session *s, const struct run_ctx *ctx)
{
	const struct output *a, *b;

	for (unsigned int i = 0; i <= s->n_windows; i++) {
		const char *name = nth_output(s, ctx, i, &a);

		for (unsigned int k = 0; k < i; k++) {
			const char *other = nth_output(s, ctx, k, &b);

			if (output_same(a, b))
				return session_fail(s, "'%s' and '%s' would be the same file", other, name);
		}
	}
	return 0;
}

/* The console is written from the first moment on: over an input or the policy, that would be gone. */
static int console_apart(struct session *s, const struct run_options *o)
{
	struct stat console, st;

	if (!o->console || stat(o->console, &console) || !S_ISREG(console.st_mode))
		return 0;
	for (unsigned int i = 0; i < s->n_windows; i++)
		if (s->windows[i].in_fd >= 0 && fstat(s->windows[i].in_fd, &st) == 0 && st.st_dev == console.st_dev &&
		    st.st_ino == console.st_ino)
			return session_fail(s, "--console '%s' would overwrite input '%s'", o->console, s->windows[i].name);
	if (stat(o->policy, &st) == 0 && st.st_dev == console.st_dev && st.st_ino == console.st_ino)
		return session_fail(s, "--console '%s' would overwrite the policy", o->console);
	return 0;
}

/* Now, so that a place that cannot be written is known before the run and not after it. */
static int open_token(struct session *s, struct run_ctx *ctx, const struct run_options *o)
{
	int ret = o->token ? output_open(&ctx->token, o->token) : 0;

	return ret ? session_fail(s, "cannot write token to '%s': %s", o->token, strerror(-ret)) : 0;
}

static void plan_event(struct session *s, enum run_msg_type type, uint32_t arg, const char *text)
{
	struct run_ctx *ctx = s->arg;

	progress_event(&ctx->progress, s, type, arg, text);
}

struct run_plan *plan_open(struct session *s, const struct run_options *o)
{
	struct run_plan *p = calloc(1, sizeof(*p));
	struct run_ctx *ctx = s->arg;

	if (!p) {
		session_fail(s, "out of memory");
		return NULL;
	}
	if (compile(p, s, o) || fits_machine(p, s) || set_roles(p, s, o) || open_windows(p, s, o) ||
	    open_token(s, ctx, o) || apart(s, ctx) || console_apart(s, o))
		return p;
	s->blob = p->built.blob;
	s->blob_size = p->built.blob_size;
	s->verify = plan_verify;
	s->event = plan_event;
	if (o->hostile) {
		snprintf(p->option, sizeof(p->option), "hostile-host=%s", o->hostile);
		s->option = p->option;
	}
	return p;
}

/* ---- verification ---- */

int plan_verify(struct session *s, char *why, size_t size)
{
	static struct verify_role roles[MICA_MAX_ROLES];
	static struct verify_result result;
	struct run_ctx *ctx = s->arg;
	const struct verify_expect want = {
		.challenge = s->challenge, .workflow_id = ctx->plan->built.workflow_id, .roles = roles,
		.n_roles = s->n_roles, .accept_development = !ctx->options->production,
	};

	for (unsigned int i = 0; i < s->n_roles; i++) {
		roles[i] = (struct verify_role){ .name = s->roles[i].name, .pinned = s->roles[i].pinned,
						 .hash_size = s->roles[i].hash_size };
		memcpy(roles[i].rim, s->roles[i].rim, sizeof(roles[i].rim));
	}
	if (verify_token(s->token, s->token_size, &want, &result)) {
		snprintf(why, size, "%s", result.error);
		return -1;
	}
	snprintf(ctx->attested, sizeof(ctx->attested), "token of %s: this policy, these %u roles, fresh%s",
		 s->roles[result.holder].name, s->n_roles,
		 result.development ? "; DEVELOPMENT platform: well-known key, proves nothing about hardware" : "");
	return 0;
}
