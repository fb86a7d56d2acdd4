/* SPDX-License-Identifier: Apache-2.0 */
/* From a packed Linux image to parts of a load plan. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "linux.h"

#define PAGE		4096UL
#define KERNEL_ALIGN	(2UL << 20)
#define FILE_MAX	(1UL << 32)	/* of a part: sums stay far from wrapping */

/* The header every arm64 kernel image begins with. */
struct kernel_header {
	uint32_t code[2];
	uint64_t text_offset;
	uint64_t image_size;		/* what it takes in memory, from its start */
	uint64_t flags;
	uint64_t reserved[3];
	uint32_t magic;			/* "ARM\x64" */
	uint32_t pe;
};

#define KERNEL_MAGIC		0x644d5241U
#define FLAG_BIG_ENDIAN		1U
#define FLAG_PAGES(flags)	((flags) >> 1 & 3)	/* 0 unknown, 1 4 KiB */

/* Registers of the interrupt controller that a kernel reads before it trusts it. Everything else reads as zero. */
#define GIC_PIDR2		0xffe8U
#define GIC_PIDR2_V3		0x3bU
#define GICR_TYPER		0x8U
#define GICR_TYPER_LAST		0x10U

static uint64_t up(uint64_t v, uint64_t to)
{
	return (v + to - 1) & ~(to - 1);
}

static struct kernel_header header_of(const uint8_t *kernel)
{
	struct kernel_header h;

	memcpy(&h, kernel, sizeof(h));
	return h;
}

static uint64_t le(const uint8_t *at, unsigned int bytes)
{
	uint64_t v = 0;

	while (bytes--)
		v = v << 8 | at[bytes];
	return v;
}

/*
 * An arm64 kernel with an EFI stub is a PE file, too, and its section table says where the file ends. Nothing else does:
 * image_size counts what is zero at the start. A kernel that is no PE file passes.
 */
static bool cut_off(const uint8_t *kernel, size_t size, uint64_t pe)
{
	uint64_t at, n;

	if (kernel[0] != 'M' || kernel[1] != 'Z')
		return false;
	if (pe + 24 > size)
		return true;
	if (memcmp(kernel + pe, "PE\0", 4) != 0)
		return false;
	at = pe + 24 + le(kernel + pe + 20, 2);
	for (n = le(kernel + pe + 6, 2); n; n--, at += 40)
		if (at + 40 > size || le(kernel + at + 20, 4) + le(kernel + at + 16, 4) > size)
			return true;
	return false;
}

const char *linux_kernel_fault(const uint8_t *kernel, size_t size)
{
	struct kernel_header h;

	if (size >= 2 && kernel[0] == 0x1f && kernel[1] == 0x8b)
		return "is compressed: the kernel has to be unpacked";
	if (size < sizeof(h))
		return "is no arm64 kernel image: it is too short";
	h = header_of(kernel);
	if (h.magic != KERNEL_MAGIC)
		return "is no arm64 kernel image: it lacks the magic number ARM\\x64";
	if (h.image_size == 0 || h.image_size > FILE_MAX || h.image_size < size)
		return "is no arm64 kernel image: the size in its header is not that of a kernel";
	if (cut_off(kernel, size, h.pe))
		return "is an arm64 kernel that was cut off: its sections reach beyond its end";
	if (h.flags & FLAG_BIG_ENDIAN)
		return "is a big-endian kernel, a Realm is little-endian";
	if (FLAG_PAGES(h.flags) > 1)
		return "is a kernel with pages of more than 4 KiB, which are those of a Realm";
	if (h.text_offset != 0)
		return "is a kernel that wants an offset from the start of memory";
	return NULL;
}

static bool is_zero(const uint8_t *p, size_t n)
{
	while (n--)
		if (*p++)
			return false;
	return true;
}

/* Part @n of the file at @at: whole pages, the last one zero padded. */
static bool part_there(const uint8_t *file, size_t size, uint64_t at, uint64_t n)
{
	return n <= FILE_MAX && up(n, PAGE) <= size - at && is_zero(file + at + n, up(n, PAGE) - n);
}

