/* SPDX-License-Identifier: Apache-2.0 */
/* Console lines. The UART is shared with the firmware and the host: whole lines, few of them. */
#ifndef RMM_CORE_LOG_H
#define RMM_CORE_LOG_H

#include "types.h"

/* One line; knows %s, %lx (hexadecimal) and %lu, nothing else. A newline is added. */
void rmm_log(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Builds with RMM_LOG=1 only. Never what a Realm holds: addresses, statuses. */
#ifdef RMM_LOG
#define rmm_debug(...)	rmm_log(__VA_ARGS__)
#else
#define rmm_debug(...)	do { } while (0)
#endif

void plat_putc(char c);

#endif
