/* SPDX-License-Identifier: Apache-2.0 */
/* RMI calls through the driver, one by one or in batches, and their failures in words. */
#include <stdio.h>
#include <string.h>

#include "vmm.h"

static const struct {
	uint64_t fid;
	const char *name;
	unsigned int args;
} commands[] = {
	{ SMC_RMI_VERSION, "RMI_VERSION", 1 },
	{ SMC_RMI_FEATURES, "RMI_FEATURES", 1 },
	{ SMC_RMI_GRANULE_DELEGATE, "RMI_GRANULE_DELEGATE", 1 },
	{ SMC_RMI_GRANULE_UNDELEGATE, "RMI_GRANULE_UNDELEGATE", 1 },
	{ SMC_RMI_DATA_CREATE, "RMI_DATA_CREATE", 5 },
	{ SMC_RMI_DATA_CREATE_UNKNOWN, "RMI_DATA_CREATE_UNKNOWN", 3 },
	{ SMC_RMI_DATA_DESTROY, "RMI_DATA_DESTROY", 2 },
	{ SMC_RMI_REALM_ACTIVATE, "RMI_REALM_ACTIVATE", 1 },
	{ SMC_RMI_REALM_CREATE, "RMI_REALM_CREATE", 2 },
	{ SMC_RMI_REALM_DESTROY, "RMI_REALM_DESTROY", 1 },
	{ SMC_RMI_REC_CREATE, "RMI_REC_CREATE", 3 },
	{ SMC_RMI_REC_DESTROY, "RMI_REC_DESTROY", 1 },
	{ SMC_RMI_REC_ENTER, "RMI_REC_ENTER", 2 },
	{ SMC_RMI_RTT_CREATE, "RMI_RTT_CREATE", 4 },
	{ SMC_RMI_RTT_DESTROY, "RMI_RTT_DESTROY", 3 },
	{ SMC_RMI_RTT_MAP_UNPROTECTED, "RMI_RTT_MAP_UNPROTECTED", 4 },
	{ SMC_RMI_RTT_READ_ENTRY, "RMI_RTT_READ_ENTRY", 3 },
	{ SMC_RMI_RTT_UNMAP_UNPROTECTED, "RMI_RTT_UNMAP_UNPROTECTED", 3 },
	{ SMC_RMI_PSCI_COMPLETE, "RMI_PSCI_COMPLETE", 3 },
	{ SMC_RMI_RTT_FOLD, "RMI_RTT_FOLD", 3 },
	{ SMC_RMI_REC_AUX_COUNT, "RMI_REC_AUX_COUNT", 1 },
	{ SMC_RMI_RTT_INIT_RIPAS, "RMI_RTT_INIT_RIPAS", 3 },
	{ SMC_RMI_RTT_SET_RIPAS, "RMI_RTT_SET_RIPAS", 4 },
};

/* Operations of the extension, by number. */
static const struct {
	const char *name;
	unsigned int args;
} operations[] = {
	[MICA_FEATURES] = { "FEATURES", 0 },
	[MICA_WF_CREATE] = { "WF_CREATE", 2 },
	[MICA_WF_ACTIVATE] = { "WF_ACTIVATE", 1 },
	[MICA_WF_STOP] = { "WF_STOP", 1 },
	[MICA_WF_DESTROY] = { "WF_DESTROY", 1 },
	[MICA_REALM_CREATE] = { "REALM_CREATE", 4 },
	[MICA_ROLE_RESET] = { "ROLE_RESET", 2 },
	[MICA_CHAN_ADD] = { "CHAN_ADD", 3 },
	[MICA_CHAN_REMOVE] = { "CHAN_REMOVE", 2 },
	[MICA_CHAN_MAP] = { "CHAN_MAP", 4 },
	[MICA_CHAN_UNMAP] = { "CHAN_UNMAP", 4 },
	[MICA_WF_INFO] = { "WF_INFO", 3 },
	[MICA_AUDIT_READ] = { "AUDIT_READ", 3 },
};

static const char *const rule_names[MICA_RULES] = {
	[MICA_RULE_WINDOW] = "WINDOW",
	[MICA_RULE_MMIO] = "MMIO",
	[MICA_RULE_HOSTCALL] = "HOSTCALL",
	[MICA_RULE_PSCI] = "PSCI",
	[MICA_RULE_SEALED] = "SEALED",
	[MICA_RULE_LAYOUT] = "LAYOUT",
	[MICA_RULE_RIM] = "RIM",
	[MICA_RULE_SHAPE] = "SHAPE",
	[MICA_RULE_INCOMPLETE] = "INCOMPLETE",
	[MICA_RULE_WF_STATE] = "WF_STATE",
	[MICA_RULE_ROLE_STATE] = "ROLE_STATE",
	[MICA_RULE_BLOB] = "BLOB",
	[MICA_RULE_NO_RIGHT] = "NO_RIGHT",
	[MICA_RULE_PEER_GONE] = "PEER_GONE",
	[MICA_RULE_BUSY] = "BUSY",
	[MICA_RULE_LIMIT] = "LIMIT",
	[MICA_RULE_PARKED] = "PARKED",
	[MICA_RULE_IN_USE] = "IN_USE",
	[MICA_RULE_IRQ] = "IRQ",
};

const char *rule_name(unsigned int rule)
{
	return rule < MICA_RULES && rule_names[rule] ? rule_names[rule] : "unknown";
}

