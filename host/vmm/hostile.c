/* SPDX-License-Identifier: Apache-2.0 */
/* Selecting attempts, making them between two digests, reporting. The acts are in acts.c. */
#include <stdio.h>
#include <string.h>

#include "hostile.h"

#define MAX_ATTEMPTS	64
#define ALL		"all"

/* The policy of somebody else instead of the tenant's: nothing the monitor could refuse. */
#define OTHER_POLICY	"replay-blob"

static bool selected[MAX_ATTEMPTS], tried[MAX_ATTEMPTS];
static bool other_policy, any;

static int note(struct vmm *vmm, const char *name, const char *text)
{
	char line[512];

	snprintf(line, sizeof(line), "hostile-host %s: %s", name, text);
	return send_msg(vmm, RUN_NOTE, 0, line, strlen(line));
}

int hostile_select(struct vmm *vmm, const char *name)
{
	unsigned int i;

	(void)vmm;
	if (strcmp(name, OTHER_POLICY) == 0) {
		other_policy = any = true;
		return 0;
	}
	for (i = 0; i < n_attempts; i++) {
		if (strcmp(name, ALL) != 0 && strcmp(name, attempts[i].name) != 0)
			continue;
		selected[i] = any = true;
	}
	return any ? 0 : -1;
}

static int try(struct vmm *vmm, const struct attempt *a, struct realm *realm)
{
	uint8_t before[HASH_MAX_SIZE], after[HASH_MAX_SIZE];
	char text[256];
	uint64_t got;

	if (a->prepare && a->prepare(vmm, realm) < 0)
		return -1;
	if (state_digest(vmm, before) < 0)
		return -1;
	got = a->act(vmm, realm);
	rmi_status_text(got, text, sizeof(text));
	if (got != a->want || vmm_failed(vmm)) {
		note(vmm, a->name, text);
		return vmm_fail(vmm, "hostile-host %s: NOT REFUSED as it should be: %s", a->name, text);
	}
	if (state_digest(vmm, after) < 0)
		return -1;
	if (memcmp(before, after, sizeof(before)) != 0)
		return vmm_fail(vmm, "hostile-host %s: %s, but the state CHANGED", a->name, text);
	strncat(text, "; state unchanged", sizeof(text) - strlen(text) - 1);
	return note(vmm, a->name, text);
}

static uint64_t do_control(struct vmm *vmm, const struct attempt *a, struct realm *realm)
{
	struct realm *unbound;
	uint64_t got;

	if (a->control)
		return a->control(vmm, realm);
	if (!a->unbound)
		return RMI_SUCCESS;
	unbound = unbound_make(vmm);
	if (unbound == NULL)
		return ~0UL;
	got = a->act(vmm, unbound);
	unbound_free(vmm, unbound);
	return got;
}

static int control(struct vmm *vmm, const struct attempt *a, struct realm *realm)
{
	uint64_t got = do_control(vmm, a, realm);
	char text[256], line[300];

	if (got != RMI_SUCCESS) {
		rmi_status_text(got, text, sizeof(text));
		return vmm_fail(vmm, "hostile-host %s: the control (%s) fails: %s", a->name,
				a->control_text, text);
	}
	snprintf(line, sizeof(line), "control: %s", a->control_text);
	return note(vmm, a->name, line);
}

/* Another canonical policy: one letter of the workflow's name. The token has to give it away. */
static void replace_policy(struct vmm *vmm)
{
	char *letter = (char *)vmm->blob_shared + offsetof(struct mica_blob_header, name);

	*letter = *letter == 'z' ? 'a' : *letter + 1;
	note(vmm, OTHER_POLICY, "the monitor gets another policy; the verifier has to refuse");
}

int hostile_at(struct vmm *vmm, enum hostile_stage stage, struct realm *realm)
{
	unsigned int i;

	if (!any)
		return 0;
	if (stage == STAGE_BLOB && other_policy)
		replace_policy(vmm);
	for (i = 0; i < n_attempts; i++) {
		const struct attempt *a = &attempts[i];

		if (!selected[i] || tried[i] || a->stage != stage || (a->suits && !a->suits(realm)))
			continue;
		tried[i] = true;
		if (try(vmm, a, realm) < 0 || control(vmm, a, realm) < 0)
			return -1;
	}
	return 0;
}

int hostile_all_tried(struct vmm *vmm)
{
	unsigned int i;

	for (i = 0; i < n_attempts; i++)
		if (selected[i] && !tried[i])
			return vmm_fail(vmm, "hostile-host %s: no role of this policy to try it on",
					attempts[i].name);
	return 0;
}
