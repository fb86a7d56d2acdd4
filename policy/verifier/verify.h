/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verification of a CCA token against what the tenant built himself. Pure: bytes in, verdict
 * out; no files, no clock. Uses libcbor and OpenSSL, nothing the monitor or the compiler uses.
 *
 * Order of checks: encoding -> platform token (anchor, lifecycle) -> RAK binding -> realm token
 * signature -> realm claims -> Mica claim. The first that fails is named; nothing after it ran.
 */
#ifndef MICA_VERIFIER_VERIFY_H
#define MICA_VERIFIER_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../abi/mica_blob.h"

#define VERIFY_HASH_MAX		64

struct verify_role {
	const char *name;		/* for messages */
	bool pinned;
	unsigned int hash_size;		/* 32 or 64: what the role's algorithm gives */
	uint8_t rim[VERIFY_HASH_MAX];	/* demanded, if pinned */
};

struct verify_expect {
	const uint8_t *challenge;	/* 64 bytes */
	bool any_challenge;		/* a report about a kept token: whether it is fresh, nobody says */
	const uint8_t *workflow_id;	/* 32 bytes */
	const struct verify_role *roles;
	unsigned int n_roles;
	bool accept_development;	/* emulated platform: well-known key, says so loudly */
	/* P-384 public key of the platform (0x04 || X || Y, 97 bytes), or NULL if none is known. */
	const uint8_t *platform_key;
};

/* What the token says, filled as far as the checks came. */
struct verify_result {
	char error[256];		/* first check that failed; empty if accepted */
	bool development;		/* platform is the emulator's */
	uint8_t challenge[64];		/* that the token answers */
	unsigned int lifecycle;
	unsigned int components;	/* platform software components listed */
	uint8_t instance_id[32];
	uint8_t workflow_id[32];
	unsigned int holder;		/* role index */
	uint32_t holder_epoch;
	unsigned int n_roles;
	struct {
		unsigned int rim_size;
		uint8_t rim[VERIFY_HASH_MAX];
		uint64_t epoch;
	} roles[MICA_MAX_ROLES];
};

/* 0 accepted; -1 refused, res->error says why. */
int verify_token(const uint8_t *token, size_t size, const struct verify_expect *want,
		 struct verify_result *res);

int cmd_verify(int argc, char **argv);
struct cli_spec;
extern const struct cli_spec verify_spec;

#endif
