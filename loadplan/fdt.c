/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The device tree of a linux role, flattened (Devicetree Specification, version 17). It is a function of the role's shape and
 * its image, so both sides write the same bytes, and the RIM has them.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "linux.h"

#define FDT_MAGIC	0xd00dfeedU
#define FDT_BEGIN_NODE	1
#define FDT_END_NODE	2
#define FDT_PROP	3
#define FDT_END		9
#define HEADER_SIZE	40
#define RSVMAP_SIZE	16		/* one entry of zeroes */
#define STRINGS_SIZE	512
#define GIC_PHANDLE	1
#define LEVEL_HIGH	4
#define PPI		1

/* Names of properties are kept once, apart from their values. */
struct fdt {
	uint8_t *out;
	size_t at;			/* in out */
	char names[STRINGS_SIZE];
	size_t names_size;
	bool full;
};

static void put(struct fdt *f, const void *bytes, size_t n)
{
	if (n > LINUX_DTB_SIZE - STRINGS_SIZE - f->at) {
		f->full = true;
		return;
	}
	if (n)
		memcpy(f->out + f->at, bytes, n);
	f->at = (f->at + n + 3) & ~3UL;
}

static void be32(uint8_t to[4], uint32_t v)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(v >> (24 - 8 * i));
}

static void word(struct fdt *f, uint32_t v)
{
	uint8_t b[4];

	be32(b, v);
	put(f, b, sizeof(b));
}

static void begin(struct fdt *f, const char *name)
{
	word(f, FDT_BEGIN_NODE);
	put(f, name, strlen(name) + 1);
}

static void end(struct fdt *f)
{
	word(f, FDT_END_NODE);
}

/* All names together are far below STRINGS_SIZE: they are written in this file. */
static uint32_t name_of(struct fdt *f, const char *name)
{
	size_t at = 0, n = strlen(name) + 1;

	while (at < f->names_size && strcmp(f->names + at, name) != 0)
		at += strlen(f->names + at) + 1;
	if (at == f->names_size && n <= STRINGS_SIZE - at) {
		memcpy(f->names + at, name, n);
		f->names_size += n;
	} else if (at == f->names_size) {
		f->full = true;
	}
	return (uint32_t)at;
}

static void prop(struct fdt *f, const char *name, const void *value, size_t n)
{
	word(f, FDT_PROP);
	word(f, (uint32_t)n);
	word(f, name_of(f, name));
	put(f, value, n);
}

static void text(struct fdt *f, const char *name, const char *value)
{
	prop(f, name, value, strlen(value) + 1);
}

static void cells(struct fdt *f, const char *name, const uint32_t *v, size_t n)
{
	uint8_t b[16 * 4];

	for (size_t i = 0; i < n; i++)
		be32(b + 4 * i, v[i]);
	prop(f, name, b, 4 * n);
}

static void cell(struct fdt *f, const char *name, uint32_t v)
{
	cells(f, name, &v, 1);
}

#define HI(v)	(uint32_t)((v) >> 32)
#define LO(v)	(uint32_t)(v)
#define CELLS(f, name, ...) cells(f, name, (const uint32_t[]){ __VA_ARGS__ }, \
				  sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

static void chosen(struct fdt *f, const struct linux_machine *m)
{
	begin(f, "chosen");
	text(f, "bootargs", m->cmdline);
	if (m->initrd_end > m->initrd) {
		CELLS(f, "linux,initrd-start", HI(m->initrd), LO(m->initrd));
		CELLS(f, "linux,initrd-end", HI(m->initrd_end), LO(m->initrd_end));
	}
	end(f);
}

static void cpus(struct fdt *f)
{
	begin(f, "cpus");
	cell(f, "#address-cells", 1);
	cell(f, "#size-cells", 0);
	begin(f, "cpu@0");
	text(f, "device_type", "cpu");
	text(f, "compatible", "arm,armv8");
	cell(f, "reg", 0);
	text(f, "enable-method", "psci");
	end(f);
	end(f);
	begin(f, "psci");
	text(f, "compatible", "arm,psci-1.0");
	text(f, "method", "smc");		/* the conduit by which a kernel finds that it is in a Realm */
	end(f);
}

static void memory(struct fdt *f, const struct linux_machine *m)
{
	begin(f, "memory");
	text(f, "device_type", "memory");
	CELLS(f, "reg", HI(m->ram_base), LO(m->ram_base), HI(m->ram_size), LO(m->ram_size));
	end(f);
}

static void interrupts(struct fdt *f, const struct linux_machine *m)
{
	begin(f, "timer");
	text(f, "compatible", "arm,armv8-timer");
	/* four by the binding; the monitor raises the third, the virtual one */
	CELLS(f, "interrupts", PPI, 13, LEVEL_HIGH, PPI, 14, LEVEL_HIGH, PPI, LINUX_PPI_VTIMER, LEVEL_HIGH, PPI, 10, LEVEL_HIGH);
	prop(f, "always-on", NULL, 0);
	end(f);
	begin(f, "interrupt-controller");
	text(f, "compatible", "arm,gic-v3");
	cell(f, "#interrupt-cells", 3);
	prop(f, "interrupt-controller", NULL, 0);
	CELLS(f, "reg", HI(m->gicd), LO(m->gicd), 0, LINUX_GICD_SIZE, HI(m->gicr), LO(m->gicr), 0, LINUX_GICR_SIZE);
	cell(f, "phandle", GIC_PHANDLE);
	end(f);
	begin(f, "mica");			/* the guest driver finds its interrupt here, and all else by RSI */
	text(f, "compatible", "mica,realm");
	CELLS(f, "interrupts", PPI, LINUX_PPI_SIGNAL, LEVEL_HIGH);
	end(f);
}

static void header(struct fdt *f)
{
	const size_t from = HEADER_SIZE + RSVMAP_SIZE, strings = f->at;
	const uint32_t words[] = {
		FDT_MAGIC, (uint32_t)(strings + f->names_size), (uint32_t)from, (uint32_t)strings, HEADER_SIZE, 17, 16, 0,
		(uint32_t)f->names_size, (uint32_t)(strings - from),
	};

	memcpy(f->out + strings, f->names, f->names_size);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		be32(f->out + 4 * i, words[i]);
}

int linux_fdt(const struct linux_machine *m, uint8_t *out)
{
	struct fdt f = { .out = out, .at = HEADER_SIZE + RSVMAP_SIZE };

	begin(&f, "");
	cell(&f, "#address-cells", 2);
	cell(&f, "#size-cells", 2);
	text(&f, "compatible", "mica,linux-realm");
	cell(&f, "interrupt-parent", GIC_PHANDLE);
	chosen(&f, m);
	memory(&f, m);
	cpus(&f);
	interrupts(&f, m);
	end(&f);
	word(&f, FDT_END);
	if (f.full)
		return -ENOSPC;
	header(&f);
	return 0;
}
