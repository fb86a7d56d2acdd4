/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Linux roles: the plan of a packed image, page by page; the device tree read back by a reader of its own; each file that is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../loadplan/linux.h"

#define PAGE		4096UL
#define MIB		(1UL << 20)
#define RAM		0x40000000UL
#define KERNEL		(2 * PAGE + 100)
#define INITRD		(PAGE + 1)
#define FILE_SIZE	(PAGE + 3 * PAGE + 2 * PAGE)
#define KERNEL_MEMORY	(3 * MIB)	/* what the header of the kernel says */
#define DTB_AT		(4 * MIB)

static uint8_t file[FILE_SIZE];
static struct loadplan_linux os;

static void put64(size_t at, uint64_t v)
{
	memcpy(file + at, &v, 8);
}

static int fresh(void **state)
{
	struct linux_image_header *h = (void *)file;

	(void)state;
	memset(file, 0, sizeof(file));
	memcpy(h->magic, LINUX_IMAGE_MAGIC, 8);
	h->kernel_size = KERNEL;
	h->initrd_size = INITRD;
	strcpy(h->cmdline, "quiet x=\"a b\"");
	memset(file + PAGE, 'k', KERNEL);
	memset(file + PAGE, 0, 64);
	put64(PAGE + 16, KERNEL_MEMORY);
	put64(PAGE + 24, 2);
	memcpy(file + PAGE + 56, "ARM\x64", 4);
	memset(file + 4 * PAGE, 'i', INITRD);
	return 0;
}

static struct loadplan_realm shape(uint64_t memory)
{
	return (struct loadplan_realm){
		.s2sz = 39, .hash = RMI_HASH_SHA_256, .vcpus = 1, .num_bps = 1, .num_wps = 1, .ram_base = RAM, .ram_size = memory,
		.image = file, .image_size = sizeof(file),
	};
}

/* ---- the device tree, read as the Devicetree Specification says ---- */

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* The value of property @name of the node at @path ("/chosen"), and its size. */
static const uint8_t *fdt_find(const uint8_t *d, const char *path, const char *name, uint32_t *size)
{
	const uint8_t *p = d + be32(d + 8), *strings = d + be32(d + 12);
	char at[128] = "";
	int depth = 0;

	for (;;) {
		uint32_t token = be32(p);

		p += 4;
		if (token == 1) {
			if (depth++ > 0)
				snprintf(at + strlen(at), sizeof(at) - strlen(at), "/%s", (const char *)p);
			p += (strlen((const char *)p) + 4) & ~3UL;
		} else if (token == 2) {
			if (--depth > 0)
				*strrchr(at, '/') = '\0';
			assert_true(depth >= 0);
		} else if (token == 3) {
			*size = be32(p);
			if (strcmp(at, path) == 0 && strcmp((const char *)strings + be32(p + 4), name) == 0)
				return p + 8;
			p += 8 + ((*size + 3) & ~3U);
		} else {
			assert_int_equal(token, 9);
			assert_int_equal(depth, 0);
			assert_ptr_equal(p, d + be32(d + 8) + be32(d + 36));
			return NULL;
		}
	}
}

static void has_cells(const uint8_t *d, const char *path, const char *name, const uint32_t *want, uint32_t n)
{
	const uint8_t *v;
	uint32_t size;

	v = fdt_find(d, path, name, &size);
	if (!v)
		fail_msg("no %s in %s", name, path);
	assert_int_equal(size, 4 * n);
	for (uint32_t i = 0; i < n; i++)
		assert_int_equal(be32(v + 4 * i), want[i]);
}
#define HAS(d, path, name, ...) has_cells(d, path, name, (const uint32_t[]){ __VA_ARGS__ }, \
					  sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

static void says(const uint8_t *d, const char *path, const char *name, const char *want)
{
	uint32_t size;
	const uint8_t *v = fdt_find(d, path, name, &size);

	if (!v)
		fail_msg("no %s in %s", name, path);
	assert_string_equal((const char *)v, want);
	assert_int_equal(size, strlen(want) + 1);
}

