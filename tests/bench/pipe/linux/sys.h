/* SPDX-License-Identifier: Apache-2.0 */
/* The few system calls of the pipeline as plain processes (arm64), and what init.c and the components agree on. */
#ifndef BENCH_PIPE_SYS_H
#define BENCH_PIPE_SYS_H

#include <stddef.h>
#include <stdint.h>

#define SYS_dup3	24
#define SYS_ftruncate	46
#define SYS_openat	56
#define SYS_pipe2	59
#define SYS_read	63
#define SYS_write	64
#define SYS_exit	93
#define SYS_futex	98
#define SYS_nanosleep	101
#define SYS_reboot	142
#define SYS_mmap	222
#define SYS_clone	220
#define SYS_execve	221
#define SYS_wait4	260
#define SYS_memfd_create 279

static inline long sys(long nr, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d, x4 __asm__("x4") = e, x5 __asm__("x5") = f;

	__asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
	return x0;
}
#define SYS_ARGS(nr, a, b, c, d, e, f, ...) sys(nr, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
#define SYSCALL(name, ...)	SYS_ARGS(SYS_##name, ##__VA_ARGS__, 0, 0, 0, 0, 0, 0)

/* Descriptors of a component. What it reads and writes, be it channel or window, is 0 and 1. */
#define FD_GO	3		/* a byte comes when it may begin */
#define FD_END	4		/* sink: the clock at the output's end */
#define FD_RINGS 5		/* struct rings */

#define PIPE_SIZE	(64UL << 10)

/* Channels as in a Realm, signals as futexes: the memory of the three components by rings. */
struct rings {
	struct {
		uint32_t signals;	/* bits of grants, as the monitor keeps them; RINGS_WAITS while the role sleeps */
		uint8_t z0[60];
	} role[64];
	struct {
		uint8_t ack[4096];
		uint8_t data[PIPE_SIZE];
	} channel[2];			/* raw, clean */
};
#define RINGS_WAITS	(1U << 31)

static inline uint64_t clock_now(void)
{
	uint64_t v;

	__asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(v) : : "memory");
	return v;
}

#endif
