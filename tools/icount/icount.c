/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A QEMU plugin that counts the instructions that were executed, by whose they are. The image of each part
 * lies at addresses of its own, so the program counter tells. Counters are words of a shared file (argument
 * out=FILE), so they are there however QEMU ends. One CPU (-icount): nothing is atomic.
 *
 * The plugin interface is QEMU's (version 2 and later); the few calls used are declared here.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define API __attribute__((visibility("default")))

struct qemu_plugin_tb;
typedef uint64_t plugin_id;

extern void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id, void (*cb)(plugin_id, struct qemu_plugin_tb *));
extern void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb, void (*cb)(unsigned int, void *),
						 int flags, void *data);
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
extern uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);

API int qemu_plugin_version = 2;
API int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv);

/* In the order of the words in the file. */
enum part { EL3, MONITOR, COMPONENTS, VMM, KERNEL, OTHER, PARTS };

static const struct { uint64_t first, last; enum part part; } map[] = {
	{ 0x0000000000000000, 0x00000000003fffff, EL3 },	/* BL1 */
	{ 0x0000000000400000, 0x000000000dffffff, VMM },	/* static, not relocated */
	{ 0x000000000e000000, 0x000000000effffff, EL3 },	/* BL2, BL31 */
	{ 0x0000000040000000, 0x00000000400fffff, COMPONENTS },
	{ 0x0000000040100000, 0x0000000047ffffff, MONITOR },
	{ 0xffff000000000000, 0xffffffffffffffff, KERNEL },
};

static uint64_t *counts;

static enum part part_of(uint64_t pc)
{
	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++)
		if (pc >= map[i].first && pc <= map[i].last)
			return map[i].part;
	return OTHER;
}

/* data = instructions << 3 | part */
static void on_exec(unsigned int cpu, void *data)
{
	uintptr_t v = (uintptr_t)data;

	(void)cpu;
	counts[v & 7] += v >> 3;
}

static void on_trans(plugin_id id, struct qemu_plugin_tb *tb)
{
	uintptr_t v = (uintptr_t)qemu_plugin_tb_n_insns(tb) << 3 | part_of(qemu_plugin_tb_vaddr(tb));

	(void)id;
	qemu_plugin_register_vcpu_tb_exec_cb(tb, on_exec, 0, (void *)v);
}

int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv)
{
	int fd = -1;

	(void)info;
	if (argc == 1 && strncmp(argv[0], "out=", 4) == 0)
		fd = open(argv[0] + 4, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || ftruncate(fd, PARTS * sizeof(*counts))) {
		fprintf(stderr, "icount: needs out=FILE, writable\n");
		return 1;
	}
	counts = mmap(NULL, PARTS * sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (counts == MAP_FAILED)
		return 1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_trans);
	return 0;
}
