/* SPDX-License-Identifier: Apache-2.0 */
/* REC_ENTER, and Realms as hostile as hosts. While a Realm runs on one CPU, hosts go on on the others. */
#include <string.h>

#include "../../rmm/realm/rd.h"
#include "../../rmm/arch/esr.h"
#include "wf.h"

static struct frame frames[FAKE_CPUS];
static unsigned int depth;
static bool enters;			/* the entry that is being made, by the model */

static struct s2_root *root_of(const struct m_rec *rec)
{
	return &((struct rd *)arch_granule_va(pa(model.realm[rec->realm].rd)))->s2;
}

/* The counter goes on, and each CPU sees the same. */
static void tick(void)
{
	if (workflows)
		model.now += draw(8);
	fake_regs()->CNTPCT_EL0 = model.now;
}

/* ---- what the Realm finds ---- */

static void check_registers(struct frame *f, const uint64_t gpr[31])
{
	if (f->rim_at != 0 && f->rim_known && memcmp(real_rim(f->rim), &gpr[f->rim_at], 64) != 0)
		mismatch("the Realm is told another RIM");
	if (f->rim_at != 0)
		memcpy(&f->rec->gpr[f->rim_at], &gpr[f->rim_at], 64);
	f->rim_at = 0;
	for (unsigned int i = 0; i < 31; i++)
		if (gpr[i] != f->rec->gpr[i])
			mismatch("Realm's X%u is %lx, the model says %lx", i, gpr[i], f->rec->gpr[i]);
	if (fake_regs()->ELR_EL2 != f->rec->pc)
		mismatch("Realm is at %lx, the model says %lx", fake_regs()->ELR_EL2, f->rec->pc);
}

/* ---- what it does ---- */

enum rec_trap sync(struct frame *f, uint64_t esr)
{
	fake_regs()->ESR_EL2 = esr;
	fake_regs()->ELR_EL2 = f->rec->pc;
	fake_regs()->SPSR_EL2 = PSTATE_MODE_EL1H | PSTATE_DAIF;
	return REC_TRAP_SYNC;
}

static bool translates(const struct m_realm *r, const struct m_entry *e, uint64_t a)
{
	return e->kind == RMI_ASSIGNED && (a >= m_par(r) || e->ripas == RMI_RAM);
}

/* The hardware's walk against the model's tables. True: it faults. */
static bool touch(struct frame *f, uint64_t a)
{
	const struct m_realm *r = &model.realm[f->rec->realm];
	struct fake_leaf leaf;
	bool there = fake_realm_touch(root_of(f->rec), ipa(a), &leaf), ns;
	struct m_walk w;
	uint64_t out;

	if (a >> r->s2sz != 0) {
		if (there)
			mismatch("%lx is mapped", a);
		return true;
	}
	w = model_walk(&model, r, a, 3);
	if (there != translates(r, m_at(&w), a))
		mismatch("%lx translates: %d, the model says otherwise", a, there);
	if (!there)
		return true;
	ns = a >= m_par(r);
	out = (m_at(&w)->out & ~0xfffUL) + (a & (m_size(w.level) - 1) & ~0xfffUL);
	if (leaf.pa.v != out || leaf.ns != ns || leaf.level != w.level || leaf.exec == ns)
		mismatch("%lx leads to %lx, the model says %lx", a, leaf.pa.v, out);
	if (ns && (leaf.s2ap != (m_at(&w)->out >> 6 & 3) || leaf.memattr != (m_at(&w)->out >> 2 & 7)))
		mismatch("%lx: not the host's attributes", a);
	if (!ns && fake_pas(leaf.pa) != FAKE_REALM)
		mismatch("%lx: Realm memory at %lx is not in the Realm world", a, out);
	return false;
}

static enum rec_trap access_memory(struct frame *f)
{
	const struct m_realm *r = &model.realm[f->rec->realm];
	/* what HPFAR_EL2 can say */
	uint64_t a = (pick_ipa(r, 3) + 8 * draw(4)) & ((1UL << 48) - 1), esr, far = a | draw_any() << 48;
	struct m_walk w;

