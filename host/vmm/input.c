/* SPDX-License-Identifier: Apache-2.0 */
/* A bounded byte queue between the peer and a window. */
#include <errno.h>
#include <string.h>

#include "vmm.h"

int input_init(struct vmm *vmm, struct input *in, size_t cap)
{
	in->buf = vmm_alloc(vmm, cap);
	in->cap = in->credit = cap;
	return in->buf ? 0 : -1;
}

/* 0, or -EMSGSIZE if the peer sent more than its credit, -EPIPE after the end. */
int input_put(struct input *in, const uint8_t *data, size_t size)
{
	size_t tail, first;

	if (in->eof)
		return -EPIPE;
	if (size > in->credit)
		return -EMSGSIZE;
	/* Credit and queued bytes together never exceed cap, so this fits. */
	tail = (in->head + in->len) % in->cap;
	first = min_u64(size, in->cap - tail);
	memcpy(in->buf + tail, data, first);
	memcpy(in->buf, data + first, size - first);
	in->len += size;
	in->credit -= size;
	return 0;
}

size_t input_take(struct input *in, uint8_t *to, size_t size)
{
	size_t n = min_u64(size, in->len), first = min_u64(n, in->cap - in->head);

	memcpy(to, in->buf + in->head, first);
	memcpy(to + first, in->buf, n - first);
	in->head = (in->head + n) % in->cap;
	in->len -= n;
	return n;
}
