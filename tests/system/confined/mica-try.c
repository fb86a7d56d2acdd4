// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Any call to the monitor, for a shell in a Linux Realm: write its number and arguments (hexadecimal; `buf` is the address of a page)
 * to the parameter `call`, read X0 to X4 from it. The page begins with what was written to the parameter `buf`: 64-bit words.
 */
#include <linux/arm-smccc.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/mm.h>
#include <linux/string.h>

#define WORDS	8

static u64 *page;
static struct arm_smccc_1_2_regs answer;

static unsigned int words_of(const char *text, u64 *v, unsigned int max)
{
	char copy[256], *at = copy, *word;
	unsigned int n = 0;

	strscpy(copy, text, sizeof(copy));
	while ((word = strsep(&at, " \n")) && n < max) {
		if (!*word)
			continue;
		if (strcmp(word, "buf") == 0)
			v[n++] = virt_to_phys(page);
		else if (kstrtou64(word, 16, &v[n++]))
			return 0;
	}
	return n;
}

static int set_call(const char *text, const struct kernel_param *p)
{
	struct arm_smccc_1_2_regs args = { };
	u64 v[5] = { };

	if (words_of(text, v, ARRAY_SIZE(v)) == 0)
		return -EINVAL;
	args.a0 = v[0];
	args.a1 = v[1];
	args.a2 = v[2];
	args.a3 = v[3];
	args.a4 = v[4];
	arm_smccc_1_2_smc(&args, &answer);
	return 0;
}

static int get_call(char *out, const struct kernel_param *p)
{
	return sprintf(out, "%lx %lx %lx %lx %lx\n", answer.a0, answer.a1, answer.a2, answer.a3, answer.a4);
}

static int set_buf(const char *text, const struct kernel_param *p)
{
	memset(page, 0, PAGE_SIZE);
	return words_of(text, page, WORDS) ? 0 : -EINVAL;
}

static const struct kernel_param_ops call_ops = { .set = set_call, .get = get_call }, buf_ops = { .set = set_buf };
module_param_cb(call, &call_ops, NULL, 0600);
module_param_cb(buf, &buf_ops, NULL, 0200);

static int __init mica_try_init(void)
{
	page = (u64 *)get_zeroed_page(GFP_KERNEL);
	return page ? 0 : -ENOMEM;
}
module_init(mica_try_init);

MODULE_DESCRIPTION("Calls to the monitor from a shell, for a test");
MODULE_LICENSE("GPL");