static void device_tree_says_what_there_is(void **state)
{
	struct loadplan_realm r = shape(16 * MIB);
	const uint8_t *d = os.dtb;
	const uint32_t gic = RAM + 16 * MIB - LINUX_DEVICES_SIZE, initrd = RAM + DTB_AT + LINUX_DTB_SIZE;
	uint32_t size;

	(void)state;
	assert_null(loadplan_linux(&os, &r));
	assert_int_equal(be32(d), 0xd00dfeed);
	assert_true(be32(d + 4) <= LINUX_DTB_SIZE);
	assert_int_equal(be32(d + 4), be32(d + 12) + be32(d + 32));	/* the strings are last */
	assert_int_equal(be32(d + 16) % 8, 0);
	assert_int_equal(be32(d + 20), 17);
	says(d, "/chosen", "bootargs", "quiet x=\"a b\"");
	HAS(d, "/chosen", "linux,initrd-start", 0, initrd);
	HAS(d, "/chosen", "linux,initrd-end", 0, initrd + INITRD);
	HAS(d, "/memory", "reg", 0, RAM, 0, 16 * MIB - LINUX_DEVICES_SIZE);
	HAS(d, "/interrupt-controller", "reg", 0, gic, 0, 0x10000, 0, gic + 0x10000, 0, 0x20000);
	HAS(d, "", "interrupt-parent", 1);
	HAS(d, "/interrupt-controller", "phandle", 1);
	HAS(d, "/timer", "interrupts", 1, 13, 4, 1, 14, 4, 1, 27 - 16, 4, 1, 10, 4);
	HAS(d, "/mica", "interrupts", 1, 22 - 16, 4);
	says(d, "/mica", "compatible", "mica,realm");
	says(d, "/psci", "method", "smc");
	HAS(d, "/cpus/cpu@0", "reg", 0);
	assert_null(fdt_find(d, "/cpus/cpu@1", "reg", &size));
	assert_null(fdt_find(d, "/chosen", "rng-seed", &size));
	((struct linux_image_header *)file)->initrd_size = 0;
	r = shape(16 * MIB);
	r.image_size = 4 * PAGE;
	assert_null(loadplan_linux(&os, &r));
	assert_null(fdt_find(d, "/chosen", "linux,initrd-start", &size));
}

/* ---- the plan ---- */

/* What has to lie at byte @off of RAM. */
static uint8_t expected(uint64_t off)
{
	const uint64_t gic = 16 * MIB - LINUX_DEVICES_SIZE;

	if (off < KERNEL)
		return file[PAGE + off];
	if (off >= DTB_AT && off < DTB_AT + LINUX_DTB_SIZE)
		return os.dtb[off - DTB_AT];
	if (off >= DTB_AT + LINUX_DTB_SIZE && off < DTB_AT + LINUX_DTB_SIZE + INITRD)
		return 'i';
	if (off == gic + 0xffe8 || off == gic + 0x10000 + 0xffe8)
		return 0x3b;
	return off == gic + 0x10000 + 8 ? 0x10 : 0;
}

static bool measured(uint64_t off)
{
	return off < KERNEL || (off >= DTB_AT && off < DTB_AT + LINUX_DTB_SIZE + INITRD) || off >= 16 * MIB - LINUX_DEVICES_SIZE;
}

static void every_page_is_as_the_file_and_the_shape_say(void **state)
{
	struct loadplan_realm r = shape(16 * MIB);
	struct rmi_rec_params rec;
	struct loadplan_step s;
	static struct loadplan lp;
	uint64_t next = RAM;

	(void)state;
	assert_null(loadplan_linux(&os, &r));
	assert_int_equal(os.devices, 16 * MIB - 48 * PAGE);
	assert_int_equal(os.need, 0);
	assert_int_equal(loadplan_begin(&lp, &r), 0);
	do {
		loadplan_next(&lp, &s);
		if (s.op != LP_DATA_CREATE && s.op != LP_DATA_CREATE_UNKNOWN)
			continue;
		assert_int_equal(s.ipa, next);
		assert_int_equal(s.op == LP_DATA_CREATE, measured(next - RAM));
		for (uint64_t i = 0; i < PAGE; i++)
			assert_int_equal(s.op == LP_DATA_CREATE ? s.data[i] : 0, expected(next - RAM + i));
		next += PAGE;
	} while (s.op != LP_DONE);
	assert_int_equal(next, RAM + 16 * MIB);
	loadplan_rec_params(&r, 0, &rec);
	assert_int_equal(rec.pc, RAM);
	assert_int_equal(rec.gprs[0], RAM + DTB_AT);
	assert_int_equal(rec.flags, RMI_REC_FLAG_RUNNABLE);
}

static void all_of_it_is_in_the_rim(void **state)
{
	static const size_t places[] = { 2048, PAGE + 64, PAGE + KERNEL - 1, 4 * PAGE, 4 * PAGE + INITRD - 1 };
	uint8_t rim[64], other[64];
	struct loadplan_realm r = shape(16 * MIB);

	(void)state;
	assert_null(loadplan_linux(&os, &r));
	assert_int_equal(loadplan_rim(&r, rim), 0);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		file[places[i]] ^= 1;
		r = shape(16 * MIB);
		assert_null(loadplan_linux(&os, &r));
		assert_int_equal(loadplan_rim(&r, other), 0);
		assert_memory_not_equal(rim, other, 64);
		file[places[i]] ^= 1;
	}
	r = shape(16 * MIB + 0x10000);
	assert_null(loadplan_linux(&os, &r));
	assert_int_equal(loadplan_rim(&r, other), 0);
	assert_memory_not_equal(rim, other, 64);
}

