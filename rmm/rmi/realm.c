/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RMI_REALM_CREATE, RMI_REALM_ACTIVATE, RMI_REALM_DESTROY.
 * REALM_CREATE's body is shared with the extension's own creation call.
 */
#include "../../lib/measure/measure.h"
#include "../arch/arch.h"
#include "../granule/granule.h"
#include "../mica/hooks.h"
#include "../realm/rd.h"
#include "../realm/vmid.h"
#include "features.h"
#include "rmi_internal.h"

#define MAX_START_TABLES	16
#define START_LEVEL_0_MIN_PA	4	/* ID_AA64MMFR0_EL1.PARange: 44 bits */

/* Everything about the parameters that depends on nothing but them and the hardware. */
static bool params_valid(const struct rmi_realm_params *p, pa_t rd)
{
	uint64_t tables = (uint64_t)p->rtt_num_start * GRANULE_SIZE;

	if (!rmi_params_supported(p))
		return false;
	if (!s2_geometry_valid(p->s2sz, p->rtt_level_start, p->rtt_num_start))
		return false;
	if (p->rtt_level_start == 0 &&
	    (read_ID_AA64MMFR0_EL1() & 0xf) < START_LEVEL_0_MIN_PA)
		return false;
	return IS_ALIGNED(p->rtt_base, tables) && rd.v - p->rtt_base >= tables;
}

/* The upper half of the address space starts as UNASSIGNED_NS; the rest is zero, UNASSIGNED and EMPTY. */
static void init_start_tables(const struct s2_root *r)
{
	const struct s2_entry ns = { .kind = S2_UNASSIGNED_NS };
	uint64_t first = s2_par_size(r) / s2_entry_size(r->start_level);

	for (uint64_t i = first; i < (uint64_t)r->num_start * S2_ENTRIES; i++) {
		uint64_t *table = arch_granule_va(pa(r->base.v + i / S2_ENTRIES * GRANULE_SIZE));

		table[i % S2_ENTRIES] = s2_encode(&ns, r->start_level);
	}
	arch_dsb_ish();
}

static void init_rd(struct rd *rd, const struct rmi_realm_params *p)
{
	rd->state = REALM_NEW;
	rd->s2 = (struct s2_root){
		.base = pa(p->rtt_base),
		.ipa_bits = p->s2sz,
		.start_level = (int8_t)p->rtt_level_start,
		.num_start = (uint8_t)p->rtt_num_start,
		.vmid = p->vmid,
	};
	rd->flags = p->flags;
	rd->hash_algo = p->hash_algo;
	rd->num_bps = p->num_bps;
	rd->num_wps = p->num_wps;
	rd->pmu_num_ctrs = p->pmu_num_ctrs;
	memcpy(rd->rpv, p->rpv, sizeof(rd->rpv));
	measure_realm_create(p->hash_algo, p, rd->measurement[0]);
}

/* rd and start tables locked and DELEGATED; VMID ours: nothing can fail any more. */
static void build_realm(struct granule_req *reqs, unsigned int n,
			const struct rmi_realm_params *params, const struct realm_create_hooks *hooks)
{
	struct granule *g_rd = reqs[0].g;
	struct rd *rd = granule_va(g_rd);

	init_rd(rd, params);
	init_start_tables(&rd->s2);
	if (hooks != NULL)
		hooks->bind(rd, g_rd, hooks->arg);
	for (unsigned int i = 1; i < n; i++)
		granule_unlock_to(reqs[i].g, GRANULE_RTT);
	granule_unlock_to(g_rd, GRANULE_RD);
}

/*
 * The VMID is taken last: a call that is refused must not make another believe that it is in use. It is looked at first and last
 * so that the answer is one of a moment: INPUT if it is in use, whatever else is wrong.
 */
static uint64_t take_vmid(const struct rmi_realm_params *params, const struct realm_create_hooks *hooks)
{
	uint64_t status = RMI_SUCCESS;

	if (!vmid_is_free(params->vmid))
		return RMI_ERROR_INPUT;
	if (hooks != NULL)
		status = hooks->may(params, hooks->arg);
	if (status != RMI_SUCCESS)
		return vmid_is_free(params->vmid) ? status : RMI_ERROR_INPUT;
	if (vmid_reserve(params->vmid))
		return RMI_SUCCESS;
	if (hooks != NULL)
		hooks->drop(hooks->arg);
	return RMI_ERROR_INPUT;
}

