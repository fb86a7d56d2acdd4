/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workflows of any shape for tests over the fake machine, and Realms that follow a script: each time one runs, the script
 * says which REC it has to be and what it does; what its registers were then is kept.
 */
#ifndef TESTS_UNIT_MICA_WORLD_H
#define TESTS_UNIT_MICA_WORLD_H

#include <stdio.h>

#include "../../rmm/arch/esr.h"
#include "world.h"

#define MAX_ROLES	7
#define MAX_VCPUS	3

/* ---- a policy: sections of a blob; indexes and counts are filled in by start() ---- */

struct policy {
	unsigned int roles, gates, channels, regions, grants;
	struct mica_blob_role role[MAX_ROLES];
	struct mica_blob_gate gate[MAX_ROLES];
	struct mica_blob_channel channel[2];
	struct mica_blob_region region[4];
	struct mica_blob_grant grant[4];
};

/* Roles a, b, ... with nothing open. */
static inline void policy_roles(struct policy *p, unsigned int n, uint8_t vcpus)
{
	memset(p, 0, sizeof(*p));
	p->roles = n;
	for (unsigned int i = 0; i < n; i++) {
		struct mica_blob_role *r = &p->role[i];

		r->s2sz = 39;
		r->num_bps = r->num_wps = 1;
		r->vcpus = vcpus;
		r->ram_base = RAM_BASE;
		r->ram_size = RAM_PAGES * PAGE;
		r->name[0] = (char)('a' + i);
	}
}

static inline void policy_gate(struct policy *p, uint8_t caller, uint8_t callee, uint8_t server, uint8_t args, uint8_t results)
{
	struct mica_blob_gate *g = &p->gate[p->gates];

	*g = (struct mica_blob_gate){ .caller = caller, .callee = callee, .server_rec = server, .args = args, .results = results };
	snprintf(g->caller_name, sizeof(g->caller_name), "to-%u", p->gates);
	snprintf(g->callee_name, sizeof(g->callee_name), "from-%u", p->gates);
	p->gates++;
}

static inline void policy_region(struct policy *p, uint8_t role, uint8_t kind, uint64_t base, uint32_t pages, uint8_t rights)
{
	struct mica_blob_region *r = &p->region[p->regions++];

	*r = (struct mica_blob_region){ .role = role, .kind = kind, .base = base, .pages = pages, .rights = rights };
	snprintf(r->name, sizeof(r->name), "r%u", p->regions);
}

/* A page from a to b, with signals; call it before start(), once. */
static inline void policy_channel(struct policy *p, uint16_t flags)
{
	p->channels = 1;
	p->grants = 2;
	strcpy(p->channel[0].name, "c");
	p->channel[0].pages = 1;
	p->channel[0].flags = flags;
	p->channel[0].grants = 2;
	for (uint8_t i = 0; i < 2; i++) {
		strcpy(p->grant[i].name, "c");
		p->grant[i].role = i;
		p->grant[i].ipa = GRANT_BASE;
		p->grant[i].rights = i == 0 ? MICA_GRANT_RW : MICA_GRANT_R;
		p->grant[i].signal = i == 1 && flags & MICA_CHAN_SIGNAL ? 0 : MICA_NO_SIGNAL;
	}
}

static inline size_t put(uint8_t *at, size_t off, const void *from, size_t size)
{
	memcpy(at + off, from, size);
	return off + size;
}

static inline uint32_t policy_write(struct policy *p, uint8_t *at)
{
	struct mica_blob_header h = { .magic = MICA_BLOB_MAGIC, .version = MICA_BLOB_VERSION, .name = "flow" };
	unsigned int g = 0, w = 0;
	size_t off = sizeof(h);

	for (unsigned int i = 0; i < p->roles; i++) {
		struct mica_blob_role *r = &p->role[i];

		r->grant_first = (uint16_t)g;
		while (g < p->grants && p->grant[g].role == i)
			g++;
		r->grant_count = (uint16_t)(g - r->grant_first);
		r->region_first = (uint16_t)w;
		while (w < p->regions && p->region[w].role == i)
			w++;
		r->region_count = (uint16_t)(w - r->region_first);
	}
	off = put(at, off, p->role, p->roles * sizeof(p->role[0]));
	off = put(at, off, p->gate, p->gates * sizeof(p->gate[0]));
	off = put(at, off, p->channel, p->channels * sizeof(p->channel[0]));
	off = put(at, off, p->region, p->regions * sizeof(p->region[0]));
	off = put(at, off, p->grant, p->grants * sizeof(p->grant[0]));
	h.total = (uint32_t)off;
	h.roles = (uint16_t)p->roles;
	h.gates = (uint16_t)p->gates;
	h.channels = (uint16_t)p->channels;
	h.regions = (uint16_t)p->regions;
	h.grants = (uint16_t)p->grants;
	put(at, 0, &h, sizeof(h));
	return (uint32_t)off;
}

