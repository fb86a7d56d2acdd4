/* SPDX-License-Identifier: Apache-2.0 */
/*
 * /dev/mica: what the driver offers a VMM. No policy decisions; everything a file obtained is
 * torn down when the file is closed. All structures: unknown bits and padding must be zero.
 */
#ifndef MICA_ABI_IOCTL_H
#define MICA_ABI_IOCTL_H

#include "types.h"
#ifdef __KERNEL__
#include <linux/ioctl.h>
#else
#include <sys/ioctl.h>
#endif

#define MICA_IOCTL_VERSION	2

struct mica_ioc_info {
	uint64_t version;		/* MICA_IOCTL_VERSION */
	uint64_t rmi_version;
	uint64_t rmi_feature0;
	uint64_t mica_magic;		/* FEATURES X1..X3; 0 where the monitor has no Mica */
	uint64_t mica_limits;
	uint64_t mica_features;
};

/*
 * Physically contiguous memory owned by this file. GRANULES may be delegated and are never
 * mapped into user space; SHARED stays non-secure, is zeroed and can be mapped by mmap() at
 * file offset = pa. A file never delegates SHARED memory and never maps GRANULES.
 */
enum mica_mem_kind { MICA_MEM_GRANULES = 0, MICA_MEM_SHARED = 1 };
struct mica_ioc_mem {
	uint32_t kind;
	uint32_t zero;
	uint64_t size;			/* in: bytes, positive multiple of 4 KiB */
	uint64_t align;			/* in: bytes, power of two, 4 KiB to 2 MiB */
	uint64_t pa;			/* out */
};

/*
 * Run count RMI calls in order and stop after the first whose X0 is not RMI_SUCCESS; done =
 * calls made. The driver passes only known FIDs, checks that every granule argument lies in this file's
 * GRANULES and every page argument in its SHARED memory, and keeps what teardown needs.
 * REC_ENTER is not accepted here.
 */
struct mica_rmi_call {
	uint64_t x[6];			/* in: FID, arguments X1..X5; out: X0..X4 */
};
struct mica_ioc_rmi {
	uint64_t calls;			/* in: user pointer to struct mica_rmi_call[count] */
	uint32_t count;			/* in: 1..512 */
	uint32_t done;			/* out */
};

/*
 * RMI_REC_ENTER until there is something to tell: returns on any exit but IRQ/FIQ, or on IRQ
 * when the thread has a signal (-EINTR). With MICA_RUN_IRQ_EXITS it returns on every exit: the
 * caller has list registers and timers to look after. run_pa lies in this file's SHARED memory.
 */
#define MICA_RUN_IRQ_EXITS	(1UL << 0)
struct mica_ioc_run {
	uint64_t rec;
	uint64_t run_pa;
	uint64_t flags;			/* MICA_RUN_* */
	uint64_t status;		/* out: X0 of the last REC_ENTER */
	uint64_t entries;		/* out: REC_ENTERs made by this call */
};

struct mica_ioc_stats {
	uint64_t granules_delegated;	/* by this file, now */
	uint64_t granules_total;	/* by all files, now */
};

#define MICA_IOC_INFO	_IOR('M', 0, struct mica_ioc_info)
#define MICA_IOC_MEM	_IOWR('M', 1, struct mica_ioc_mem)
#define MICA_IOC_RMI	_IOWR('M', 2, struct mica_ioc_rmi)
#define MICA_IOC_RUN	_IOWR('M', 3, struct mica_ioc_run)
#define MICA_IOC_STATS	_IOR('M', 4, struct mica_ioc_stats)

#endif
