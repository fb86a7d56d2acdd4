// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/* Calls to the monitor. */
#include <linux/arm-smccc.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "guest.h"

/* None takes more than three arguments, or gives more than nine results. */
#define MAX_RESULTS	9

unsigned long mica_rsi(unsigned long fid, const u64 *in, unsigned int n, u64 *out, unsigned int m)
{
	struct arm_smccc_1_2_regs args = {
		.a0 = fid, .a1 = n > 0 ? in[0] : 0, .a2 = n > 1 ? in[1] : 0, .a3 = n > 2 ? in[2] : 0,
	}, res;

	u64 x[MAX_RESULTS];

	arm_smccc_1_2_smc(&args, &res);
	x[0] = res.a1;
	x[1] = res.a2;
	x[2] = res.a3;
	x[3] = res.a4;
	x[4] = res.a5;
	x[5] = res.a6;
	x[6] = res.a7;
	x[7] = res.a8;
	x[8] = res.a9;
	memcpy(out, x, min(m, MAX_RESULTS) * sizeof(*out));
	return res.a0;
}

/* Also false in a Realm that is bound to no workflow. */
bool mica_there(void)
{
	u64 x[2];

	return mica_rsi(SMC_RSI_MICA_VERSION, NULL, 0, x, 2) == 0 && x[0] == MICA_MAGIC_VERSION && x[1] == 1;
}

int mica_grant_info(unsigned int i, struct mica_grant *g)
{
	u64 in = i, x[9];
	unsigned int bit;

	if (mica_rsi(SMC_RSI_MICA_GRANT_INFO, &in, 1, x, 9))
		return -ENOENT;
	g->index = i;
	g->ipa = x[0];
	g->size = x[1];
	g->channel = x[2] & 0xffff;
	g->rights = x[2] >> 16 & 0xff;
	bit = x[2] >> 24 & 0xff;
	g->signal = bit < 64 ? 1ULL << bit : 0;
	memcpy(g->name, &x[3], sizeof(g->name));
	g->name[sizeof(g->name) - 1] = '\0';
	return 0;
}

int mica_own_role(void)
{
	u64 in = MICA_SELF_ROLE, role;

	return mica_rsi(SMC_RSI_MICA_SELF, &in, 1, &role, 1) ? -ENXIO : (int)role;
}

void mica_ring_bell(unsigned int grant)
{
	u64 in = grant, none;

	dma_mb();			/* what the ring says, before the bell */
	mica_rsi(SMC_RSI_MICA_SIGNAL, &in, 1, &none, 0);
}

u64 mica_take_signals(void)
{
	const u64 in[3] = { ~0ULL, 0, MICA_WAIT_NOWAIT };
	u64 bits;

	return mica_rsi(SMC_RSI_MICA_WAIT, in, 3, &bits, 1) ? 0 : bits;
}

static int peer_state(unsigned int role)
{
	u64 in = role, live;

	if (mica_rsi(SMC_RSI_MICA_PEER_INFO, &in, 1, &live, 1))
		return -EPROTO;
	return live == 1 ? 0 : -EPIPE;
}

/* A peer that has not said who it is may be any that can reach us. */
int mica_peer(unsigned int role)
{
	int own = mica_own_role();
	unsigned int i;

	if (role != RING_ROLE_NONE)
		return role == own ? -EPROTO : peer_state(role);
	for (i = 0; i < MICA_MAX_ROLES; i++)
		if (i != own && peer_state(i) == 0)
			return 0;
	return -EPIPE;
}
