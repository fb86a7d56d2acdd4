/* SPDX-License-Identifier: Apache-2.0 */
/* Between start.S and cpu.c: where the role's other CPUs look for work. */
#ifndef LIBMICA_CPU_H
#define LIBMICA_CPU_H

#define CPUS		8		/* MICA_MAX_VCPUS */
#define CPU_STACK_MIN	0x4000		/* of a stack given to mica_cpu_start(): its top so many bytes, of which */
#define CPU_FAULT_STACK	0x1000		/* the lowest serve exceptions */

/* struct cpus */
#define CPUS_OFF	16
#define CPUS_STACK	24

#endif
