/* SPDX-License-Identifier: Apache-2.0 */
/*
 * I2: of a bound Realm that is SEALED or DEAD while its workflow is not STOPPED, no command changes stage 2. mica_may() answers the
 * table of section 2 for every command and state; and each command on an entry or a table (all that can change stage 2 but REALM_DESTROY), as a whole call with any arguments,
 * any contents of RD, records and REC, and any entry where its walk ends, is refused before it writes, measures, copies or wipes
 * anything. The control, when cover goals are looked for: of a Realm in any state each of them does write (but for
 * RTT_FOLD, which looks at more entries than are unrolled: tests/unit/rtt.c).
 * Options: --unwind 5
 */
#include "../../rmm/mica/hooks.c"
#include "../../rmm/rmi/data.c"
#define map	map_unprotected
#define unmap	unmap_unprotected
#include "../../rmm/rmi/unprotected.c"
#undef map
#undef unmap
#define map	map_channel
#define unmap	unmap_channel
#include "../../rmm/mica/chan.c"
#undef map
#undef unmap
#include "../../rmm/rmi/rtt.c"
#include "../../rmm/rmi/ripas.c"

#include "../../rmm/mica/role.c"
#include "mica_realm.h"

/* ---- the table ---- */

static const uint64_t table[MICA_CMDS][3] = {	/* LOADING; SEALED, DEAD; DRAINING */
	[MICA_CMD_DATA_CREATE] = { 0, 0x54d, 0xb4d },
	[MICA_CMD_RTT_CHANGE] = { 0, 0x54d, 0 },
	[MICA_CMD_MAP_UNPROTECTED] = { 0, 0x54d, 0xb4d },
	[MICA_CMD_DESTROY] = { 0, 0x54d, 0 },
	[MICA_CMD_SET_RIPAS] = { 0, 0x54d, 0xb4d },
	[MICA_CMD_REC_CREATE] = { 0, 2, 2 },
	[MICA_CMD_REC_DESTROY] = { 0, 0x54d, 0 },
	[MICA_CMD_REALM_ACTIVATE] = { 0, 2, 0xb4d },
	[MICA_CMD_REALM_DESTROY] = { 0, 0x54d, 0 },
};

void proof_may(void)
{
	unsigned int cmd = any_u32();
	uint64_t status;

	any_realm();
	ASSUME(cmd < MICA_CMDS);
	status = mica_may(&rd, (enum mica_cmd)cmd);
	if (rd.mica.wf == NULL)
		assert(status == 0);
	else
		assert(status == table[cmd][is(MICA_ROLE_LOADING) ? 0 : is(MICA_ROLE_DRAINING) ? 2 : 1]);
	COVER(rd.mica.wf == NULL);
	COVER(status == 0x54d && role->state == MICA_ROLE_DEAD);
	COVER(status == 0 && wf.state == MICA_WF_STOPPED);
	COVER(status == 0xb4d);
}

/* ---- whole calls ---- */

static unsigned int touched;	/* anything else that would be of no use if the table stayed as it is */

struct granule *granule_find(pa_t a) { (void)a; return &g_table; }
struct granule *wf_find_lock(pa_t a) { (void)a; assert(0); return NULL; }
void gates_end(struct wf *w, unsigned int i) { (void)w; (void)i; assert(0); }
bool granule_ns_read(pa_t a, void *dst, size_t size) { (void)a; (void)dst; (void)size; touched++; return any_bool(); }
void arch_granule_zero(pa_t a) { (void)a; touched++; }
void arch_tlbi_vmid(uint16_t vmid) { (void)vmid; sets++; }
void measure_data(enum hash_algo algo, uint64_t ipa_, const void *content, uint8_t rim[HASH_MAX_SIZE])
{
	(void)algo;
	(void)ipa_;
	(void)content;
	(void)rim;
	touched++;
}
void measure_ripas(enum hash_algo algo, uint64_t base, uint64_t top, uint64_t size, uint8_t rim[HASH_MAX_SIZE])
{
	(void)algo;
	(void)base;
	(void)top;
	(void)size;
	(void)rim;
	touched++;
}
uint64_t s2_encode(const struct s2_entry *e, int level) { (void)e; (void)level; return any_u64(); }
struct s2_entry s2_decode(uint64_t d, int level) { (void)d; (void)level; return entry; }
unsigned int s2_next_live(const uint64_t *t, unsigned int i) { (void)t; return i; }
void s2_write(uint64_t *e, uint64_t d) { (void)e; (void)d; sets++; }

static bool sealed(void)
{
	return rd.mica.wf != NULL && (is(MICA_ROLE_SEALED) || is(MICA_ROLE_DEAD));
}

/* @control: the prover gets to where it writes, within the loops that it unrolls. */
static void refused(rmi_handler *call, bool control)
{
	struct rmi_args in;
	struct rmi_result out = { .x = { 0 } };
	uint64_t ram, chan, window;

	any_realm();
	__CPROVER_havoc_object(&rec);
	__CPROVER_havoc_object(&in);
	g_rec.refs = any_u16();
	g_rd.refs = any_u16();
	g_table.refs = any_u16();
	touched = 0;
	ram = rd.mica.ram_pages;
	chan = rd.mica.chan_pages;
	window = rd.mica.window_pages;
#ifndef PROOF_COVER
	ASSUME(sealed());
#endif
	call(&in, &out);
	assert(held == 0);
	if (sealed()) {
		assert(sets == 0 && touched == 0 && released == 0 && out.x[0] != RMI_SUCCESS);
		assert(rd.mica.ram_pages == ram && rd.mica.chan_pages == chan && rd.mica.window_pages == window);
	}
	COVER(sealed() && (out.x[0] == MICA_POLICY(5) || out.x[0] == MICA_POLICY(11)));
	COVER(!control || (!sealed() && sets != 0 && out.x[0] == RMI_SUCCESS));
}

void proof_data_create(void) { refused(rmi_data_create, true); }
void proof_data_create_unknown(void) { refused(rmi_data_create_unknown, true); }
void proof_data_destroy(void) { refused(rmi_data_destroy, true); }
void proof_rtt_create(void) { refused(rmi_rtt_create, true); }
void proof_rtt_destroy(void) { refused(rmi_rtt_destroy, true); }
void proof_rtt_fold(void) { refused(rmi_rtt_fold, false); }
void proof_rtt_map_unprotected(void) { refused(rmi_rtt_map_unprotected, true); }
void proof_rtt_unmap_unprotected(void) { refused(rmi_rtt_unmap_unprotected, true); }
void proof_init_ripas(void) { refused(rmi_rtt_init_ripas, true); }
void proof_set_ripas(void) { refused(rmi_rtt_set_ripas, true); }
void proof_chan_map(void) { refused(mica_chan_map, true); }
void proof_chan_unmap(void) { refused(mica_chan_unmap, true); }
