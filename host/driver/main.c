// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * /dev/mica: passes RMI calls of a VMM on to the monitor and owns the memory behind them. No
 * policy: the monitor decides. What the driver checks protects this kernel and other files.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "mica_drv.h"

#define BATCH_MAX	512
#define SPARE_PAGES	2	/* a level 1 block needs a level 2 and then a level 3 table */
#define MEM_ALIGN_MAX	(2UL << 20)
#define MEM_SIZE_MAX	(4ULL << 30)	/* the largest channel */

static struct mica_ioc_info info;

static int mica_open(struct inode *inode, struct file *file)
{
	struct mica_ctx *ctx = kzalloc(sizeof(*ctx), GFP_KERNEL_ACCOUNT);

	if (!ctx)
		return -ENOMEM;
	mutex_init(&ctx->lock);
	INIT_LIST_HEAD(&ctx->mems);
	INIT_LIST_HEAD(&ctx->wfs);
	INIT_LIST_HEAD(&ctx->realms);
	INIT_LIST_HEAD(&ctx->recs);
	ctx->params = (void *)get_zeroed_page(GFP_KERNEL_ACCOUNT);
	ctx->spare = mica_mem_alloc(ctx, MICA_MEM_GRANULES, SPARE_PAGES * PAGE_SIZE, PAGE_SIZE);
	if (!ctx->params || !ctx->spare) {
		mica_mem_release(ctx);
		free_page((unsigned long)ctx->params);
		kfree(ctx);
		return -ENOMEM;
	}
	/* Not memory of user space: no address in it is ever found for an argument. */
	list_del_init(&ctx->spare->node);
	file->private_data = ctx;
	return nonseekable_open(inode, file);
}

static int mica_release(struct inode *inode, struct file *file)
{
	struct mica_ctx *ctx = file->private_data;

	mutex_lock(&ctx->lock);
	list_add_tail(&ctx->spare->node, &ctx->mems);
	mica_teardown(ctx);
	mica_mem_release(ctx);
	mutex_unlock(&ctx->lock);
	free_page((unsigned long)ctx->params);
	kfree(ctx);
	return 0;
}

static int ioc_mem(struct mica_ctx *ctx, void __user *user)
{
	struct mica_ioc_mem arg;
	struct mica_mem *mem;

	if (copy_from_user(&arg, user, sizeof(arg)))
		return -EFAULT;
	if (arg.kind > MICA_MEM_SHARED || arg.zero || arg.pa)
		return -EINVAL;
	if (arg.size == 0 || arg.size > MEM_SIZE_MAX || !PAGE_ALIGNED(arg.size))
		return -EINVAL;
	if (!is_power_of_2(arg.align) || arg.align < PAGE_SIZE || arg.align > MEM_ALIGN_MAX)
		return -EINVAL;
	mutex_lock(&ctx->lock);
	mem = mica_mem_alloc(ctx, arg.kind, arg.size, arg.align);
	mutex_unlock(&ctx->lock);
	if (!mem)
		return -ENOMEM;
	arg.pa = mem->pa;
	return copy_to_user(user, &arg, sizeof(arg)) ? -EFAULT : 0;
}

/* Calls in order until one fails; *done counts those made. */
static int run_batch(struct mica_ctx *ctx, struct mica_rmi_call *calls, u32 count, u32 *done)
{
	int ret = 0;

	mutex_lock(&ctx->lock);
	while (*done < count && !ret) {
		ret = mica_call(ctx, &calls[*done]);
		if (ret)
			break;
		if (calls[(*done)++].x[0] != RMI_SUCCESS)
			break;
		cond_resched();
		if (fatal_signal_pending(current))
			ret = -EINTR;
	}
	mutex_unlock(&ctx->lock);
	return ret;
}

static int ioc_rmi(struct mica_ctx *ctx, void __user *user)
{
	struct mica_rmi_call *calls;
	struct mica_ioc_rmi arg;
	int ret;

	if (copy_from_user(&arg, user, sizeof(arg)))
		return -EFAULT;
	if (arg.count == 0 || arg.count > BATCH_MAX || arg.done)
		return -EINVAL;
	calls = memdup_user(u64_to_user_ptr(arg.calls), arg.count * sizeof(*calls));
	if (IS_ERR(calls))
		return PTR_ERR(calls);
	ret = run_batch(ctx, calls, arg.count, &arg.done);
	if (copy_to_user(u64_to_user_ptr(arg.calls), calls, arg.done * sizeof(*calls)) ||
	    copy_to_user(user, &arg, sizeof(arg)))
		ret = -EFAULT;
	kfree(calls);
	return ret;
}

