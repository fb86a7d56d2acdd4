/* SPDX-License-Identifier: Apache-2.0 */
/* Realm Services Interface 1.0 and the PSCI functions a Realm sees: Realm to RMM, by SMC. */
#ifndef MICA_ABI_RSI_H
#define MICA_ABI_RSI_H

#include "types.h"

#define SMC_RSI_VERSION			0xC4000190UL
#define SMC_RSI_FEATURES		0xC4000191UL
#define SMC_RSI_MEASUREMENT_READ	0xC4000192UL
#define SMC_RSI_MEASUREMENT_EXTEND	0xC4000193UL
#define SMC_RSI_ATTEST_TOKEN_INIT	0xC4000194UL
#define SMC_RSI_ATTEST_TOKEN_CONTINUE	0xC4000195UL
#define SMC_RSI_REALM_CONFIG		0xC4000196UL
#define SMC_RSI_IPA_STATE_SET		0xC4000197UL
#define SMC_RSI_IPA_STATE_GET		0xC4000198UL
#define SMC_RSI_HOST_CALL		0xC4000199UL

#define RSI_ABI_VERSION_1_0		0x10000UL

enum rsi_status {
	RSI_SUCCESS = 0,
	RSI_ERROR_INPUT = 1,
	RSI_ERROR_STATE = 2,
	RSI_INCOMPLETE = 3,
	RSI_ERROR_UNKNOWN = 4,
};

#define RSI_CHANGE_DESTROYED		(1UL << 0)	/* IPA_STATE_SET flags */
#define RSI_CHALLENGE_SIZE		64

/* RsiRealmConfig */
struct rsi_realm_config {
	uint64_t ipa_width;
	uint64_t hash_algo;
	uint8_t z0[0x1f0];
	uint8_t rpv[64];		/* 0x200 */
	uint8_t z1[0x1000 - 0x240];
};

/* RsiHostCall, 256-byte aligned */
struct rsi_host_call {
	uint64_t imm;			/* [15:0] */
	uint64_t gprs[31];
};

#ifndef __KERNEL__
_Static_assert(sizeof(struct rsi_realm_config) == 0x1000, "RsiRealmConfig");
_Static_assert(sizeof(struct rsi_host_call) == 0x100, "RsiHostCall");
#endif

#define SMCCC_VERSION			0x80000000UL
#define SMCCC_ARCH_FEATURES		0x80000001UL
#define SMCCC_VERSION_1_2		0x10002UL

#define PSCI_VERSION			0x84000000UL
#define PSCI_CPU_SUSPEND_32		0x84000001UL
#define PSCI_CPU_SUSPEND_64		0xC4000001UL
#define PSCI_CPU_OFF			0x84000002UL
#define PSCI_CPU_ON_32			0x84000003UL
#define PSCI_CPU_ON_64			0xC4000003UL
#define PSCI_AFFINITY_INFO_32		0x84000004UL
#define PSCI_AFFINITY_INFO_64		0xC4000004UL
#define PSCI_SYSTEM_OFF			0x84000008UL
#define PSCI_SYSTEM_RESET		0x84000009UL
#define PSCI_FEATURES			0x8400000AUL
#define PSCI_VERSION_1_1		0x10001UL

#define PSCI_SUCCESS			0L
#define PSCI_NOT_SUPPORTED		(-1L)
#define PSCI_INVALID_PARAMETERS		(-2L)
#define PSCI_DENIED			(-3L)
#define PSCI_ALREADY_ON			(-4L)
#define PSCI_INVALID_ADDRESS		(-9L)

#endif
