// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Running a REC: enter it again after every host interrupt until it has something to tell.
 * The loop is preemptible; a signal ends it at the next exit, and the kernel interrupts a CPU
 * whose thread got one, so kill -9 works on a Realm that never exits by itself.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "mica_drv.h"

/* What answers an exit is for one entry only; the trap settings last. */
#define ENTER_ONCE	(RMI_ENTER_EMUL_MMIO | RMI_ENTER_INJECT_SEA | RMI_ENTER_RIPAS_REJECT)

static struct rmi_rec_run *claim(struct mica_ctx *ctx, const struct mica_ioc_run *arg,
				 struct mica_rec **rec)
{
	struct mica_mem *mem;

	lockdep_assert_held(&ctx->lock);
	mem = mica_mem_find(ctx, MICA_MEM_SHARED, arg->run_pa, PAGE_SIZE);
	*rec = mica_find_rec(ctx, arg->rec);
	if (!*rec || !mem || !PAGE_ALIGNED(arg->run_pa))
		return ERR_PTR(-EPERM);
	if ((*rec)->busy)
		return ERR_PTR(-EBUSY);
	(*rec)->busy = true;
	return mica_mem_page(mem, arg->run_pa);
}

/* The run page is shared with user space: what is read from it only decides how long we loop. */
static int enter_until_exit(struct mica_ioc_run *arg, struct rmi_rec_run *run)
{
	u64 reason;

	for (;;) {
		arg->status = mica_smc5(SMC_RMI_REC_ENTER, arg->rec, arg->run_pa, 0, 0, 0, NULL);
		arg->entries++;
		if (arg->status != RMI_SUCCESS)
			return 0;
		reason = READ_ONCE(run->exit.exit_reason);
		if (reason != RMI_EXIT_IRQ && reason != RMI_EXIT_FIQ)
			return 0;
		if (arg->flags & MICA_RUN_IRQ_EXITS)
			return 0;
		WRITE_ONCE(run->enter.flags, READ_ONCE(run->enter.flags) & ~ENTER_ONCE);
		if (signal_pending(current))
			return -EINTR;
		cond_resched();
	}
}

int mica_run(struct mica_ctx *ctx, struct mica_ioc_run *arg)
{
	struct rmi_rec_run *run;
	struct mica_rec *rec;
	int ret;

	if (arg->flags & ~MICA_RUN_IRQ_EXITS)
		return -EINVAL;
	arg->status = 0;
	arg->entries = 0;
	mutex_lock(&ctx->lock);
	run = claim(ctx, arg, &rec);
	mutex_unlock(&ctx->lock);
	if (IS_ERR(run))
		return PTR_ERR(run);

	ret = enter_until_exit(arg, run);

	mutex_lock(&ctx->lock);
	rec->busy = false;	/* REC_DESTROY is refused while busy, so the record is still there */
	mutex_unlock(&ctx->lock);
	return ret;
}
