/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The load plan of a linux role: what the file of its image (abi/linux_image.h) becomes in memory. From the bottom of its RAM:
 * the kernel; at the next 2 MiB a device tree, made here of the role's shape and the command line; the initramfs. At the top:
 * pages that look like an interrupt controller to the kernel and are plain memory. All of it is measured.
 */
#ifndef MICA_LOADPLAN_LINUX_H
#define MICA_LOADPLAN_LINUX_H

#include "../abi/linux_image.h"
#include "loadplan.h"

#define LINUX_GICD_SIZE		0x10000UL
#define LINUX_GICR_SIZE		0x20000UL	/* two frames for the one vCPU */
#define LINUX_DEVICES_SIZE	(LINUX_GICD_SIZE + LINUX_GICR_SIZE)
#define LINUX_DTB_SIZE		0x4000UL

/* Interrupts of a VTIMER role, docs/spec/extension.md section 9; as PPIs of a device tree. */
#define LINUX_PPI_VTIMER	11
#define LINUX_PPI_SIGNAL	6

/* What is in memory and not in the file. The caller keeps it as long as the plan. */
struct loadplan_linux {
	uint64_t devices;			/* bytes from the start of RAM */
	uint64_t need;				/* bytes of memory the parts take */
	struct loadplan_part parts[3];
	uint8_t dtb[LINUX_DTB_SIZE];
	uint8_t gic[LINUX_DEVICES_SIZE];
};

/* Where the pages of the interrupt controller begin in a RAM of that size, and how many bytes they are. */
static inline uint64_t linux_devices_at(uint64_t ram_size)
{
	return ram_size < LINUX_DEVICES_SIZE ? 0 : (ram_size - LINUX_DEVICES_SIZE) & ~0xffffUL;
}

/* What is wrong with this file as a kernel, one phrase; NULL: nothing. */
const char *linux_kernel_fault(const uint8_t *kernel, size_t size);
/*
 * @r has the shape of the role, and the packed file as its image; on success it is the plan of the role. What is wrong otherwise, one
 * phrase; os->need is not 0 then if more memory would help.
 */
const char *loadplan_linux(struct loadplan_linux *os, struct loadplan_realm *r);

/* fdt.c: the device tree, LINUX_DTB_SIZE zero bytes at @out. -ENOSPC if it is larger. */
struct linux_machine {
	uint64_t ram_base, ram_size;		/* what the kernel may use */
	uint64_t initrd, initrd_end;		/* addresses; equal: none */
	uint64_t gicd, gicr;
	const char *cmdline;
};
int linux_fdt(const struct linux_machine *m, uint8_t *out);

#endif
