/* SPDX-License-Identifier: Apache-2.0 */
/* Questions to the monitor, and the host call. Its answers are trusted, the host's are not. */
#include "libmica.h"

static struct mica_self self;
static uint64_t ram_top;

static struct rsi_host_call host_call __attribute__((aligned(256)));

void self_init(void)
{
	uint64_t x[11] = { SMC_RSI_MICA_SELF, MICA_SELF_ROLE };

	mica_smc(x);
	if (x[0] != RSI_SUCCESS)
		mica_panic("not bound to a workflow");
	self = (struct mica_self){
		.role = (unsigned int)x[1],
		.rights = (unsigned int)x[2],
		.grants = (unsigned int)x[3],
		.gates = (unsigned int)x[4],
		.regions = (unsigned int)x[5],
		.epoch = (uint32_t)x[6],
	};
	x[0] = SMC_RSI_MICA_SELF;
	x[1] = MICA_SELF_RAM;
	mica_smc(x);
	ram_top = x[1] + x[2];
}

const struct mica_self *mica_self(void)
{
	return &self;
}

uint64_t self_ram_top(void)
{
	return ram_top;
}

int mica_grant(unsigned int i, struct mica_grant *g)
{
	uint64_t x[11] = { SMC_RSI_MICA_GRANT_INFO, i };

	if (i >= self.grants)
		return -ENOENT;
	mica_smc(x);
	if (x[0] != RSI_SUCCESS)
		return -ENOENT;
	g->index = i;
	g->base = (uint8_t *)x[1];
	g->size = x[2];
	g->channel = x[3] & 0xffff;
	g->rights = x[3] >> 16 & 0xff;
	g->signal = x[3] >> 24 & 0xff;
	copy_name(g->name, &x[4]);
	return 0;
}

int mica_region(unsigned int i, struct mica_window *w, unsigned int *kind, char name[MICA_NAME_SIZE])
{
	uint64_t x[11] = { SMC_RSI_MICA_REGION_INFO, i };

	if (i >= self.regions)
		return -ENOENT;
	mica_smc(x);
	if (x[0] != RSI_SUCCESS)
		return -ENOENT;
	w->index = i;
	w->base = (uint8_t *)x[1];
	w->size = x[2];
	*kind = x[3] & 0xff;
	w->rights = x[3] >> 8 & 0xff;
	copy_name(name, &x[4]);
	return 0;
}

int mica_peer_live(unsigned int role)
{
	uint64_t x[11] = { SMC_RSI_MICA_PEER_INFO, role };

	mica_smc(x);
	return x[0] == RSI_SUCCESS ? x[1] == 1 : -EACCES;
}

uint64_t mica_now(void)
{
	uint64_t v;

	asm volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(v) : : "memory");
	return v;
}

uint64_t mica_ticks_per_second(void)
{
	uint64_t v;

	asm("mrs %0, cntfrq_el0" : "=r"(v));
	return v;
}

uint64_t mica_wait(uint64_t mask, uint64_t ticks)
{
	uint64_t x[11] = { SMC_RSI_MICA_WAIT, mask, mica_now() + ticks };

	mica_smc(x);
	return x[0] == RSI_SUCCESS ? x[1] : 0;
}

int mica_host_call(unsigned int imm, uint64_t gprs[9])
{
	uint64_t x[11] = { SMC_RSI_HOST_CALL, (uint64_t)&host_call };

	/* Only what the call needs: the host sees every register of the structure. */
	memset(&host_call, 0, sizeof(host_call));
	host_call.imm = imm;
	for (unsigned int i = 0; i < 9; i++)
		host_call.gprs[i] = gprs[i];
	mica_smc(x);
	if (x[0] == MICA_POLICY(MICA_RULE_HOSTCALL))
		return -ENOSYS;
	if (x[0] != RSI_SUCCESS)
		return -EIO;
	for (unsigned int i = 0; i < 9; i++)
		gprs[i] = host_call.gprs[i];
	return 0;
}
