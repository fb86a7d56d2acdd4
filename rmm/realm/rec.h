/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Realm Execution Context: the contents of a REC granule, and one run of it.
 * A running REC (granule refs > 0) is touched only by the CPU that runs it; otherwise the granule's lock.
 */
#ifndef RMM_REALM_REC_H
#define RMM_REALM_REC_H

#include "../../abi/mica_blob.h"
#include "../arch/arch.h"
#include "debug.h"
#include "pmu.h"
#include "rd.h"

/* A REC's system registers while it is not loaded: arch/rec_sysregs.def lists them. */
struct rec_sysregs {
#define OWN(field, reg)		uint64_t field;
#define SWITCHED(field, reg)	uint64_t field;
#include "../arch/rec_sysregs.def"
#undef OWN
#undef SWITCHED
};

struct rec_gic {
	uint64_t hcr, vmcr, misr;
	uint64_t lr[16], ap0r[4], ap1r[4];
};

struct rec {
	uint64_t gpr[31];
	uint64_t pc, pstate;
	struct rec_sysregs sys;		/* in the hardware while the REC is loaded (context.c) */
	struct rec_gic gic;
	struct arch_simd simd;
	struct rec_pmu pmu;
	struct rec_debug debug;
	bool vserror;			/* HCR_EL2.VSE: a virtual SError is pending */
	uint8_t timers_asserted;	/* TIMER_* as the last exit showed them */

	struct granule *g_rec;		/* this REC */
	struct granule *g_rd;		/* owner; outlives the REC */
	struct s2_root s2;		/* copy of the owner's */
	uint32_t index;			/* REC index; MPIDR derives from it */
	uint64_t mpidr;			/* VMPIDR_EL2 value */
	uint64_t bound;			/* Mica: owner is bound to a workflow (constant) */
	uint32_t runnable;		/* atomic: PSCI_COMPLETE of another REC sets it */
	uint32_t num_aux;
	struct granule *aux[RMI_MAX_REC_AUX];

	/* set by an exit, consumed by the next entry */
	struct {
		uint64_t esr, far;		/* last data abort as taken */
		bool emulatable;		/* emul_mmio allowed */
		bool inject_allowed;		/* inject_sea allowed */
	} last_abort;
	struct { uint64_t base, top, addr; uint8_t ripas; bool change_destroyed; } ripas;
	struct { bool pending; ipa_t addr; } host_call;
	struct { bool pending; uint64_t fid, arg[3]; } psci;	/* arguments as wide as the call takes them */
	struct { uint64_t mask, deadline; bool waiting; bool has_deadline; } mica_wait;	/* RSI WAIT */
	uint16_t sgis;			/* Mica: own SGIs not yet raised, right VTIMER */
	bool takes_signals;		/* Mica: has called WAIT, so signals may interrupt it, right VTIMER */
	uint32_t calling;		/* Mica: suspended in a call through gate calling - 1; 0: in none */
	uint64_t token_state;		/* enum attest_state */
	uint64_t token_len, token_pos;
};
_Static_assert(sizeof(struct rec) <= GRANULE_SIZE, "a REC is one granule");

/* What a trap handler decided. */
enum run_verdict {
	RUN_RESUME,			/* run the Realm again */
	RUN_EXIT,			/* leave to the host with the exit record as filled */
	RUN_AGAIN,			/* as RUN_RESUME; the trap was of a REC that is not there any more */
};

/* One host entry: alive from REC_ENTER to its return; monitor memory. */
struct run {
	struct rec *rec;		/* who runs: chain[depth] */
	struct rd *rd;			/* its Realm; not locked */
	struct rec *chain[1 + MICA_GATE_DEPTH];	/* whom the host entered, whom that called, and so on; all marked running */
	unsigned int depth;
	bool simd;			/* the Realm's SIMD state is in the registers */
	struct rmi_rec_enter enter;	/* the host's, copied once, filtered */
	struct rmi_rec_exit exit;	/* zero when the run starts */
};

/* The RD of a REC's owner. Fields that change need g_rd's lock. */
static inline struct rd *rec_rd(const struct rec *rec)
{
	return granule_va(rec->g_rd);
}

/* Aux granules each REC needs (RMI_REC_AUX_COUNT): ATTEST_AUX_GRANULES. */
unsigned int rec_aux_count(const struct rd *rd);

/*
 * Make the Realm take an exception at its pc; rmi.md 7.6. The REC is loaded on this CPU: EL1 registers
 * are written in the hardware, pc and pstate in *rec. esr and far as EL2 received them.
 */
void rec_inject_undefined(struct rec *rec);
void rec_inject_sea(struct rec *rec, uint64_t esr, uint64_t far);
/* Past the instruction that was completed on the Realm's behalf. */
void rec_advance_pc(struct rec *rec);

#endif
