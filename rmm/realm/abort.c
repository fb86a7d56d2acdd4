/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stage 2 aborts, external aborts, SErrors: the Realm's own affair, or an exit that shows exactly
 * the listed syndrome bits. Source: RMM specification, Realm exception model, REC exit due to
 * Data Abort, Instruction Abort, SError.
 */
#include "../arch/esr.h"
#include "../mica/hooks.h"
#include "context.h"
#include "run.h"

#define SHOWN_ALWAYS	(ESR_EC_MASK | ESR_SET | ESR_FNV | ESR_EA | ESR_FSC)
#define SHOWN_EMULATE	(SHOWN_ALWAYS | ESR_ISV | ESR_SAS | ESR_SF | ESR_WNR)
#define FAR_SHOWN	0xfffUL

/* Not through rec_inject_sea() alone: every local abort ends like this. */
static enum run_verdict inject(struct run *run, uint64_t esr)
{
	rec_inject_sea(run->rec, esr, read_FAR_EL2());
	return RUN_RESUME;
}

static bool is_external(uint64_t esr)
{
	return (esr & ESR_FSC) == FSC_EXTERNAL || FSC_KIND(esr) == FSC_KIND_EXTERNAL_WALK ||
	       (esr & ESR_FSC) == (FSC_KIND_EXTERNAL_WALK - 1);	/* walk at level -1 */
}

/*
 * An uncontainable error cannot be told from a recoverable one by the Realm's next step, so it is shown it too.
 * A bound Realm's other errors are its own affair (extension.md section 4).
 */
static enum run_verdict external_abort(struct run *run, uint64_t esr)
{
	if (run->rec->bound && (esr & ESR_SET) != ESR_SET_UC)
		return inject(run, esr);
	run->exit.exit_reason = RMI_EXIT_SYNC;
	run->exit.esr = esr & SHOWN_ALWAYS;
	if ((esr & ESR_SET) != ESR_SET_UEO)
		rec_inject_sea(run->rec, esr, read_FAR_EL2());
	return RUN_EXIT;
}

/*
 * The faulting IPA. HPFAR_EL2 is not promised for a permission fault on the access itself; then stage 1
 * is asked again. RUN_RESUME with *known = false: the Realm changed its tables meanwhile, let it retry.
 */
static bool fault_ipa(uint64_t esr, ipa_t *a)
{
	uint64_t v;

	if (FSC_KIND(esr) != FSC_KIND_PERMISSION || (esr & ESR_S1PTW)) {
		*a = ipa(HPFAR_TO_IPA(read_HPFAR_EL2()));
		return true;
	}
	if (!arch_realm_translate(read_FAR_EL2(), &v))
		return false;
	*a = ipa(v);
	return true;
}

static bool is_stage2_fault(uint64_t esr)
{
	return FSC_KIND(esr) == FSC_KIND_TRANSLATION || FSC_KIND(esr) == FSC_KIND_PERMISSION ||
	       FSC_KIND(esr) == FSC_KIND_SIZE;
}

/* What the tables say of an address, now. */
static struct s2_entry look_up(const struct s2_root *s2, ipa_t a)
{
	struct s2_entry e;
	struct s2_walk w;

	s2_walk_lock(s2, a, 3, &w);
	e = s2_decode(s2_read(&w.table[w.idx]), w.level);
	s2_walk_end(&w);
	return e;
}

static bool beyond_ipa_space(const struct s2_root *s2, ipa_t a)
{
	return a.v >> s2->ipa_bits != 0;
}

/* A fault in the protected half, both kinds of abort. */
static enum run_verdict protected_abort(struct run *run, uint64_t esr, ipa_t a)
{
	struct s2_entry e = look_up(&run->rec->s2, a);

	if (e.kind == S2_ASSIGNED && e.ripas == RMI_RAM && FSC_KIND(esr) == FSC_KIND_TRANSLATION)
		return RUN_RESUME;	/* the host mapped it meanwhile */
	if (e.ripas == RMI_EMPTY)
		return inject(run, esr);
	run->exit.exit_reason = RMI_EXIT_SYNC;
	run->exit.esr = esr & SHOWN_ALWAYS;
	run->exit.hpfar = IPA_TO_HPFAR(a.v);
	return RUN_EXIT;
}

/* A load or store to the unprotected half: the host emulates a device or maps memory. */
static enum run_verdict unprotected_data_abort(struct run *run, uint64_t esr, ipa_t a)
{
	struct rec *rec = run->rec;
	bool emulatable = (esr & ESR_ISV) && !(rec->pstate & PSTATE_AARCH32);

	run->exit.exit_reason = RMI_EXIT_SYNC;
	run->exit.hpfar = IPA_TO_HPFAR(a.v);
	rec->last_abort.far = read_FAR_EL2();
	rec->last_abort.inject_allowed = true;
	rec->last_abort.emulatable = emulatable;
	if (!emulatable) {
		rec->last_abort.esr = esr & ~ESR_ISV;
		run->exit.esr = esr & SHOWN_ALWAYS;
		return RUN_EXIT;
	}
	rec->last_abort.esr = esr;
	run->exit.esr = esr & SHOWN_EMULATE;
	run->exit.far = read_FAR_EL2() & FAR_SHOWN;
	if (esr & ESR_WNR)
		run->exit.gprs[0] = rec_mmio_store_data(rec, esr);
	return RUN_EXIT;
}

/* Both aborts as far as they agree; false: *verdict is final. */
static bool stage2_fault(struct run *run, uint64_t esr, ipa_t *a, enum run_verdict *verdict)
{
	struct mica_verdict v;

	*verdict = RUN_RESUME;
	if (is_external(esr)) {
		*verdict = external_abort(run, esr);
		return false;
	}
	if (!is_stage2_fault(esr)) {
		*verdict = inject(run, esr);
		return false;
	}
	if (!fault_ipa(esr, a))
		return false;
	v = mica_abort(run, esr, read_FAR_EL2(), *a);
	if (v.handled) {
		*verdict = v.run;
		return false;
	}
	if (beyond_ipa_space(&run->rec->s2, *a)) {
		*verdict = inject(run, esr);
		return false;
	}
	return true;
}

enum run_verdict rec_data_abort(struct run *run, uint64_t esr)
{
	enum run_verdict verdict;
	ipa_t a;

	if (!stage2_fault(run, esr, &a, &verdict))
		return verdict;
	if (s2_in_par(&run->rec->s2, a, 1))
		return protected_abort(run, esr, a);
	return unprotected_data_abort(run, esr, a);
}

enum run_verdict rec_inst_abort(struct run *run, uint64_t esr)
{
	enum run_verdict verdict;
	ipa_t a;

	if (!stage2_fault(run, esr, &a, &verdict))
		return verdict;
	if (s2_in_par(&run->rec->s2, a, 1))
		return protected_abort(run, esr, a);
	return inject(run, esr);	/* nothing unprotected is ever executed */
}

enum run_verdict rec_serror(struct run *run, uint64_t esr)
{
	run->exit.exit_reason = RMI_EXIT_SERROR;
	run->exit.esr = esr & (ESR_EC_MASK | ESR_IDS | ESR_AET | ESR_EA | ESR_FSC);
	if (!(esr & ESR_IDS) && ((esr & ESR_AET) == ESR_AET_UEU || (esr & ESR_AET) == ESR_AET_UER))
		rec_pend_serror(esr & ESR_SERROR_ISS);
	return RUN_EXIT;
}
