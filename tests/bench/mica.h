/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_MICA_H
#define BENCH_MICA_H

#include "sample.h"
#include "tally.h"

extern struct flow flow;		/* the one under measurement */
uint16_t vmids(unsigned int n);		/* the first of so many */

/* mica.c: a role that is a proxy */
struct rmi_rec_run *run_of(unsigned int role);
/* Its next call; the entry ends with the host call that tells its outcome, or on the way. */
void order(unsigned int role, const uint64_t x[11]);
uint64_t told(unsigned int role);		/* ticks of that call, which succeeded */
uint64_t returned_at(unsigned int role);
void expect_exit(unsigned int role, uint64_t reason);

/* ... which writes to grant 0, or reads from it and has signal 0. */
extern const uint64_t signal[11], wait[11];
/* From the writer's SIGNAL to the reader's next instruction after its WAIT; the host enters the reader as soon as it hears. */
uint64_t hop(unsigned int writer, unsigned int reader);

/* mica_setup.c */
struct flow_role *many_roles(void);	/* as many as there can be; rights and what they run may be changed */
void bench_roles(void);
void bench_channels(void);
void bench_pages(void);
void bench_memory(void);

/* mica_growth.c */
void bench_growth(void);

/* mica_granules.c */
void bench_granules(void);

#endif
