/* SPDX-License-Identifier: Apache-2.0 */
/* How often each operation of the extension, each of its calls, each exit and each rule was seen. */
#include <stdio.h>

#include "wf.h"

#define OPS	(MICA_AUDIT_READ + 1)
#define FUNCS	(SMC_RSI_MICA_LAST - SMC_RSI_MICA_BASE + 1)

/* X0 by kind: success, INPUT, another status of 1.0, a rule. */
enum { GOOD, INPUT, OTHER, RULE, KINDS };
static unsigned long ops[OPS][KINDS], acts[FUNCS][KINDS], op_rules[OPS][MICA_RULES], act_rules[FUNCS][MICA_RULES], rules[MICA_RULES], exits[5];

static unsigned int kind(uint64_t x0)
{
	if (x0 == 0)
		return GOOD;
	return x0 == 1 ? INPUT : (x0 & 0xff) == MICA_STATUS_POLICY ? RULE : OTHER;
}

void count_mica(uint64_t op, uint64_t x0)
{
	if (op >= OPS)
		return;
	ops[op][kind(x0)]++;
	if (kind(x0) == RULE)
		op_rules[op][x0 >> 8]++;
}

void count_act(uint64_t fid, uint64_t x0)
{
	if (fid < SMC_RSI_MICA_BASE || fid > SMC_RSI_MICA_LAST)
		return;
	acts[fid - SMC_RSI_MICA_BASE][kind(x0)]++;
	if (kind(x0) == RULE)
		act_rules[fid - SMC_RSI_MICA_BASE][x0 >> 8]++;
}

void count_rule(unsigned int rule, unsigned long n)
{
	rules[rule] += n;
}

void count_mica_exit(uint64_t reason)
{
	if (reason >= RMI_EXIT_MICA_IDLE && reason <= RMI_EXIT_MICA_STOPPED)
		exits[reason - RMI_EXIT_MICA_IDLE]++;
}

static bool row(const char *name, const unsigned long n[KINDS], const unsigned long rule[MICA_RULES], bool refusable)
{
	printf("%-22s %10lu %10lu %10lu %10lu ", name, n[GOOD], n[INPUT], n[OTHER], n[RULE]);
	for (unsigned int r = 1; r < MICA_RULES; r++)
		if (rule[r] != 0)
			printf(" %u: %lu", r, rule[r]);
	printf("\n");
	return n[GOOD] != 0 && (!refusable || n[INPUT] + n[OTHER] + n[RULE] != 0);
}

bool report_mica(enum thorough must)
{
	static const char *const op[OPS] = { "FEATURES", "WF_CREATE", "WF_ACTIVATE", "WF_STOP", "WF_DESTROY", "REALM_CREATE", "ROLE_RESET",
		"CHAN_ADD", "CHAN_REMOVE", "CHAN_MAP", "CHAN_UNMAP", "WF_INFO", "AUDIT_READ" };
	static const char *const func[FUNCS] = { "VERSION", "SELF", "GRANT_INFO", "REGION_INFO", "GATE_INFO", "PEER_INFO", "SIGNAL",
		"WAIT", "GATE_CALL", "GATE_RECV", "AUDIT_READ" };
	static const char *const reason[5] = { "IDLE", "WAKE", "PARKED", "OFF", "STOPPED" };
	bool all = true, ops_seen;

	printf("%-22s %10s %10s %10s %10s  of which rule\n", "operation", "SUCCESS", "INPUT", "other", "POLICY");
	for (unsigned int i = 0; i < OPS; i++)
		all = row(op[i], ops[i], op_rules[i], i != MICA_FEATURES) && all;
	ops_seen = all;
	for (unsigned int i = 0; i < FUNCS; i++)
		all = row(func[i], acts[i], act_rules[i], i != 0) && all;
	printf("exits:");
	for (unsigned int i = 0; i < 5; i++) {
		printf(" %s %lu", reason[i], exits[i]);
		all = all && exits[i] != 0;
	}
	printf("\nrules:");
	for (unsigned int r = 1; r < MICA_RULES; r++) {
		printf(" %u: %lu", r, rules[r]);
		all = all && rules[r] != 0;
	}
	printf("\n");
	return must == NOTHING || (must == OPERATIONS ? ops_seen : all);
}
