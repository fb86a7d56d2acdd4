/* SPDX-License-Identifier: Apache-2.0 */
/* Hostile arguments of the operations on a workflow as a whole. */
#include "hostile.h"

/* ---- FEATURES, and numbers that are no operation ---- */


#define NO_OPERATION(name, n)									\
ATTEMPT(FEATURES, name, "op/FEATURES", "the host: operation " #n, "operation 0")		\
{												\
	struct rmi_out r = rmi_call(SMC_RMI_MICA, open ? 0 : (n), 0, 0, 0, 0);			\
												\
	EXPECT_EQ(r.x[0], open ? RMI_SUCCESS : SMCCC_NOT_SUPPORTED);				\
	return r.x[1] == MICA_MAGIC_VERSION;							\
}
NO_OPERATION(past_the_last, 13)
NO_OPERATION(far_past, ~0UL)
NO_OPERATION(beyond_32_bits, 1UL << 32)

/* ---- WF_CREATE ---- */

static void two_roles(void)
{
	unsigned int a = role(0), b = role(0);

	(void)channel_between(a, b, 0);
	gate(a, b, 0, 1, 1);
}

static void good_create(uint64_t x[ARGS])
{
	two_roles();
	x[1] = MICA_WF_CREATE;
	x[3] = wf_params(encode());
	x[2] = delegated();
}
static void did_create(const uint64_t x[ARGS]) { W->wf = x[2]; }
static const struct hostile create = { good_create, did_create, false };

/* A copy of the parameters to spoil; of the blob, too. */
static struct mica_wf_params *params(uint64_t x[ARGS])
{
	struct mica_wf_params *p = page_ptr(host_page());

	memcpy(p, page_ptr(x[3]), sizeof(*p));
	x[3] = (uint64_t)p;
	return p;
}

static struct mica_blob_header *blob(uint64_t x[ARGS])
{
	struct mica_wf_params *p = params(x);
	uint64_t copy = page_alloc(2, PAGE);

	memcpy(page_ptr(copy), page_ptr(p->blob_pa), 2 * PAGE);
	p->blob_pa = copy;
	return page_ptr(copy);
}

#define CREATE(name, keys, what, want, code)	HOSTILE(WF_CREATE, name, create, keys, what, want, code)
NOT_A_GRANULE(WF_CREATE, 2, create, wf)
CREATE(wf_rd, "", "wf is an RD", RMI_ERROR_INPUT, x[2] = stranger())
CREATE(wf_is_aux, "", "wf is one of its own auxiliary granules", RMI_ERROR_INPUT, x[2] = W->aux[0])
CREATE(params_unaligned, "", "params are unaligned", RMI_ERROR_INPUT, x[3] += 8)
CREATE(params_delegated, "", "params are in Realm memory", RMI_ERROR_INPUT, x[3] = delegated())
CREATE(params_monitor, "", "params are in the monitor", RMI_ERROR_INPUT, x[3] = PA_MONITOR)
CREATE(params_nowhere, "", "params are no memory", RMI_ERROR_INPUT, x[3] = PA_NOWHERE)
CREATE(blob_unaligned, "", "the blob is unaligned", RMI_ERROR_INPUT, params(x)->blob_pa += 8)
CREATE(blob_delegated, "I9", "the blob is in Realm memory", RMI_ERROR_INPUT, params(x)->blob_pa = delegated())
CREATE(blob_monitor, "I9", "the blob is in the monitor", RMI_ERROR_INPUT, params(x)->blob_pa = PA_MONITOR)
CREATE(blob_wraps, "", "the blob's address wraps", RMI_ERROR_INPUT, params(x)->blob_pa = ~(PAGE - 1))
CREATE(blob_size_0, "", "the blob has no bytes", RMI_ERROR_INPUT, params(x)->blob_size = 0)
CREATE(blob_too_large, "rule/16", "the blob is larger than any", POLICY(LIMIT),
	params(x)->blob_size = MICA_BLOB_MAX + 1)
CREATE(blob_size_wraps, "rule/16", "the blob's size wraps", POLICY(LIMIT), params(x)->blob_size = ~0UL - 100)
CREATE(blob_short, "rule/12", "the blob is a byte shorter than it says", POLICY(BLOB), params(x)->blob_size--)
CREATE(blob_long, "rule/12", "the blob is a byte longer than it says", POLICY(BLOB), params(x)->blob_size++)
CREATE(aux_0, "", "no auxiliary granules", RMI_ERROR_INPUT, params(x)->n_aux = 0)
CREATE(aux_too_few, "exhaust/granules", "one auxiliary granule less", RMI_ERROR_INPUT,
	struct mica_wf_params *p = params(x); p->aux[--p->n_aux] = 0)
CREATE(aux_too_many, "exhaust/granules", "one auxiliary granule more", RMI_ERROR_INPUT,
	struct mica_wf_params *p = params(x); p->aux[p->n_aux++] = delegated())
CREATE(aux_65, "", "65 auxiliary granules", RMI_ERROR_INPUT, params(x)->n_aux = MICA_WF_MAX_AUX + 1)
CREATE(aux_wraps, "", "2^64 - 1 auxiliary granules", RMI_ERROR_INPUT, params(x)->n_aux = ~0UL)
CREATE(aux_twice, "", "one auxiliary granule twice", RMI_ERROR_INPUT,
	struct mica_wf_params *p = params(x); p->aux[1] = p->aux[0])
CREATE(aux_is_wf, "", "an auxiliary granule is wf", RMI_ERROR_INPUT, params(x)->aux[2] = x[2])
CREATE(aux_ns, "exhaust/granules", "an auxiliary granule is not delegated", RMI_ERROR_INPUT,
	params(x)->aux[0] = host_page())
CREATE(aux_unaligned, "", "an auxiliary granule is unaligned", RMI_ERROR_INPUT, params(x)->aux[0] += 8)
CREATE(aux_rd, "", "an auxiliary granule is an RD", RMI_ERROR_INPUT, params(x)->aux[0] = stranger())
CREATE(aux_behind, "", "a word behind the last auxiliary granule", RMI_ERROR_INPUT,
	params(x)->aux[MICA_WF_MAX_AUX - 1] = 1)
CREATE(z0, "", "a reserved word before the list", RMI_ERROR_INPUT, params(x)->z0[0] = 1)
CREATE(z1, "", "the last reserved byte", RMI_ERROR_INPUT,
	params(x)->z1[sizeof(((struct mica_wf_params *)0)->z1) - 1] = 1)
CREATE(roles_0, "rule/12", "a blob of no roles, with as many granules", RMI_ERROR_INPUT, blob(x)->roles = 0)
CREATE(roles_65, "rule/12 rule/16", "a blob that says 65 roles", RMI_ERROR_INPUT, blob(x)->roles = 65)
CREATE(wrong_magic, "rule/12", "a blob of another kind", POLICY(BLOB), blob(x)->magic[7] = 2)

/* ---- WF_ACTIVATE, WF_STOP, WF_DESTROY ---- */

static void good_activate(uint64_t x[ARGS])
{
	role(0);
	build(ST_SEALED);
	x[1] = MICA_WF_ACTIVATE;
	x[2] = W->wf;
}
static const struct hostile activate = { good_activate, NULL, false };
static const struct hostile activate_once = { good_activate, NULL, true };
NOT_A_WF(WF_ACTIVATE, activate)
HOSTILE(WF_ACTIVATE, twice, activate_once, "rule/10", "the workflow is active already", POLICY(WF_STATE),
	must(MICA0(WF_ACTIVATE, W->wf)))
HOSTILE(WF_ACTIVATE, stopped, activate_once, "rule/10", "the workflow is stopped: to run it again", POLICY(WF_STATE),
	stop())

static void good_stop(uint64_t x[ARGS])
{
	role(0);
	start();
	x[1] = MICA_WF_STOP;
	x[2] = W->wf;
}
static const struct hostile stops = { good_stop, NULL, false };
NOT_A_WF(WF_STOP, stops)

ATTEMPT(WF_STOP, undone, "op/WF_STOP rule/10", "the host stops a workflow and activates it again", "no stop before")
{
	uint64_t status;

	role(0);
	build(ST_SEALED);
	if (!open)
		stop();
	status = MICA0(WF_ACTIVATE, W->wf);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(WF_STATE));
	if (!open)
		must(MICA0(WF_STOP, W->wf));	/* idempotent */
	return status == RMI_SUCCESS;
}

