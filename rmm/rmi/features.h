/* SPDX-License-Identifier: Apache-2.0 */
/* What this monitor offers on this hardware, in the form of RMI feature register 0. */
#ifndef RMM_RMI_FEATURES_H
#define RMM_RMI_FEATURES_H

#include "../../abi/rmi.h"
#include "../core/types.h"

#define RMM_MAX_RECS_ORDER	4
#define RMM_MAX_RECS		((1U << RMM_MAX_RECS_ORDER) - 1)	/* of a Realm, as the feature register says */

uint64_t rmi_feature_register_0(void);

/* Do the parameters of REALM_CREATE stay within it? */
bool rmi_params_supported(const struct rmi_realm_params *p);

#endif
