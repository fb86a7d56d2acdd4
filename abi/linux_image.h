/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the `image` of a linux role is: kernel, initramfs and kernel command line in one file, as `mica pack` writes it.
 * One header page, the kernel, the initramfs; each part begins at a page and is zero padded to one.
 */
#ifndef MICA_ABI_LINUX_IMAGE_H
#define MICA_ABI_LINUX_IMAGE_H

#include "types.h"

#define LINUX_IMAGE_MAGIC	"MICALNX\1"	/* 8 bytes */
#define LINUX_CMDLINE_SIZE	2048		/* what an arm64 kernel takes, its end included */

struct linux_image_header {
	uint8_t magic[8];
	uint64_t kernel_size;			/* bytes; not 0 */
	uint64_t initrd_size;			/* bytes; 0: none */
	uint8_t zero[2024];
	char cmdline[LINUX_CMDLINE_SIZE];	/* zero padded; at least one zero */
};

#ifndef __KERNEL__
_Static_assert(sizeof(struct linux_image_header) == 4096, "a page");
#endif

#endif
