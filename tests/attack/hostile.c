/* SPDX-License-Identifier: Apache-2.0 */
#include "hostile.h"

static struct rmi_out call(const uint64_t x[ARGS])
{
	return rmi_call(SMC_RMI_MICA, x[1], x[2], x[3], x[4], x[5]);
}

static void refused(const struct rmi_out *r, const uint64_t x[ARGS], uint64_t want)
{
	EXPECT_EQ(r->x[0], want);
	EXPECT_EQ((want == POLICY(BLOB) ? 0 : r->x[1]) | r->x[2] | r->x[3] | r->x[4], 0);
	EXPECT_EQ(r->x[5], x[5]);
	EXPECT(r->x[6] == 0x6666 && r->x[7] == 0x7777);
}

bool hostile(bool open, const struct hostile *h, void (*spoil)(uint64_t x[ARGS]), uint64_t want)
{
	uint64_t x[ARGS] = { 0 }, bad[ARGS];
	struct rmi_out r, good;

	h->good(x);
	memcpy(bad, x, sizeof(bad));
	if (!open) {
		spoil(bad);
		r = call(bad);
		refused(&r, bad, want);
		if (r.x[0] == RMI_SUCCESS && h->did != NULL)
			h->did(bad);
		if (r.x[0] == RMI_SUCCESS || h->once)
			return r.x[0] == RMI_SUCCESS;
	}
	good = call(x);
	EXPECT_EQ(good.x[0], RMI_SUCCESS);
	if (good.x[0] == RMI_SUCCESS && h->did != NULL)
		h->did(x);
	return (open ? good : r).x[0] == RMI_SUCCESS;
}

uint64_t stranger(void)
{
	uint64_t rd;

	use(1);
	if (W->members == 0) {
		(void)unbound();
		build(ST_CREATED);
	}
	rd = W->m[0].rd;
	use(0);
	return rd;
}