	if (!touch(f, a)) {
		f->left = false;
		return sync(f, ESR_EC_VAL(EC_HVC) | ESR_IL);	/* went well; and then an HVC, which is Undefined */
	}
	w = a >> r->s2sz ? (struct m_walk){ .level = 0 } : model_walk(&model, r, a, 3);
	esr = ESR_IL | (FSC_TRANSLATION_L0 + (uint64_t)w.level) | ESR_EC_VAL(one_in(4) ? EC_INST_ABORT : EC_DATA_ABORT);
	if (ESR_EC(esr) == EC_DATA_ABORT) {
		esr |= (uint64_t)draw(2) << 6;
		if (!one_in(3))
			esr |= ESR_ISV | (uint64_t)draw(4) << 22 | (uint64_t)draw(2) << 21 | (uint64_t)draw(32) << 16 |
			       (uint64_t)draw(2) << 15 | (uint64_t)draw(2) << 14;
	}
	trace("  Realm faults at %lx, esr %lx", a, esr);
	fake_regs()->FAR_EL2 = far;
	fake_regs()->HPFAR_EL2 = a >> 12 << 4;
	f->left = model_abort(&model, f->rec, esr, a & ~0xfffUL, far, &f->exit);
	return (void)sync(f, esr), REC_TRAP_SYNC;
}

void set_call(struct m_rec *rec, uint64_t fid, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	const uint64_t x[] = { fid, a, b, c, d };

	memcpy(rec->gpr, x, sizeof(x));
	for (unsigned int i = 5; i < 31; i++)
		if (one_in(16))
			rec->gpr[i] = draw_any();
}

void choose_rsi(struct m_rec *rec)
{
	const struct m_realm *r = &model.realm[rec->realm];
	uint64_t a = pick_ipa(r, 3), size = (1 + draw(4)) * m_size(1 + (int)draw(3));

	if (a >= m_par(r) && !one_in(8))
		a -= m_par(r);
	switch (draw(12)) {
	case 0:
		set_call(rec, SMC_RSI_VERSION, one_in(2) ? 0x10000 : draw_any(), 0, 0, 0);
		break;
	case 1:
		set_call(rec, one_in(2) ? SMC_RSI_FEATURES : 0xC4000150UL + draw(0x70), draw_any(), 1, 2, 3);
		if (rec->gpr[0] == SMC_RSI_ATTEST_TOKEN_INIT || rec->gpr[0] == SMC_RSI_ATTEST_TOKEN_CONTINUE)
			rec->gpr[0] = SMC_RSI_FEATURES;		/* tests/unit/token.c */
		break;
	case 2:
		set_call(rec, SMC_RSI_MEASUREMENT_READ, one_in(8) ? draw_any() : draw(5), 0, 0, 0);
		break;
	case 3:
		set_call(rec, SMC_RSI_MEASUREMENT_EXTEND, one_in(8) ? draw_any() : draw(5), one_in(8) ? draw_any() : draw(65), 0, 0);
		break;
	case 4:
		set_call(rec, SMC_RSI_REALM_CONFIG, one_in(16) ? a + draw(4096) : a, 0, 0, 0);
		break;
	case 5:
	case 6:
		set_call(rec, SMC_RSI_HOST_CALL, (one_in(2) ? a : draw(3) * M_PAGE) + (one_in(16) ? draw(4096) : 256 * draw(16)), 0, 0, 0);
		break;
	case 7:
		set_call(rec, SMC_RSI_IPA_STATE_GET, a, a + size, 0, 0);
		break;
	default:
		set_call(rec, SMC_RSI_IPA_STATE_SET, one_in(3) ? pick_ipa(r, 2) % m_par(r) : a, a + size, one_in(16) ? draw(4) : draw(2), draw(2));
		break;
	}
}

void choose_psci(struct m_rec *rec)
{
	static const uint64_t fid[] = {
		PSCI_VERSION, PSCI_CPU_SUSPEND_32, PSCI_CPU_SUSPEND_64, PSCI_CPU_OFF, PSCI_CPU_ON_32, PSCI_CPU_ON_64, PSCI_CPU_ON_64,
		PSCI_AFFINITY_INFO_32, PSCI_AFFINITY_INFO_64, PSCI_AFFINITY_INFO_64,
	};
	uint64_t f = fid[draw(10)];

	if (one_in(64))
		f = one_in(2) ? PSCI_SYSTEM_OFF : PSCI_SYSTEM_RESET;
	set_call(rec, f, one_in(8) ? draw_any() : draw(4), f == PSCI_CPU_ON_64 || one_in(8) ? draw_any() << draw(33) : 0, draw_any(), 0);
}

