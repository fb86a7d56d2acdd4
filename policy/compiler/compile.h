/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compiler as a library: a policy file in, diagnostics, verdicts and blob out. Used by `mica check`, `build`,
 * `measure`, `run` and `verify`, so that a policy is read in one way only.
 */
#ifndef MICA_POLICY_COMPILE_H
#define MICA_POLICY_COMPILE_H

#include "flow.h"

struct policy {
	struct arena arena;
	struct diags diags;
	struct source src;
	struct ast ast;
	struct model model;
	struct verdicts verdicts;	/* empty if there are errors before the claims */
	const struct m_component *component;	/* of its own file, if policy_open_file() was given one */
	bool parsed;			/* ast and model are there */
	bool sound;			/* no error but violated claims */
};

/*
 * Read and check; the path "-" is standard input, called <stdin>, and other files are then looked up in the current
 * directory. A component file is refused (P601); policy_open_file() takes one, too, and checks what can be
 * said without a workflow: then p->component is not NULL and there are no claims. 0: every claim holds. 1: refused, p->diags says why. 2: the file cannot be read,
 * *why one sentence. End with policy_close() in any case.
 */
int policy_open(struct policy *p, const char *path, const char **why);
int policy_open_file(struct policy *p, const char *path, const char **why);
/* The same for text in memory; component files are looked up in @files, by path, and nowhere else. */
int policy_open_text(struct policy *p, const char *path, const char *text, size_t size, const struct memory_files *files);
void policy_close(struct policy *p);

/* ---- build ---- */

struct built_role {			/* in the blob's order */
	const char *name;
	uint32_t model;			/* index in model.roles */
	bool pinned;
	unsigned int hash_size;		/* bytes of its RIM: 32 or 64 */
	uint8_t rim[64];		/* if pinned */
	const char *image;		/* file to load, resolved; NULL if only a measurement is known */
	const uint8_t *bytes;		/* its contents, if they had to be read */
	size_t size;
};

struct built_window {
	const char *name;
	uint32_t role;			/* blob index */
	uint32_t region;		/* blob index */
	bool in, out;			/* host -> role, role -> host */
};

struct built {
	const uint8_t *blob;
	size_t blob_size;
	uint8_t workflow_id[32];
	struct { VEC_FIELDS(struct built_role); } roles;
	struct { VEC_FIELDS(struct built_window); } windows;
};

/* A file that takes the place of a role's image (mica run --image). */
struct image_override { const char *role, *file; };

/*
 * Lay out, measure the images, emit. Only after policy_open() gave 0. with_images: read the file of every role, not
 * only of those that have to be measured. 0, or 1 with p->diags (P701 to P705).
 */
int policy_build(struct policy *p, bool with_images, const struct image_override *over, unsigned int n_over,
		 struct built *out);

/* measure.c: what an image is loaded as, and the RIM it has then: what `build` pins. */
struct image_shape {
	bool linux_guest;
	uint64_t memory;		/* bytes */
	unsigned int vcpus;
	unsigned int hash_size;		/* of the RIM: 32 or 64 bytes */
};
struct image_fault {
	const char *what;		/* "image 'x' of 'r' ..." goes on so */
	uint64_t need;			/* memory that would do; 0: more of it does not help */
};
/* 0, or -EINVAL and *fault. */
int image_rim(const uint8_t *image, size_t size, const struct image_shape *shape, uint8_t rim[64], struct image_fault *fault);

/* emit.c: the blob, from roles measured and sorted. */
int emit(struct policy *p, struct built *out);
/* A whole file. 0 or -errno. */
int read_whole(struct arena *a, const char *path, const uint8_t **bytes, size_t *size);

#endif
