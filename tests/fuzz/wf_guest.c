/* SPDX-License-Identifier: Apache-2.0 */
/* A bound Realm while it runs: calls of the extension and of 1.0, memory, devices, interrupts. */
#include <string.h>

#include "../../rmm/arch/esr.h"
#include "../../rmm/realm/rd.h"
#include "wf.h"

static struct m_realm *realm_of(const struct m_rec *rec)
{
	return &model.realm[rec->realm];
}

static struct m_wf *wf_of(const struct m_rec *rec)
{
	return &model.wf[realm_of(rec)->wf];
}

/* ---- entries ---- */

/* Interrupts that a host might inject: mostly those of the policy. */
void fill_interrupts(struct rmi_rec_enter *e, const struct m_rec *rec)
{
	static const uint64_t any[] = { 27, 30, 33, 40, 41, 1019, 1020 };

	for (unsigned int i = 0; i < M_LRS; i++) {
		uint64_t id = any[one_in(4) ? draw(7) : draw(2)];

		if (rec != NULL && realm_of(rec)->wf != M_NONE && !one_in(8)) {
			const struct m_wf *w = wf_of(rec);

			for (unsigned int k = 0; k < w->policy.regions; k++)
				if (w->policy.region[k].role == realm_of(rec)->role && w->policy.region[k].kind == MICA_REGION_INTIDS)
					id = w->policy.region[k].base + i;
		}
		if (one_in(3))
			e->gicv3_lrs[i] = (uint64_t)(1 + draw(3)) << 62 | 0x80UL << 48 | id | (uint64_t)one_in(32) << 61;
	}
	if (one_in(4))
		e->gicv3_hcr = 1UL << (1 + draw(7));
}

/* Waiting for something that has not come: it would leave at once. */
static bool idles(const struct m_rec *rec)
{
	return rec->wait.waiting && (wf_of(rec)->role[realm_of(rec)->role].pending & rec->wait.mask) == 0;
}

struct m_rec *pick_bound_rec(void)
{
	unsigned int first = draw(M_RECS);
	bool any = one_in(16), idle = one_in(6);

	for (unsigned int i = 0; i < M_RECS; i++) {
		struct m_rec *rec = &model.rec[(first + i) % M_RECS];

		if (rec->used && realm_of(rec)->wf != M_NONE && (any || (!rec->running && rec->runnable && !rec->psci.pending &&
		    m_active(&model, rec) == RMI_SUCCESS && !m_parked(&model, rec) && (!idles(rec) || idle))))
			return rec;
	}
	return NULL;
}

/* ---- the CPU it runs on ---- */

/* The Realm that the model says, its timers' lines masked unless the policy shows them. */
void check_bound_cpu(const struct frame *f)
{
	const struct m_realm *r = realm_of(f->rec);
	uint64_t masks = 3UL << 18;

	if (fake_regs()->VTTBR_EL2 >> 48 != r->vmid || (fake_regs()->VMPIDR_EL2 & 0xf) != f->rec->index)
		mismatch("VMID %lu REC %lu runs, the model says %u.%u", fake_regs()->VTTBR_EL2 >> 48, fake_regs()->VMPIDR_EL2 & 0xf,
			 r->vmid, f->rec->index);
	if ((fake_regs()->CNTHCTL_EL2 & masks) != (m_opens(&model, f->base, MICA_RIGHT_TIMER) ? 0 : masks))
		mismatch("timer lines: CNTHCTL_EL2 is %lx", fake_regs()->CNTHCTL_EL2);
}

static void set_timers(struct m_rec *rec)
{
	/* one that is up would be an exit of its own with TIMER, and an interrupt with VTIMER */
	bool may_be_up = !(model.wf[realm_of(rec)->wf].policy.role[realm_of(rec)->role].rights & MICA_RIGHT_TIMER);

	fake_regs()->CNTV_CVAL_EL02 = rec->timer.v_cval = draw_any();
	fake_regs()->CNTV_CTL_EL02 = rec->timer.v_ctl = may_be_up ? draw(8) : draw(4);
	fake_regs()->CNTP_CVAL_EL02 = rec->timer.p_cval = draw_any();
	fake_regs()->CNTP_CTL_EL02 = rec->timer.p_ctl = may_be_up ? draw(8) : draw(4);
}

/* ---- what becomes of a trap ---- */

/* Before it is served; false: it is not. */
static bool served(struct frame *f, bool serror, bool hvc)
{
	enum m_trap t = model_trap(&model, f->base, serror, hvc, &f->exit);

	f->left = t == M_GONE;
	return t == M_SERVE;
}

