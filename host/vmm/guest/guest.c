/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mica-vmm --guest IMAGE MIB VCPUS DTB: an unbound Realm, its console on standard input and output.
 * IMAGE is what lies at the start of its RAM; a kernel first, which is entered with X0 = DTB.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"

#define LRS(feature0)	(((feature0) >> RMI_FEAT0_LRS_SHIFT & 0xf) + 1)

static int usage(void)
{
	fprintf(stderr, "usage: mica-vmm --guest IMAGE MIB VCPUS DTB\n");
	return 2;
}

/* A whole number in [min, max]. */
static bool number(const char *s, uint64_t min, uint64_t max, uint64_t *v)
{
	char *end;

	errno = 0;
	*v = strtoull(s, &end, 0);
	return *s >= '0' && *s <= '9' && *end == '\0' && errno == 0 && *v >= min && *v <= max;
}

static int map_image(struct guest *guest, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *map;

	if (fd < 0 || fstat(fd, &st) < 0)
		return vmm_fail(guest->vmm, "%s: %s", path, strerror(errno));
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return vmm_fail(guest->vmm, "%s: %s", path, strerror(errno));
	guest->realm.image = map;
	guest->realm.image_size = (size_t)st.st_size;
	return 0;
}

static int load(struct guest *guest, uint64_t mib, uint64_t vcpus, uint64_t dtb)
{
	struct realm *realm = &guest->realm;
	struct vmm *vmm = guest->vmm;

	guest->shape = (struct mica_blob_role){
		.s2sz = GUEST_S2SZ, .hash = RMI_HASH_SHA_256, .vcpus = (uint8_t)vcpus, .num_bps = 1,
		.num_wps = 1, .ram_base = GUEST_RAM, .ram_size = mib << 20, .name = "guest",
	};
	realm->vmm = vmm;
	realm->unbound = true;
	realm->boot_x0 = dtb;
	realm->rec = &guest->shape;
	memcpy(realm->name, guest->shape.name, sizeof(realm->name));
	vmm->params = shared(vmm, PAGE, &vmm->params_pa);
	vmm->stage = shared(vmm, MICA_RMI_BATCH * PAGE, &vmm->stage_pa);
	vmm->realms = realm;
	vmm->n_realms = 1;
	if (vmm->params == NULL || vmm->stage == NULL || realm_load(vmm, realm) < 0)
		return -1;
	realm->windows = &guest->alias;		/* from here on teardown unmaps what is mapped there */
	realm->n_windows = 1;
	return rmi(vmm, SMC_RMI_REALM_ACTIVATE, realm->rd, 0, 0, 0, 0);
}

static void init_vcpus(struct guest *guest)
{
	pthread_condattr_t attr;
	unsigned int i;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_mutex_init(&guest->lock, NULL);
	for (i = 0; i < guest->realm.n_recs; i++) {
		struct vcpu *vcpu = &guest->vcpu[i];

		vcpu->guest = guest;
		vcpu->rec = &guest->realm.recs[i];
		vcpu->index = i;
		vcpu->on = i == 0;
		pthread_cond_init(&vcpu->wake, &attr);
	}
}

/* Console input, as far as the UART has room. */
static void feed(struct guest *guest)
{
	uint8_t buf[PL011_FIFO];
	unsigned int room;
	ssize_t n;

	pthread_mutex_lock(&guest->lock);
	room = pl011_room(&guest->uart);
	n = room ? read(guest->in, buf, room) : -1;
	if (n > 0)
		pl011_receive(&guest->uart, buf, (size_t)n);
	else if (n == 0 || (room && errno != EAGAIN && errno != EINTR))
		guest->in = -1;
	guest_uart_changed(guest);
	pthread_mutex_unlock(&guest->lock);
}

static bool room_for_input(struct guest *guest, bool *off)
{
	bool room;

	pthread_mutex_lock(&guest->lock);
	*off = guest->off;
	room = pl011_room(&guest->uart) > 0;
	guest->starved = !room;
	pthread_mutex_unlock(&guest->lock);
	return room;
}