/* ---- an instance of it ---- */

static struct policy policy;
static uint64_t wf, chan_page;
static struct test_realm realms[MAX_ROLES][MAX_VCPUS];	/* one an REC; rd and rtt the same in a row */

static inline uint64_t create_wf(void)
{
	uint64_t params = ns_page(), blob = fake_alloc(2, PAGE).v;
	struct mica_wf_params *p = fake_ns_va(pa(params));

	memset(p, 0, PAGE);
	p->blob_pa = blob;
	p->blob_size = policy_write(&policy, fake_ns_va(pa(blob)));
	p->n_aux = mica_wf_aux_count(p->blob_size, policy.roles, policy.channels, policy.gates);
	for (unsigned int i = 0; i < p->n_aux; i++)
		p->aux[i] = granule1();
	wf = granule1();
	return MICA(WF_CREATE, wf, params);
}

static inline void add_recs(unsigned int role)
{
	for (unsigned int i = 0; i < policy.role[role].vcpus; i++) {
		struct test_realm *r = &realms[role][i];
		struct rmi_rec_params *p;
		uint64_t params;

		*r = realms[role][0];
		p = rec_params(r, &params);
		p->mpidr = i;
		p->gprs[0] = 0x1000 * (role + 1) + i;
		r->rec = granule1();
		r->run = ns_page();
		GRANTED(RMI(REC_CREATE, r->rd, r->rec, params));
	}
}

static inline bool takes_part(unsigned int role)
{
	return policy.channels != 0 && role < 2;
}

static void (*before_seal)(unsigned int role);	/* what else the host does to it while it may, or NULL */

static inline void load(unsigned int role)
{
	struct test_realm *r = &realms[role][0];
	uint64_t params;

	realm_params(r, &params);
	GRANTED(rmi_call(SMC_RMI_MICA, (const uint64_t[5]){ MICA_REALM_CREATE, r->rd, params, wf, role }, NULL));
	give_ram(r);
	if (takes_part(role)) {
		map_tables(r, GRANT_BASE);
		GRANTED(MICA(CHAN_MAP, r->rd, 0, 0, 3));
	}
	add_recs(role);
	if (before_seal)
		before_seal(role);
	GRANTED(RMI(REALM_ACTIVATE, r->rd));
}

/* Everything that load() made, in the order of extension.md section 8. */
static inline void take_down(unsigned int role)
{
	struct test_realm *r = &realms[role][0];

	for (unsigned int i = 0; i < policy.role[role].vcpus; i++)
		GRANTED(RMI(REC_DESTROY, realms[role][i].rec));
	if (takes_part(role)) {
		GRANTED(MICA(CHAN_UNMAP, r->rd, 0, 0, 3));
		GRANTED(RMI(RTT_DESTROY, r->rd, GRANT_BASE, 3));
		GRANTED(RMI(RTT_DESTROY, r->rd, GRANT_BASE, 2));
	}
	for (unsigned int i = 0; i < RAM_PAGES; i++)
		GRANTED(RMI(DATA_DESTROY, r->rd, RAM_BASE + i * PAGE));
	GRANTED(RMI(RTT_DESTROY, r->rd, RAM_BASE, 3));
	GRANTED(RMI(RTT_DESTROY, r->rd, RAM_BASE, 2));
	GRANTED(RMI(REALM_DESTROY, r->rd));
}

/* All of it in place and ACTIVE. */
static inline void start(void)
{
	GRANTED(create_wf());
	if (policy.channels != 0) {
		chan_page = granule1();
		GRANTED(MICA(CHAN_ADD, wf, 0, chan_page));
	}
	for (unsigned int i = 0; i < policy.roles; i++)
		load(i);
	GRANTED(MICA(WF_ACTIVATE, wf));
}

static inline uint64_t state_of(unsigned int role)
{
	uint64_t out[4];

	GRANTED(rmi_call(SMC_RMI_MICA, (const uint64_t[5]){ MICA_WF_INFO, wf, MICA_INFO_ROLE, role }, out));
	return out[0];
}

/* ---- scripts ---- */

struct step {
	uint8_t role, rec;			/* who has to run now */
	enum { SMC, IRQ, FIQ, SERROR, WFI, SYNC, FP } act;
	uint64_t x[10];				/* SMC: X0..; SYNC: ESR, IPA, X3; SERROR: ESR */
	void (*during)(void);			/* what happens elsewhere meanwhile */
};

