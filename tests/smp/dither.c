/* SPDX-License-Identifier: Apache-2.0 */
/* Around every granule lock a CPU may dawdle: what is open for one instruction on hardware is open long enough here. */
#include "../../rmm/granule/granule.h"
#include "../fake/fake_internal.h"

struct granule *__real_granule_find_lock(pa_t a, enum granule_state want);
void __real_granule_lock(struct granule *g, enum granule_state want);
void __real_granule_unlock(struct granule *g);
struct granule *__wrap_granule_find_lock(pa_t a, enum granule_state want);
void __wrap_granule_lock(struct granule *g, enum granule_state want);
void __wrap_granule_unlock(struct granule *g);

struct granule *__wrap_granule_find_lock(pa_t a, enum granule_state want)
{
	fake_dither();
	return __real_granule_find_lock(a, want);
}

void __wrap_granule_lock(struct granule *g, enum granule_state want)
{
	fake_dither();
	__real_granule_lock(g, want);
}

void __wrap_granule_unlock(struct granule *g)
{
	__real_granule_unlock(g);
	fake_dither();
}