static void good_destroy(uint64_t x[ARGS])
{
	two_roles();
	build(ST_WF);
	x[1] = MICA_WF_DESTROY;
	x[2] = W->wf;
}
static void did_destroy(const uint64_t x[ARGS])
{
	take_back(x[2]);
	W->wf = 0;
}
static const struct hostile destroy = { good_destroy, did_destroy, false };
static const struct hostile destroy_once = { good_destroy, did_destroy, true };
NOT_A_WF(WF_DESTROY, destroy)
HOSTILE(WF_DESTROY, with_pages, destroy_once, "rule/18 I3", "a channel still has a page", POLICY(IN_USE),
	W->chan_base[0] = delegated(); must(MICA0(CHAN_ADD, W->wf, 0, W->chan_base[0])); W->chan_added[0] = 1)
HOSTILE(WF_DESTROY, with_realm, destroy_once, "rule/18 I4", "a Realm is still bound", POLICY(IN_USE),
	load_role(0, ST_CREATED))

ATTEMPT(WF_DESTROY, active, "op/WF_DESTROY rule/10 I4", "the host destroys a workflow that runs",
	"stopped, and all taken down")
{
	uint64_t status, wf;

	role(0);
	start();
	wf = W->wf;
	if (open) {
		stop();
		end_role(0);
	}
	status = MICA0(WF_DESTROY, wf);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(WF_STATE));
	if (status == RMI_SUCCESS)
		did_destroy(&(uint64_t[ARGS]){ [2] = wf }[0]);
	else
		EXPECT_EQ(RUN(0, "mov x0, #7")[0], 7);
	return status == RMI_SUCCESS;
}

