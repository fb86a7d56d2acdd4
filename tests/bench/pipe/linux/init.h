/* SPDX-License-Identifier: Apache-2.0 */
/* Between the files of the pipeline's PID 1. What cannot go on says why and switches the machine off. */
#ifndef BENCH_PIPE_INIT_H
#define BENCH_PIPE_INIT_H

#include "../../../../realm/include/mica.h"
#include "../pipe.h"
#include "sys.h"

#define AT_FDCWD	-100
#define O_RDONLY	02000000	/* closed on exec, as everything here */
#define O_RDWR		02000002
#define O_CREAT		0100
#define SIGCHLD		17

extern char **environment;

void say(const char *s);
void put(uint64_t v);			/* a blank and the number */
void power_off(void) __attribute__((noreturn));
void fail(const char *what) __attribute__((noreturn));
long must(long v, const char *what);	/* v, unless negative */
const char *variable(const char *name);
void path(char to[64], const char *a, const char *b, const char *c);
long open_file(const char *name, long flags);
/* As many zeroes into one file as the other has bytes; how many. */
size_t copy_zeroes(long fd, long from);
/* Bytes of what the file has to be, if it begins so. */
size_t same(const char *file, const char *want);
/* Until the components reach mica_begin() or a channel, and the kernel has ended what it put off during its boot. */
void settle(void);

/* vmm.c: as Realms of this kernel; how often they were entered, in their lives. When it began and ended. */
uint64_t run_realms(const char *work, long in, long out, size_t bytes, uint64_t *began, uint64_t *ended);
void run_sockets(long in, size_t bytes, uint64_t *began, uint64_t *ended);

#endif
