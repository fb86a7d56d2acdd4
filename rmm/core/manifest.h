/* SPDX-License-Identifier: Apache-2.0 */
/* The boot manifest EL3 leaves in the shared page. Source: RMM-EL3 interface, boot manifest v0.3. */
#ifndef RMM_CORE_MANIFEST_H
#define RMM_CORE_MANIFEST_H

#include "types.h"

/* Codes of RMM_BOOT_COMPLETE. */
enum boot_code {
	BOOT_OK = 0,
	BOOT_UNKNOWN = -1,
	BOOT_VERSION = -2,
	BOOT_TOO_MANY_CPUS = -3,
	BOOT_BAD_CPU = -4,
	BOOT_BAD_SHARED = -5,
	BOOT_MANIFEST_VERSION = -6,
	BOOT_MANIFEST_DATA = -7,
};

struct manifest {
	pa_t dram_base;
	uint64_t dram_size;		/* bytes */
};

/*
 * Read the manifest in @page, a page of memory whose physical address is @page_pa (pointers inside it are physical).
 * BOOT_OK, BOOT_MANIFEST_VERSION or BOOT_MANIFEST_DATA.
 */
enum boot_code manifest_read(struct manifest *m, const void *page, pa_t page_pa);

#endif
