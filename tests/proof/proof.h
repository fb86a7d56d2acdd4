/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the proofs share. A proof includes the monitor's own source file, says what may be any value, and what
 * holds then. run.sh has each checked twice: all assertions, with the checks of memory and arithmetic; and every
 * COVER() reachable, so that no assumption makes the proof empty.
 */
#ifndef TESTS_PROOF_H
#define TESTS_PROOF_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef PROOF_COVER
#define COVER(c)	__CPROVER_cover(c)
#else
#define COVER(c)	((void)0)
#endif
#define ASSUME(c)	__CPROVER_assume(c)

/* Any value at all: the prover knows functions of such names, without a body. */
uint64_t nondet_u64(void);
static inline uint64_t any_u64(void) { return nondet_u64(); }
static inline uint32_t any_u32(void) { return (uint32_t)nondet_u64(); }
static inline uint16_t any_u16(void) { return (uint16_t)nondet_u64(); }
static inline uint8_t any_u8(void) { return (uint8_t)nondet_u64(); }
static inline int any_int(void) { return (int)any_u32(); }
static inline bool any_bool(void) { return nondet_u64() & 1; }

#endif
