/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mica-vmm [PORT]: serves one workflow over a control port and ends. PORT is a device's path, or fd:N for a descriptor that is
 * open already; by default the virtio port named mica.ctl. mica-vmm --guest: guest/guest.c.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest/guest.h"
#include "vmm.h"

#define PORTS		"/sys/class/virtio-ports"
#define PORT_NAME	"mica.ctl"

static bool port_is_named(const char *dir, const char *want)
{
	char path[320], name[64] = "";
	FILE *f;

	snprintf(path, sizeof(path), PORTS "/%s/name", dir);
	f = fopen(path, "re");
	if (f == NULL)
		return false;
	if (fgets(name, sizeof(name), f))
		name[strcspn(name, "\n")] = '\0';
	fclose(f);
	return strcmp(name, want) == 0;
}

static bool find_port(char *path, size_t size)
{
	DIR *d = opendir(PORTS);
	struct dirent *e;
	bool found = false;

	while (d && !found && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.' || !port_is_named(e->d_name, PORT_NAME))
			continue;
		snprintf(path, size, "/dev/%s", e->d_name);
		found = true;
	}
	if (d)
		closedir(d);
	return found;
}

static int open_port(const char *path)
{
	int fd;

	if (strncmp(path, "fd:", 3) != 0)
		return open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	fd = fcntl(atoi(path + 3), F_DUPFD_CLOEXEC, 0);
	return fd < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) < 0 ? -1 : fd;
}

static void set_up(struct vmm *vmm)
{
	int ret = dev_open();

	if (ret < 0)
		vmm_fail(vmm, "no /dev/mica: %s; the kernel's log says why", strerror(-ret));
	else if (dev_info(&vmm->info) < 0 || vmm->info.version != MICA_IOCTL_VERSION)
		vmm_fail(vmm, "the driver speaks another version of its interface");
	else if (seccomp_enter(false) < 0)
		vmm_fail(vmm, "no seccomp filter: %s", strerror(errno));
}

int main(int argc, char **argv)
{
	static struct vmm vmm;
	char path[300];
	int ctl;

	if (argc > 1 && strcmp(argv[1], "--guest") == 0)
		return guest_main(argc - 2, argv + 2);
	if (argc > 2) {
		fprintf(stderr, "usage: mica-vmm [PORT]\n       mica-vmm --guest IMAGE MIB VCPUS DTB\n");
		return 2;
	}
	if (argc == 2)
		snprintf(path, sizeof(path), "%s", argv[1]);
	else if (!find_port(path, sizeof(path))) {
		fprintf(stderr, "mica-vmm: no virtio port named " PORT_NAME "\n");
		return 1;
	}
	ctl = open_port(path);
	if (ctl < 0) {
		fprintf(stderr, "mica-vmm: %s: %s\n", path, strerror(errno));
		return 1;
	}
	signal(SIGPIPE, SIG_IGN);
	if (vmm_init(&vmm, ctl) == 0)
		set_up(&vmm);
	session(&vmm);
	if (vmm_failed(&vmm))
		fprintf(stderr, "mica-vmm: %s\n", vmm.fail);
	return vmm_failed(&vmm) ? 1 : 0;
}
