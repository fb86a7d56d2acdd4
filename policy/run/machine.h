/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The emulated machine: QEMU as a child process that cannot outlive us, one inherited socket
 * as its virtio-serial port, its console on a pipe. No file on disk, so nothing to clean up.
 */
#ifndef MICA_RUN_MACHINE_H
#define MICA_RUN_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Memory of the machine, and how much of it the host can give to Realms. */
#define MACHINE_MIB		3072
#define MACHINE_REALMS_MIB	2560

struct machine_config {
	const char *dir;		/* build directory: fw/, machine/ */
	const char *qemu;		/* program name or path */
	unsigned int cpus;
	bool icount;			/* count instructions as time: one CPU, repeatable */
};

struct machine {
	pid_t pid;			/* 0: not running */
	int ctl_fd;			/* our end of port mica.ctl, non-blocking */
	int console_fd;			/* what firmware and host kernel print, non-blocking */
};

/* 0, or -1 with one sentence in why. Nothing is left running on failure. */
int machine_start(struct machine *m, const struct machine_config *c, char *why, size_t size);
/* Has it ended? Then its wait status in *status. */
bool machine_ended(struct machine *m, int *status);
/* End it, give it a moment to leave by itself first; reap it; close what is open. */
void machine_stop(struct machine *m, unsigned int grace_ms);

/* Directory with the images: $MICA_MACHINE, or two levels above the running program. */
int machine_find_dir(char *dir, size_t size);

#endif
