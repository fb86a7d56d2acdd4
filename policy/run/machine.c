/* SPDX-License-Identifier: Apache-2.0 */
/* Starting and ending QEMU. The argument list is machine/README.md's, in one place. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "machine.h"

#define KERNEL_ADDR	"0x60000000"
#define INITRD_ADDR	"0x78000000"
#define CHILD_CTL_FD	3		/* the socket, in QEMU */
#define ARG_MAX_LEN	(PATH_MAX + 128)

struct args {
	char text[8][ARG_MAX_LEN];	/* arguments that are made, not constant */
	const char *argv[64];
	unsigned int n;
};

static void add(struct args *a, const char *s)
{
	a->argv[a->n++] = s;
}

static void add2(struct args *a, const char *option, const char *value)
{
	add(a, option);
	add(a, value);
}

/* A comma in a path would end QEMU's option: it is doubled. */
static void quote_commas(char *out, const char *s)
{
	do {
		if (*s == ',')
			*out++ = ',';
		*out++ = *s;
	} while (*s++);
}

static int image_path(char *out, const struct machine_config *c, const char *name, off_t *bytes,
		      char *why, size_t size)
{
	char path[PATH_MAX / 2 - 64];
	struct stat st;

	if (snprintf(path, sizeof(path), "%s/%s", c->dir, name) >= (int)sizeof(path)) {
		snprintf(why, size, "path of the machine's images is too long");
		return -1;
	}
	if (stat(path, &st) || access(path, R_OK)) {
		snprintf(why, size, "missing image %s (%s): build it with `make`", path,
			 strerror(errno));
		return -1;
	}
	*bytes = st.st_size;
	quote_commas(out, path);
	return 0;
}

static int build_args(struct args *a, const struct machine_config *c, char *why, size_t size)
{
	char fw[PATH_MAX], kernel[PATH_MAX], initrd[PATH_MAX];
	off_t bytes;

	if (image_path(fw, c, "fw/qemu_fw.bios", &bytes, why, size) ||
	    image_path(kernel, c, "machine/Image", &bytes, why, size) ||
	    image_path(initrd, c, "machine/initramfs.cpio.gz", &bytes, why, size))
		return -1;

	add(a, c->qemu);
	add2(a, "-M", "virt,secure=on,virtualization=on,gic-version=3,acpi=off");
	add2(a, "-cpu", "max,x-rme=on");
	snprintf(a->text[6], ARG_MAX_LEN, "%dM", MACHINE_MIB);
	add2(a, "-m", a->text[6]);
	snprintf(a->text[0], ARG_MAX_LEN, "%u", c->icount ? 1 : c->cpus);
	add2(a, "-smp", a->text[0]);
	if (c->icount)
		add2(a, "-icount", "shift=0");
	else if (c->cpus > (unsigned int)sysconf(_SC_NPROCESSORS_ONLN))
		add2(a, "-accel", "tcg,thread=single");	/* CPUs that spin in turn, not against each other */
	add(a, "-nodefaults");
	add2(a, "-display", "none");
	add2(a, "-monitor", "none");
	add2(a, "-chardev", "stdio,id=con,signal=off");
	add2(a, "-serial", "chardev:con");
	snprintf(a->text[1], ARG_MAX_LEN, "socket,id=ctl,fd=%d", CHILD_CTL_FD);
	add2(a, "-chardev", a->text[1]);
	add2(a, "-device", "virtio-serial-pci,disable-legacy=on");
	add2(a, "-device", "virtserialport,chardev=ctl,name=mica.ctl");
	/* fw may not hold a doubled comma: -bios takes the name as it is */
	snprintf(a->text[2], ARG_MAX_LEN, "%s/fw/qemu_fw.bios", c->dir);
	add2(a, "-bios", a->text[2]);
	add2(a, "-kernel", "/dev/null");	/* lets QEMU accept -append */
	snprintf(a->text[3], ARG_MAX_LEN, "console=ttyAMA0 quiet panic=-1 initrd=%s,0x%llx mica.mode=run",
		 INITRD_ADDR, (unsigned long long)bytes);
	add2(a, "-append", a->text[3]);
	snprintf(a->text[4], ARG_MAX_LEN, "loader,file=%s,addr=%s,force-raw=on", kernel, KERNEL_ADDR);
	add2(a, "-device", a->text[4]);
	snprintf(a->text[5], ARG_MAX_LEN, "loader,file=%s,addr=%s,force-raw=on", initrd, INITRD_ADDR);
	add2(a, "-device", a->text[5]);
	add(a, "-no-reboot");
	add(a, NULL);
	return 0;
}