void rmi_status_text(uint64_t x0, char *text, size_t size)
{
	static const char *const names[] = {
		"RMI_SUCCESS", "RMI_ERROR_INPUT", "RMI_ERROR_REALM", "RMI_ERROR_REC",
		"RMI_ERROR_RTT",
	};

	if (x0 == SMCCC_NOT_SUPPORTED)
		snprintf(text, size, "NOT_SUPPORTED");
	else if (RMI_RET_STATUS(x0) == MICA_STATUS_POLICY)
		snprintf(text, size, "refused by rule %u (%s)", (unsigned int)RMI_RET_INDEX(x0),
			 rule_name(RMI_RET_INDEX(x0)));
	else if (RMI_RET_STATUS(x0) <= RMI_ERROR_RTT)
		snprintf(text, size, "%s, index %u", names[RMI_RET_STATUS(x0)],
			 (unsigned int)RMI_RET_INDEX(x0));
	else
		snprintf(text, size, "status %#llx", (unsigned long long)x0);
}

/* "CHAN_MAP(0x8a000000, 0, 0, 3): refused by rule 13 (NO_RIGHT)" */
void rmi_describe(const uint64_t in[6], uint64_t x0, uint64_t x1, char *text, size_t size)
{
	const char *name = "RMI call";
	unsigned int args = 5, first = 1, i;
	size_t len;

	if (in[0] == SMC_RMI_MICA && in[1] <= MICA_AUDIT_READ) {
		name = operations[in[1]].name;
		args = operations[in[1]].args;
		first = 2;
	}
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (commands[i].fid == in[0]) {
			name = commands[i].name;
			args = commands[i].args;
		}
	}
	len = snprintf(text, size, "%s(", name);
	for (i = 0; i < args && len < size; i++)
		len += snprintf(text + len, size - len, "%s%#llx", i ? ", " : "",
				(unsigned long long)in[first + i]);
	if (len < size)
		len += snprintf(text + len, size - len, "): ");
	if (len < size)
		rmi_status_text(x0, text + len, size - len);
	len = strlen(text);
	if (x0 == MICA_POLICY(MICA_RULE_BLOB) && len < size)
		snprintf(text + len, size - len, ", canonical rule %u", (unsigned int)x1);
}

static int refused(struct vmm *vmm, const uint64_t in[6], const uint64_t out[6])
{
	char text[256];

	rmi_describe(in, out[0], out[1], text, sizeof(text));
	return vmm_fail(vmm, "%s%s%s", vmm->doing ? vmm->doing : "", vmm->doing ? ": " : "", text);
}

static int broken(struct vmm *vmm, const uint64_t in[6], int err)
{
	char text[256];

	rmi_describe(in, 0, 0, text, sizeof(text));
	return vmm_fail(vmm, "the driver did not make %.*s: %s", (int)(strchr(text, ')') - text + 1),
			text, strerror(-err));
}

uint64_t rmi_ask(struct vmm *vmm, uint64_t x[6])
{
	struct mica_rmi_call call;
	uint32_t done;
	int ret;

	memcpy(call.x, x, sizeof(call.x));
	ret = dev_rmi(&call, 1, &done);
	if (ret < 0) {
		broken(vmm, x, ret);
		return ~0UL;
	}
	memcpy(x, call.x, sizeof(call.x));
	return x[0];
}

int rmi(struct vmm *vmm, uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3, uint64_t x4,
	uint64_t x5)
{
	uint64_t in[6] = { fid, x1, x2, x3, x4, x5 }, x[6];

	memcpy(x, in, sizeof(x));
	if (rmi_ask(vmm, x) == RMI_SUCCESS)
		return 0;
	return refused(vmm, in, x);
}

int rmi_queue(struct vmm *vmm, uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3, uint64_t x4,
	      uint64_t x5)
{
	struct batch *b = &vmm->batch;

	if (b->n == MICA_RMI_BATCH && rmi_flush(vmm) < 0)
		return -1;
	b->calls[b->n++] = (struct mica_rmi_call){ { fid, x1, x2, x3, x4, x5 } };
	return 0;
}

/* The driver overwrites X0..X4 of the calls it made; the failing one's arguments are kept here. */
int rmi_flush(struct vmm *vmm)
{
	struct batch *b = &vmm->batch;
	static struct mica_rmi_call out[MICA_RMI_BATCH];
	uint32_t done = 0, n = b->n;
	int ret;

	if (n == 0)
		return 0;
	b->n = 0;
	memcpy(out, b->calls, n * sizeof(out[0]));
	ret = dev_rmi(out, n, &done);
	if (ret < 0)
		return broken(vmm, b->calls[done < n ? done : n - 1].x, ret);
	if (done == 0 || out[done - 1].x[0] != RMI_SUCCESS)
		return refused(vmm, b->calls[done ? done - 1 : 0].x, out[done ? done - 1 : 0].x);
	return 0;
}

unsigned int rmi_drain(struct vmm *vmm)
{
	struct batch *b = &vmm->batch;
	unsigned int refusals = 0;
	uint32_t at = 0, done;

	while (at < b->n) {
		int ret = dev_rmi(b->calls + at, b->n - at, &done);

		/* A call that was not made or not granted is stepped over. */
		if (ret < 0)
			done++;
		if (ret < 0 || b->calls[at + done - 1].x[0] != RMI_SUCCESS)
			refusals++;
		at += done;
	}
	b->n = 0;
	return refusals;
}
