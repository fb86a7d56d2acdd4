/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RMM_CORE_CPU_H
#define RMM_CORE_CPU_H

/* What the monitor cannot do without and this CPU has not; NULL: nothing. */
const char *cpu_lacks(void);

#endif