/* The preferred return address of an HVC is behind it. */
static enum rec_trap undefined(struct frame *f)
{
	enum rec_trap t = sync(f, ESR_EC_VAL(EC_HVC) | ESR_IL);

	f->rec->pc += 4;
	fake_regs()->ELR_EL2 = f->rec->pc;
	if (served(f, false, true))
		f->rec->pc = 0x200;
	return t;
}

/* ---- calls ---- */

/* A gate that the Realm calls, mostly one whose server waits; or any number. */
static uint64_t gate_to_call(const struct m_wf *w, unsigned int role)
{
	unsigned int first = draw(M_GATES), n = w->policy.gates;
	bool ready = !one_in(4);

	for (unsigned int i = 0; i < n && !one_in(16); i++)
		if (w->policy.gate[(first + i) % n].caller == role && (!ready || w->gate[(first + i) % n].word == M_GATE_READY))
			return (first + i) % n;
	return draw(M_GATES + 1);
}

/* A channel of its own that others hear of; or any number. */
static uint64_t grant_to_signal(const struct m_wf *w, unsigned int role)
{
	unsigned int first = draw(4);

	for (unsigned int i = 0; i < 4; i++) {
		const struct m_grant *g = m_grant(w, role, (first + i) % 4);

		if (g != NULL && g->writes && w->policy.channel[g->channel].signal && !one_in(8))
			return (first + i) % 4;
	}
	return draw(5);
}

/* Not of what it serves a call for: that would end too soon. */
static bool calls_first(const struct m_wf *w, const struct m_rec *rec, bool serving)
{
	for (unsigned int i = 0; i < w->policy.gates; i++)
		if (w->policy.gate[i].caller == realm_of(rec)->role && w->gate[i].word == M_GATE_READY)
			return serving && !one_in(3);
	return false;
}

static int gate_to_serve(const struct m_wf *w, unsigned int role, unsigned int rec)
{
	for (unsigned int i = 0; i < w->policy.gates; i++)
		if (w->policy.gate[i].callee == role && w->policy.gate[i].server == rec)
			return (int)i;
	return M_NONE;
}

static uint64_t deadline(void)
{
	return one_in(2) ? 0 : model.now + draw(60);
}

void choose_mica(struct m_rec *rec, const struct m_rec *base)
{
	const struct m_wf *w = wf_of(rec);
	unsigned int role = realm_of(rec)->role;
	int gate = gate_to_serve(w, role, rec->index);

	if (calls_first(w, rec, rec != base)) {
		set_call(rec, SMC_RSI_MICA_GATE_CALL, gate_to_call(w, role), draw_any(), draw_any(), draw_any());
		return;
	}
	if (gate != M_NONE && !one_in(3)) {
		set_call(rec, SMC_RSI_MICA_GATE_RECV, one_in(24) ? draw(M_GATES) : (uint64_t)gate, draw_any(), draw_any(), draw_any());
		return;
	}
	switch (draw(14)) {
	case 0:
		set_call(rec, SMC_RSI_MICA_VERSION, draw_any(), draw_any(), 3, 4);
		break;
	case 1:
		set_call(rec, SMC_RSI_MICA_SELF, draw(5), draw_any(), 3, 4);
		break;
	case 2:
		set_call(rec, SMC_RSI_MICA_GRANT_INFO + draw(3), draw(4), draw_any(), 3, 4);
		break;
	case 3:
	case 4:
		set_call(rec, SMC_RSI_MICA_PEER_INFO, draw(w->policy.roles + one_in(4)), draw_any(), 3, 4);
		break;
	case 5:
	case 6:
		set_call(rec, SMC_RSI_MICA_SIGNAL, grant_to_signal(w, role), draw_any(), 3, 4);
		break;
	case 7:
	case 8:
		set_call(rec, SMC_RSI_MICA_WAIT, one_in(4) ? 0 : draw(8), deadline(), one_in(4) ? draw(3) : 0, 0);
		break;
	case 9:
		set_call(rec, SMC_RSI_MICA_AUDIT_READ, one_in(8) ? draw_any() : draw(MICA_RULES), 0, 0, 0);
		break;
	case 10:
		set_call(rec, SMC_RSI_MICA_GATE_RECV, draw(M_GATES), 0, 0, 0);
		break;
	default:
		set_call(rec, SMC_RSI_MICA_GATE_CALL, gate_to_call(w, role), draw_any(), draw_any(), draw_any());
		break;
	}
}