#define MAX_STEPS	24
static struct step steps[MAX_STEPS];
static unsigned int n_steps, next_step;
static uint64_t seen[MAX_STEPS][31];		/* registers with which the step began */

static inline void leave_syndrome(uint64_t esr, uint64_t ipa)
{
	fake_regs()->ESR_EL2 = esr;
	fake_regs()->HPFAR_EL2 = IPA_TO_HPFAR(ipa);
	fake_regs()->FAR_EL2 = ipa;
}

static inline enum rec_trap follow(uint64_t gpr[31])
{
	const struct step *s = &steps[next_step];
	uint64_t vmid = fake_regs()->VTTBR_EL2 >> 48, rec = fake_regs()->VMPIDR_EL2 & 0xf;

	if (next_step == n_steps)
		fail_msg("VMID %lu REC %lu runs after the script's end", vmid, rec);
	if (vmid != realms[s->role][0].vmid || rec != s->rec)
		fail_msg("step %u: VMID %lu REC %lu runs, not %u.%u", next_step, vmid, rec, s->role, s->rec);
	memcpy(seen[next_step++], gpr, sizeof(seen[0]));
	if (s->during)
		s->during();
	switch (s->act) {
	case SMC:
		for (unsigned int i = 0; i < 31; i++)
			gpr[i] = i < 10 ? s->x[i] : 0x5a5a0000UL + s->role * 0x100UL + i;
		leave_syndrome(ESR_EC_VAL(EC_SMC) | ESR_IL, 0);
		return REC_TRAP_SYNC;
	case SYNC:
		gpr[3] = s->x[2];
		leave_syndrome(s->x[0], s->x[1]);
		return REC_TRAP_SYNC;
	case WFI:
		leave_syndrome(ESR_EC_VAL(EC_WFX) | ESR_IL, 0);
		return REC_TRAP_SYNC;
	case FP:
		leave_syndrome(ESR_EC_VAL(EC_FP) | ESR_IL, 0);
		return REC_TRAP_SYNC;
	case IRQ:
		return REC_TRAP_IRQ;
	case FIQ:
		return REC_TRAP_FIQ;
	case SERROR:
		fake_regs()->ESR_EL2 = ESR_EC_VAL(EC_SERROR) | s->x[0] | 0x11;
		return REC_TRAP_SERROR;
	}
	return REC_TRAP_IRQ;
}

/* Enter role.rec; the script has to be used up exactly. */
#define RUN(role, rec, want, ...)						\
	do {									\
		const struct step s_[] = { __VA_ARGS__ };			\
		memcpy(steps, s_, sizeof(s_));					\
		n_steps = ARRAY_SIZE(s_);					\
		next_step = 0;							\
		fake_set_realm(follow);						\
		GRANTED(enter(&realms[role][rec]));				\
		assert_int_equal(next_step, n_steps);				\
		assert_int_equal(run_page(&realms[role][rec])->exit.exit_reason, want);	\
	} while (0)

/* No instruction of a Realm. */
#define RUN_NOTHING(role, rec, want)						\
	do {									\
		n_steps = next_step = 0;					\
		fake_set_realm(follow);						\
		GRANTED(enter(&realms[role][rec]));				\
		assert_int_equal(run_page(&realms[role][rec])->exit.exit_reason, want);	\
	} while (0)

#define ENTER(r, v)	RMI(REC_ENTER, realms[r][v].rec, realms[r][v].run)

static inline const struct rmi_rec_exit *exit_of(unsigned int role, unsigned int rec)
{
	return &run_page(&realms[role][rec])->exit;
}

static inline struct rmi_rec_enter *entry_of(unsigned int role, unsigned int rec)
{
	return &run_page(&realms[role][rec])->enter;
}

/* I7: the exit record holds the reason and nothing else. */
#define ONLY_REASON(role, rec)							\
	do {									\
		struct rmi_rec_exit zero_ = { .exit_reason = exit_of(role, rec)->exit_reason };	\
		assert_memory_equal(exit_of(role, rec), &zero_, sizeof(zero_));	\
	} while (0)

/* The count of the role's acts that hit @rule, as its REC 0 is told. */
static inline uint64_t audit_of(uint8_t role, unsigned int rule)
{
	RUN(role, 0, RMI_EXIT_IRQ, { role, 0, SMC, { SMC_RSI_MICA_AUDIT_READ, rule }, NULL }, { role, 0, IRQ, { 0 }, NULL });
	assert_int_equal(seen[1][0], RSI_SUCCESS);
	return seen[1][1];
}

#endif
