/* SPDX-License-Identifier: Apache-2.0 */
/* A byte lock: acquire on lock, release on unlock. Order of locks: docs/locking.md. */
#ifndef RMM_CORE_SPINLOCK_H
#define RMM_CORE_SPINLOCK_H

#include <stdint.h>

typedef uint8_t spinlock_t;

static inline void spin_lock(spinlock_t *l)
{
	while (__atomic_exchange_n(l, 1, __ATOMIC_ACQUIRE))
		while (__atomic_load_n(l, __ATOMIC_RELAXED))
			;
}

static inline void spin_unlock(spinlock_t *l)
{
	__atomic_store_n(l, 0, __ATOMIC_RELEASE);
}

#endif
