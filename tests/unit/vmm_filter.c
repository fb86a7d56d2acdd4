/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The VMM's system call filter, in a process of its own for each act: what has nothing to do with serving is refused with EPERM, and
 * the same act succeeds, or fails for another reason, where no filter is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "../../host/vmm/vmm.h"

enum filter { NONE, WORKFLOW, TERMINAL };

static int tty, null;
static struct termios modes;

static long act_open(void) { return syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY, 0); }
static long act_socket(void) { return syscall(SYS_socket, AF_INET, SOCK_STREAM, 0); }
static long act_exec(void) { return syscall(SYS_execve, "/no/such/file", NULL, NULL); }
static long act_kill(void) { return syscall(SYS_kill, getpid(), 0); }
static long act_ptrace(void) { return syscall(SYS_ptrace, PTRACE_PEEKDATA, 1, 0, 0); }
static long act_unlink(void) { return syscall(SYS_unlinkat, AT_FDCWD, "/no/such/file", 0); }
static long act_dup(void) { return syscall(SYS_dup, null); }
static long act_type_into_terminal(void) { return syscall(SYS_ioctl, tty, TIOCSTI, "x"); }
static long act_window_size(void) { struct winsize w; return syscall(SYS_ioctl, tty, TIOCGWINSZ, &w); }
static long act_get_modes(void) { return syscall(SYS_ioctl, tty, TCGETS, &modes); }
static long act_set_modes(void) { return syscall(SYS_ioctl, tty, TCSETS, &modes); }
static long act_our_ioctl(void) { return syscall(SYS_ioctl, null, MICA_IOC_INFO, NULL); }
static long act_write(void) { return syscall(SYS_write, null, "x", 1); }
static long act_mmap(void) { return mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0; }
static long act_clock(void) { struct timespec t; return syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t); }

static const struct row {
	const char *name;
	long (*act)(void);
	bool workflow, terminal;	/* does the filter let it through? */
} rows[] = {
	{ "open a file", act_open, false, false },
	{ "a socket", act_socket, false, false },
	{ "another program", act_exec, false, false },
	{ "a signal by kill", act_kill, false, false },
	{ "look into another process", act_ptrace, false, false },
	{ "remove a file", act_unlink, false, false },
	{ "another descriptor", act_dup, false, false },
	{ "type into the terminal", act_type_into_terminal, false, false },
	{ "the terminal's size", act_window_size, false, false },
	{ "the terminal's modes", act_get_modes, false, true },
	{ "set the terminal's modes", act_set_modes, false, true },
	{ "our driver's ioctl", act_our_ioctl, true, true },
	{ "write", act_write, true, true },
	{ "memory", act_mmap, true, true },
	{ "the clock", act_clock, true, true },
};

/* The errno of the act in a child under that filter; 0: it succeeded. */
static int outcome(const struct row *r, enum filter f)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		if (f != NONE && seccomp_enter(f == TERMINAL) < 0)
			_exit(200);
		_exit(r->act() < 0 ? errno : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_not_equal(WEXITSTATUS(status), 200);
	return WEXITSTATUS(status);
}

static void filter(void **state)
{
	unsigned int i;
	int slave;

	(void)state;
	assert_int_equal(openpty(&tty, &slave, NULL, NULL, NULL), 0);
	assert_int_equal(tcgetattr(tty, &modes), 0);
	null = open("/dev/null", O_RDWR);
	assert_true(null >= 0);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		int none = outcome(r, NONE);

		if (none == EPERM && r->act != act_type_into_terminal && r->act != act_ptrace)
			fail_msg("%s: refused without a filter, too", r->name);
		if ((outcome(r, WORKFLOW) != EPERM) != r->workflow)
			fail_msg("%s: serving a workflow", r->name);
		if ((outcome(r, TERMINAL) != EPERM) != r->terminal)
			fail_msg("%s: with a terminal", r->name);
		if (r->terminal && outcome(r, TERMINAL) != none)
			fail_msg("%s: another outcome than without a filter", r->name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(filter) };

	return cmocka_run_group_tests_name("vmm_filter", tests, NULL, NULL);
}
