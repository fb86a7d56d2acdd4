/* SPDX-License-Identifier: Apache-2.0 */
/* The private claim of a bound Realm's token. Source: docs/spec/extension.md section 10. */
#include "hooks.h"

#include "wf.h"

#define CLAIM_VERSION	1

/* What can ever run in the role, and how often it was replaced. */
static void role_entry(struct cbor *c, const struct wf *wf, unsigned int i)
{
	const struct wf_role *role = wf_role(wf, i);

	cbor_array(c, 2);
	cbor_bytes(c, role->latch, hash_size(blob_role(&wf->blob, i)->hash));
	cbor_uint(c, role->epoch);
}

bool mica_token_claim(const struct rd *rd, struct cbor *c)
{
	const struct wf *wf;

	if (!rd_bound(rd))
		return false;
	granule_lock(rd->mica.wf, GRANULE_WF);
	wf = rd_wf(rd);
	cbor_int(c, MICA_CLAIM_KEY);
	cbor_map(c, 6);
	cbor_uint(c, 1);
	cbor_uint(c, CLAIM_VERSION);
	cbor_uint(c, 2);
	cbor_bytes(c, wf->id, 32);
	cbor_uint(c, 3);
	cbor_bytes(c, wf->instance, 32);
	cbor_uint(c, 4);
	cbor_uint(c, rd->mica.role);
	cbor_uint(c, 5);
	cbor_uint(c, rd_role(rd)->epoch);
	cbor_uint(c, 6);
	cbor_array(c, wf->blob.roles);
	for (unsigned int i = 0; i < wf->blob.roles; i++)
		role_entry(c, wf, i);
	granule_unlock(rd->mica.wf);
	return true;
}
