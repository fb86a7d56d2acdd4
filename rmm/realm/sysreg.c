/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trapped system register accesses. The identification space answers sanitised values; debug
 * registers are the REC's; interrupt generation goes to the host; a timer that is up is served here. Anything else is
 * Undefined, the PMU of a Realm without one included.
 * Source: RMM specification, Realm exception model; Arm ARM, ESR_EL2 ISS of EC 0x18.
 */
#include "../arch/esr.h"
#include "../mica/hooks.h"
#include "gic.h"
#include "run.h"
#include "timer.h"

#define REG_ICC_DIR		ESR_SYS_REG(3, 0, 12, 11, 1)
#define REG_ICC_SGI1R		ESR_SYS_REG(3, 0, 12, 11, 5)
#define REG_ICC_ASGI1R		ESR_SYS_REG(3, 0, 12, 11, 6)
#define REG_ICC_SGI0R		ESR_SYS_REG(3, 0, 12, 11, 7)
#define REG_ERRIDR		ESR_SYS_REG(3, 0, 5, 3, 0)

#define ESR_SYS_SHOWN		(~(0x1fUL << 5))	/* which register held the value is nobody's business */
#define XZR			31

static bool is_id(uint64_t reg)
{
	return ESR_SYS_OP0(reg) == 3 && ESR_SYS_OP1(reg) == 0 && ESR_SYS_CRN(reg) == 0 &&
	       ESR_SYS_CRM(reg) >= 1 && ESR_SYS_CRM(reg) <= 7;
}

/* Self-hosted debug; the trace unit (op1 = 1) is not part of it. */
static bool is_debug(uint64_t reg)
{
	return ESR_SYS_OP0(reg) == 2 && (ESR_SYS_OP1(reg) == 0 || ESR_SYS_OP1(reg) == 3);
}

static bool is_interrupt_generation(const struct rec *rec, uint64_t reg)
{
	return reg == REG_ICC_SGI1R || reg == REG_ICC_ASGI1R || reg == REG_ICC_SGI0R ||
	       (reg == REG_ICC_DIR && gic_dir_trapped(&rec->gic));
}

static enum run_verdict complete(struct run *run, uint64_t esr, uint64_t value)
{
	unsigned int rt = ESR_SYS_RT(esr);

	if ((esr & ESR_SYS_READ) && rt != XZR)
		run->rec->gpr[rt] = value;
	rec_advance_pc(run->rec);
	return RUN_RESUME;
}

/* What a write puts into the register. */
static uint64_t written(const struct run *run, uint64_t esr)
{
	unsigned int rt = ESR_SYS_RT(esr);

	return rt == XZR ? 0 : run->rec->gpr[rt];
}

static enum run_verdict access_debug(struct run *run, uint64_t esr)
{
	uint64_t reg = esr & ESR_SYS_REG_MASK, value = 0;
	bool there = esr & ESR_SYS_READ ? debug_read(run->rec, reg, &value) :
					  debug_write(run->rec, reg, written(run, esr));

	if (there)
		return complete(run, esr, value);
	rec_inject_undefined(run->rec);
	return RUN_RESUME;
}

/*
 * Only while its line is masked (timer_set_masks()). The host, which was told that it is up, learns that it is not with the
 * next exit, whatever that is for; if it comes up again, that is an exit.
 */
static enum run_verdict access_timer(struct run *run, uint64_t esr, uint64_t reg)
{
	if (esr & ESR_SYS_READ)
		return complete(run, esr, timer_read(reg));
	run->rec->timers_asserted &= (uint8_t)~timer_write(reg, written(run, esr));
	rec_advance_pc(run->rec);
	return RUN_RESUME;
}

static enum run_verdict write_interrupt(struct run *run, uint64_t esr)
{
	uint64_t value = written(run, esr);

	rec_advance_pc(run->rec);
	if (!mica_sgi_open(run, (esr & ESR_SYS_REG_MASK) == REG_ICC_SGI1R ? value : 0))
		return RUN_RESUME;
	run->exit.exit_reason = RMI_EXIT_SYNC;
	run->exit.esr = esr & ESR_SYS_SHOWN;
	run->exit.gprs[0] = value;
	return RUN_EXIT;
}

enum run_verdict rec_sysreg_trap(struct run *run, uint64_t esr)
{
	uint64_t reg = esr & ESR_SYS_REG_MASK;
	bool read = esr & ESR_SYS_READ;

	if (is_id(reg) && read)
		return complete(run, esr, rec_id_register(run->rd, reg));
	if (reg == REG_ERRIDR && read)
		return complete(run, esr, 0);	/* no error records */
	if (is_debug(reg))
		return access_debug(run, esr);
	if (timer_has_register(reg))
		return access_timer(run, esr, reg);
	if (!read && is_interrupt_generation(run->rec, reg))
		return write_interrupt(run, esr);
	rec_inject_undefined(run->rec);
	return RUN_RESUME;
}