/* ---- refusals: one thing wrong each ---- */

static void refused(const char *words)
{
	struct loadplan_realm r = shape(16 * MIB);
	const char *fault = loadplan_linux(&os, &r);

	if (!fault || !strstr(fault, words))
		fail_msg("'%s', not '%s'", fault ? fault : "taken", words);
	assert_int_equal(os.need, 0);
	fresh(NULL);
	r = shape(16 * MIB);
	assert_null(loadplan_linux(&os, &r));
}

static void damaged_files_are_refused(void **state)
{
	struct linux_image_header *h = (void *)file;

	(void)state;
	file[0] = 'x';
	refused("no packed Linux image");
	file[7]++;
	refused("no packed Linux image");
	h->zero[2023] = 1;
	refused("damaged header");
	memset(h->cmdline, 'x', LINUX_CMDLINE_SIZE);
	refused("damaged header");
	h->cmdline[LINUX_CMDLINE_SIZE - 2] = 'x';	/* behind the end of the text */
	refused("damaged header");
	h->kernel_size = 6 * PAGE;
	refused("cut off or damaged");
	h->kernel_size = ~0UL;
	refused("cut off or damaged");
	h->kernel_size = 0;
	refused("cut off or damaged");
	h->initrd_size = 2 * PAGE + 1;
	refused("cut off or damaged");
	h->initrd_size = ~0UL - PAGE;
	refused("cut off or damaged");
	h->initrd_size = 0;				/* and its pages are there */
	refused("cut off or damaged");
	file[PAGE + KERNEL] = 1;			/* padding */
	refused("cut off or damaged");
	file[4 * PAGE + INITRD] = 1;
	refused("cut off or damaged");
}

static void other_kernels_are_refused(void **state)
{
	(void)state;
	file[PAGE + 56]++;
	refused("lacks the magic number");
	put64(PAGE + 16, 0);
	refused("the size in its header");
	put64(PAGE + 16, KERNEL - 1);
	refused("the size in its header");
	put64(PAGE + 16, ~0UL);
	refused("the size in its header");
	put64(PAGE + 24, 3);
	refused("big-endian");
	put64(PAGE + 24, 4);
	refused("more than 4 KiB");
	put64(PAGE + 24, 6);
	refused("more than 4 KiB");
	put64(PAGE + 8, 0x80000);
	refused("offset");
	file[PAGE] = 0x1f;
	file[PAGE + 1] = 0x8b;
	refused("compressed");
}

static void memory_has_to_hold_it(void **state)
{
	struct loadplan_realm r = shape(DTB_AT);
	uint64_t need;

	(void)state;
	assert_non_null(loadplan_linux(&os, &r));
	need = os.need;
	assert_true(need > DTB_AT);
	r = shape(need - PAGE);
	assert_non_null(loadplan_linux(&os, &r));
	assert_int_equal(os.need, need);
	r = shape(need);				/* what it says is enough, is */
	assert_null(loadplan_linux(&os, &r));
	for (uint64_t memory = 0; memory < LINUX_DEVICES_SIZE + 0x20000; memory += PAGE) {
		r = shape(memory);
		assert_non_null(loadplan_linux(&os, &r));
	}
	r = shape(16 * MIB);
	r.vcpus = 2;
	assert_string_equal(loadplan_linux(&os, &r), "is for one vCPU");
	r = shape(16 * MIB);
	r.ram_base += PAGE;
	assert_non_null(loadplan_linux(&os, &r));
	r = shape(16 * MIB);
	for (r.image_size = 0; r.image_size < sizeof(file); r.image_size += 64)
		assert_non_null(loadplan_linux(&os, &r));
}

/* The monitor's blob says where the pages are: what the compiler writes there is what the plan does. */
static void devices_are_where_the_record_says(void **state)
{
	(void)state;
	for (uint64_t memory = 8 * MIB; memory < 9 * MIB; memory += PAGE) {
		struct loadplan_realm r = shape(memory);

		assert_null(loadplan_linux(&os, &r));
		assert_int_equal(os.devices, linux_devices_at(memory));
		assert_int_equal((RAM + os.devices) % 0x10000, 0);
		assert_true(os.devices + LINUX_DEVICES_SIZE <= memory);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(device_tree_says_what_there_is, fresh),
		cmocka_unit_test_setup(every_page_is_as_the_file_and_the_shape_say, fresh),
		cmocka_unit_test_setup(all_of_it_is_in_the_rim, fresh),
		cmocka_unit_test_setup(damaged_files_are_refused, fresh),
		cmocka_unit_test_setup(other_kernels_are_refused, fresh),
		cmocka_unit_test_setup(memory_has_to_hold_it, fresh),
		cmocka_unit_test_setup(devices_are_where_the_record_says, fresh),
	};

	return cmocka_run_group_tests_name("loadplan_linux", tests, NULL, NULL);
}
