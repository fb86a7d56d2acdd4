/* SPDX-License-Identifier: Apache-2.0 */
/* Windows: the host moves data through memory it shares with us, by host calls it answers. */
#include "libmica.h"

int mica_window_open(struct mica_window *w, const char *name, enum mica_direction direction)
{
	unsigned int need = direction == MICA_READ ? MICA_REGION_READ : MICA_REGION_WRITE;
	char found[MICA_NAME_SIZE];
	unsigned int kind;

	for (unsigned int i = 0; mica_region(i, w, &kind, found) == 0; i++)
		if (kind == MICA_REGION_WINDOW && strcmp(name, found) == 0)
			return w->rights & need ? 0 : -EACCES;
	return -ENOENT;
}

long mica_window_read(struct mica_window *w)
{
	uint64_t gprs[9] = { w->index };
	int err = mica_host_call(MICA_HC_READ, gprs);

	if (err)
		return err;
	if (gprs[0] > w->size)
		return -EIO;
	return (long)gprs[0];
}

/* A call whose only good answer is 0. */
static int call(unsigned int imm, uint64_t a, uint64_t b)
{
	uint64_t gprs[9] = { a, b };
	int err = mica_host_call(imm, gprs);

	if (err)
		return err;
	return gprs[0] == 0 ? 0 : -EIO;
}

int mica_window_write(struct mica_window *w, size_t n)
{
	if (n > w->size)
		return -EINVAL;
	asm volatile("dmb ish" : : : "memory");
	return call(MICA_HC_WRITE, w->index, n);
}

int mica_window_end(struct mica_window *w)
{
	return call(MICA_HC_END, w->index, 0);
}

int mica_begin(void)
{
	return call(MICA_HC_BEGIN, 0, 0);
}

int mica_attest(struct mica_window *out)
{
	static uint8_t token[MICA_TOKEN_BUFFER] __attribute__((aligned(4096)));
	uint8_t challenge[RSI_CHALLENGE_SIZE];
	uint64_t gprs[9] = { 0 };
	int err = mica_host_call(MICA_HC_CHALLENGE, gprs);
	long n;

	if (err)
		return err;
	if (gprs[0] == 0)
		return 0;
	if (gprs[0] != 1)
		return -EIO;
	memcpy(challenge, &gprs[1], sizeof(challenge));
	n = mica_token(challenge, token);
	if (n < 0)
		return (int)n;
	if ((size_t)n > out->size)
		return -EINVAL;
	memcpy(out->base, token, (size_t)n);
	asm volatile("dmb ish" : : : "memory");
	return call(MICA_HC_TOKEN, out->index, (uint64_t)n);
}
