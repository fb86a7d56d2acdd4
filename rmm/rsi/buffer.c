/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Realm's page, for a command that reads or writes it. The leaf's table stays locked while the page is used, so it
 * cannot be taken away meanwhile. Source: RMM specification, commands with a Realm memory operand.
 */
#include "../arch/esr.h"
#include "../mica/hooks.h"
#include "rsi_internal.h"

/* To the host it looks as if the Realm had touched the page; to the Realm, as if it had not called yet. */
static enum rsi_buffer fault(struct run *run, ipa_t a, int level)
{
	run->rec->pc -= 4;
	run->exit.exit_reason = RMI_EXIT_SYNC;
	run->exit.esr = ESR_EC_VAL(EC_DATA_ABORT) | (FSC_TRANSLATION_L0 + (uint64_t)level);
	run->exit.hpfar = IPA_TO_HPFAR(a.v);
	return RSI_BUFFER_EXIT;
}

enum rsi_buffer rsi_buffer_map(struct run *run, ipa_t a, struct s2_walk *w, void **va)
{
	struct s2_entry e;
	pa_t page;

	if (!mica_rsi_buffer_ok(run->rec, a))
		return RSI_BUFFER_INPUT;
	if (s2_find_ram(&run->rec->s2, a, w, &page)) {
		*va = arch_granule_va(page);
		return RSI_BUFFER_OK;
	}
	e = s2_walk_entry(w);
	s2_walk_end(w);
	return e.ripas == RMI_EMPTY ? RSI_BUFFER_INPUT : fault(run, a, w->level);
}
