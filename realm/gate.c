/* SPDX-License-Identifier: Apache-2.0 */
/* Gates, peers, our own audit counters: all of it between us and the monitor. */
#include "libmica.h"

int mica_gate(unsigned int i, struct mica_gate *g)
{
	uint64_t x[11] = { SMC_RSI_MICA_GATE_INFO, i };

	mica_smc(x);
	if (x[0] != RSI_SUCCESS)
		return -ENOENT;
	g->number = (unsigned int)x[1];
	g->serves = x[2] != 0;
	g->args = x[3] & 0xff;
	g->results = x[3] >> 8 & 0xff;
	g->server = x[3] >> 16 & 0xff;
	copy_name(g->name, &x[4]);
	return 0;
}

int mica_gate_open(struct mica_gate *g, const char *name)
{
	for (unsigned int i = 0; mica_gate(i, g) == 0; i++)
		if (strcmp(g->name, name) == 0)
			return 0;
	return -ENOENT;
}

static int error_of(uint64_t status)
{
	switch (status) {
	case RSI_SUCCESS:
		return 0;
	case MICA_POLICY(MICA_RULE_PEER_GONE):
		return -EPIPE;
	case MICA_POLICY(MICA_RULE_BUSY):
		return -EBUSY;
	case MICA_POLICY(MICA_RULE_LIMIT):
		return -ELOOP;
	default:
		return -EACCES;
	}
}

/* Words in X2.., and back in X1..: both functions have that shape. Only declared words are handed to the monitor at all. */
static int transfer(uint64_t fid, const struct mica_gate *g, const uint64_t *out, unsigned int n, uint64_t in[MICA_GATE_WORDS])
{
	uint64_t x[11] = { fid, g->number };

	for (unsigned int i = 0; i < n; i++)
		x[2 + i] = out[i];
	mica_smc(x);
	for (unsigned int i = 0; i < MICA_GATE_WORDS; i++)
		in[i] = x[1 + i];
	return error_of(x[0]);
}

int mica_gate_call(const struct mica_gate *g, const uint64_t args[MICA_GATE_WORDS], uint64_t results[MICA_GATE_WORDS])
{
	return transfer(SMC_RSI_MICA_GATE_CALL, g, args, g->args, results);
}

int mica_gate_serve(const struct mica_gate *g, const uint64_t results[MICA_GATE_WORDS], uint64_t args[MICA_GATE_WORDS])
{
	return transfer(SMC_RSI_MICA_GATE_RECV, g, results, g->results, args);
}

int mica_peer(unsigned int role, struct mica_peer *p)
{
	uint64_t x[11] = { SMC_RSI_MICA_PEER_INFO, role };

	mica_smc(x);
	if (x[0] != RSI_SUCCESS)
		return -EACCES;
	p->live = x[1] == 1;
	p->epoch = (uint32_t)x[2];
	for (unsigned int i = 0; i < 8; i++)
		p->rim[i] = x[3 + i];
	return 0;
}

uint64_t mica_audit(enum mica_rule rule)
{
	uint64_t x[11] = { SMC_RSI_MICA_AUDIT_READ, rule };

	mica_smc(x);
	return x[0] == RSI_SUCCESS ? x[1] : 0;
}