static int ioc_run(struct mica_ctx *ctx, void __user *user)
{
	struct mica_ioc_run arg;
	int ret;

	if (copy_from_user(&arg, user, sizeof(arg)))
		return -EFAULT;
	ret = mica_run(ctx, &arg);
	if (copy_to_user(user, &arg, sizeof(arg)))
		ret = -EFAULT;
	return ret;
}

static int ioc_stats(struct mica_ctx *ctx, void __user *user)
{
	struct mica_ioc_stats stats;

	mutex_lock(&ctx->lock);
	stats.granules_delegated = ctx->delegated;
	mutex_unlock(&ctx->lock);
	stats.granules_total = mica_delegated_total();
	return copy_to_user(user, &stats, sizeof(stats)) ? -EFAULT : 0;
}

static long mica_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct mica_ctx *ctx = file->private_data;
	void __user *user = (void __user *)arg;

	switch (cmd) {
	case MICA_IOC_INFO:
		return copy_to_user(user, &info, sizeof(info)) ? -EFAULT : 0;
	case MICA_IOC_MEM:
		return ioc_mem(ctx, user);
	case MICA_IOC_RMI:
		return ioc_rmi(ctx, user);
	case MICA_IOC_RUN:
		return ioc_run(ctx, user);
	case MICA_IOC_STATS:
		return ioc_stats(ctx, user);
	}
	return -ENOTTY;
}

static int mica_mmap(struct file *file, struct vm_area_struct *vma)
{
	return mica_mem_mmap(file->private_data, vma);
}

static const struct file_operations mica_fops = {
	.owner = THIS_MODULE,
	.open = mica_open,
	.release = mica_release,
	.unlocked_ioctl = mica_ioctl,
	.mmap = mica_mmap,
};

static struct miscdevice mica_dev = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "mica",
	.fops = &mica_fops,
	.mode = 0600,
};

/* Who answers the RMI: version first, and only then a FID that older firmware may not know. */
static int probe(void)
{
	u64 out[4], st;

	BUILD_BUG_ON(PAGE_SIZE != GRANULE_SIZE);
	BUILD_BUG_ON(sizeof(struct rmi_rec_run) != PAGE_SIZE);
	BUILD_BUG_ON(offsetof(struct rmi_rec_run, exit) != 0x800);
	if (arm_smccc_1_1_get_conduit() != SMCCC_CONDUIT_SMC) {
		pr_err("mica: no firmware answers SMC calls here\n");
		return -ENODEV;
	}
	st = mica_smc5(SMC_RMI_VERSION, RMI_ABI_VERSION_1_0, 0, 0, 0, 0, out);
	if (st != RMI_SUCCESS) {
		pr_err("mica: no Realm Management Monitor 1.0: RMI_VERSION answers %#llx\n", st);
		return -ENODEV;
	}
	info.version = MICA_IOCTL_VERSION;
	info.rmi_version = out[1];
	if (mica_smc5(SMC_RMI_FEATURES, 0, 0, 0, 0, 0, out) == RMI_SUCCESS)
		info.rmi_feature0 = out[0];
	st = mica_smc5(SMC_RMI_MICA, MICA_FEATURES, 0, 0, 0, 0, out);
	if (st == RMI_SUCCESS && out[0] == MICA_MAGIC_VERSION) {
		info.mica_magic = out[0];
		info.mica_limits = out[1];
		info.mica_features = out[2];
	}
	pr_info("mica: RMI %llu.%llu, Mica extension %s\n", info.rmi_version >> 16,
		info.rmi_version & 0xffff, info.mica_magic ? "present" : "absent");
	return 0;
}

static int __init mica_init(void)
{
	int ret = probe();

	return ret ? ret : misc_register(&mica_dev);
}

static void __exit mica_exit(void)
{
	misc_deregister(&mica_dev);
}

module_init(mica_init);
module_exit(mica_exit);
MODULE_DESCRIPTION("Mica: RMI calls and granules for confidential workflows");
MODULE_LICENSE("GPL");
