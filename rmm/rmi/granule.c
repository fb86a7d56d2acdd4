/* SPDX-License-Identifier: Apache-2.0 */
/* RMI_VERSION, RMI_FEATURES, RMI_GRANULE_DELEGATE, RMI_GRANULE_UNDELEGATE. */
#include "../arch/arch.h"
#include "../granule/granule.h"
#include "features.h"
#include "rmi_internal.h"

void rmi_version(const struct rmi_args *in, struct rmi_result *out)
{
	out->x[0] = in->x[1] == RMI_ABI_VERSION_1_0 ? RMI_SUCCESS : RMI_ERROR_INPUT;
	out->x[1] = RMI_ABI_VERSION_1_0;	/* the only one: lowest, highest and nearest */
	out->x[2] = RMI_ABI_VERSION_1_0;
}

void rmi_features(const struct rmi_args *in, struct rmi_result *out)
{
	if (in->x[1] == 0)
		out->x[1] = rmi_feature_register_0();
}

/* NS -> DELEGATED. EL3 knows better than we do whether the page is Non-secure. */
void rmi_granule_delegate(const struct rmi_args *in, struct rmi_result *out)
{
	struct granule *g = granule_find_lock(pa(in->x[1]), GRANULE_NS);

	if (g == NULL) {
		out->x[0] = RMI_ERROR_INPUT;
		return;
	}
	if (el3_delegate(pa(in->x[1])) != 0) {
		granule_unlock(g);
		out->x[0] = RMI_ERROR_INPUT;
		return;
	}
	granule_release(g);
}

/* DELEGATED -> NS. The page is all zeroes already. */
void rmi_granule_undelegate(const struct rmi_args *in, struct rmi_result *out)
{
	struct granule *g = granule_find_lock(pa(in->x[1]), GRANULE_DELEGATED);

	if (g == NULL) {
		out->x[0] = RMI_ERROR_INPUT;
		return;
	}
	/* our table and the granule protection table would disagree: nothing sane can follow */
	RMM_ASSERT(el3_undelegate(pa(in->x[1])) == 0);
	granule_unlock_to(g, GRANULE_NS);
}
