/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compiled policy, version 1: flat little-endian records, one encoding per policy.
 * SHA-256 of the blob is the workflow ID. Sections follow in this order without gaps:
 *     header, role[R], gate[G], channel[C], region[W], grant[A]
 * A record's size divides a page and its section starts at a multiple of it, so no record
 * crosses a page. Canonical rules and their numbers: docs/spec/extension.md section 11.
 */
#ifndef MICA_ABI_MICA_BLOB_H
#define MICA_ABI_MICA_BLOB_H

#include "types.h"

/* Limits: shared by compiler and monitor, defined here only. */
#define MICA_MAX_ROLES		64
#define MICA_MAX_CHANNELS	512
#define MICA_MAX_GRANTS		1024
#define MICA_MAX_REGIONS	256
#define MICA_MAX_GATES		64
#define MICA_MAX_PARTICIPANTS	32	/* of one channel: language limit */
#define MICA_MAX_VCPUS		8
#define MICA_MAX_SIGNALS	64	/* signal bits of one role */
#define MICA_MAX_CHANNEL_PAGES	(1UL << 20)
#define MICA_GATE_WORDS		8
#define MICA_GATE_DEPTH		4
#define MICA_BLOB_MAX		(140 * 1024)

#define MICA_BLOB_MAGIC		"MICAWF\0\1"	/* 8 bytes */
#define MICA_BLOB_VERSION	1
#define MICA_NAME_SIZE		48		/* 1 to 47 characters, zero padded */

struct mica_blob_header {
	uint8_t magic[8];
	uint32_t total;			/* bytes of the whole blob */
	uint16_t version;
	uint16_t z0;
	uint16_t roles, channels, regions, gates, grants;	/* R, C, W, G, A */
	uint8_t z1[6];
	char name[MICA_NAME_SIZE];
	uint8_t z2[176];
};

#define MICA_ROLE_PINNED	(1U << 0)
#define MICA_ROLE_DECLASSIFIES	(1U << 1)
#define MICA_ROLE_RESTART	(1U << 2)
#define MICA_ROLE_SIG_IRQ	(1U << 3)
#define MICA_ROLE_SVE		(1U << 4)
#define MICA_ROLE_FLAGS_ALL	0x1fU

#define MICA_RIGHT_HOSTCALL	(1U << 0)
#define MICA_RIGHT_PSCI		(1U << 1)
#define MICA_RIGHT_MMIO		(1U << 2)
#define MICA_RIGHT_TIMER	(1U << 3)
#define MICA_RIGHT_IRQ		(1U << 4)
#define MICA_RIGHT_VTIMER	(1U << 5)
#define MICA_RIGHT_AUDIT	(1U << 6)
#define MICA_RIGHTS_ALL		0x7fU

struct mica_blob_role {
	uint32_t flags;
	uint32_t rights;
	uint8_t s2sz, hash, vcpus, sve_vl, num_bps, num_wps;
	uint16_t z0;
	uint64_t ram_base, ram_size;	/* bytes */
	uint8_t rim[64];		/* zero unless PINNED */
	char name[MICA_NAME_SIZE];
	uint16_t grant_first, grant_count, region_first, region_count;
	uint32_t dev_page_off, dev_pages;	/* in pages from ram_base; VTIMER only */
	uint8_t z1[96];
};

struct mica_blob_gate {
	char caller_name[MICA_NAME_SIZE];
	char callee_name[MICA_NAME_SIZE];
	uint8_t caller, callee, server_rec, args, results;
	uint8_t z0[27];
};

#define MICA_CHAN_SIGNAL	(1U << 0)
#define MICA_CHAN_KEEP		(1U << 1)

struct mica_blob_channel {
	char name[MICA_NAME_SIZE];
	uint32_t pages;
	uint16_t flags;
	uint16_t grants;
	uint8_t z0[8];
};

enum mica_region_kind { MICA_REGION_WINDOW = 0, MICA_REGION_DEVICE = 1, MICA_REGION_INTIDS = 2 };
#define MICA_REGION_READ	(1U << 0)	/* the role reads: host to role */
#define MICA_REGION_WRITE	(1U << 1)	/* the role writes: role to host */

struct mica_blob_region {
	char name[MICA_NAME_SIZE];
	uint64_t base;			/* IPA; first INTID for MICA_REGION_INTIDS */
	uint32_t pages;			/* pages; number of INTIDs */
	uint8_t role, kind, rights;
	uint8_t z0;
};

#define MICA_GRANT_R		1
#define MICA_GRANT_RW		3
#define MICA_NO_SIGNAL		0xff

struct mica_blob_grant {
	char name[MICA_NAME_SIZE];
	uint16_t channel;
	uint8_t role;
	uint8_t rights;			/* MICA_GRANT_R or MICA_GRANT_RW */
	uint8_t signal;			/* bit in the role's pending word, or MICA_NO_SIGNAL */
	uint8_t z0[3];
	uint64_t ipa;
};

#ifndef __KERNEL__
_Static_assert(sizeof(struct mica_blob_header) == 256, "header");
_Static_assert(sizeof(struct mica_blob_role) == 256, "role");
_Static_assert(__builtin_offsetof(struct mica_blob_role, name) == 96, "role");
_Static_assert(__builtin_offsetof(struct mica_blob_role, dev_page_off) == 152, "role");
_Static_assert(sizeof(struct mica_blob_gate) == 128, "gate");
_Static_assert(sizeof(struct mica_blob_channel) == 64, "channel");
_Static_assert(sizeof(struct mica_blob_region) == 64, "region");
_Static_assert(sizeof(struct mica_blob_grant) == 64, "grant");
_Static_assert(__builtin_offsetof(struct mica_blob_grant, ipa) == 56, "grant");
#endif

/* The canonical rules, in the order the decoder tries them. */
enum mica_blob_rule {
	MICA_BLOB_OK = 0,
	MICA_BLOB_RULE_HEADER = 1,	/* size, magic, version, counts, zero fields, unknown bits */
	MICA_BLOB_RULE_NAMES = 2,
	MICA_BLOB_RULE_ORDER = 3,
	MICA_BLOB_RULE_ROLE = 4,
	MICA_BLOB_RULE_RIGHTS = 5,
	MICA_BLOB_RULE_LAYOUT = 6,
	MICA_BLOB_RULE_GRANT = 7,
	MICA_BLOB_RULE_CHANNEL = 8,
	MICA_BLOB_RULE_REGION = 9,
	MICA_BLOB_RULE_GATE = 10,
};

#endif
