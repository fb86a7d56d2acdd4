/* SPDX-License-Identifier: Apache-2.0 */
/* RSI_IPA_STATE_SET, RSI_IPA_STATE_GET. */
#include "../mica/hooks.h"
#include "rsi_internal.h"

static bool range_valid(const struct rec *rec, uint64_t base, uint64_t top)
{
	return IS_ALIGNED(base | top, GRANULE_SIZE) && top > base &&
	       s2_in_par(&rec->s2, ipa(base), top - base);
}

enum run_verdict rsi_ipa_state_set(struct run *run)
{
	struct rec *rec = run->rec;
	uint64_t *x = rec->gpr, base = x[1], top = x[2], want = x[3], flags = x[4];
	struct mica_verdict v;

	if (!range_valid(rec, base, top) || want > RMI_RAM) {
		rsi_fail(run, RSI_ERROR_INPUT, RSI_RESULTS);
		return RUN_RESUME;
	}
	v = mica_ipa_state_set(run, ipa(base), ipa(top), (enum rmi_ripas)want);
	if (v.handled)
		return v.run;
	rec->ripas.base = base;
	rec->ripas.top = top;
	rec->ripas.addr = base;
	rec->ripas.ripas = (uint8_t)want;
	rec->ripas.change_destroyed = flags & RSI_CHANGE_DESTROYED;
	run->exit.exit_reason = RMI_EXIT_RIPAS_CHANGE;
	run->exit.ripas_base = base;
	run->exit.ripas_top = top;
	run->exit.ripas_value = want;
	return RUN_EXIT;
}

/* How far the state at @base goes, at most to @top, within the table that holds it. */
static uint64_t run_of_state(const struct s2_root *s2, ipa_t base, uint64_t top, uint64_t *state)
{
	struct s2_walk w;
	struct s2_entry e;
	uint64_t size, end;

	s2_walk_lock(s2, base, 3, &w);
	e = s2_walk_entry(&w);
	*state = e.ripas;
	size = s2_entry_size(w.level);
	end = ALIGN_DOWN(base.v, size);
	do {
		end += size;
		w.idx++;
		if (w.idx < S2_ENTRIES)
			e = s2_walk_entry(&w);
	} while (end < top && w.idx < S2_ENTRIES && e.kind != S2_TABLE && e.ripas == *state);
	s2_walk_end(&w);
	return end < top ? end : top;
}

enum run_verdict rsi_ipa_state_get(struct run *run)
{
	uint64_t *x = run->rec->gpr, base = x[1], top = x[2];
	struct mica_verdict v;

	if (!range_valid(run->rec, base, top)) {
		rsi_fail(run, RSI_ERROR_INPUT, RSI_RESULTS);
		return RUN_RESUME;
	}
	v = mica_ipa_state_get(run, ipa(base), ipa(top));
	if (v.handled)
		return v.run;
	x[0] = RSI_SUCCESS;
	x[1] = run_of_state(&run->rec->s2, ipa(base), top, &x[2]);
	return RUN_RESUME;
}