/* A buffer in a channel, a window, a hole: only RAM will do. */
static void choose_buffer(struct m_rec *rec)
{
	set_call(rec, one_in(2) ? SMC_RSI_REALM_CONFIG : SMC_RSI_HOST_CALL, policy_ipa(realm_of(rec)), 0, 0, 0);
}

/* Which registers the model leaves open, for check_registers(). */
static void expect_rim(struct frame *f, uint64_t fid, uint64_t slot)
{
	const struct m_rec *rec = model_head(&model, f->base);
	const struct m_wf *w = wf_of(rec);

	f->rim_at = 0;
	if (rec->gpr[0] != RSI_SUCCESS || f->left)
		return;
	if (fid == SMC_RSI_MEASUREMENT_READ && slot == 0) {
		f->rim_at = 1;
		f->rim_known = true;
		f->rim = realm_of(rec)->rim;
	} else if (fid == SMC_RSI_MICA_PEER_INFO && w->role[slot].latched) {
		f->rim_at = 3;
		f->rim_known = true;
		f->rim = w->role[slot].latch;
	}
}

static enum rec_trap smc(struct frame *f, uint64_t gpr[31])
{
	struct m_rec *rec = f->rec;
	enum rec_trap t;
	uint64_t fid, slot;

	switch (draw(8)) {
	case 0:
		choose_psci(rec);
		break;
	case 1:
		choose_buffer(rec);
		break;
	case 2:
		choose_rsi(rec);
		break;
	default:
		choose_mica(rec, f->base);
		break;
	}
	fid = (uint32_t)rec->gpr[0] & ~SMCCC_SVE_HINT;
	slot = rec->gpr[1];
	t = sync(f, ESR_EC_VAL(EC_SMC) | ESR_IL);
	trace("  Realm calls %lx(%lx, %lx, %lx, %lx)", fid, rec->gpr[1], rec->gpr[2], rec->gpr[3], rec->gpr[4]);
	memcpy(gpr, rec->gpr, sizeof(rec->gpr));
	if (!served(f, false, false))
		return t;
	f->left = model_smc(&model, f->base, &f->exit);
	f->host_call = f->left && f->exit.exit_reason == RMI_EXIT_HOST_CALL;
	expect_rim(f, fid, slot);
	count_act(fid, rec->gpr[0] == fid ? RSI_SUCCESS : rec->gpr[0]);	/* untouched: suspended, or gone */
	return t;
}

/* ---- memory ---- */

enum access { LOAD, STORE, FETCH };

static uint64_t fault_syndrome(enum access what, bool there, int level)
{
	uint64_t esr = ESR_IL | ESR_EC_VAL(what == FETCH ? EC_INST_ABORT : EC_DATA_ABORT) |
		       ((there ? FSC_KIND_PERMISSION : FSC_KIND_TRANSLATION) + (uint64_t)level);

	if (what == FETCH)
		return esr;
	if (what == STORE)
		esr |= ESR_WNR;
	if (!one_in(4))
		return esr | ESR_ISV | (uint64_t)draw(4) << 22 | (uint64_t)draw(2) << 21 | (uint64_t)draw(32) << 16 |
		       (uint64_t)draw(2) << 15;
	return one_in(2) ? esr | ESR_S1PTW : esr;
}

/* Through the machine's tables, and what the policy says of the same address. */
static unsigned int touch(const struct m_realm *r, uint64_t a, struct fake_leaf *leaf, bool *there)
{
	const struct rd *rd = fake_peek(pa(r->rd));
	unsigned int may, rights;
	uint64_t want;

	*leaf = (struct fake_leaf){ .ns = false };
	*there = fake_realm_touch(&rd->s2, ipa(a), leaf);
	rights = *there ? leaf->s2ap | (leaf->exec ? M_EXECUTE : 0) : 0;
	may = model_may(&model, r, a, &want);
	if (rights != may)
		mismatch("%lx can be accessed as %u, the policy says %u", a, rights, may);
	if (*there && (leaf->pa.v != want || leaf->ns != (a >= m_par(r)) || leaf->memattr != 6))
		mismatch("%lx leads to %lx, the policy says %lx", a, leaf->pa.v, want);
	return rights;
}

/* Channels remember who wrote last. */
static void use_channel(uint64_t page, enum access what)
{
	uint64_t *memory = arch_granule_va(pa(page)), *word = &model.word[(page - model.bank) / M_PAGE];

	if (!m_is(&model, page, M_CHAN))
		return;
	if (*memory != *word)
		mismatch("channel page %lx holds %lx, the model says %lx", page, *memory, *word);
	if (what == STORE)
		*memory = *word = 1 + draw_any();
}

