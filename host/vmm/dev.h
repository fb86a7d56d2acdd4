/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The device as the VMM sees it: /dev/mica, or the stand-in of the unit tests. Each call gives 0
 * or a negative errno; addresses and sizes are bytes.
 */
#ifndef MICA_VMM_DEV_H
#define MICA_VMM_DEV_H

#include <stddef.h>
#include <stdint.h>

#include "../../abi/mica_ioctl.h"

int dev_open(void);
void dev_close(void);
int dev_info(struct mica_ioc_info *info);
int dev_stats(struct mica_ioc_stats *stats);
/* Contiguous memory; it lives until dev_close(). */
int dev_mem(enum mica_mem_kind kind, uint64_t size, uint64_t align, uint64_t *pa);
/* Map SHARED memory; NULL on failure. */
void *dev_map(uint64_t pa, size_t size);
/* count calls in order, at most MICA_RMI_BATCH; *done = calls the monitor answered. */
int dev_rmi(struct mica_rmi_call *calls, uint32_t count, uint32_t *done);
/* -EINTR if a signal came; run->status and run->entries are valid then, too. */
int dev_run(struct mica_ioc_run *run);
/* The counter that Realms and host share, and its frequency. */
uint64_t dev_counter(void);
uint64_t dev_counter_hz(void);

#define MICA_RMI_BATCH	512

#endif
