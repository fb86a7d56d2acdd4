/* SPDX-License-Identifier: Apache-2.0 */
/* `mica pack`: kernel, initramfs and command line become the one file that a linux role names as its image. */
#include <errno.h>
#include <string.h>

#include "../../loadplan/linux.h"
#include "../compiler/compile.h"
#include "../run/output.h"
#include "cli.h"
#include "new_files.h"

#define PAGE	4096UL

struct pack_options { const char *initrd, *cmdline, *out; };

static const struct cli_option options[] = {
	{ .name = "initrd", .kind = CLI_TEXT, .value = "FILE", .at = offsetof(struct pack_options, initrd),
	  .help = "the initramfs: programs, modules, /init" },
	{ .name = "cmdline", .kind = CLI_TEXT, .value = "TEXT", .at = offsetof(struct pack_options, cmdline),
	  .help = "the kernel's command line (default empty)" },
	{ .name = "output", .letter = 'o', .kind = CLI_TEXT, .value = "FILE", .at = offsetof(struct pack_options, out),
	  .help = "write the image (- is standard output)" },
	CLI_OPTION_END,
};

const struct cli_spec pack_spec = {
	.name = "pack", .usage = "KERNEL-FILE [--initrd FILE] [--cmdline TEXT] -o FILE", .operands = "KERNEL-FILE", .min = 1, .max = 1,
	.about = "Pack an arm64 kernel, an initramfs and a command line into one file: the `image` of a\n"
		 "linux role. All of it is in the measurement of the role.",
	.options = options,
	.exit = "0 packed, 1 the kernel or the command line cannot be used, 2 usage or I/O",
	.example = "mica pack Image --initrd initramfs.cpio.gz --cmdline quiet -o worker.linux",
};

struct pack {
	struct arena arena;
	struct linux_image_header header;
	const uint8_t *kernel, *initrd;
	size_t kernel_size, initrd_size;
};

static int read_part(struct pack *p, const char *path, const uint8_t **bytes, size_t *size)
{
	int ret = read_whole(&p->arena, path, bytes, size);

	if (ret == 0)
		return EXIT_HOLDS;
	fprintf(stderr, "mica pack: cannot read '%s': %s\n", path, strerror(-ret));
	return EXIT_USAGE;
}

static int set_header(struct pack *p, const char *cmdline)
{
	size_t n = strlen(cmdline);

	if (n >= LINUX_CMDLINE_SIZE) {
		fprintf(stderr, "mica pack: the command line has %zu bytes, an arm64 kernel takes %d\n"
			"hint: put what is longer into a file of the initramfs\n", n, LINUX_CMDLINE_SIZE - 1);
		return EXIT_REFUSED;
	}
	memcpy(p->header.magic, LINUX_IMAGE_MAGIC, sizeof(p->header.magic));
	memcpy(p->header.cmdline, cmdline, n);
	p->header.kernel_size = p->kernel_size;
	p->header.initrd_size = p->initrd_size;
	return EXIT_HOLDS;
}

static int fill(struct pack *p, const char *kernel, const struct pack_options *o)
{
	const char *fault;
	int ret = read_part(p, kernel, &p->kernel, &p->kernel_size);

	if (ret == 0 && o->initrd)
		ret = read_part(p, o->initrd, &p->initrd, &p->initrd_size);
	if (ret)
		return ret;
	fault = linux_kernel_fault(p->kernel, p->kernel_size);
	if (fault) {
		fprintf(stderr, "mica pack: '%s' %s\nhint: the file that Debian calls vmlinuz is one\n", kernel, fault);
		return EXIT_REFUSED;
	}
	if (o->initrd && p->initrd_size == 0) {
		fprintf(stderr, "mica pack: '%s' is empty\n", o->initrd);
		return EXIT_REFUSED;
	}
	return set_header(p, o->cmdline ? o->cmdline : "");
}

static int put(struct output *out, const void *bytes, size_t n)
{
	static const uint8_t zero[PAGE];
	int ret = output_write(out, bytes, n);

	return ret == 0 && n % PAGE ? output_write(out, zero, PAGE - n % PAGE) : ret;
}

static int write_image(const struct pack *p, const char *path)
{
	struct output out;
	int ret = output_open(&out, path);

	if (ret == 0)
		ret = put(&out, &p->header, sizeof(p->header));
	if (ret == 0)
		ret = put(&out, p->kernel, p->kernel_size);
	if (ret == 0 && p->initrd)
		ret = put(&out, p->initrd, p->initrd_size);
	if (ret == 0)
		ret = output_commit(&out);
	output_close(&out);
	if (ret == 0)
		return EXIT_HOLDS;
	fprintf(stderr, "mica pack: cannot write '%s': %s\n", path, strerror(-ret));
	return EXIT_USAGE;
}

int cmd_pack(int argc, char **argv)
{
	static struct pack pack;
	struct pack_options o = { 0 };
	struct cli_args args;
	int ret;

	if (!cli_parse(&pack_spec, argc, argv, &o, &args))
		return args.status;
	if (!o.out)
		return cli_usage("pack", "missing option: -o FILE");
	if (replaces("pack", o.out, args.v[0]) || replaces("pack", o.out, o.initrd))
		return EXIT_USAGE;
	ret = fill(&pack, args.v[0], &o);
	if (ret == 0)
		ret = write_image(&pack, o.out);
	arena_free(&pack.arena);
	return ret;
}
