/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A filter over system calls: after set-up the VMM needs its two files, memory and threads. It
 * opens nothing, starts nothing, and speaks to the kernel about /dev/mica alone; with a terminal, about its modes, too.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "vmm.h"

#if defined(__aarch64__)
#define ARCH_HERE	AUDIT_ARCH_AARCH64
#else
#define ARCH_HERE	AUDIT_ARCH_X86_64
#endif

#define LOAD(field)	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define REFUSE		RETURN(SECCOMP_RET_ERRNO | EPERM)
#define RETURN(value)	BPF_STMT(BPF_RET | BPF_K, (value))
#define UNLESS(k, skip)	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (k), 0, (skip))
#define ALLOW(nr)	UNLESS((nr), 1), RETURN(SECCOMP_RET_ALLOW)

/* The type byte of an ioctl number. */
#define IOC_TYPE_MASK	(0xffU << 8)
#define MICA_IOC_TYPE	('M' << 8)

static struct sock_filter calls[] = {
	LOAD(arch),
	UNLESS(ARCH_HERE, 2),
	LOAD(nr),
	BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),	/* foreign numbers */
	REFUSE,
	ALLOW(__NR_read), ALLOW(__NR_write), ALLOW(__NR_writev), ALLOW(__NR_ppoll),
	ALLOW(__NR_futex), ALLOW(__NR_mmap), ALLOW(__NR_munmap), ALLOW(__NR_mprotect),
	ALLOW(__NR_mremap), ALLOW(__NR_madvise), ALLOW(__NR_brk), ALLOW(__NR_clone),
	ALLOW(__NR_clone3), ALLOW(__NR_set_robust_list), ALLOW(__NR_rseq),
	ALLOW(__NR_exit), ALLOW(__NR_exit_group), ALLOW(__NR_tgkill), ALLOW(__NR_getpid),
	ALLOW(__NR_gettid), ALLOW(__NR_rt_sigaction), ALLOW(__NR_rt_sigprocmask),
	ALLOW(__NR_rt_sigreturn), ALLOW(__NR_restart_syscall), ALLOW(__NR_clock_gettime),
	ALLOW(__NR_close), ALLOW(__NR_fstat),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_ioctl, 1, 0),
	REFUSE,
	LOAD(args[1]),
};
static struct sock_filter terminal_modes[] = { ALLOW(TCGETS), ALLOW(TCSETS) };
static struct sock_filter our_device[] = {
	BPF_STMT(BPF_ALU | BPF_AND | BPF_K, IOC_TYPE_MASK),
	UNLESS(MICA_IOC_TYPE, 1),
	RETURN(SECCOMP_RET_ALLOW),
	REFUSE,
};

#define LENGTH(part)	(sizeof(part) / sizeof((part)[0]))

int seccomp_enter(bool terminal)
{
	static struct sock_filter code[LENGTH(calls) + LENGTH(terminal_modes) + LENGTH(our_device)];
	struct sock_fprog program = { .filter = code };

	memcpy(code, calls, sizeof(calls));
	program.len = LENGTH(calls);
	if (terminal) {
		memcpy(code + program.len, terminal_modes, sizeof(terminal_modes));
		program.len += LENGTH(terminal_modes);
	}
	memcpy(code + program.len, our_device, sizeof(our_device));
	program.len += LENGTH(our_device);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}
