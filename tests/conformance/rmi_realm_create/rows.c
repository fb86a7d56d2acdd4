/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RMI_REALM_CREATE"

static struct rmi_realm_params *p;

static void set_up(uint64_t x[REGS])
{
	x[1] = delegated();
	x[2] = host_page();
	p = page_ptr(x[2]);
	realm_params_default(p, granule_alloc(2, 2 * PAGE), next_vmid());
}
static const struct env env = { .fid = SMC_RMI_REALM_CREATE, .set_up = set_up };

#define PMU_CTRS	(RMI(FEATURES, 0).x[1] >> 27 & 0x1f)

static void tables(uint8_t s2sz, int64_t level, uint32_t n)
{
	p->s2sz = s2sz;
	p->rtt_level_start = level;
	p->rtt_num_start = n;
	p->rtt_base = granule_alloc(n, n * PAGE);
}

DELEGATED_ROWS(rd, 1);
HOST_ROWS(params, 2);
/* rows that change the parameters are LAST: the good ones are gone with them */
LAST(params_valid__hash, INPUT, p->hash_algo = 2);
LAST(params_valid__hash_top, INPUT, p->hash_algo = 0x80);
LAST(params_supp__s2sz_small, INPUT, p->s2sz = 31);
LAST(params_supp__s2sz_zero, INPUT, p->s2sz = 0);
LAST(params_supp__s2sz_large, INPUT, p->s2sz = 49);
LAST(params_supp__lpa2, INPUT, p->flags = RMI_REALM_FLAG_LPA2);
LAST(params_supp__sve, INPUT, p->flags = RMI_REALM_FLAG_SVE);
/* more counters than the machine has */
LAST(params_supp__pmu_num_ctrs, INPUT, p->flags = RMI_REALM_FLAG_PMU; p->pmu_num_ctrs = PMU_CTRS + 1);
LAST(params_supp__pmu_num_ctrs_31, INPUT, p->flags = RMI_REALM_FLAG_PMU; p->pmu_num_ctrs = 31);
LAST(params_supp__pmu_num_ctrs_top, INPUT, p->flags = RMI_REALM_FLAG_PMU; p->pmu_num_ctrs = 0x80);
LAST(params_supp__num_bps_zero, INPUT, p->num_bps = 0);
LAST(params_supp__num_bps_many, INPUT, p->num_bps = 64);
LAST(params_supp__num_wps_zero, INPUT, p->num_wps = 0);
LAST(params_supp__num_wps_many, INPUT, p->num_wps = 64);
LAST(alias__first, INPUT, x[1] = p->rtt_base);
LAST(alias__second, INPUT, x[1] = p->rtt_base + PAGE);
LAST(rtt_align__byte, INPUT, p->rtt_base += 8);
LAST(rtt_align__table, INPUT, p->rtt_base = granule_alloc(4, 4 * PAGE) + PAGE);
LAST(rtt_num_level__level_low, INPUT, p->rtt_level_start = -1);
LAST(rtt_num_level__level_high, INPUT, p->rtt_level_start = 4);
LAST(rtt_num_level__level_3, INPUT, p->rtt_level_start = 3);
LAST(rtt_num_level__none, INPUT, p->rtt_num_start = 0);
LAST(rtt_num_level__few, INPUT, p->rtt_num_start = 1);
LAST(rtt_num_level__many, INPUT, tables(40, 1, 4));
LAST(rtt_num_level__deep, INPUT, tables(44, 1, 16));
LAST(rtt_num_level__shallow, INPUT, tables(35, 2, 16));
LAST(rtt_num_level__level_0, INPUT, tables(39, 0, 1));
LAST(rtt_bound__nowhere, INPUT, p->rtt_base = PA_NOWHERE);
LAST(rtt_bound__device, INPUT, p->rtt_base = PA_DEVICE);
LAST(rtt_bound__monitor, INPUT, p->rtt_base = PA_MONITOR);
LAST(rtt_state__ns, INPUT, p->rtt_base = page_alloc(2, 2 * PAGE));
LAST(rtt_state__second, INPUT, p->rtt_base = page_alloc(2, 2 * PAGE);
				must(RMI0(GRANULE_DELEGATE, p->rtt_base)));
LAST(rtt_state__used, INPUT, struct realm other; realm_create(&other, next_vmid()); p->rtt_base = other.rtt0);
LAST(vmid_valid, INPUT, struct realm other; uint16_t vmid = next_vmid(); realm_create(&other, vmid); p->vmid = vmid);
GOOD(success, , true);
GOOD(success__pmu, p->flags = RMI_REALM_FLAG_PMU; p->pmu_num_ctrs = PMU_CTRS, true);
GOOD(success__pmu_0, p->flags = RMI_REALM_FLAG_PMU, true);	/* this machine has FEAT_HPMN0 */
GOOD(success__pmu_num_ctrs_without, p->pmu_num_ctrs = PMU_CTRS + 1, true);
GOOD(success__sha512, p->hash_algo = RMI_HASH_SHA_512, true);
GOOD(success__32_2_4, tables(32, 2, 4), true);
GOOD(success__34_2_16, tables(34, 2, 16), true);
GOOD(success__40_1_2, tables(40, 1, 2), true);
GOOD(success__42_1_8, tables(42, 1, 8), true);
GOOD(success__43_1_16, tables(43, 1, 16), true);
GOOD(success__40_0_1, tables(40, 0, 1), true);
GOOD(success__48_0_1, tables(48, 0, 1), true);