/* In the child. Reports a failed exec through err_fd, which exec closes. */
static void child(const struct args *a, pid_t parent, int ctl, int console, int err_fd)
{
	int null = open("/dev/null", O_RDONLY);
	sigset_t none;
	int e;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	setpgid(0, 0);			/* a terminal's Ctrl-C is for us to translate */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)	/* died before prctl */
		_exit(1);
	if (null < 0 || dup2(null, 0) < 0 || dup2(console, 1) < 0 || dup2(console, 2) < 0)
		_exit(1);
	if (err_fd == CHILD_CTL_FD)	/* keep it out of the way of dup2 */
		err_fd = fcntl(err_fd, F_DUPFD_CLOEXEC, CHILD_CTL_FD + 1);
	if (ctl == CHILD_CTL_FD ? fcntl(ctl, F_SETFD, 0) < 0 : dup2(ctl, CHILD_CTL_FD) < 0)
		_exit(1);
	execvp(a->argv[0], (char *const *)a->argv);
	e = errno;
	if (write(err_fd, &e, sizeof(e)) != sizeof(e))
		_exit(1);
	_exit(1);
}

static void close_pair(int fd[2])
{
	for (int i = 0; i < 2; i++)
		if (fd[i] >= 0)
			close(fd[i]);
}

static int spawn(struct machine *m, const struct args *a, int ctl[2], int con[2], int err[2])
{
	pid_t parent = getpid();
	ssize_t n;
	int e = 0;

	m->pid = fork();
	if (m->pid < 0) {
		m->pid = 0;
		return errno;
	}
	if (m->pid == 0)
		child(a, parent, ctl[1], con[1], err[1]);
	close(err[1]);
	err[1] = -1;
	do {
		n = read(err[0], &e, sizeof(e));
	} while (n < 0 && errno == EINTR);
	if (n == 0)
		return 0;
	waitpid(m->pid, NULL, 0);
	m->pid = 0;
	return n == sizeof(e) ? e : EIO;
}

int machine_start(struct machine *m, const struct machine_config *c, char *why, size_t size)
{
	int ctl[2] = { -1, -1 }, con[2] = { -1, -1 }, err[2] = { -1, -1 };
	struct args *a;
	int e;

	*m = (struct machine){ .ctl_fd = -1, .console_fd = -1 };
	a = calloc(1, sizeof(*a));
	if (!a || build_args(a, c, why, size)) {
		free(a);
		return -1;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ctl) ||
	    pipe2(con, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
		e = errno;
	else
		e = spawn(m, a, ctl, con, err);
	free(a);
	close_pair(err);
	if (e) {
		close_pair(ctl);
		close_pair(con);
		if (e == ENOENT)
			snprintf(why, size, "cannot find %s: install QEMU 10 or newer (package qemu-system-arm), or run `make`",
				 c->qemu);
		else
			snprintf(why, size, "cannot start %s: %s", c->qemu, strerror(e));
		return -1;
	}
	close(ctl[1]);
	close(con[1]);
	m->ctl_fd = ctl[0];
	m->console_fd = con[0];
	fcntl(m->ctl_fd, F_SETFL, O_NONBLOCK);
	fcntl(m->console_fd, F_SETFL, O_NONBLOCK);
	return 0;
}

bool machine_ended(struct machine *m, int *status)
{
	if (m->pid && waitpid(m->pid, status, WNOHANG) == m->pid) {
		m->pid = 0;
		return true;
	}
	return false;
}

void machine_stop(struct machine *m, unsigned int grace_ms)
{
	int status;

	for (unsigned int t = 0; m->pid && t < grace_ms && !machine_ended(m, &status); t += 10) {
		char sink[4096];	/* a full console pipe must not keep it from leaving */

		while (read(m->console_fd, sink, sizeof(sink)) > 0)
			;
		poll(NULL, 0, 10);
	}
	if (m->pid) {
		kill(m->pid, SIGKILL);
		waitpid(m->pid, &status, 0);
		m->pid = 0;
	}
	if (m->ctl_fd >= 0)
		close(m->ctl_fd);
	if (m->console_fd >= 0)
		close(m->console_fd);
	m->ctl_fd = m->console_fd = -1;
}

int machine_find_dir(char *dir, size_t size)
{
	const char *env = getenv("MICA_MACHINE");
	char exe[PATH_MAX];
	ssize_t n;

	if (env && *env)
		return snprintf(dir, size, "%s", env) < (int)size ? 0 : -1;
	n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	if (n <= 0)
		return -1;
	exe[n] = '\0';
	for (int up = 0; up < 2; up++) {
		char *slash = strrchr(exe, '/');

		if (!slash)
			return -1;
		*slash = '\0';
	}
	/* build/ of the tree, or share/mica/ of where it was installed */
	if (snprintf(dir, size, "%s/share/mica/fw", exe) >= (int)size)
		return -1;
	if (access(dir, F_OK) != 0)
		return snprintf(dir, size, "%s", exe) < (int)size ? 0 : -1;
	dir[strlen(dir) - strlen("/fw")] = '\0';
	return 0;
}