uint64_t realm_create(uint64_t rd_pa, uint64_t params_pa, const struct realm_create_hooks *hooks)
{
	struct granule_req reqs[1 + MAX_START_TABLES];
	struct rmi_realm_params params;
	uint64_t status;
	unsigned int n;

	if (!IS_ALIGNED(params_pa, GRANULE_SIZE) ||
	    !granule_ns_read(pa(params_pa), &params, sizeof(params)) ||
	    !params_valid(&params, pa(rd_pa)))
		return RMI_ERROR_INPUT;

	n = 1 + params.rtt_num_start;
	reqs[0] = (struct granule_req){ .pa = pa(rd_pa), .want = GRANULE_DELEGATED };
	for (unsigned int i = 1; i < n; i++)
		reqs[i] = (struct granule_req){ .pa = pa(params.rtt_base + (i - 1) * GRANULE_SIZE),
						.want = GRANULE_DELEGATED };
	if (!granule_lock_set(reqs, n))
		return RMI_ERROR_INPUT;
	status = take_vmid(&params, hooks);
	if (status != RMI_SUCCESS) {
		granule_unlock_set(reqs, n);
		return status;
	}
	build_realm(reqs, n, &params, hooks);
	return RMI_SUCCESS;
}

void rmi_realm_create(const struct rmi_args *in, struct rmi_result *out)
{
	out->x[0] = realm_create(in->x[1], in->x[2], NULL);
}

/* NEW -> ACTIVE: the RIM is final from here on. */
void rmi_realm_activate(const struct rmi_args *in, struct rmi_result *out)
{
	struct granule *g = granule_find_lock(pa(in->x[1]), GRANULE_RD);
	struct rd *rd;

	if (g == NULL) {
		out->x[0] = RMI_ERROR_INPUT;
		return;
	}
	rd = granule_va(g);
	out->x[0] = rd_state(rd) != REALM_NEW ? RMI_ERROR_REALM : mica_seal(rd, g->refs);
	if (out->x[0] == RMI_SUCCESS)
		__atomic_store_n(&rd->state, REALM_ACTIVE, __ATOMIC_SEQ_CST);
	granule_unlock(g);
}

static struct granule *start_table(const struct s2_root *r, unsigned int i)
{
	return granule_find(pa(r->base.v + i * GRANULE_SIZE));
}

/* Locks the start tables, ascending. The RD is locked and outranks them. */
static bool lock_start_tables_if_empty(const struct s2_root *r)
{
	unsigned int live = 0;

	for (unsigned int i = 0; i < r->num_start; i++) {
		granule_lock(start_table(r, i), GRANULE_RTT);
		live += start_table(r, i)->refs;
	}
	if (live == 0)
		return true;
	for (unsigned int i = 0; i < r->num_start; i++)
		granule_unlock(start_table(r, i));
	return false;
}

void rmi_realm_destroy(const struct rmi_args *in, struct rmi_result *out)
{
	struct granule *g = granule_find_lock(pa(in->x[1]), GRANULE_RD);
	struct rd *rd;
	struct s2_root s2;

	if (g == NULL) {
		out->x[0] = RMI_ERROR_INPUT;
		return;
	}
	rd = granule_va(g);
	s2 = rd->s2;
	out->x[0] = mica_may(rd, MICA_CMD_REALM_DESTROY);
	if (out->x[0] == RMI_SUCCESS && (g->refs != 0 || !lock_start_tables_if_empty(&s2)))
		out->x[0] = RMI_ERROR_REALM;
	if (out->x[0] != RMI_SUCCESS) {
		granule_unlock(g);
		return;
	}
	mica_realm_gone(rd);
	/* also drops unprotected leaves, which do not keep a table alive */
	for (unsigned int i = 0; i < s2.num_start; i++)
		memset(granule_va(start_table(&s2, i)), 0, GRANULE_SIZE);
	arch_tlbi_vmid(s2.vmid);
	for (unsigned int i = 0; i < s2.num_start; i++)
		granule_release(start_table(&s2, i));
	vmid_free(s2.vmid);
	granule_release(g);
}
