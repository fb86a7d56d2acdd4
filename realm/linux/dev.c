// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/* /dev/mica/NAME, and its attribute `end` in sysfs. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/poll.h>

#include "guest.h"

static struct mica_dev *dev_of(const struct file *file)
{
	return container_of((struct miscdevice *)file->private_data, struct mica_dev, misc);
}

static bool may(const struct mica_dev *d, fmode_t mode)
{
	return !(mode & FMODE_WRITE) || d->grant.rights == MICA_GRANT_RW;
}

/* As for an ordinary file: no writing where the grant is to read. */
static int mica_open(struct inode *inode, struct file *file)
{
	return may(dev_of(file), file->f_mode) ? stream_open(inode, file) : -EACCES;
}

static ssize_t mica_read(struct file *file, char __user *to, size_t n, loff_t *pos)
{
	struct mica_dev *d = dev_of(file);

	return d->stream ? mica_stream_read(d->stream, to, n, file->f_flags & O_NONBLOCK) : -EINVAL;
}

static ssize_t mica_write(struct file *file, const char __user *from, size_t n, loff_t *pos)
{
	struct mica_dev *d = dev_of(file);

	return d->stream ? mica_stream_write(d->stream, from, n, file->f_flags & O_NONBLOCK) : -EINVAL;
}

/* Without signals nobody would wake the poller: then it is always ready, and a read waits. */
static __poll_t mica_poll(struct file *file, poll_table *wait)
{
	struct mica_stream *s = dev_of(file)->stream;
	__poll_t ready = s && s->writes ? EPOLLOUT | EPOLLWRNORM : EPOLLIN | EPOLLRDNORM;

	if (!s || !s->signal)
		return ready;
	poll_wait(file, &s->wait, wait);
	return mica_stream_ready(s) ? ready : 0;
}

/* The pages themselves, for programs that speak a protocol of their own. Stage 2 has the last word on every access. */
static int mica_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct mica_dev *d = dev_of(file);
	unsigned long size = vma->vm_end - vma->vm_start;
	u64 off = (u64)vma->vm_pgoff << PAGE_SHIFT;

	if (!(vma->vm_flags & VM_MAYSHARE) || vma->vm_flags & VM_EXEC)	/* VM_SHARED is that of a writable file */
		return -EINVAL;
	if (off > d->grant.size || size > d->grant.size - off)
		return -EINVAL;
	if (d->grant.rights != MICA_GRANT_RW) {
		if (vma->vm_flags & VM_WRITE)
			return -EACCES;
		vm_flags_clear(vma, VM_MAYWRITE);
	}
	vm_flags_clear(vma, VM_MAYEXEC);
	return remap_pfn_range(vma, vma->vm_start, (d->grant.ipa + off) >> PAGE_SHIFT, size, vma->vm_page_prot);
}

static const struct file_operations fops = {
	.owner = THIS_MODULE,
	.open = mica_open,
	.read = mica_read,
	.write = mica_write,
	.poll = mica_poll,
	.mmap = mica_mmap,
};

/* echo 1 >end: the stream is complete. */
static ssize_t end_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t n)
{
	struct mica_dev *d = container_of((struct miscdevice *)dev_get_drvdata(dev), struct mica_dev, misc);
	int ret = d->stream ? mica_stream_end(d->stream) : -EINVAL;

	return ret ? ret : (ssize_t)n;
}
static DEVICE_ATTR_WO(end);

static struct attribute *end_attrs[] = { &dev_attr_end.attr, NULL };
ATTRIBUTE_GROUPS(end);

int mica_dev_add(struct device *parent, struct mica_dev *d)
{
	snprintf(d->devname, sizeof(d->devname), "mica-%s", d->grant.name);
	snprintf(d->nodename, sizeof(d->nodename), "mica/%s", d->grant.name);
	d->misc = (struct miscdevice){
		.minor = MISC_DYNAMIC_MINOR, .name = d->devname, .nodename = d->nodename, .fops = &fops,
		.parent = parent, .groups = end_groups, .mode = d->grant.rights == MICA_GRANT_RW ? 0600 : 0400,
	};
	return misc_register(&d->misc);
}

void mica_dev_remove(struct mica_dev *d)
{
	misc_deregister(&d->misc);
}