static enum rec_trap memory(struct frame *f)
{
	const struct m_realm *r = realm_of(f->rec);
	uint64_t a = (one_in(8) ? pick_ipa(r, 3) : policy_ipa(r)) + 8 * draw(4), esr;
	enum access what = one_in(6) ? FETCH : draw(2);
	struct fake_leaf leaf;
	bool there, gone;
	enum rec_trap t;

	a &= (1UL << 48) - 1;		/* what HPFAR_EL2 can say */
	if (touch(r, a, &leaf, &there) & (what == FETCH ? M_EXECUTE : what == STORE ? M_WRITE : M_READ)) {
		if (!leaf.ns)
			use_channel(leaf.pa.v, what);
		return undefined(f);	/* went well, and then something else */
	}
	esr = fault_syndrome(what, there, there ? leaf.level : a >> r->s2sz ? 0 : model_walk(&model, r, a, 3).level);
	trace("  Realm faults at %lx, esr %lx", a, esr);
	t = sync(f, esr);
	fake_regs()->FAR_EL2 = a;
	fake_regs()->HPFAR_EL2 = IPA_TO_HPFAR(a);
	gone = !served(f, false, false);
	if (!gone)
		f->left = model_abort(&model, f->base, esr, a & ~0xfffUL, a, &f->exit);
	return t;
}

/* ---- everything ---- */

static enum rec_trap serror(struct frame *f)
{
	uint64_t esr = ESR_EC_VAL(EC_SERROR) | ESR_IL | draw(2) << 24 | draw(8) << 10 | draw(2) << 9 | (one_in(2) ? 0x11 : 0);

	(void)sync(f, esr);
	if (served(f, true, false)) {
		model_leave(&model, f->base, &f->exit, RMI_EXIT_SERROR, esr);
		f->left = true;
	}
	return REC_TRAP_SERROR;
}

static enum rec_trap interrupt(struct frame *f)
{
	bool fiq = one_in(2);

	(void)sync(f, 0);
	if (served(f, false, false)) {
		model_leave(&model, f->base, &f->exit, fiq ? RMI_EXIT_FIQ : RMI_EXIT_IRQ, 0);
		f->left = true;
	}
	return fiq ? REC_TRAP_FIQ : REC_TRAP_IRQ;
}

static enum rec_trap wait_for_interrupt(struct frame *f)
{
	enum rec_trap t = sync(f, ESR_EC_VAL(EC_WFX) | ESR_IL | (f->flags & RMI_ENTER_TRAP_WFI ? 0 : 1));

	if (served(f, false, false)) {
		f->rec->pc += 4;
		model_leave(&model, f->base, &f->exit, RMI_EXIT_MICA_IDLE, 0);
		f->left = true;
	}
	return t;
}

static enum rec_trap generate_interrupt(struct frame *f, uint64_t gpr[31])
{
	uint64_t esr = ESR_EC_VAL(EC_SYSREG) | ESR_IL | ESR_SYS_REG(3, 0, 12, 11, 5) | draw(32) << 5;
	enum rec_trap t = sync(f, esr);

	memcpy(gpr, f->rec->gpr, sizeof(f->rec->gpr));
	if (served(f, false, false))
		f->left = model_sgi(&model, f->base, esr, &f->exit);
	return t;
}

static enum rec_trap choose_act(struct frame *f, uint64_t gpr[31])
{
	switch (draw(24)) {
	case 0:
		return serror(f);
	case 1:
		return interrupt(f);
	case 2:
		return f->flags & (RMI_ENTER_TRAP_WFI | RMI_ENTER_TRAP_WFE) ? wait_for_interrupt(f) : undefined(f);
	case 3:
		return generate_interrupt(f, gpr);
	case 4:
	case 5:
	case 6:
	case 7:
		return memory(f);
	default:
		return smc(f, gpr);
	}
}

enum rec_trap bound_act(struct frame *f, uint64_t gpr[31])
{
	struct m_wf *w = wf_of(f->base);
	uint32_t before[M_ROLES][MICA_RULES];
	enum rec_trap t;

	for (unsigned int i = 0; i < M_ROLES; i++)
		memcpy(before[i], w->role[i].audit, sizeof(before[i]));
	if (one_in(4))
		set_timers(f->rec);
	t = choose_act(f, gpr);
	for (unsigned int i = 0; i < M_ROLES; i++)
		for (unsigned int rule = 1; rule < MICA_RULES; rule++)
			count_rule(rule, w->role[i].audit[rule] - before[i][rule]);
	return t;
}
