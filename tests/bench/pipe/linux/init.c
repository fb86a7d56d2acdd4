/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PID 1 of the machine that runs the pipeline under Linux. Variables from the kernel's command line: WORK=redactor or pass;
 * WAY=pipes or rings, three plain processes; vmm, three Realms (vmm.c); files and sockets, input and output alone. The log is
 * /log, and the output has to be /WORK.want. All files lie in memory, the output's pages are there before it begins.
 *
 * "linux WAY BYTES OUTPUT TICKS SWITCHES" between mica_begin() and the output's end; SWITCHES, of processes or entries of Realms,
 * from the start.
 */
#include "init.h"

static struct rings rings_zero;

__asm__(".text\n\t.global _start\n_start:\n\tmov x0, sp\n\tbl init\n");

static long spawn(const char *program, const char *role, long in, long out, long go, long end, long rings)
{
	const char *argv[] = { program, role, NULL };
	long pid = must(SYSCALL(clone, SIGCHLD), "clone");

	if (pid)
		return pid;
	must(SYSCALL(dup3, in, 0), "dup");
	must(SYSCALL(dup3, out, 1), "dup");
	must(SYSCALL(dup3, go, FD_GO), "dup");
	must(SYSCALL(dup3, end, FD_END), "dup");
	must(SYSCALL(dup3, rings, FD_RINGS), "dup");
	SYSCALL(execve, program, argv, environment);
	SYSCALL(exit, 127);
	return 0;
}

static void pipe_make(long fd[2])
{
	int two[2];

	must(SYSCALL(pipe2, two, O_RDONLY), "pipe");
	fd[0] = two[0];
	fd[1] = two[1];
}

/* Three processes; how often they were switched, in their lives. */
static uint64_t run_processes(const char *way, const char *work, long in, long out, uint64_t *began, uint64_t *ended)
{
	long raw[2], clean[2], go[2], end[2], memory, rusage[18] = { 0 };
	uint64_t switches = 0;
	int status = 0;
	char name[64];

	memory = must(SYSCALL(memfd_create, "rings", 1), "memfd");
	must(SYSCALL(write, memory, &rings_zero, sizeof(rings_zero)), "rings");
	pipe_make(raw);
	pipe_make(clean);
	pipe_make(go);
	pipe_make(end);
	path(name, way, "/", work);
	spawn(name, "1", raw[0], clean[1], go[0], end[1], memory);
	path(name, way, "/", "sink");
	spawn(name, "2", clean[0], out, go[0], end[1], memory);
	path(name, way, "/", "ingest");
	spawn(name, "0", in, raw[1], go[0], end[1], memory);
	/* the end of a pipe is when nobody can write to it */
	for (int i = 0; i < 2; i++) {
		SYSCALL(dup3, 0, raw[i]);
		SYSCALL(dup3, 0, clean[i]);
	}
	settle();
	*began = clock_now();
	pipe_mark();
	must(SYSCALL(write, go[1], "go", 2), "go");
	for (int i = 0; i < 3; i++) {
		must(SYSCALL(wait4, -1, &status, 0, rusage), "wait");
		if (status != 0)
			fail("a component");
		switches += (uint64_t)(rusage[16] + rusage[17]);	/* voluntary, involuntary */
	}
	must(SYSCALL(read, end[0], ended, sizeof(*ended)), "end");
	return switches;
}

/* The log from its file to the other by one process, in pieces of a window: what files cost. */
static void run_files(long in, long out, uint64_t *began, uint64_t *ended)
{
	int status = 0;
	long go[2];

	pipe_make(go);
	spawn("pipes/ingest", "0", in, out, go[0], go[1], go[0]);
	settle();
	*began = clock_now();
	pipe_mark();
	must(SYSCALL(write, go[1], "g", 1), "go");
	must(SYSCALL(wait4, -1, &status, 0, 0), "wait");
	if (status != 0)
		fail("ingest");
	*ended = clock_now();
	pipe_mark();
}

void init(long *stack) __attribute__((noreturn));
void init(long *stack)
{
	const char *way, *work;
	uint64_t began, ended, switches = 0;
	size_t bytes, written;
	char want[64];
	long in, out;

	environment = (char **)(stack + stack[0] + 2);
	way = variable("WAY");
	work = variable("WORK");
	/* descriptors that components use are taken: what follows is above them, and not in the way of dup3() */
	for (int i = 0; i < 8; i++)
		open_file("/dev/console", O_RDONLY);
	in = open_file("/log", O_RDONLY);
	out = open_file("/out", O_RDWR | O_CREAT);
	bytes = copy_zeroes(out, in);
	in = open_file("/log", O_RDONLY);
	out = open_file("/out", O_RDWR);
	if (strcmp(way, "files") == 0)
		run_files(in, out, &began, &ended);
	else if (strcmp(way, "sockets") == 0)
		run_sockets(in, bytes, &began, &ended);
	else if (strcmp(way, "vmm") == 0)
		switches = run_realms(work, in, out, bytes, &began, &ended);
	else
		switches = run_processes(way, work, in, out, &began, &ended);
	path(want, "/", work, ".want");
	written = strcmp(way, "sockets") == 0 ? 0 : same("/out", want);

	say("linux ");
	say(way);
	put(bytes);
	put(written);
	put(ended - began);
	put(switches);
	say("\n");
	power_off();
}
