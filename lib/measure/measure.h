/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Realm measurements of RMM 1.0: initial value and extension descriptors of the RIM, extension
 * of REMs. Pure functions, shared by the monitor and by the offline load plan.
 * Source: RMM specification, Realm measurement; layout in 256-byte descriptors.
 */
#ifndef MICA_LIB_MEASURE_H
#define MICA_LIB_MEASURE_H

#include <stdbool.h>

#include "../../abi/rmi.h"
#include "../hash/hash.h"

/* RIM after REALM_CREATE: hash of the parameters with only the measured fields kept. */
void measure_realm_create(enum hash_algo algo, const struct rmi_realm_params *params,
			  uint8_t rim[HASH_MAX_SIZE]);
/* RTT_INIT_RIPAS of the RTT entries in [base, top), each of size bytes and measured by itself. */
void measure_ripas(enum hash_algo algo, uint64_t base, uint64_t top, uint64_t size, uint8_t rim[HASH_MAX_SIZE]);
/* DATA_CREATE; content NULL where RmiDataFlags.measure is 0. */
void measure_data(enum hash_algo algo, uint64_t ipa, const uint8_t *content /* 4096 */,
		  uint8_t rim[HASH_MAX_SIZE]);
/* REC_CREATE of a runnable REC. */
void measure_rec(enum hash_algo algo, const struct rmi_rec_params *params,
		 uint8_t rim[HASH_MAX_SIZE]);
/* RSI_MEASUREMENT_EXTEND: size 0..64. */
void measure_extend(enum hash_algo algo, const uint8_t *data, size_t size,
		    uint8_t rem[HASH_MAX_SIZE]);

#endif
