/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RMI_REC_CREATE"

static struct realm r;
static struct rmi_rec_params *p;

static void good_params(uint64_t pa, uint64_t index)
{
	p = page_ptr(pa);
	p->flags = RMI_REC_FLAG_RUNNABLE;
	p->mpidr = (index & 0xf) | (index >> 4) << 8;
	p->num_aux = RMI(REC_AUX_COUNT, r.rd).x[1];
	for (uint64_t i = 0; i < p->num_aux; i++)
		p->aux[i] = delegated();
}

static void set_up(uint64_t x[REGS])
{
	realm_new(&r);
	x[1] = r.rd;
	x[2] = delegated();
	x[3] = host_page();
	good_params(x[3], 0);
}
static const struct env env = { .fid = SMC_RMI_REC_CREATE, .set_up = set_up };

RD_ROWS;
DELEGATED_ROWS(rec, 2);
HOST_ROWS(params, 3);
ROW(rec_alias__rd, INPUT, x[2] = x[1]);
LAST(realm_state__active, REALM(0), go(&r));
LAST(realm_state__system_off, REALM(0), realm_rec(&r, REALM_HELLO); go(&r); switch_off(&r));
LAST(mpidr_index__ahead, INPUT, p->mpidr = 1);
LAST(mpidr_index__again, INPUT, realm_rec(&r, REALM_HELLO); p->mpidr = 0);
LAST(mpidr_index__aff1, INPUT, p->mpidr = 1 << 8);
LAST(mpidr_index__malformed, INPUT, p->mpidr = 1 << 4);
LAST(mpidr_index__reserved, INPUT, p->mpidr = 1UL << 32);
LAST(num_aux__fewer, INPUT, p->num_aux--);
LAST(num_aux__more, INPUT, p->aux[p->num_aux++] = delegated());
LAST(num_aux__seventeen, INPUT, p->num_aux = 17);
LAST(num_aux__huge, INPUT, p->num_aux = 1UL << 63);
LAST(aux_align, INPUT, p->aux[0] += 8);
LAST(aux_bound__device, INPUT, p->aux[0] = PA_DEVICE);
LAST(aux_bound__nowhere, INPUT, p->aux[0] = PA_NOWHERE);
LAST(aux_bound__monitor, INPUT, p->aux[0] = PA_MONITOR);
LAST(aux_alias__each_other, INPUT, p->aux[1] = p->aux[0]);
LAST(aux_alias__rec, INPUT, p->aux[0] = x[2]);
LAST(aux_alias__rd, INPUT, p->aux[0] = x[1]);
LAST(aux_state__ns, INPUT, p->aux[0] = sample.ns);
LAST(aux_state__aux, INPUT, p->aux[0] = sample.aux);
LAST(aux_state__data, INPUT, p->aux[0] = sample.data);
LAST(aux_state__last, INPUT, p->aux[p->num_aux - 1] = sample.rtt);
LAST(rd_state_before_realm_state, INPUT, go(&r); x[1] = sample.rtt);
LAST(rd_bound_before_realm_state, INPUT, go(&r); x[1] = PA_NOWHERE);
LAST(rd_state_before_mpidr_index, INPUT, p->mpidr = 5; x[1] = sample.data);
GOOD(success, , true);
GOOD(success__not_runnable, p->flags = 0, true);
GOOD(success__second, realm_rec(&r, REALM_HELLO); p->mpidr = 1, true);
