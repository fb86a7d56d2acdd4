/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What native components ask of the host: abi/host_call.h. Every value of a component is
 * checked; a call that makes no sense gets a negative number and costs nothing.
 */
#include <errno.h>
#include <string.h>

#include "../../abi/host_call.h"
#include "vmm.h"

static void answer(struct rec *rec, int64_t value)
{
	rec->run->enter.gprs[0] = value;
}

/* Wait for a change of session state. False if this role or everything is being stopped. */
static bool wait_change(struct rec *rec)
{
	struct realm *realm = rec->realm;
	struct vmm *vmm = realm->vmm;

	if (vmm->stopping || realm->ended || realm->died)
		return false;
	pthread_cond_wait(&vmm->changed, &vmm->lock);
	return !vmm->stopping && !realm->ended && !realm->died;
}

static struct window *window(struct rec *rec, uint64_t index, unsigned int right)
{
	struct realm *realm = rec->realm;

	if (index >= realm->n_windows || !(realm->windows[index].rec->rights & right))
		return NULL;
	return &realm->windows[index];
}

/* The window of an output call, if its size is sound, too. */
static struct window *output(struct rec *rec, const uint64_t *gprs)
{
	struct window *w = window(rec, gprs[0], MICA_REGION_WRITE);

	return w && gprs[1] <= w->size ? w : NULL;
}

static bool hc_read(struct vmm *vmm, struct rec *rec, const uint64_t *gprs)
{
	struct window *w = window(rec, gprs[0], MICA_REGION_READ);
	uint32_t credit;
	size_t n = 0;

	if (w == NULL) {
		answer(rec, -EINVAL);
		return true;
	}
	pthread_mutex_lock(&vmm->lock);
	while (w->in.len == 0 && !w->in.eof && wait_change(rec))
		;
	n = input_take(&w->in, w->map, w->size);
	w->in.credit += n;
	pthread_mutex_unlock(&vmm->lock);
	answer(rec, n);
	credit = n;
	if (n)
		send_msg(vmm, RUN_CREDIT, w->region, &credit, sizeof(credit));
	return true;
}

static bool has_ended(struct vmm *vmm, const struct window *w)
{
	bool ended;

	pthread_mutex_lock(&vmm->lock);
	ended = w->ended;
	pthread_mutex_unlock(&vmm->lock);
	return ended;
}

static bool hc_write(struct vmm *vmm, struct rec *rec, const uint64_t *gprs)
{
	struct window *w = output(rec, gprs);
	uint64_t at, n;

	if (w == NULL || has_ended(vmm, w)) {
		answer(rec, -EINVAL);
		return true;
	}
	for (at = 0; at < gprs[1]; at += n) {
		n = min_u64(gprs[1] - at, RUN_MSG_MAX);
		if (send_msg(vmm, RUN_OUTPUT, w->region, w->map + at, n) < 0)
			break;
	}
	answer(rec, 0);
	return true;
}

static bool hc_end(struct vmm *vmm, struct rec *rec, const uint64_t *gprs)
{
	struct window *w = window(rec, gprs[0], MICA_REGION_WRITE);

	if (w == NULL || has_ended(vmm, w)) {
		answer(rec, -EINVAL);
		return true;
	}
	pthread_mutex_lock(&vmm->lock);
	w->ended = true;
	pthread_mutex_unlock(&vmm->lock);
	send_msg(vmm, RUN_OUTPUT_END, w->region, NULL, 0);
	answer(rec, 0);
	return true;
}

/* Blocks until it is known whether a token is wanted: `mica run` either asks or begins. */
static bool hc_challenge(struct vmm *vmm, struct rec *rec, const uint64_t *gprs)
{
	(void)gprs;
	pthread_mutex_lock(&vmm->lock);
	while (!vmm->challenge_set && !vmm->begun && wait_change(rec))
		;
	answer(rec, vmm->challenge_set);
	memset(&rec->run->enter.gprs[1], 0, sizeof(vmm->challenge));
	if (vmm->challenge_set)
		memcpy(&rec->run->enter.gprs[1], vmm->challenge, sizeof(vmm->challenge));
	if (vmm->challenge_set)
		vmm->challenged = rec->realm;
	vmm->challenge_set = false;
	pthread_mutex_unlock(&vmm->lock);
	return true;
}

static bool hc_token(struct vmm *vmm, struct rec *rec, const uint64_t *gprs)
{
	struct window *w = output(rec, gprs);

	if (w == NULL || gprs[1] > RUN_MSG_MAX) {
		answer(rec, -EINVAL);
		return true;
	}
	send_msg(vmm, RUN_TOKEN, rec->realm->role, w->map, gprs[1]);
	answer(rec, 0);
	return true;
}

static bool hc_begin(struct vmm *vmm, struct rec *rec, const uint64_t *gprs)
{
	(void)gprs;
	pthread_mutex_lock(&vmm->lock);
	while (!vmm->begun && wait_change(rec))
		;
	pthread_mutex_unlock(&vmm->lock);
	answer(rec, 0);
	return true;
}

static bool hc_exit(struct vmm *vmm, struct rec *rec, const uint64_t *gprs)
{
	(void)vmm;
	role_end(rec->realm, HOW_EXIT, gprs[0], gprs[0] == MICA_EXIT_OK);
	return false;
}

static bool (*const calls[])(struct vmm *vmm, struct rec *rec, const uint64_t *gprs) = {
	[MICA_HC_READ] = hc_read,
	[MICA_HC_WRITE] = hc_write,
	[MICA_HC_END] = hc_end,
	[MICA_HC_CHALLENGE] = hc_challenge,
	[MICA_HC_TOKEN] = hc_token,
	[MICA_HC_EXIT] = hc_exit,
	[MICA_HC_BEGIN] = hc_begin,
};

bool hostcall(struct vmm *vmm, struct rec *rec)
{
	uint64_t imm = rec->run->exit.imm & 0xffff, gprs[2];

	memcpy(gprs, rec->run->exit.gprs, sizeof(gprs));
	memset(rec->run->enter.gprs, 0, sizeof(rec->run->enter.gprs));
	if (imm >= sizeof(calls) / sizeof(calls[0]) || calls[imm] == NULL) {
		answer(rec, -ENOSYS);
		return true;
	}
	return calls[imm](vmm, rec, gprs);
}