static enum rec_trap smc(struct frame *f)
{
	uint64_t fid;

	if (one_in(3))
		choose_psci(f->rec);
	else
		choose_rsi(f->rec);
	if (one_in(8))
		f->rec->gpr[0] |= SMCCC_SVE_HINT;
	fid = f->rec->gpr[0] & ~SMCCC_SVE_HINT;
	(void)sync(f, ESR_EC_VAL(EC_SMC) | ESR_IL);
	trace("  Realm calls %lx(%lx, %lx, %lx, %lx)", fid, f->rec->gpr[1], f->rec->gpr[2], f->rec->gpr[3], f->rec->gpr[4]);
	return REC_TRAP_SYNC;
}

static enum rec_trap undefined(struct frame *f, uint64_t esr)
{
	enum rec_trap t = sync(f, esr);

	f->rec->pc = 0x200;
	return t;
}

static enum rec_trap act(struct frame *f, uint64_t gpr[31])
{
	uint64_t fid, slot, esr;
	enum rec_trap t;

	switch (draw(12)) {
	case 0:
		esr = ESR_EC_VAL(EC_SERROR) | ESR_IL | draw(2) << 24 | draw(8) << 10 | draw(2) << 9 | (one_in(2) ? 0x11 : 0);
		model_leave(&model, f->rec, &f->exit, RMI_EXIT_SERROR, esr & (ESR_EC_MASK | ESR_IDS | ESR_AET | ESR_EA | ESR_FSC));
		f->left = true;
		sync(f, esr);
		return REC_TRAP_SERROR;
	case 1:
		model_leave(&model, f->rec, &f->exit, one_in(2) ? RMI_EXIT_FIQ : RMI_EXIT_IRQ, 0);
		f->left = true;
		sync(f, 0);
		return f->exit.exit_reason == RMI_EXIT_FIQ ? REC_TRAP_FIQ : REC_TRAP_IRQ;
	case 2:
		if (!(f->flags & (RMI_ENTER_TRAP_WFI | RMI_ENTER_TRAP_WFE)))
			return undefined(f, ESR_EC_VAL(EC_HVC) | ESR_IL);
		t = sync(f, ESR_EC_VAL(EC_WFX) | ESR_IL | 0x1f0000 | (f->flags & RMI_ENTER_TRAP_WFI ? 0 : 1));
		f->rec->pc += 4;
		model_leave(&model, f->rec, &f->exit, RMI_EXIT_SYNC, fake_regs()->ESR_EL2 & (ESR_EC_MASK | ESR_WFX_TI));
		f->left = true;
		return t;
	case 3:
		return undefined(f, one_in(2) ? ESR_EC_VAL(EC_HVC) | ESR_IL : ESR_EC_VAL(0x0c) | ESR_IL);
	case 4:
	case 5:
	case 6:
		t = access_memory(f);
		if (ESR_EC(fake_regs()->ESR_EL2) == EC_HVC)
			f->rec->pc = 0x200;
		return t;
	default:
		t = smc(f);
		memcpy(gpr, f->rec->gpr, sizeof(f->rec->gpr));
		fid = f->rec->gpr[0] & ~SMCCC_SVE_HINT;
		slot = f->rec->gpr[1];
		f->left = model_smc(&model, f->rec, &f->exit);
		f->rim_at = fid == SMC_RSI_MEASUREMENT_READ && slot == 0;
		f->rim_known = false;
		f->host_call = f->left && f->exit.exit_reason == RMI_EXIT_HOST_CALL;
		return t;
	}
}

enum rec_trap realm_runs(uint64_t gpr[31])
{
	struct frame *f = &frames[depth - 1];
	enum rec_trap t;

