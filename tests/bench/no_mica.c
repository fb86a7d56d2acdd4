/* SPDX-License-Identifier: Apache-2.0 */
/* The two dispatchers of the extension in a monitor that has none: see no_mica.h. */
#include "../../rmm/rmi/rmi_internal.h"
#include "../../rmm/rsi/rsi_internal.h"

void mica_rmi(const struct rmi_args *in, struct rmi_result *out)
{
	(void)in;
	out->x[0] = SMCCC_NOT_SUPPORTED;
}

enum run_verdict mica_rsi(struct run *run)
{
	run->rec->gpr[0] = SMCCC_NOT_SUPPORTED;
	return RUN_RESUME;
}
