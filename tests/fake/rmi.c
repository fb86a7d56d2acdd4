/* SPDX-License-Identifier: Apache-2.0 */
/* The host's call, through the monitor's own dispatcher. */
#include "../../rmm/rmi/rmi_internal.h"
#include "fake_internal.h"

uint64_t fake_rmi(uint64_t *out, uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3,
		  uint64_t x4, uint64_t x5)
{
	struct rmi_args in = { { 0, x1, x2, x3, x4, x5 } };
	struct rmi_result res;

	rmi_dispatch(fid, &in, &res);
	for (unsigned int i = 0; out != NULL && i < 4; i++)
		out[i] = res.x[i + 1];
	return res.x[0];
}
