/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Realm Management Interface, RMM specification 1.0 (DEN0137): host to RMM.
 * Little-endian; every structure fills one granule-aligned non-secure granule.
 */
#ifndef MICA_ABI_RMI_H
#define MICA_ABI_RMI_H

#include "types.h"

#define SMC_RMI_BASE			0xC4000150UL
#define SMC_RMI_VERSION			0xC4000150UL
#define SMC_RMI_GRANULE_DELEGATE	0xC4000151UL
#define SMC_RMI_GRANULE_UNDELEGATE	0xC4000152UL
#define SMC_RMI_DATA_CREATE		0xC4000153UL
#define SMC_RMI_DATA_CREATE_UNKNOWN	0xC4000154UL
#define SMC_RMI_DATA_DESTROY		0xC4000155UL
#define SMC_RMI_REALM_ACTIVATE		0xC4000157UL
#define SMC_RMI_REALM_CREATE		0xC4000158UL
#define SMC_RMI_REALM_DESTROY		0xC4000159UL
#define SMC_RMI_REC_CREATE		0xC400015AUL
#define SMC_RMI_REC_DESTROY		0xC400015BUL
#define SMC_RMI_REC_ENTER		0xC400015CUL
#define SMC_RMI_RTT_CREATE		0xC400015DUL
#define SMC_RMI_RTT_DESTROY		0xC400015EUL
#define SMC_RMI_RTT_MAP_UNPROTECTED	0xC400015FUL
#define SMC_RMI_RTT_READ_ENTRY		0xC4000161UL
#define SMC_RMI_RTT_UNMAP_UNPROTECTED	0xC4000162UL
#define SMC_RMI_PSCI_COMPLETE		0xC4000164UL
#define SMC_RMI_FEATURES		0xC4000165UL
#define SMC_RMI_RTT_FOLD		0xC4000166UL
#define SMC_RMI_REC_AUX_COUNT		0xC4000167UL
#define SMC_RMI_RTT_INIT_RIPAS		0xC4000168UL
#define SMC_RMI_RTT_SET_RIPAS		0xC4000169UL
#define SMC_RMI_MICA			0xC4000182UL	/* Mica extension, operation in X1: mica.h */

#define SMCCC_NOT_SUPPORTED		(~0UL)
#define SMCCC_64			(1UL << 30)
#define SMCCC_SVE_HINT			(1UL << 16)

#define RMI_ABI_VERSION_1_0		0x10000UL

/* X0 = status | index << 8 */
enum rmi_status {
	RMI_SUCCESS = 0,
	RMI_ERROR_INPUT = 1,
	RMI_ERROR_REALM = 2,
	RMI_ERROR_REC = 3,
	RMI_ERROR_RTT = 4,
};
#define RMI_RET(status, index)	((uint64_t)(status) | ((uint64_t)((index) & 0xff) << 8))
#define RMI_RET_STATUS(x0)	((x0) & 0xff)
#define RMI_RET_INDEX(x0)	(((x0) >> 8) & 0xff)

enum rmi_rtt_state { RMI_UNASSIGNED = 0, RMI_ASSIGNED = 1, RMI_TABLE = 2 };
enum rmi_ripas { RMI_EMPTY = 0, RMI_RAM = 1, RMI_DESTROYED = 2 };
enum rmi_hash { RMI_HASH_SHA_256 = 0, RMI_HASH_SHA_512 = 1 };
enum rmi_exit_reason {
	RMI_EXIT_SYNC = 0,
	RMI_EXIT_IRQ = 1,
	RMI_EXIT_FIQ = 2,
	RMI_EXIT_PSCI = 3,
	RMI_EXIT_RIPAS_CHANGE = 4,
	RMI_EXIT_HOST_CALL = 5,
	RMI_EXIT_SERROR = 6,
	/* bound Realms only: docs/spec/extension.md section 5 */
	RMI_EXIT_MICA_IDLE = 0x40,
	RMI_EXIT_MICA_WAKE = 0x41,
	RMI_EXIT_MICA_PARKED = 0x42,
	RMI_EXIT_MICA_OFF = 0x43,
	RMI_EXIT_MICA_STOPPED = 0x44,
};

/* Feature register 0 */
#define RMI_FEAT0_S2SZ(v)	((v) & 0xff)
#define RMI_FEAT0_LPA2		(1UL << 8)
#define RMI_FEAT0_SVE_EN	(1UL << 9)
#define RMI_FEAT0_SVE_VL_SHIFT	10
#define RMI_FEAT0_BPS_SHIFT	14
#define RMI_FEAT0_WPS_SHIFT	20
#define RMI_FEAT0_PMU_EN	(1UL << 26)
#define RMI_FEAT0_PMU_CTRS_SHIFT 27
#define RMI_FEAT0_SHA_256	(1UL << 32)
#define RMI_FEAT0_SHA_512	(1UL << 33)
#define RMI_FEAT0_LRS_SHIFT	34
#define RMI_FEAT0_RECS_SHIFT	38

#define RMI_REALM_FLAG_LPA2	(1UL << 0)
#define RMI_REALM_FLAG_SVE	(1UL << 1)
#define RMI_REALM_FLAG_PMU	(1UL << 2)

