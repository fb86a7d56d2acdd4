// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * The platform device that the load plan's device tree names: it has the interrupt of signals; everything else the monitor tells.
 */
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>

#include "guest.h"

#define ACK_SUFFIX	"-ack"
#define CONSOLE		"console"

static struct mica_dev *devs;
static unsigned int n_devs;
static int irq;
static DEFINE_PER_CPU(int, unused);	/* a per-CPU interrupt wants something per CPU */

/* A level: taking the signals is what ends it. */
static irqreturn_t on_signal(int nr, void *arg)
{
	u64 bits = mica_take_signals();
	unsigned int i;

	for (i = 0; i < n_devs; i++)
		if (devs[i].stream && devs[i].stream->signal & bits)
			wake_up_interruptible(&devs[i].stream->wait);
	return IRQ_HANDLED;
}

static struct mica_dev *find(const char *name, const char *suffix)
{
	size_t n = strlen(name);
	unsigned int i;

	for (i = 0; i < n_devs; i++)
		if (strncmp(devs[i].grant.name, name, n) == 0 && strcmp(devs[i].grant.name + n, suffix) == 0)
			return &devs[i];
	return NULL;
}

/* NAME and NAME-ack of opposite rights are a stream; both of its sides begin with the word of who writes them. */
static int add_stream(struct device *dev, struct mica_dev *d)
{
	struct mica_dev *ack = find(d->grant.name, ACK_SUFFIX), *own;

	if (!ack || (ack->grant.rights == MICA_GRANT_RW) == (d->grant.rights == MICA_GRANT_RW))
		return 0;
	d->stream = mica_stream_new(dev, d, ack);
	if (!d->stream)
		return -ENOMEM;
	own = d->stream->writes ? d : ack;
	ring_announce(own->mem, mica_own_role());
	return 0;
}

/* Not RAM to the kernel, and said to be a device's by the monitor: so it is mapped as the Realm's own, and cached. */
static int add_grant(struct device *dev, struct mica_dev *d)
{
	d->mem = devm_memremap(dev, d->grant.ipa, d->grant.size, MEMREMAP_WB);
	return PTR_ERR_OR_ZERO(d->mem);
}

static int find_grants(struct device *dev)
{
	struct mica_grant g;
	unsigned int n = 0;
	int ret = 0;

	while (mica_grant_info(n, &g) == 0)
		n++;
	devs = devm_kcalloc(dev, n + 1, sizeof(*devs), GFP_KERNEL);
	if (!devs)
		return -ENOMEM;
	for (n_devs = 0; n_devs < n && ret == 0; n_devs++) {
		mica_grant_info(n_devs, &devs[n_devs].grant);
		ret = add_grant(dev, &devs[n_devs]);
	}
	for (n = 0; n < n_devs && ret == 0; n++)
		ret = add_stream(dev, &devs[n]);
	return ret;
}

/* A policy without signals has no use for it; peers are then looked at from time to time. */
static int take_interrupt(struct platform_device *pdev)
{
	int ret;

	irq = platform_get_irq_optional(pdev, 0);
	if (irq < 0)
		return irq == -ENXIO ? 0 : irq;
	ret = request_percpu_irq(irq, on_signal, "mica", &unused);
	if (ret == 0)
		enable_percpu_irq(irq, IRQ_TYPE_NONE);
	return ret;
}

static void remove_files(unsigned int n)
{
	while (n--)
		mica_dev_remove(&devs[n]);
}

static int add_files(struct device *dev)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < n_devs && ret == 0; i++)
		ret = mica_dev_add(dev, &devs[i]);
	if (ret == 0)
		return 0;
	remove_files(i - 1);
	return ret;
}

static int probe(struct platform_device *pdev)
{
	struct mica_dev *console;
	int ret;

	if (!mica_there())
		return -ENODEV;
	ret = find_grants(&pdev->dev);
	if (ret == 0)
		ret = add_files(&pdev->dev);
	if (ret)
		return ret;
	ret = take_interrupt(pdev);
	if (ret) {
		remove_files(n_devs);
		return ret;
	}
	on_signal(0, NULL);		/* from now on signals interrupt */
	console = find(CONSOLE, "");
	if (console && console->stream && console->stream->writes)
		mica_console_add(console->stream);
	return 0;
}

static const struct of_device_id match[] = { { .compatible = "mica,realm" }, { } };
MODULE_DEVICE_TABLE(of, match);

/* It cannot be removed: without it nobody would take signals. */
static struct platform_driver driver = {
	.probe = probe,
	.driver = { .name = "mica-realm", .of_match_table = match, .suppress_bind_attrs = true },
};

static int __init mica_realm_init(void)
{
	return platform_driver_register(&driver);
}
module_init(mica_realm_init);

MODULE_DESCRIPTION("Mica: channels of a confidential workflow as files");
MODULE_LICENSE("GPL");
