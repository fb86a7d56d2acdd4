/* SPDX-License-Identifier: Apache-2.0 */
/* RMI_REC_AUX_COUNT, RMI_REC_CREATE, RMI_REC_DESTROY. */
#include "../../lib/measure/measure.h"
#include "../arch/esr.h"
#include "../attest/attest.h"
#include "../mica/hooks.h"
#include "../realm/gic.h"
#include "../realm/mpidr.h"
#include "features.h"
#include "rmi_internal.h"

/* EL1 as it comes out of reset: MMU and caches off, little-endian, SP alignment checked. */
#define SCTLR_EL1_RESET	0x00c50878UL
#define PSTATE_RESET	(PSTATE_MODE_EL1H | PSTATE_DAIF)

#define REC_REQS	2		/* rd and rec, before the aux granules */

_Static_assert(RMM_MAX_RECS < UINT8_MAX, "rd.last_rec");

unsigned int rec_aux_count(const struct rd *rd)
{
	(void)rd;
	return ATTEST_AUX_GRANULES;
}

void rmi_rec_aux_count(const struct rmi_args *in, struct rmi_result *out)
{
	struct granule *g = granule_find_lock(pa(in->x[1]), GRANULE_RD);

	if (g == NULL) {
		out->x[0] = RMI_ERROR_INPUT;
		return;
	}
	out->x[1] = rec_aux_count(granule_va(g));
	granule_unlock(g);
}

/* ---- create ---- */

static uint64_t may_create(const struct rd *rd, const struct rmi_rec_params *p)
{
	uint64_t status;

	if (rd->rec_index >= RMM_MAX_RECS || rd_state(rd) != REALM_NEW)
		return RMI_ERROR_REALM;
	status = mica_may(rd, MICA_CMD_REC_CREATE);
	if (status != RMI_SUCCESS)
		return status;
	if (!rmi_mpidr_valid(p->mpidr) || rmi_mpidr_index(p->mpidr) != rd->rec_index ||
	    p->num_aux != rec_aux_count(rd))
		return RMI_ERROR_INPUT;
	return mica_may_rec(rd, p->flags);
}

static void init_rec(struct rec *rec, const struct rd *rd, const struct rmi_rec_params *p,
		     const struct granule_req *reqs)
{
	memcpy(rec->gpr, p->gprs, sizeof(p->gprs));
	rec->pc = p->pc;
	rec->pstate = PSTATE_RESET;
	rec->sys.SCTLR_EL1 = SCTLR_EL1_RESET;
	gic_init(&rec->gic);
	if (rd->flags & RMI_REALM_FLAG_PMU)
		pmu_init(&rec->pmu, rd->pmu_num_ctrs);
	rec->g_rd = reqs[0].g;
	rec->g_rec = reqs[1].g;
	rec->s2 = rd->s2;
	rec->index = rd->rec_index;
	rec->mpidr = realm_mpidr(rd->rec_index);
	rec->bound = rd_bound(rd);
	rec->runnable = p->flags & RMI_REC_FLAG_RUNNABLE;
	rec->num_aux = (uint32_t)p->num_aux;
	for (unsigned int i = 0; i < rec->num_aux; i++)
		rec->aux[i] = reqs[REC_REQS + i].g;
}

/* Everything locked and checked. */
static void create(struct granule_req *reqs, unsigned int n, const struct rmi_rec_params *p)
{
	struct rd *rd = granule_va(reqs[0].g);

	init_rec(granule_va(reqs[1].g), rd, p, reqs);
	rd->rec_index++;
	reqs[0].g->refs++;
	if (p->flags & RMI_REC_FLAG_RUNNABLE)
		measure_rec(rd->hash_algo, p, rd->measurement[0]);
	for (unsigned int i = REC_REQS; i < n; i++)
		granule_unlock_to(reqs[i].g, GRANULE_REC_AUX);
	granule_unlock_to(reqs[1].g, GRANULE_REC);
	granule_unlock(reqs[0].g);
}

void rmi_rec_create(const struct rmi_args *in, struct rmi_result *out)
{
	struct granule_req reqs[REC_REQS + RMI_MAX_REC_AUX];
	struct rmi_rec_params params;
	unsigned int n;

	out->x[0] = RMI_ERROR_INPUT;
	if (!IS_ALIGNED(in->x[3], GRANULE_SIZE) ||
	    !granule_ns_read(pa(in->x[3]), &params, sizeof(params)) || params.num_aux > RMI_MAX_REC_AUX)
		return;
	n = REC_REQS + (unsigned int)params.num_aux;
	reqs[0] = (struct granule_req){ .pa = pa(in->x[1]), .want = GRANULE_RD };
	reqs[1] = (struct granule_req){ .pa = pa(in->x[2]), .want = GRANULE_DELEGATED };
	for (unsigned int i = REC_REQS; i < n; i++)
		reqs[i] = (struct granule_req){ .pa = pa(params.aux[i - REC_REQS]), .want = GRANULE_DELEGATED };
	if (!granule_lock_set(reqs, n))
		return;
	out->x[0] = may_create(granule_va(reqs[0].g), &params);
	if (out->x[0] == RMI_SUCCESS)
		create(reqs, n, &params);
	else
		granule_unlock_set(reqs, n);
}

/* ---- destroy ---- */

/* The owner of the REC at @a; its lock outranks nothing we hold, so it is looked up first and both locked in order. */
static struct granule *owner_of(pa_t a)
{
	struct granule *g = granule_find_lock(a, GRANULE_REC), *owner;

	if (g == NULL)
		return NULL;
	owner = ((struct rec *)granule_va(g))->g_rd;
	granule_unlock(g);
	return owner;
}

static uint64_t may_destroy(struct granule *g_rd, struct granule *g_rec)
{
	const struct rec *rec = granule_va(g_rec);
	uint64_t status;

	if (rec->g_rd != g_rd)
		return RMI_ERROR_INPUT;		/* another REC by now: the one that was named is gone */
	/* first: once this permits, no gate marks the REC running any more */
	status = mica_may(granule_va(g_rd), MICA_CMD_REC_DESTROY);
	if (status == RMI_SUCCESS && __atomic_load_n(&g_rec->refs, __ATOMIC_ACQUIRE) != 0)
		return RMI_ERROR_REC;
	return status;
}

static void destroy(struct granule *g_rd, struct granule *g_rec)
{
	const struct rec *rec = granule_va(g_rec);

	for (unsigned int i = 0; i < rec->num_aux; i++) {
		granule_lock(rec->aux[i], GRANULE_REC_AUX);
		granule_release(rec->aux[i]);
	}
	g_rd->refs--;
	granule_release(g_rec);
	granule_unlock(g_rd);
}

void rmi_rec_destroy(const struct rmi_args *in, struct rmi_result *out)
{
	struct granule *owner = owner_of(pa(in->x[1]));
	struct granule_req reqs[REC_REQS];

	out->x[0] = RMI_ERROR_INPUT;
	if (owner == NULL)
		return;
	reqs[0] = (struct granule_req){ .pa = granule_pa(owner), .want = GRANULE_RD };
	reqs[1] = (struct granule_req){ .pa = pa(in->x[1]), .want = GRANULE_REC };
	if (!granule_lock_set(reqs, REC_REQS))
		return;
	out->x[0] = may_destroy(reqs[0].g, reqs[1].g);
	if (out->x[0] == RMI_SUCCESS)
		destroy(reqs[0].g, reqs[1].g);
	else
		granule_unlock_set(reqs, REC_REQS);
}
