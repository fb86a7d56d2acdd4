/* SPDX-License-Identifier: Apache-2.0 */
/* COSE_Sign1 with ES384, and strict access to the CBOR inside. */
#ifndef MICA_VERIFIER_COSE_H
#define MICA_VERIFIER_COSE_H

#include <cbor.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define P384_POINT_SIZE		97	/* 0x04 || X || Y */
#define COSE_KEY_SIZE		107

struct bytes {
	const uint8_t *data;
	size_t size;
};

/*
 * Parse exactly @size bytes as one item of deterministic CBOR: definite lengths, shortest heads,
 * map keys distinct, nesting and sizes bounded, nothing after it. NULL if it is anything else.
 */
cbor_item_t *cbor_parse_strict(const uint8_t *data, size_t size);

/* Value of an integer key of a map; NULL if absent. The map owns it. */
cbor_item_t *map_get(const cbor_item_t *map, int64_t key);
/* Are the map's keys integers, each after the one before in deterministic order? */
bool map_ascending(const cbor_item_t *map);
/* Definite byte string. */
bool item_bytes(const cbor_item_t *item, struct bytes *out);
bool item_text_is(const cbor_item_t *item, const char *text);
bool item_uint(const cbor_item_t *item, uint64_t *out);

/* Parts of a COSE_Sign1 with protected header {1: -35} and an empty unprotected one. */
struct cose_sign1 {
	struct bytes payload, signature;
};
/* token: tag 18 and its array. *out points into the item returned, which the caller releases; NULL if malformed. */
cbor_item_t *cose_sign1_open(const struct bytes *token, struct cose_sign1 *out);
/* ECDSA P-384 over the Sig_structure. */
bool cose_sign1_verify(const struct cose_sign1 *s, const uint8_t point[P384_POINT_SIZE]);
/* Serialised COSE_Key (EC2, P-384) of exactly COSE_KEY_SIZE bytes to a point. */
bool cose_key_point(const struct bytes *key, uint8_t point[P384_POINT_SIZE]);

void sha256(const void *data, size_t size, uint8_t out[32]);

#endif
