/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only decoder of compiled policies: monitor, VMM and tools read a blob through it.
 * One pass, constant memory, no recursion. The blob may lie in scattered pages: records never
 * cross a page, so a page table of pointers is enough.
 */
#ifndef MICA_LIB_BLOB_H
#define MICA_LIB_BLOB_H

#include <stdbool.h>
#include <stddef.h>

#include "../../abi/mica_blob.h"

#define BLOB_MAX_PAGES	((MICA_BLOB_MAX + 4095) / 4096)

struct blob {
	const uint8_t *pages[BLOB_MAX_PAGES];	/* 4096 bytes each; the last may be shorter */
	uint32_t size;
	uint16_t roles, gates, channels, regions, grants;
	uint32_t gate_off, channel_off, region_off, grant_off;	/* bytes from the start */
};

/*
 * Check every canonical rule. pages: ceil(size / 4096) pointers, copied into *b; the bytes must
 * not change as long as *b is used. Returns MICA_BLOB_OK or the first rule that fails.
 */
enum mica_blob_rule blob_open(struct blob *b, const uint8_t *const *pages, size_t size);
/* The same for bytes in one piece. */
enum mica_blob_rule blob_open_flat(struct blob *b, const void *data, size_t size);

/* Records of an opened blob; the index must be below the count. */
const struct mica_blob_header *blob_header(const struct blob *b);
const struct mica_blob_role *blob_role(const struct blob *b, unsigned int i);
const struct mica_blob_gate *blob_gate(const struct blob *b, unsigned int i);
const struct mica_blob_channel *blob_channel(const struct blob *b, unsigned int i);
const struct mica_blob_region *blob_region(const struct blob *b, unsigned int i);
const struct mica_blob_grant *blob_grant(const struct blob *b, unsigned int i);

#endif
