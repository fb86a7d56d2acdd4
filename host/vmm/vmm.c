/* SPDX-License-Identifier: Apache-2.0 */
/* The VMM's state: set-up, failure, small containers. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "vmm.h"

int vmm_init(struct vmm *vmm, int ctl)
{
	memset(vmm, 0, sizeof(*vmm));
	vmm->ctl = ctl;
	vmm->kick = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	pthread_mutex_init(&vmm->lock, NULL);
	pthread_mutex_init(&vmm->tx_lock, NULL);
	pthread_cond_init(&vmm->changed, NULL);
	return vmm->kick < 0 ? vmm_fail(vmm, "no eventfd: %s", strerror(errno)) : 0;
}

static void free_realm(struct realm *realm)
{
	unsigned int i;

	for (i = 0; i < realm->n_windows; i++) {
		free(realm->windows[i].in.buf);
		free(realm->windows[i].leaves.v);
	}
	free(realm->windows);
	free(realm->tables.v);
	free(realm->mappings.v);
	free(realm->blocks.v);
	free(realm->unused.v);
	free(realm->granules.v);
	free(realm->image);
	free(realm->os);
}

void vmm_free(struct vmm *vmm)
{
	unsigned int i;

	for (i = 0; i < vmm->n_realms; i++)
		free_realm(&vmm->realms[i]);
	free(vmm->realms);
	free(vmm->channels);
	free(vmm->delegated.v);
	free(vmm->spare.v);
	free(vmm->blob_bytes);
	if (vmm->kick >= 0)
		close(vmm->kick);
}

void vmm_kick(struct vmm *vmm)
{
	uint64_t one = 1;
	ssize_t n = write(vmm->kick, &one, sizeof(one));

	(void)n;	/* full means it is signalled already */
}

int vmm_fail(struct vmm *vmm, const char *fmt, ...)
{
	va_list ap;

	pthread_mutex_lock(&vmm->lock);
	if (vmm->fail[0] == '\0') {
		va_start(ap, fmt);
		vsnprintf(vmm->fail, sizeof(vmm->fail), fmt, ap);
		va_end(ap);
	}
	pthread_mutex_unlock(&vmm->lock);
	vmm_kick(vmm);
	return -1;
}

bool vmm_failed(struct vmm *vmm)
{
	bool failed;

	pthread_mutex_lock(&vmm->lock);
	failed = vmm->fail[0] != '\0';
	pthread_mutex_unlock(&vmm->lock);
	return failed;
}

void *vmm_alloc(struct vmm *vmm, size_t size)
{
	void *p = calloc(1, size);

	if (p == NULL)
		vmm_fail(vmm, "out of memory for %zu bytes", size);
	return p;
}

int entries_add(struct vmm *vmm, struct entries *e, struct entry entry)
{
	size_t cap = e->cap ? 2 * e->cap : 64;
	struct entry *v;

	if (e->n == e->cap) {
		v = reallocarray(e->v, cap, sizeof(*v));
		if (v == NULL)
			return vmm_fail(vmm, "out of memory for %zu table entries", cap);
		e->v = v;
		e->cap = cap;
	}
	e->v[e->n++] = entry;
	return 0;
}