	steps++;
	if (!enters)
		mismatch("a Realm runs, the model says it does not");
	if (f->left)
		mismatch("the Realm runs on, the model says it left");
	f->rec = model_head(&model, f->base);
	check_registers(f, gpr);
	if (model.realm[f->rec->realm].wf != M_NONE)
		check_bound_cpu(f);
	for (unsigned int n = draw(4); n > 0 && depth < FAKE_CPUS; n--) {
		fake_set_cpu(depth);
		host_step();
		fake_set_cpu(depth - 1);
	}
	tick();
	if (stream_ended()) {	/* nothing more to choose: interrupted */
		model_leave(&model, f->rec, &f->exit, RMI_EXIT_IRQ, 0);
		f->left = true;
		(void)sync(f, 0);
		return REC_TRAP_IRQ;
	}
	f->host_call = false;
	t = model.realm[f->base->realm].wf != M_NONE ? bound_act(f, gpr) : act(f, gpr);
	return t;
}

/* ---- the host's side ---- */

static void fill_entry(struct rmi_rec_enter *e, const struct m_rec *rec)
{
	memset(e, 0, sizeof(*e));
	for (unsigned int i = 0; i < 31; i++)
		e->gprs[i] = draw_any();
	if (rec != NULL && rec->abort.emulate && one_in(2))
		e->flags |= RMI_ENTER_EMUL_MMIO;
	if (rec != NULL && rec->abort.inject && one_in(4))
		e->flags |= RMI_ENTER_INJECT_SEA;
	if (one_in(8))
		e->flags |= 1UL << draw(5);
	if (one_in(2))
		e->flags |= (uint64_t)draw(8) << 2;
	if (one_in(32))
		e->gicv3_hcr = draw_any();
	if (workflows && one_in(2))
		fill_interrupts(e, rec);
}

/* What the structure in the Realm's page holds: the model has no contents of memory. */
static void expect_host_call(struct frame *f)
{
	const struct m_realm *r = &model.realm[f->rec->realm];
	struct m_walk w = model_walk(&model, r, f->rec->host_call.ipa, 3);
	uint64_t page = m_at(&w)->out + (f->rec->host_call.ipa & (m_size(w.level) - 1));
	const struct rsi_host_call *hc = fake_peek(pa(page));

	f->exit.imm = hc->imm & 0xffff;
	memcpy(f->exit.gprs, hc->gprs, sizeof(f->exit.gprs));
}

void hide_interrupts(struct rmi_rec_exit *e)
{
	e->gicv3_hcr = e->gicv3_misr = e->gicv3_vmcr = 0;
	e->cntp_ctl = e->cntp_cval = e->cntv_ctl = e->cntv_cval = 0;
	memset(e->gicv3_lrs, 0, sizeof(e->gicv3_lrs));
}

/* Of an unbound Realm's timers and GIC the model knows nothing. */
static void compare_exit(const struct frame *f, uint64_t run)
{
	struct rmi_rec_exit got = ((const struct rmi_rec_run *)fake_peek(pa(run)))->exit;
	bool bound = model.realm[f->base->realm].wf != M_NONE;

	if (!bound)
		hide_interrupts(&got);
	if (memcmp(&got, &f->exit, sizeof(got)) == 0)
		return;
	for (unsigned int i = 0; i < sizeof(got) / 8; i++)
		if (((uint64_t *)&got)[i] != ((const uint64_t *)&f->exit)[i])
			mismatch("exit record at %x is %lx, the model says %lx", i * 8, ((uint64_t *)&got)[i],
				 ((const uint64_t *)&f->exit)[i]);
}

/* One that can run, if chance does not want otherwise. */
struct m_rec *pick_runnable(void)
{
	unsigned int first = draw(pool.recs);
	struct m_realm *r;

	pick_rd(&r);
	for (unsigned int i = 0; i < pool.recs && r != NULL && one_in(2); i++)
		if (model.rec[(first + i) % pool.recs].used && &model.realm[model.rec[(first + i) % pool.recs].realm] == r)
			first = (first + i) % pool.recs;
	for (unsigned int i = 0; i < pool.recs && !one_in(32); i++) {
		struct m_rec *rec = &model.rec[(first + i) % pool.recs];

		if (rec->used && !rec->running && rec->runnable && !rec->psci.pending && model.realm[rec->realm].state == 1)
			return rec;
	}
	return pick_rec();
}

