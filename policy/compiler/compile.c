/* SPDX-License-Identifier: Apache-2.0 */
/* The passes in order; images found, read and measured. */
#include "compile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../../abi/linux_image.h"
#include "../../lib/hash/hash.h"
#include "emit.h"

#define IMAGE_MAX	((size_t)1 << 30)
#define MIB		((uint64_t)1 << 20)
#define LINUX_MEMORY_MIN MIB	/* the pages of its interrupt controller, and some */

static void check_alone(struct policy *p)
{
	struct m_component *c = arena_alloc(&p->arena, sizeof(*c));

	c->src = p->src;
	c->ast = p->ast;
	check_component(&p->model, c, 0);
	p->model.name = p->ast.workflow.name;
	p->component = c;
}

static void check(struct policy *p, const struct memory_files *files, bool component_too)
{
	struct diag *g;

	p->parsed = parse(&p->arena, &p->diags, &p->src, &p->ast);
	p->model = (struct model){ .arena = &p->arena, .diags = &p->diags, .src = &p->src, .ast = &p->ast,
				   .memory = files };
	if (p->parsed && p->ast.component && component_too) {
		check_alone(p);
	} else if (p->parsed && p->ast.component) {
		g = diag_error(&p->diags, "P601", &p->src, p->ast.workflow.at, "this is a component file");
		diag_hint(&p->diags, g, "name the workflow that uses it");
	} else if (p->parsed) {
		resolve(&p->model);
	}
	if (p->parsed && p->diags.errors == 0 && !p->component) {
		p->sound = true;
		flow_check(&p->model, &p->verdicts);
	}
}

static int open_file(struct policy *p, const char *path, bool component_too, const char **why)
{
	int ret;

	memset(p, 0, sizeof(*p));
	p->diags.arena = &p->arena;
	if (strcmp(path, "-") == 0)
		ret = source_read_stream(&p->arena, &p->diags, stdin, path = "<stdin>", &p->src);
	else
		ret = source_read(&p->arena, &p->diags, path, &p->src);
	if (ret < 0) {
		*why = arena_printf(&p->arena, "cannot read '%s': %s", path, strerror(-ret));
		return 2;
	}
	if (ret == 0)
		check(p, NULL, component_too);
	diag_sort(&p->diags);
	return p->diags.errors != 0;
}

int policy_open(struct policy *p, const char *path, const char **why)
{
	return open_file(p, path, false, why);
}

int policy_open_file(struct policy *p, const char *path, const char **why)
{
	return open_file(p, path, true, why);
}

int policy_open_text(struct policy *p, const char *path, const char *text, size_t size, const struct memory_files *files)
{
	memset(p, 0, sizeof(*p));
	p->diags.arena = &p->arena;
	if (source_set(&p->arena, &p->diags, path, text, size, &p->src) == 0)
		check(p, files, true);
	diag_sort(&p->diags);
	return p->diags.errors != 0;
}

void policy_close(struct policy *p)
{
	arena_free(&p->arena);
}

/* ---- images ---- */

int read_whole(struct arena *a, const char *path, const uint8_t **bytes, size_t *size)
{
	FILE *f = fopen(path, "rb");
	size_t cap = 65536, n = 0;
	uint8_t *buf;
	int err = 0;

	if (!f)
		return -errno;
	buf = malloc(cap);
	while (buf && !feof(f) && !err) {
		errno = 0;
		n += fread(buf + n, 1, cap - n, f);
		if (ferror(f))
			err = errno ? -errno : -EIO;
		else if (n > IMAGE_MAX)
			err = -EFBIG;
		else if (n == cap) {
			uint8_t *more = realloc(buf, cap *= 2);

			if (!more)
				free(buf);
			buf = more;
		}
	}
	fclose(f);
	if (!buf)
		return -ENOMEM;
	if (!err) {
		*bytes = memcpy(arena_alloc(a, n + 1), buf, n);
		*size = n;
	}
	free(buf);
	return err;
}

static const char *override_of(const struct image_override *over, unsigned int n, const char *role)
{
	for (unsigned int i = 0; i < n; i++)
		if (strcmp(over[i].role, role) == 0)
			return over[i].file;
	return NULL;
}

