/* SPDX-License-Identifier: Apache-2.0 */
/* Fixed-width integers for every side of a boundary: firmware, Linux kernel, user space. */
#ifndef MICA_ABI_TYPES_H
#define MICA_ABI_TYPES_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdint.h>
#endif

#define GRANULE_SIZE	4096UL
#define GRANULE_SHIFT	12

#endif