static const char *packed_fault(const uint8_t *file, size_t size)
{
	const struct linux_image_header *h = (const void *)file;
	uint64_t initrd_at;

	if (size < sizeof(*h) || memcmp(h->magic, LINUX_IMAGE_MAGIC, sizeof(h->magic)) != 0)
		return "is no packed Linux image";
	if (!is_zero(h->zero, sizeof(h->zero)) || h->cmdline[LINUX_CMDLINE_SIZE - 1] != '\0' ||
	    !is_zero((const uint8_t *)h->cmdline + strlen(h->cmdline), LINUX_CMDLINE_SIZE - strlen(h->cmdline)))
		return "is a packed Linux image with a damaged header";
	if (!part_there(file, size, PAGE, h->kernel_size))
		return "is a packed Linux image that was cut off or damaged";
	initrd_at = PAGE + up(h->kernel_size, PAGE);
	if (!part_there(file, size, initrd_at, h->initrd_size) || size != initrd_at + up(h->initrd_size, PAGE))
		return "is a packed Linux image that was cut off or damaged";
	return linux_kernel_fault(file + PAGE, h->kernel_size);
}

static void put32(uint8_t *at, uint32_t v)
{
	memcpy(at, &v, sizeof(v));
}

static void set_parts(struct loadplan_linux *os, struct loadplan_realm *r, const struct linux_image_header *h,
		      uint64_t dtb_at)
{
	const uint8_t *kernel = r->image + PAGE;
	unsigned int n = 0;

	r->image = kernel;
	r->image_size = h->kernel_size;
	os->parts[n++] = (struct loadplan_part){ dtb_at, os->dtb, LINUX_DTB_SIZE };
	if (h->initrd_size)
		os->parts[n++] = (struct loadplan_part){ dtb_at + LINUX_DTB_SIZE, kernel + up(h->kernel_size, PAGE),
							 h->initrd_size };
	os->parts[n++] = (struct loadplan_part){ os->devices, os->gic, LINUX_DEVICES_SIZE };
	r->parts = os->parts;
	r->n_parts = n;
	r->boot_x0 = r->ram_base + dtb_at;
}

const char *loadplan_linux(struct loadplan_linux *os, struct loadplan_realm *r)
{
	const struct linux_image_header *h = (const void *)r->image;
	const char *fault = packed_fault(r->image, r->image_size);
	struct linux_machine m;
	uint64_t dtb_at, initrd_at;

	memset(os, 0, sizeof(*os));
	if (fault)
		return fault;
	if (r->vcpus != 1)
		return "is for one vCPU";
	dtb_at = up(header_of(r->image + PAGE).image_size, KERNEL_ALIGN);
	initrd_at = dtb_at + LINUX_DTB_SIZE;
	os->devices = linux_devices_at(r->ram_size);
	os->need = up(initrd_at + up(h->initrd_size, PAGE) + LINUX_DEVICES_SIZE, 0x10000);
	if (r->ram_base % KERNEL_ALIGN)
		return "needs memory that begins at a multiple of 2 MiB";
	if (os->need > r->ram_size)
		return "does not fit into its memory";
	os->need = 0;
	m = (struct linux_machine){
		.ram_base = r->ram_base, .ram_size = os->devices,
		.initrd = r->ram_base + initrd_at, .initrd_end = r->ram_base + initrd_at + h->initrd_size,
		.gicd = r->ram_base + os->devices, .gicr = r->ram_base + os->devices + LINUX_GICD_SIZE,
		.cmdline = h->cmdline,
	};
	if (linux_fdt(&m, os->dtb) < 0)
		return "has a command line that is too long";
	put32(os->gic + GIC_PIDR2, GIC_PIDR2_V3);
	put32(os->gic + LINUX_GICD_SIZE + GIC_PIDR2, GIC_PIDR2_V3);
	put32(os->gic + LINUX_GICD_SIZE + GICR_TYPER, GICR_TYPER_LAST);
	set_parts(os, r, h, dtb_at);
	return NULL;
}
