/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The run loop: Realm, trap, verdict, and again. Source: RMM specification, REC entry and exit.
 */
#include "run.h"

#include "../mica/hooks.h"
#include "gic.h"
#include "timer.h"

/*
 * A timer that changed since the host last heard of it is an exit of its own: the host drives the
 * Realm's interrupt from the exit record.
 */
static enum run_verdict timers_ready(struct run *run)
{
	unsigned int asserted;

	if (!mica_timers_open(run)) {
		mica_raise(run);
		return RUN_RESUME;	/* masked since rec_load() */
	}
	asserted = timer_asserted();
	if (asserted != run->rec->timers_asserted) {
		run->exit.exit_reason = RMI_EXIT_IRQ;
		return RUN_EXIT;
	}
	timer_set_masks(asserted);
	return RUN_RESUME;
}

/* Which REC runs may change from one trap to the next (gates). */
void rec_run(struct run *run)
{
	enum run_verdict verdict;
	enum rec_trap trap;
	struct rec *rec;

	do {
		if (timers_ready(run) == RUN_EXIT)
			return;
		rec = run->rec;
		write_ELR_EL2(rec->pc);
		write_SPSR_EL2(rec->pstate);
		trap = arch_rec_run(rec->gpr);
		rec->pc = read_ELR_EL2();
		rec->pstate = read_SPSR_EL2();
		verdict = mica_still_active(run, trap);
		if (verdict == RUN_RESUME)
			verdict = rec_trap(run, trap);
	} while (verdict != RUN_EXIT);
}

void rec_exit_common(struct run *run)
{
	struct rec *rec = run->rec;

	gic_to_host(&rec->gic, &run->exit);
	run->exit.cntv_ctl = rec->sys.CNTV_CTL;
	run->exit.cntv_cval = rec->sys.CNTV_CVAL;
	run->exit.cntp_ctl = rec->sys.CNTP_CTL;
	run->exit.cntp_cval = rec->sys.CNTP_CVAL;
	/* what the host is shown of whom it entered: of a chain, nothing */
	run->chain[0]->timers_asserted = mica_timers_open(run) ? timer_asserted_saved(&rec->sys) : 0;
	run->exit.pmu_ovf_status = pmu_overflowed(&rec->pmu);
}
