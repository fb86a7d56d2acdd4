/* SPDX-License-Identifier: Apache-2.0 */
/* /dev/mica by its ioctls. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dev.h"

static int fd = -1;

int dev_open(void)
{
	fd = open("/dev/mica", O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : 0;
}

void dev_close(void)
{
	close(fd);
	fd = -1;
}

int dev_info(struct mica_ioc_info *info)
{
	return ioctl(fd, MICA_IOC_INFO, info) < 0 ? -errno : 0;
}

int dev_stats(struct mica_ioc_stats *stats)
{
	return ioctl(fd, MICA_IOC_STATS, stats) < 0 ? -errno : 0;
}

int dev_mem(enum mica_mem_kind kind, uint64_t size, uint64_t align, uint64_t *pa)
{
	struct mica_ioc_mem mem = { .kind = kind, .size = size, .align = align };

	if (ioctl(fd, MICA_IOC_MEM, &mem) < 0)
		return -errno;
	*pa = mem.pa;
	return 0;
}

void *dev_map(uint64_t pa, size_t size)
{
	void *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)pa);

	return map == MAP_FAILED ? NULL : map;
}

int dev_rmi(struct mica_rmi_call *calls, uint32_t count, uint32_t *done)
{
	struct mica_ioc_rmi arg = { .calls = (uintptr_t)calls, .count = count };
	int ret = ioctl(fd, MICA_IOC_RMI, &arg) < 0 ? -errno : 0;

	*done = arg.done;
	return ret;
}

int dev_run(struct mica_ioc_run *run)
{
	return ioctl(fd, MICA_IOC_RUN, run) < 0 ? -errno : 0;
}

uint64_t dev_counter(void)
{
	uint64_t now;

	__asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(now));
	return now;
}

uint64_t dev_counter_hz(void)
{
	uint64_t hz;

	__asm__("mrs %0, cntfrq_el0" : "=r"(hz));
	return hz;
}