void enter_step(void)
{
	struct m_rec *bound = workflows && !one_in(8) ? pick_bound_rec() : NULL, *rec = bound != NULL ? bound : pick_runnable();
	uint64_t rec_pa = rec != NULL && !one_in(32) ? rec->pa : pick_page(M_REC), run = pick_host_page(), x0, before, want;
	struct frame *f = &frames[depth];
	struct rmi_rec_enter entry;
	enum m_enter verdict;
	bool readable = run % M_PAGE == 0 && fake_pas(pa(run)) == FAKE_NS;

	if (depth == FAKE_CPUS || (rec == NULL && !one_in(8)))
		return;
	memset(f, 0, sizeof(*f));
	fill_entry(&entry, rec);
	if (readable) {
		memcpy(fake_ns_va(pa(run)), &entry, sizeof(entry));
		memset((uint8_t *)fake_ns_va(pa(run)) + sizeof(entry), 0xa5, sizeof(struct rmi_rec_exit));
	}
	f->flags = entry.flags;
	f->base = f->rec = m_rec_at(&model, rec_pa);
	steps++;
	tick();
	trace("enter %lx with run page %lx, flags %lx, on CPU %u", rec_pa, run, entry.flags, depth);
	verdict = model_take(&model, rec_pa, run, &want);
	if (verdict == M_RUNS)
		verdict = model_enter(&model, rec_pa, readable, &entry, &want, &f->exit);
	f->left = verdict != M_RUNS;
	before = verdict == M_REFUSED ? fake_digest() : 0;
	depth += verdict == M_RUNS;
	enters = verdict == M_RUNS;
	x0 = fake_rmi(NULL, SMC_RMI_REC_ENTER, rec_pa, run, 0, 0, 0);
	depth -= verdict == M_RUNS;
	enters = depth != 0;
	count(SMC_RMI_REC_ENTER, 0, x0);
	trace("left %lx: %lx", rec_pa, x0);
	if (verdict == M_REFUSED) {
		if (x0 != want)
			mismatch("X0 is %lx, the model says %lx", x0, want);
		if (fake_digest() != before)
			mismatch("refused, but the state changed");
		return;
	}
	if (!f->left)
		mismatch("the Realm left, the model says it runs on");
	/* the host may have taken its own page away meanwhile */
	want = m_is(&model, run, M_NS) && fake_pas(pa(run)) == FAKE_NS ? RMI_SUCCESS : RMI_ERROR_INPUT;
	if (x0 != want)
		mismatch("X0 is %lx, expected %lx", x0, want);
	if (f->host_call)
		expect_host_call(f);
	count_exit(f->exit.exit_reason);
	if (x0 == RMI_SUCCESS)
		compare_exit(f, run);
	check_machine();
}

static bool host_page_readable(uint64_t page)
{
	return fake_pas(pa(page)) == FAKE_NS;
}

void start_machine(void)
{
	uint64_t out[4];
	static const struct pool small = { 0x40010000UL, 160, 4, 12, 96 }, large = { 0x40400000UL, 700, M_REALMS, M_RECS, M_TABLES };

	pool = workflows ? large : small;
	fake_reset();
	fake_set_realm(realm_runs);
	fake_set_shared(wiped_while_shared);
	depth = 0;
	model_init(&model, FAKE_DRAM_BASE, FAKE_DRAM_SIZE / M_PAGE, PLAT_RMM_BASE, PLAT_RMM_SIZE);
	model.readable = host_page_readable;
	model.blob_at = blob_at;
	forget_policies();
	forget_instances();
	for (unsigned int i = 0; i < IMAGE_PAGES; i++)
		memset(fake_ns_va(pa(IMAGE_BASE + i * M_PAGE)), (int)i + 1, M_PAGE);
	model.num_aux = 8;
	model.max_s2sz = 48;
	model.max_bps = 5;
	model.max_ctrs = 6;
	model.max_wps = 3;
	(void)fake_rmi(out, SMC_RMI_FEATURES, 0, 0, 0, 0, 0);
	model.features0 = out[0];
	model.max_recs = (1U << (model.features0 >> RMI_FEAT0_RECS_SHIFT & 15)) - 1;
}

void run_sequence(const struct stream *s, unsigned long max_steps)
{
	unsigned long end = steps + max_steps;

	stream_use(s);
	start_machine();
	while (steps < end && !stream_ended())
		host_step();
	check_all();
}
