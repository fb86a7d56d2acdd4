/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands on a Realm's tables share. The RD stays locked for the whole command. */
#ifndef RMM_RMI_RTT_INTERNAL_H
#define RMM_RMI_RTT_INTERNAL_H

#include "../realm/rd.h"
#include "rmi_internal.h"

/* Commands on a table at @level (CREATE, DESTROY, FOLD): it hangs in an entry of the level above. */
static inline bool rtt_table_args_valid(const struct s2_root *r, ipa_t a, int64_t level)
{
	return level > r->start_level && level <= 3 && a.v >> r->ipa_bits == 0 &&
	       IS_ALIGNED(a.v, s2_entry_size((int)level - 1));
}

/* Commands on an entry at @level. */
static inline bool rtt_entry_args_valid(const struct s2_root *r, ipa_t a, int64_t level)
{
	return level >= r->start_level && level <= 3 && a.v >> r->ipa_bits == 0 &&
	       IS_ALIGNED(a.v, s2_entry_size((int)level));
}

/* A page of the protected half. */
static inline bool rtt_page_args_valid(const struct s2_root *r, ipa_t a)
{
	return IS_ALIGNED(a.v, GRANULE_SIZE) && s2_in_par(r, a, GRANULE_SIZE);
}

/*
 * Output `top` of the destroying commands: @a itself if its entry is live, else the end of the run of
 * entries that are not, within the table where the walk ended.
 */
uint64_t rtt_top(const struct s2_walk *w, ipa_t a);

#endif
