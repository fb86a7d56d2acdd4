/* SPDX-License-Identifier: Apache-2.0 */
/* ESR_ELx, HPFAR_EL2 and PSTATE as the run loop reads them. Source: Arm ARM, ESR_EL2, SPSR_EL2. */
#ifndef RMM_ARCH_ESR_H
#define RMM_ARCH_ESR_H

#include "../core/types.h"

#define ESR_EC(esr)		((esr) >> 26 & 0x3f)
#define ESR_EC_VAL(ec)		((uint64_t)(ec) << 26)
#define ESR_EC_MASK		(0x3fUL << 26)
#define ESR_IL			BIT(25)

#define EC_WFX			0x01
#define EC_FP			0x07
#define EC_HVC			0x16
#define EC_SMC			0x17
#define EC_SYSREG		0x18
#define EC_SME			0x1d
#define EC_INST_ABORT		0x20
#define EC_INST_ABORT_SAME	0x21
#define EC_DATA_ABORT		0x24
#define EC_DATA_ABORT_SAME	0x25
#define EC_SERROR		0x2f

/* WFI, WFE */
#define ESR_WFX_TI		3UL

/* aborts */
#define ESR_FSC			0x3fUL
#define ESR_FSC_LEVEL		0x03UL
#define ESR_WNR			BIT(6)
#define ESR_S1PTW		BIT(7)
#define ESR_EA			BIT(9)
#define ESR_FNV			BIT(10)
#define ESR_SET			(3UL << 11)
#define ESR_SET_UC		(2UL << 11)
#define ESR_SET_UEO		(3UL << 11)
#define ESR_SF			BIT(15)
#define ESR_SRT(esr)		((esr) >> 16 & 0x1f)
#define ESR_SSE			BIT(21)
#define ESR_SAS			(3UL << 22)
#define ESR_ACCESS_BYTES(esr)	(1U << ((esr) >> 22 & 3))
#define ESR_ISV			BIT(24)

#define FSC_TRANSLATION_L0	0x04
#define FSC_EXTERNAL		0x10
/* Fault status without its level. */
#define FSC_KIND(esr)		((esr) & 0x3c)
#define FSC_KIND_SIZE		0x00
#define FSC_KIND_TRANSLATION	0x04
#define FSC_KIND_PERMISSION	0x0c
#define FSC_KIND_EXTERNAL_WALK	0x14

/* SError */
#define ESR_IDS			BIT(24)
#define ESR_AET			(7UL << 10)
#define ESR_AET_UEU		(1UL << 10)
#define ESR_AET_UER		(3UL << 10)
#define ESR_SERROR_ISS		(ESR_IDS | 0xffffffUL)

/* system register accesses */
#define ESR_SYS_READ		BIT(0)
#define ESR_SYS_RT(esr)		((esr) >> 5 & 0x1f)
/* Op0, Op2, Op1, CRn, CRm where the syndrome has them */
#define ESR_SYS_REG(op0, op1, crn, crm, op2) \
	((uint64_t)(op0) << 20 | (uint64_t)(op2) << 17 | (uint64_t)(op1) << 14 | \
	 (uint64_t)(crn) << 10 | (uint64_t)(crm) << 1)
#define ESR_SYS_REG_MASK	ESR_SYS_REG(3, 7, 15, 15, 7)
#define ESR_SYS_OP0(reg)	((reg) >> 20 & 3)
#define ESR_SYS_OP1(reg)	((reg) >> 14 & 7)
#define ESR_SYS_CRN(reg)	((reg) >> 10 & 15)
#define ESR_SYS_CRM(reg)	((reg) >> 1 & 15)
#define ESR_SYS_OP2(reg)	((reg) >> 17 & 7)

/* HPFAR_EL2.FIPA holds IPA[55:12] in [47:4] */
#define HPFAR_FIPA		0x0000fffffffffff0UL
#define HPFAR_TO_IPA(h)		(((h) & HPFAR_FIPA) << 8)
#define IPA_TO_HPFAR(a)		(((a) >> 12) << 4)

#define PSTATE_MODE_EL1T	0x4UL
#define PSTATE_MODE_EL1H	0x5UL
#define PSTATE_MODE		0x1fUL
#define PSTATE_AARCH32		BIT(4)
#define PSTATE_DAIF		(0xfUL << 6)
#define PSTATE_BTYPE		(3UL << 10)
#define PSTATE_SSBS		BIT(12)
#define PSTATE_ALLINT		BIT(13)
#define PSTATE_SS		BIT(21)
#define PSTATE_PAN		BIT(22)
#define PSTATE_DIT		BIT(24)
#define PSTATE_DIT_AARCH32	BIT(21)
#define PSTATE_TCO		BIT(25)
#define PSTATE_NZCV		(0xfUL << 28)

#endif
