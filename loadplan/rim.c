/* SPDX-License-Identifier: Apache-2.0 */
/* The RIM a load plan leads to, computed step by step as the monitor does. */
#include <errno.h>
#include <string.h>

#include "../lib/measure/measure.h"
#include "loadplan.h"

static void measure_step(const struct loadplan_realm *r, const struct loadplan_step *step,
			 uint8_t rim[HASH_MAX_SIZE])
{
	enum hash_algo algo = (enum hash_algo)r->hash;
	struct rmi_realm_params realm_params;
	struct rmi_rec_params rec_params;

	switch (step->op) {
	case LP_REALM_CREATE:
		loadplan_params(r, &realm_params);
		measure_realm_create(algo, &realm_params, rim);
		break;
	case LP_INIT_RIPAS:
		measure_ripas(algo, step->ipa, step->top, step->level == 2 ? 2UL << 20 : 4096, rim);
		break;
	case LP_DATA_CREATE:
		measure_data(algo, step->ipa, step->data, rim);
		break;
	case LP_REC_CREATE:
		loadplan_rec_params(r, step->rec, &rec_params);
		if (rec_params.flags & RMI_REC_FLAG_RUNNABLE)	/* another is not measured */
			measure_rec(algo, &rec_params, rim);
		break;
	case LP_RTT_CREATE:
	case LP_DATA_CREATE_UNKNOWN:
	case LP_DONE:
		break;
	}
}

int loadplan_rim(const struct loadplan_realm *realm, uint8_t rim[64])
{
	struct loadplan_step step;
	struct loadplan lp;
	int ret = loadplan_begin(&lp, realm);

	if (ret < 0)
		return ret;
	memset(rim, 0, 64);
	do {
		loadplan_next(&lp, &step);
		measure_step(realm, &step, rim);
	} while (step.op != LP_DONE);
	return 0;
}
