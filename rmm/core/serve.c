/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One SMC is both the answer to the last call and the wait for the next.
 * Source: RMM-EL3 interface, RMI_REQ_COMPLETE, RMM_BOOT_COMPLETE.
 */
#include "serve.h"

#include "../arch/arch.h"
#include "../rmi/rmi_internal.h"
#include "log.h"

#define EL3_BOOT_COMPLETE	0xc40001cfUL
#define EL3_REQ_COMPLETE	0xc400018fUL

_Noreturn void rmm_serve(enum boot_code code)
{
	struct arch_smc r = { { EL3_BOOT_COMPLETE, (uint64_t)(int64_t)code } };

	for (;;) {
		struct rmi_args in;
		struct rmi_result out;
		uint64_t fid;

		arch_smc(&r);
		fid = r.x[0];
		in = (struct rmi_args){ { 0, r.x[1], r.x[2], r.x[3], r.x[4], r.x[5] } };
		rmi_dispatch(fid, &in, &out);
		if (out.x[0] != 0)
			rmm_debug("RMI %lx(%lx, %lx, %lx, %lx, %lx) = %lx", fid, in.x[1], in.x[2],
				  in.x[3], in.x[4], in.x[5], out.x[0]);
		r = (struct arch_smc){ { EL3_REQ_COMPLETE, out.x[0], out.x[1], out.x[2], out.x[3],
					 out.x[4] } };
	}
}