/* ---- WF_INFO, AUDIT_READ ---- */

static void good_info(uint64_t x[ARGS])
{
	two_roles();
	build(ST_ADDED);
	x[1] = MICA_WF_INFO;
	x[2] = W->wf;
	x[3] = MICA_INFO_ROLE;
}
static const struct hostile info = { good_info, NULL, false };
NOT_A_WF(WF_INFO, info)
HOSTILE(WF_INFO, selector, info, "", "a selector past the end", RMI_ERROR_INPUT, x[3] = 5)
HOSTILE(WF_INFO, selector_wraps, info, "", "a selector that wraps", RMI_ERROR_INPUT, x[3] = 1UL << 32)
HOSTILE(WF_INFO, role, info, "", "a role past the end", RMI_ERROR_INPUT, x[4] = 2)
HOSTILE(WF_INFO, role_wraps, info, "", "a role that wraps", RMI_ERROR_INPUT, x[4] = 1UL << 32)
HOSTILE(WF_INFO, channel, info, "", "a channel past the end", RMI_ERROR_INPUT, x[3] = MICA_INFO_CHANNEL; x[4] = 1)
HOSTILE(WF_INFO, channel_wraps, info, "", "a channel that wraps", RMI_ERROR_INPUT,
	x[3] = MICA_INFO_CHANNEL; x[4] = 1UL << 32)

static void good_audit(uint64_t x[ARGS])
{
	role(MICA_RIGHT_AUDIT);
	role(0);
	build(ST_WF);
	x[1] = MICA_AUDIT_READ;
	x[2] = W->wf;
	x[4] = MICA_RULE_WINDOW;
}
static const struct hostile audits = { good_audit, NULL, false };
NOT_A_WF(AUDIT_READ, audits)
HOSTILE(AUDIT_READ, role, audits, "", "a role past the end", RMI_ERROR_INPUT, x[3] = 2)
HOSTILE(AUDIT_READ, role_wraps, audits, "", "a role that wraps", RMI_ERROR_INPUT, x[3] = 1UL << 32)
HOSTILE(AUDIT_READ, no_right, audits, "rule/13 row/audit", "a role without the right", POLICY(NO_RIGHT), x[3] = 1)
HOSTILE(AUDIT_READ, rule_0, audits, "", "no rule", RMI_ERROR_INPUT, x[4] = 0)
HOSTILE(AUDIT_READ, rule_beyond, audits, "", "a rule past the end: the next role's state", RMI_ERROR_INPUT,
	x[4] = MICA_RULES)
HOSTILE(AUDIT_READ, rule_wraps, audits, "", "a rule that wraps", RMI_ERROR_INPUT, x[4] = 1UL << 32 | 1)