/* RmiRealmParams */
struct rmi_realm_params {
	uint64_t flags;			/* 0x000 */
	uint8_t s2sz;			/* 0x008 IPA width, bits */
	uint8_t z0[7];
	uint8_t sve_vl;			/* 0x010 (VL/128)-1 */
	uint8_t z1[7];
	uint8_t num_bps;		/* 0x018 minus 1; 0 is refused */
	uint8_t z2[7];
	uint8_t num_wps;		/* 0x020 minus 1; 0 is refused */
	uint8_t z3[7];
	uint8_t pmu_num_ctrs;		/* 0x028 */
	uint8_t z4[7];
	uint8_t hash_algo;		/* 0x030 enum rmi_hash */
	uint8_t z5[0x400 - 0x31];
	uint8_t rpv[64];		/* 0x400 */
	uint8_t z6[0x800 - 0x440];
	uint16_t vmid;			/* 0x800 */
	uint8_t z7[6];
	uint64_t rtt_base;		/* 0x808 PA */
	int64_t rtt_level_start;	/* 0x810 */
	uint32_t rtt_num_start;		/* 0x818 */
	uint8_t z8[0x1000 - 0x81c];
};

#define RMI_REC_FLAG_RUNNABLE	(1UL << 0)
#define RMI_MAX_REC_AUX		16

/* RmiRecParams */
struct rmi_rec_params {
	uint64_t flags;			/* 0x000 */
	uint8_t z0[0xf8];
	uint64_t mpidr;			/* 0x100 RmiRecMpidr: aff0 [3:0], aff1 [15:8], aff2, aff3 [31:24] */
	uint8_t z1[0xf8];
	uint64_t pc;			/* 0x200 */
	uint8_t z2[0xf8];
	uint64_t gprs[8];		/* 0x300 */
	uint8_t z3[0x800 - 0x340];
	uint64_t num_aux;		/* 0x800 */
	uint64_t aux[RMI_MAX_REC_AUX];	/* 0x808 */
	uint8_t z4[0x1000 - 0x888];
};

#define RMI_ENTER_EMUL_MMIO	(1UL << 0)
#define RMI_ENTER_INJECT_SEA	(1UL << 1)
#define RMI_ENTER_TRAP_WFI	(1UL << 2)
#define RMI_ENTER_TRAP_WFE	(1UL << 3)
#define RMI_ENTER_RIPAS_REJECT	(1UL << 4)

/* RmiRecEnter, at offset 0 of the run granule */
struct rmi_rec_enter {
	uint64_t flags;			/* 0x000 */
	uint8_t z0[0x1f8];
	uint64_t gprs[31];		/* 0x200 */
	uint8_t z1[8];
	uint64_t gicv3_hcr;		/* 0x300 */
	uint64_t gicv3_lrs[16];		/* 0x308 */
	uint8_t z2[0x800 - 0x388];
};

/* RmiRecExit, at offset 0x800 of the run granule */
struct rmi_rec_exit {
	uint64_t exit_reason;		/* 0x000 enum rmi_exit_reason */
	uint8_t z0[0xf8];
	uint64_t esr;			/* 0x100 */
	uint64_t far;			/* 0x108 */
	uint64_t hpfar;			/* 0x110 */
	uint8_t z1[0x200 - 0x118];
	uint64_t gprs[31];		/* 0x200 */
	uint8_t z2[8];
	uint64_t gicv3_hcr;		/* 0x300 */
	uint64_t gicv3_lrs[16];		/* 0x308 */
	uint64_t gicv3_misr;		/* 0x388 */
	uint64_t gicv3_vmcr;		/* 0x390 */
	uint8_t z3[0x400 - 0x398];
	uint64_t cntp_ctl;		/* 0x400 */
	uint64_t cntp_cval;		/* 0x408 */
	uint64_t cntv_ctl;		/* 0x410 */
	uint64_t cntv_cval;		/* 0x418 */
	uint8_t z4[0x500 - 0x420];
	uint64_t ripas_base;		/* 0x500 */
	uint64_t ripas_top;		/* 0x508 */
	uint64_t ripas_value;		/* 0x510 */
	uint8_t z5[0x600 - 0x518];
	uint64_t imm;			/* 0x600 */
	uint8_t z6[0xf8];
	uint64_t pmu_ovf_status;	/* 0x700 */
	uint8_t z7[0xf8];
};

struct rmi_rec_run {
	struct rmi_rec_enter enter;
	struct rmi_rec_exit exit;
};

#ifndef __KERNEL__
_Static_assert(sizeof(struct rmi_realm_params) == 0x1000, "RmiRealmParams");
_Static_assert(sizeof(struct rmi_rec_params) == 0x1000, "RmiRecParams");
_Static_assert(sizeof(struct rmi_rec_enter) == 0x800, "RmiRecEnter");
_Static_assert(sizeof(struct rmi_rec_exit) == 0x800, "RmiRecExit");
_Static_assert(__builtin_offsetof(struct rmi_realm_params, rtt_num_start) == 0x818, "params");
_Static_assert(__builtin_offsetof(struct rmi_rec_params, aux) == 0x808, "rec params");
_Static_assert(__builtin_offsetof(struct rmi_rec_exit, cntv_cval) == 0x418, "exit");
_Static_assert(__builtin_offsetof(struct rmi_rec_exit, pmu_ovf_status) == 0x700, "exit");
#endif

/* Host's descriptor for RTT_MAP_UNPROTECTED: output address | MemAttr[4:2] | S2AP[7:6] */
#define RMI_DESC_MEMATTR_SHIFT	2
#define RMI_DESC_MEMATTR_WB	(6UL << 2)
#define RMI_DESC_S2AP_SHIFT	6
#define RMI_DESC_S2AP_RO	(1UL << 6)
#define RMI_DESC_S2AP_WO	(2UL << 6)
#define RMI_DESC_S2AP_RW	(3UL << 6)

#endif