static void serve_console(struct guest *guest)
{
	uint64_t count;
	bool off;

	for (;;) {
		bool room = room_for_input(guest, &off);
		struct pollfd fds[] = {
			{ .fd = guest->vmm->kick, .events = POLLIN },
			{ .fd = room ? guest->in : -1, .events = POLLIN },
		};

		if (off || vmm_failed(guest->vmm))
			return;
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return;
		if (fds[0].revents && read(guest->vmm->kick, &count, sizeof(count)) < 0)
			continue;
		if (fds[1].revents)
			feed(guest);
	}
}

static void on_kick(int sig)
{
	(void)sig;
}

static void run(struct guest *guest)
{
	struct sigaction act = { .sa_handler = on_kick };
	unsigned int i;

	sigaction(SIGUSR1, &act, NULL);
	init_vcpus(guest);
	pthread_mutex_lock(&guest->lock);
	for (i = 0; i < guest->realm.n_recs; i++)
		if (pthread_create(&guest->vcpu[i].rec->thread, NULL, vcpu_thread, &guest->vcpu[i]) == 0)
			guest->vcpu[i].rec->started = true;
		else
			vmm_fail(guest->vmm, "no thread for vCPU %u", i);
	pthread_mutex_unlock(&guest->lock);
	serve_console(guest);
	pthread_mutex_lock(&guest->lock);
	guest_off(guest);
	pthread_mutex_unlock(&guest->lock);
	for (i = 0; i < guest->realm.n_recs; i++)
		while (guest->vcpu[i].rec->started) {
			struct timespec until;

			/* a kick can come just before the run it should end: it is repeated */
			pthread_kill(guest->vcpu[i].rec->thread, SIGUSR1);
			clock_gettime(CLOCK_REALTIME, &until);
			until.tv_sec += 1;
			if (pthread_timedjoin_np(guest->vcpu[i].rec->thread, NULL, &until) == 0)
				guest->vcpu[i].rec->started = false;
		}
}

/* The Realm's own terminal driver does what ours would. */
static void raw_console(struct termios *saved)
{
	struct termios raw;

	if (tcgetattr(STDIN_FILENO, saved) < 0)
		return;
	raw = *saved;
	cfmakeraw(&raw);
	raw.c_oflag = saved->c_oflag;
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

static int set_up(struct vmm *vmm)
{
	int ret = dev_open();

	if (ret < 0)
		return vmm_fail(vmm, "no /dev/mica: %s; the kernel's log says why", strerror(-ret));
	if (dev_info(&vmm->info) < 0 || vmm->info.version != MICA_IOCTL_VERSION)
		return vmm_fail(vmm, "the driver speaks another version of its interface");
	return 0;
}

/* All files are open. */
static int filter(struct vmm *vmm)
{
	return seccomp_enter(true) < 0 ? vmm_fail(vmm, "no seccomp filter: %s", strerror(errno)) : 0;
}

int guest_main(int argc, char **argv)
{
	static struct vmm vmm;
	static struct guest guest;
	struct termios saved = { 0 };
	uint64_t mib, vcpus, dtb;

	if (argc != 4 || !number(argv[1], 64, 2048, &mib) || !number(argv[2], 1, MICA_MAX_VCPUS, &vcpus) ||
	    !number(argv[3], GUEST_RAM, GUEST_RAM + (2048UL << 20), &dtb))
		return usage();
	guest.vmm = &vmm;
	guest.in = STDIN_FILENO;
	if (vmm_init(&vmm, -1) == 0 && set_up(&vmm) == 0 && map_image(&guest, argv[0]) == 0 && filter(&vmm) == 0 &&
	    load(&guest, mib, vcpus, dtb) == 0) {
		gic_init(&guest.gic, (unsigned int)vcpus, LRS(vmm.info.rmi_feature0));
		pl011_init(&guest.uart);
		raw_console(&saved);
		run(&guest);
		tcsetattr(STDIN_FILENO, TCSANOW, &saved);
	}
	workflow_teardown(&vmm);
	dev_close();
	if (vmm_failed(&vmm))
		fprintf(stderr, "mica-vmm: %s\n", vmm.fail);
	else
		fprintf(stderr, "mica-vmm: the guest is %s\n", guest.reset ? "reset" : "off");
	return vmm_failed(&vmm) ? 1 : 0;
}
