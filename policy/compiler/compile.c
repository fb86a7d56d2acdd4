/* SPDX-License-Identifier: Apache-2.0 */
/* The passes in order; images found, read and measured. */
#include "compile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../../lib/hash/hash.h"
#include "../../loadplan/loadplan.h"

#define IMAGE_MAX	((size_t)1 << 30)

int policy_open(struct policy *p, const char *path, const char **why)
{
	int ret;

	memset(p, 0, sizeof(*p));
	p->diags.arena = &p->arena;
	ret = source_read(&p->arena, &p->diags, path, &p->src);
	if (ret < 0) {
		*why = arena_printf(&p->arena, "cannot read '%s': %s", path, strerror(-ret));
		return 2;
	}
	if (ret == 0)
		p->parsed = parse(&p->arena, &p->diags, &p->src, &p->ast);
	if (p->parsed) {
		p->model = (struct model){ .arena = &p->arena, .diags = &p->diags, .src = &p->src,
					   .ast = &p->ast };
		resolve(&p->model);
	}
	if (p->diags.errors == 0) {
		p->sound = true;
		flow_check(&p->model, &p->verdicts);
	}
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

int native_rim(const uint8_t *image, size_t size, uint64_t memory, unsigned int vcpus,
	       unsigned int hash_size, uint8_t rim[64])
{
	const struct loadplan_realm r = {
		.s2sz = 39, .hash = hash_size == 64 ? RMI_HASH_SHA_512 : RMI_HASH_SHA_256,
		.vcpus = (uint8_t)vcpus, .num_bps = 1, .num_wps = 1,
		.ram_base = 0x40000000, .ram_size = memory, .image = image, .image_size = size,
	};

	return loadplan_rim(&r, rim);
}

/* A path of the policy is relative to the file it stands in. */
static const char *beside(struct policy *p, const char *name)
{
	const char *slash = strrchr(p->src.path, '/');

	if (!slash)
		return name;
	return arena_printf(&p->arena, "%.*s/%s", (int)(slash - p->src.path), p->src.path, name);
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
	g = diag_error(&p->diags, "P701", &p->src, r->image_at, "cannot read image '%s' of '%s': %s", file,
		       r->name, ret ? strerror(-ret) : "it is empty");
	if (r->image == IMAGE_ANY)
		diag_hint(&p->diags, g, "name the file that is to run: --image %s=FILE", r->name);
	return -1;
}

/* What the policy demands of the role, from the policy's own file: an override cannot change it. */
static int pin(struct policy *p, const struct m_role *r, struct built_role *b)
{
	struct built_role own = { 0 };
	const char *file = beside(p, r->path ? r->path : "");

	b->pinned = true;
	if (r->image == IMAGE_HASH) {
		memcpy(b->rim, r->rim, r->hash_size);
		return 0;
	}
	if (read_image(p, r, &own, file))
		return -1;
	if (native_rim(own.bytes, own.size, r->memory, r->vcpus, r->hash_size, b->rim) == 0)
		return 0;
	diag_error(&p->diags, "P701", &p->src, r->image_at,
		   "image '%s' of '%s' does not fit: %zu bytes, memory is %llu", file, r->name, own.size,
		   (unsigned long long)r->memory);
	return -1;
}

/* A given file for a role known only by its measurement must have that measurement: better said here than by the monitor. */
static int check_given(struct policy *p, const struct m_role *r, const struct built_role *b)
{
	uint8_t rim[64];

	if (r->image != IMAGE_HASH || !b->bytes)
		return 0;
	if (native_rim(b->bytes, b->size, r->memory, r->vcpus, r->hash_size, rim) == 0 &&
	    memcmp(rim, b->rim, r->hash_size) == 0)
		return 0;
	diag_error(&p->diags, "P704", &p->src, r->image_at, "image of '%s' measures %s, the policy says %s",
		   r->name, hex(p, rim, r->hash_size), hex(p, b->rim, r->hash_size));
	return -1;
}

static int build_role(struct policy *p, struct built_role *b, bool with_images, const char *given)
{
	const struct m_role *r = &p->model.roles.v[b->model];

	b->hash_size = r->hash_size ? r->hash_size : 32;
	if (r->linux_guest) {
		diag_error(&p->diags, "P705", &p->src, r->at, "linux roles are not supported yet");
		return -1;
	}
	if (r->image != IMAGE_ANY && pin(p, r, b))
		return -1;
	b->image = given ? given : r->image == IMAGE_FILE ? beside(p, r->path) : r->image == IMAGE_ANY ?
		   beside(p, arena_printf(&p->arena, "%s.bin", r->name)) : NULL;
	if (!with_images)
		return 0;
	if (!b->image) {
		diag_error(&p->diags, "P701", &p->src, r->image_at, "no image of '%s' is known", r->name);
		return -1;
	}
	return read_image(p, r, b, b->image) || check_given(p, r, b) ? -1 : 0;
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
		emit(p, out);
	diag_sort(&p->diags);
	if (p->diags.errors != 0)
		return 1;
	hash(HASH_SHA256, out->blob, out->blob_size, id);
	memcpy(out->workflow_id, id, sizeof(out->workflow_id));
	return 0;
}