static const char *hex(struct policy *p, const uint8_t *b, unsigned int n)
{
	char *s = arena_alloc(&p->arena, 2 * n + 8);
	int at = sprintf(s, "sha%u:", n * 8);

	for (unsigned int i = 0; i < n; i++)
		at += sprintf(s + at, "%02x", b[i]);
	return s;
}

static int read_image(struct policy *p, const struct m_role *r, struct built_role *b, const char *file)
{
	int ret = read_whole(&p->arena, file, &b->bytes, &b->size);
	struct diag *g;

	if (ret == 0 && b->size != 0)
		return 0;
	g = diag_error(&p->diags, "P701", r->image_src, r->image_at, "cannot read image '%s' of '%s': %s", file,
		       r->name, ret ? strerror(-ret) : "it is empty");
	if (r->image == IMAGE_ANY)
		diag_hint(&p->diags, g, "name the file that is to run: --image %s=FILE", r->name);
	return -1;
}

static int measure(const struct m_role *r, const struct built_role *b, uint8_t rim[64], struct image_fault *fault)
{
	const struct image_shape shape = { .linux_guest = r->linux_guest, .memory = r->memory, .vcpus = r->vcpus,
					   .hash_size = r->hash_size ? r->hash_size : 32 };

	return image_rim(b->bytes, b->size, &shape, rim, fault);
}

/* To what somebody would write. */
static uint64_t rounded(uint64_t size)
{
	uint64_t to = size < MIB ? PAGE : MIB;

	return (size + to - 1) & ~(to - 1);
}

/* P701 for a file that was read and cannot be loaded. */
static int unfit(struct policy *p, const struct m_role *r, const struct built_role *b, const char *file,
		 const struct image_fault *fault)
{
	char need[24], have[24];
	struct diag *g = diag_error(&p->diags, "P701", r->image_src, r->image_at, "image '%s' of '%s' %s%s", file, r->name,
				    fault->what, fault->need ? arena_printf(&p->arena, ": it needs %s, memory is %s",
				    size_text(need, rounded(fault->need), " "), size_text(have, r->memory, " ")) : "");

	if (r->linux_guest && !fault->need)
		diag_hint(&p->diags, g, "`mica pack` makes the image of a linux role: kernel, initramfs and command line in one file");
	else if (!r->linux_guest && b->size >= 8 && memcmp(b->bytes, LINUX_IMAGE_MAGIC, 8) == 0)
		diag_hint(&p->diags, g, "this is a packed Linux image: say `linux`");
	else if (fault->need)
		diag_hint(&p->diags, g, "say `memory %s` or more", size_text(need, rounded(fault->need), ""));
	return -1;
}

/* What the policy demands of the role, from the policy's own file: an override cannot change it. */
static int pin(struct policy *p, const struct m_role *r, struct built_role *b)
{
	struct built_role own = { 0 };
	struct image_fault fault;
	const char *file = source_beside(&p->arena, r->image_src->path, r->path ? r->path : "");

	b->pinned = true;
	if (r->image == IMAGE_HASH) {
		memcpy(b->rim, r->rim, r->hash_size);
		return 0;
	}
	if (read_image(p, r, &own, file))
		return -1;
	return measure(r, &own, b->rim, &fault) ? unfit(p, r, &own, file, &fault) : 0;
}

/*
 * A given file for a role known only by its measurement must have that measurement, and one for unknown code be loadable: better said
 * here than by the machine.
 */
static int check_given(struct policy *p, const struct m_role *r, const struct built_role *b)
{
	struct image_fault fault;
	uint8_t rim[64];

	if (!b->bytes)
		return 0;
	if (measure(r, b, rim, &fault))
		return unfit(p, r, b, b->image, &fault);
	if (r->image != IMAGE_HASH || memcmp(rim, b->rim, r->hash_size) == 0)
		return 0;
	diag_error(&p->diags, "P704", r->image_src, r->image_at, "image of '%s' measures %s, the policy says %s",
		   r->name, hex(p, rim, r->hash_size), hex(p, b->rim, r->hash_size));
	return -1;
}

/* An image path is relative to the file it stands in; unknown code is looked for beside the policy. */
static const char *default_image(struct policy *p, const struct m_role *r)
{
	if (r->image == IMAGE_FILE)
		return source_beside(&p->arena, r->image_src->path, r->path);
	if (r->image == IMAGE_ANY)
		return source_beside(&p->arena, p->src.path, arena_printf(&p->arena, "%s.bin", r->name));
	return NULL;
}

