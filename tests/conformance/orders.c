/* SPDX-License-Identifier: Apache-2.0 */
#include "orders.h"

#define GICD			0x08000000UL
#define GICD_CTLR		0x0
#define GICD_ENABLE_GRP1	(1U << 1 | 1U << 4)	/* and ARE_NS */
#define GICR_SGI		0x080b0000UL		/* of CPU 0 */
#define GICR_ISENABLER0		0x100
#define GICR_ICENABLER0		0x180
#define GICR_ISPENDR0		0x200

void orders_new(struct realm *r, uint64_t flags, uint8_t ctrs, uint8_t bps, uint8_t wps)
{
	struct rmi_realm_params *p = page_ptr(host_page());

	realm_params_default(p, 0, next_vmid());
	p->flags = flags;
	p->pmu_num_ctrs = ctrs;
	p->num_bps = bps;
	p->num_wps = wps;
	realm_create_as(r, p);
	realm_tables(r);
	realm_load(r);
	realm_rec(r, REALM_ORDERS);
	go(r);
	EXPECT(order_go_on(r));
}

bool order_go_on(struct realm *r)
{
	const struct rmi_rec_exit *e = &realm_run(r)->exit;

	must(RMI0(REC_ENTER, r->rec, r->run));
	return e->exit_reason == RMI_EXIT_HOST_CALL && e->imm == REALM_CALL_ORDER;
}

bool order_begin(struct realm *r, uint64_t what, uint64_t a, uint64_t b)
{
	struct rmi_rec_enter *e = &realm_run(r)->enter;

	e->gprs[0] = what;
	e->gprs[1] = a;
	e->gprs[2] = b;
	return order_go_on(r);
}

struct answer order(struct realm *r, uint64_t what, uint64_t a, uint64_t b)
{
	const uint64_t *g = realm_run(r)->exit.gprs;
	bool answered = order_begin(r, what, a, b);

	for (int i = 0; i < 100 && !answered; i++)
		answered = order_go_on(r);
	EXPECT(answered);
	return (struct answer){ g[0], g[1], g[2], g[3], g[4] };
}

bool undefined(struct answer a)
{
	return a.exceptions == 1 && a.esr == 1UL << 25;
}

static volatile uint32_t *gic(uint64_t base, uint64_t offset)
{
	return (volatile uint32_t *)(base + offset);
}

void ppi_on(unsigned int intid)
{
	*gic(GICD, GICD_CTLR) |= GICD_ENABLE_GRP1;
	HOST_WRITE(S3_4_C12_C9_5, 0xf);		/* ICC_SRE_EL2 */
	HOST_WRITE(S3_0_C4_C6_0, 0xff);		/* ICC_PMR_EL1 */
	HOST_WRITE(S3_0_C12_C12_7, 1);		/* ICC_IGRPEN1_EL1 */
	*gic(GICR_SGI, GICR_ISENABLER0) = 1U << intid;
	__asm__ volatile("dsb sy" : : : "memory");
}

void ppi_off(unsigned int intid)
{
	*gic(GICR_SGI, GICR_ICENABLER0) = 1U << intid;
	__asm__ volatile("dsb sy" : : : "memory");
}

bool ppi_pending(unsigned int intid)
{
	return *gic(GICR_SGI, GICR_ISPENDR0) >> intid & 1;
}
