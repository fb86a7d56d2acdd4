/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A QEMU plugin that counts the instructions that were executed, by whose they are. The image of each part
 * lies at addresses of its own, so the program counter tells. Behind those counters: how many were AES rounds and
 * how many were multiplications of polynomials, which a cipher by hardware has and one by tables has not. Behind those, twice
 * more: what the counters were when a marked instruction (hint #0x7f, a NOP) was executed first and last.
 * Counters are words of a shared file (argument out=FILE), so they are there however QEMU ends. One CPU (-icount):
 * nothing is atomic.
 *
 * The plugin interface is QEMU's (version 3 and later); the few calls used are declared here.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define API __attribute__((visibility("default")))

struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef uint64_t plugin_id;

extern void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id, void (*cb)(plugin_id, struct qemu_plugin_tb *));
extern void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb, void (*cb)(unsigned int, void *),
						 int flags, void *data);
extern void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, void (*cb)(unsigned int, void *),
						   int flags, void *data);
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
extern uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
extern struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
extern size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *to, size_t n);

API int qemu_plugin_version = 3;
API int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv);

/* In the order of the words in the file. */
enum part { EL3, MONITOR, COMPONENTS, VMM, KERNEL, OTHER, PARTS, AES = PARTS, PMULL, COUNTERS };

static const struct { uint64_t first, last; enum part part; } map[] = {
	{ 0x0000000000000000, 0x00000000003fffff, EL3 },	/* BL1 */
	{ 0x0000000000400000, 0x000000000dffffff, VMM },	/* static, not relocated */
	{ 0x000000000e000000, 0x000000000effffff, EL3 },	/* BL2, BL31 */
	{ 0x0000000040000000, 0x00000000400fffff, COMPONENTS },
	{ 0x0000000040100000, 0x0000000047ffffff, MONITOR },
	{ 0xffff000000000000, 0xffffffffffffffff, KERNEL },
};

#define MARK	0xd5032fffU	/* hint #0x7f */

static uint64_t *counts;		/* three times COUNTERS */

static enum part part_of(uint64_t pc)
{
	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++)
		if (pc >= map[i].first && pc <= map[i].last)
			return map[i].part;
	return OTHER;
}

/* What stands in the pointer that comes back: a block has at most 512 instructions. */
#define PACK(part, n, aes, pmull)	((uintptr_t)(part) | (uintptr_t)(n) << 8 | (uintptr_t)(aes) << 24 | (uintptr_t)(pmull) << 40)
#define FIELD(v, at)			((v) >> (at) & 0xffff)

static void on_exec(unsigned int cpu, void *data)
{
	uintptr_t v = (uintptr_t)data;

	(void)cpu;
	counts[v & 0xff] += FIELD(v, 8);
	counts[AES] += FIELD(v, 24);
	counts[PMULL] += FIELD(v, 40);
}

static void on_mark(unsigned int cpu, void *data)
{
	static unsigned int marks;

	(void)cpu;
	(void)data;
	memcpy(counts + (marks++ ? 2 : 1) * COUNTERS, counts, COUNTERS * sizeof(*counts));
}

static void on_trans(plugin_id id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb), aes = 0, pmull = 0;

	(void)id;
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *at = qemu_plugin_tb_get_insn(tb, i);
		uint32_t insn = 0;

		qemu_plugin_insn_data(at, &insn, sizeof(insn));
		if (insn == MARK)
			qemu_plugin_register_vcpu_insn_exec_cb(at, on_mark, 0, NULL);
		aes += (insn & 0xffffcc00) == 0x4e284800;	/* AESE, AESD, AESMC, AESIMC */
		pmull += (insn & 0xbf20fc00) == 0x0e20e000;	/* PMULL, PMULL2 */
	}
	qemu_plugin_register_vcpu_tb_exec_cb(tb, on_exec, 0, (void *)PACK(part_of(qemu_plugin_tb_vaddr(tb)), n, aes, pmull));
}

int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv)
{
	int fd = -1;

	(void)info;
	if (argc == 1 && strncmp(argv[0], "out=", 4) == 0)
		fd = open(argv[0] + 4, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || ftruncate(fd, 3 * COUNTERS * sizeof(*counts))) {
		fprintf(stderr, "icount: needs out=FILE, writable\n");
		return 1;
	}
	counts = mmap(NULL, 3 * COUNTERS * sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (counts == MAP_FAILED)
		return 1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_trans);
	return 0;
}