/* The device tree knows the interrupt controller and the timer of a role that gets both from the RMM, and no other. */
static void unserved_linux(struct policy *p, const struct m_role *r)
{
	const char *right = r->rights & MICA_RIGHT_TIMER ? "timer" : "interrupts";
	struct diag *g = diag_error(&p->diags, "P705", &p->src, r->at, "linux roles with the right `%s` are not supported yet", right);

	diag_hint(&p->diags, g, "without `%s` the RMM gives '%s' its timer", right, r->name);
}

static int build_role(struct policy *p, struct built_role *b, bool with_images, const char *given)
{
	const struct m_role *r = &p->model.roles.v[b->model];

	b->hash_size = r->hash_size ? r->hash_size : 32;
	if (r->linux_guest && r->memory < LINUX_MEMORY_MIN) {
		diag_error(&p->diags, "P703", &p->src, r->at, "memory of '%s' is less than a linux role can have: 1 MiB", r->name);
		return -1;
	}
	if (r->linux_guest && r->rights & (MICA_RIGHT_TIMER | MICA_RIGHT_IRQ)) {
		unserved_linux(p, r);
		return -1;
	}
	if (r->image != IMAGE_ANY && pin(p, r, b))
		return -1;
	b->image = given ? given : default_image(p, r);
	if (!with_images)
		return 0;
	if (!b->image) {
		diag_error(&p->diags, "P701", r->image_src, r->image_at, "no image of '%s' is known", r->name);
		return -1;
	}
	return read_image(p, r, b, b->image) || check_given(p, r, b) ? -1 : 0;
}

/* A peer that the policy knows by its image is known by its measurement now: P613. */
static void check_peers(struct policy *p, const struct built *out)
{
	const struct built_role **of = arena_alloc(&p->arena, (out->roles.n + 1) * sizeof(*of));

	for (uint32_t i = 0; i < out->roles.n; i++)
		of[out->roles.v[i].model] = &out->roles.v[i];
	for (uint32_t i = 0; i < p->model.roles.n; i++) {
		const struct m_role *r = &p->model.roles.v[i];

		for (uint32_t k = 0; r->component && k < r->component->peers.n; k++) {
			const struct m_peer *peer = &r->component->peers.v[k];
			const struct built_role *b = of[r->peer_roles[k]];
			struct diag *g;

			if (!peer->rim || (b->pinned && b->hash_size == peer->hash_size &&
					   memcmp(b->rim, peer->rim, b->hash_size) == 0))
				continue;
			g = diag_error(&p->diags, "P613", &p->src, r->peers[k]->ref2.at, "peer '%s' must measure %s",
				       peer->name, hex(p, peer->rim, peer->hash_size));
			diag_hint(&p->diags, g, "'%s' measures %s", b->name, hex(p, b->rim, b->hash_size));
			diag_note(&p->diags, g, &r->component->src, peer->at, "declared here");
		}
	}
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct built_role *)a)->name, ((const struct built_role *)b)->name);
}

int policy_build(struct policy *p, bool with_images, const struct image_override *over, unsigned int n_over,
		 struct built *out)
{
	const struct model *m = &p->model;
	uint8_t id[HASH_MAX_SIZE];

	memset(out, 0, sizeof(*out));
	for (uint32_t i = 0; i < m->roles.n; i++)
		*VEC_ADD(&p->arena, &out->roles) = (struct built_role){ .name = m->roles.v[i].name, .model = i };
	qsort(out->roles.v, out->roles.n, sizeof(*out->roles.v), by_name);
	for (uint32_t i = 0; i < out->roles.n; i++)
		build_role(p, &out->roles.v[i], with_images, override_of(over, n_over, out->roles.v[i].name));
	if (p->diags.errors == 0)
		check_peers(p, out);
	if (p->diags.errors == 0)
		emit(p, out);
	diag_sort(&p->diags);
	if (p->diags.errors != 0)
		return 1;
	hash(HASH_SHA256, out->blob, out->blob_size, id);
	memcpy(out->workflow_id, id, sizeof(out->workflow_id));
	return 0;
}
