// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * One RMI call on behalf of user space: look up its row, check every argument against what the
 * file owns, make the call, record the result.
 */
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "mica_drv.h"

static atomic64_t delegated_total = ATOMIC64_INIT(0);

u64 mica_delegated_total(void)
{
	return atomic64_read(&delegated_total);
}

/* X0..X5 in; X0..X4 out. */
void mica_smc(u64 x[MICA_RMI_ARGS + 1])
{
	struct arm_smccc_1_2_regs regs = {
		.a0 = x[0], .a1 = x[1], .a2 = x[2], .a3 = x[3], .a4 = x[4], .a5 = x[5],
	};

	arm_smccc_1_2_smc(&regs, &regs);
	x[0] = regs.a0;
	x[1] = regs.a1;
	x[2] = regs.a2;
	x[3] = regs.a3;
	x[4] = regs.a4;
}

/* The same for the driver's own calls. out may be NULL; else X1..X4. Returns X0. */
u64 mica_smc5(u64 fid, u64 x1, u64 x2, u64 x3, u64 x4, u64 x5, u64 out[4])
{
	u64 x[MICA_RMI_ARGS + 1] = { fid, x1, x2, x3, x4, x5 };

	mica_smc(x);
	if (out)
		memcpy(out, &x[1], 4 * sizeof(u64));
	return x[0];
}

static struct mica_mem *granule_mem(struct mica_ctx *ctx, u64 pa)
{
	return mica_mem_find(ctx, MICA_MEM_GRANULES, pa, PAGE_SIZE);
}

static u64 granule_bit(const struct mica_mem *mem, u64 pa)
{
	return (pa - mem->pa) >> PAGE_SHIFT;
}

static void mark(struct mica_ctx *ctx, u64 pa, bool delegated)
{
	struct mica_mem *mem = granule_mem(ctx, pa);
	u64 bit = granule_bit(mem, pa);

	if (delegated) {
		__set_bit(bit, mem->delegated);
		ctx->delegated++;
		atomic64_inc(&delegated_total);
	} else {
		__clear_bit(bit, mem->delegated);
		ctx->delegated--;
		atomic64_dec(&delegated_total);
	}
}

void mica_after_delegate(struct mica_call *call, bool success)
{
	if (success)
		mark(call->ctx, call->in[1], true);
}

void mica_after_undelegate(struct mica_call *call, bool success)
{
	if (success)
		mark(call->ctx, call->in[1], false);
}

int mica_delegate(struct mica_ctx *ctx, phys_addr_t pa)
{
	if (mica_smc5(SMC_RMI_GRANULE_DELEGATE, pa, 0, 0, 0, 0, NULL) != RMI_SUCCESS)
		return -EIO;
	mark(ctx, pa, true);
	return 0;
}

int mica_undelegate(struct mica_ctx *ctx, phys_addr_t pa)
{
	if (mica_smc5(SMC_RMI_GRANULE_UNDELEGATE, pa, 0, 0, 0, 0, NULL) != RMI_SUCCESS)
		return -EIO;
	mark(ctx, pa, false);
	return 0;
}

/* Copy a parameter page so that user space cannot change it behind the check. */
static int take_params(struct mica_call *call, unsigned int arg,
		       int (*check)(struct mica_call *call, void *page))
{
	struct mica_ctx *ctx = call->ctx;
	struct mica_mem *mem = mica_mem_find(ctx, MICA_MEM_SHARED, call->x[arg], PAGE_SIZE);
	int ret;

	if (!mem || !PAGE_ALIGNED(call->x[arg]))
		return -EPERM;
	memcpy(ctx->params, mica_mem_page(mem, call->x[arg]), PAGE_SIZE);
	ret = check(call, ctx->params);
	if (!ret)
		call->x[arg] = virt_to_phys(ctx->params);
	return ret;
}

/* An output address for RTT_MAP_UNPROTECTED: all of the block it maps is the file's own. */
static bool desc_is_ours(struct mica_ctx *ctx, u64 desc, u64 level)
{
	u64 size;

	if (level < 1 || level > 3)
		return false;
	size = PAGE_SIZE << (9 * (3 - level));
	return mica_mem_find(ctx, MICA_MEM_SHARED, desc & GENMASK_ULL(51, 12), size) != NULL;
}

static int check_arg(struct mica_call *call, enum mica_arg kind, unsigned int i)
{
	struct mica_ctx *ctx = call->ctx;
	u64 v = call->x[i];
	bool ok = false;

	switch (kind) {
	case ARG_ZERO:
		return v == 0 ? 0 : -EINVAL;
	case ARG_VALUE:
		return 0;
	case ARG_GRANULE:
		ok = PAGE_ALIGNED(v) && granule_mem(ctx, v);
		break;
	case ARG_PAGE:
		ok = PAGE_ALIGNED(v) && mica_mem_find(ctx, MICA_MEM_SHARED, v, PAGE_SIZE);
		break;
	case ARG_DESC:
		ok = desc_is_ours(ctx, v, call->x[i - 1]);
		break;
	case ARG_RD:
		call->realm = mica_find_realm(ctx, v);
		ok = call->realm;
		break;
	case ARG_REC:
		call->rec = mica_find_rec(ctx, v);
		ok = call->rec;
		break;
	case ARG_WF:
		call->wf = mica_find_wf(ctx, v);
		ok = call->wf;
		break;
	case ARG_REALM_PARAMS:
		return take_params(call, i, mica_take_realm_params);
	case ARG_REC_PARAMS:
		return take_params(call, i, mica_take_rec_params);
	case ARG_WF_PARAMS:
		return take_params(call, i, mica_take_wf_params);
	}
	return ok ? 0 : -EPERM;
}

/* 0 once the monitor was asked, whatever it answered; else the call was not made. */
int mica_call(struct mica_ctx *ctx, struct mica_rmi_call *user)
{
	const struct mica_row *row = mica_row(user->x[0], user->x[1]);
	struct mica_call call = { .ctx = ctx };
	unsigned int i;
	int ret;

	lockdep_assert_held(&ctx->lock);
	if (!row)
		return -EOPNOTSUPP;
	memcpy(call.x, user->x, sizeof(call.x));
	for (i = 1; i <= MICA_RMI_ARGS; i++) {
		ret = check_arg(&call, row->args[i - 1], i);
		if (ret)
			return ret;
	}
	if (row->before) {
		ret = row->before(&call);
		if (ret)
			return ret;
	}
	memcpy(call.in, call.x, sizeof(call.in));
	mica_smc(call.x);
	if (row->after)
		row->after(&call, call.x[0] == RMI_SUCCESS);
	memcpy(user->x, call.x, sizeof(user->x));
	return 0;
}
