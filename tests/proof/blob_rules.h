/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The canonical rules of a blob, said once more: not as a decoder walks, but over every record and every pair of
 * records, by what each says of itself, in numbers that cannot wrap. Records are few: loops end at a constant.
 * That local names are distinct (3) is blob_local.c and blob_distinct.c.
 */
#ifndef TESTS_PROOF_BLOB_RULES_H
#define TESTS_PROOF_BLOB_RULES_H

#define ROLES		2
#define GATES		2
#define CHANNELS	2
#define REGIONS		2
#define GRANTS		3

typedef unsigned __int128 wide;

/* Sections of the blob, and how many records of each there are. */
static const struct mica_blob_header *H;
static const struct mica_blob_role *R;
static const struct mica_blob_gate *G;
static const struct mica_blob_channel *C;
static const struct mica_blob_region *W;
static const struct mica_blob_grant *A;
static unsigned int n_r, n_g, n_c, n_w, n_a;

/* ---- 1 ---- */

static bool all_zero(const uint8_t *p, unsigned int n)
{
	bool yes = true;

	for (unsigned int i = 0; i < n; i++)
		yes &= p[i] == 0;
	return yes;
}

static bool header_true(size_t size)
{
	const uint8_t *m = H->magic;
	wide total = 256 + 256 * (wide)H->roles + 128 * (wide)H->gates + 64 * ((wide)H->channels + H->regions + H->grants);

	return m[0] == 'M' && m[1] == 'I' && m[2] == 'C' && m[3] == 'A' && m[4] == 'W' && m[5] == 'F' && m[6] == 0 && m[7] == 1 &&
	       H->version == 1 && H->total == size && total == size && H->z0 == 0 && all_zero(H->z1, 6) && all_zero(H->z2, 176) &&
	       H->roles != 0 && H->roles <= 64 && H->channels <= 512 && H->regions <= 256 && H->gates <= 64 && H->grants <= 1024;
}

static bool zeroes_true(void)
{
	bool yes = true;

	for (unsigned int i = 0; i < ROLES; i++)
		yes &= i >= n_r || (R[i].flags < 32 && R[i].rights < 128 && R[i].z0 == 0 && all_zero(R[i].z1, 96));
	for (unsigned int i = 0; i < GATES; i++)
		yes &= i >= n_g || all_zero(G[i].z0, 27);
	for (unsigned int i = 0; i < CHANNELS; i++)
		yes &= i >= n_c || (C[i].flags < 4 && all_zero(C[i].z0, 8));
	for (unsigned int i = 0; i < REGIONS; i++)
		yes &= i >= n_w || (W[i].rights < 4 && W[i].z0 == 0);
	for (unsigned int i = 0; i < GRANTS; i++)
		yes &= i >= n_a || all_zero(A[i].z0, 3);
	return yes;
}

/* ---- 2 ---- */

/* Zero from some byte on, and at the latest in the last. */
static bool name_true(const char *name)
{
	bool yes = name[0] >= 'a' && name[0] <= 'z' && name[47] == 0;

	for (unsigned int i = 0; i < 47; i++) {
		char c = name[i];

		yes &= c == 0 || c == '_' || c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
		yes &= c != 0 || name[i + 1] == 0;
	}
	return yes;
}

/* Every name that a record holds. */
static bool names_true(void)
{
	bool yes = name_true(H->name);

	for (unsigned int i = 0; i < GRANTS; i++) {
		yes &= i >= ROLES || i >= n_r || name_true(R[i].name);
		yes &= i >= GATES || i >= n_g || (name_true(G[i].caller_name) && name_true(G[i].callee_name));
		yes &= i >= CHANNELS || i >= n_c || name_true(C[i].name);
		yes &= i >= REGIONS || i >= n_w || name_true(W[i].name);
		yes &= i >= n_a || name_true(A[i].name);
	}
	return yes;
}

/* ---- 3 ---- */

/* From the last byte to the first: the first that differs has the last word. */
static int name_order(const char *x, const char *y)
{
	int order = 0;

	for (unsigned int i = 48; i-- > 0;)
		if (x[i] != y[i])
			order = (uint8_t)x[i] < (uint8_t)y[i] ? -1 : 1;
	return order;
}

static wide region_key(const struct mica_blob_region *w) { return (wide)w->role << 72 | (wide)w->kind << 64 | w->base; }
static wide grant_key(const struct mica_blob_grant *a) { return (wide)a->role << 64 | a->ipa; }
static uint32_t gate_key(const struct mica_blob_gate *g)
{
	return (uint32_t)g->caller << 16 | (uint32_t)g->callee << 8 | g->server_rec;
}

/* Every pair, not only neighbours. */
static bool order_true(void)
{
	bool yes = true;

	for (unsigned int j = 1; j < GRANTS; j++)
		for (unsigned int i = 0; i < j; i++) {
			yes &= j >= ROLES || j >= n_r || name_order(R[i].name, R[j].name) < 0;
			yes &= j >= CHANNELS || j >= n_c || name_order(C[i].name, C[j].name) < 0;
			yes &= j >= REGIONS || j >= n_w || region_key(&W[i]) < region_key(&W[j]);
			yes &= j >= GATES || j >= n_g || gate_key(&G[i]) < gate_key(&G[j]);
			yes &= j >= n_a || grant_key(&A[i]) < grant_key(&A[j]);
		}
	return yes;
}

/* ---- 4 and 5 ---- */

static unsigned int grants_of(unsigned int from, unsigned int to)	/* of roles [from, to) */
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < GRANTS; i++)
		n += i < n_a && A[i].role >= from && A[i].role < to;
	return n;
}

static unsigned int regions_of(unsigned int from, unsigned int to, unsigned int kinds)	/* bits */
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < REGIONS; i++)
		n += i < n_w && W[i].role >= from && W[i].role < to && (W[i].kind < 8 ? kinds >> W[i].kind & 1 : kinds == 255);
	return n;
}

static bool role_true(const struct mica_blob_role *r, unsigned int i)
{
	return r->s2sz >= 32 && r->s2sz <= 48 && r->hash < 2 && r->vcpus >= 1 && r->vcpus <= 8 &&
	       r->num_bps >= 1 && r->num_bps <= 15 && r->num_wps >= 1 && r->num_wps <= 15 &&
	       (r->flags & 16 ? r->sve_vl <= 15 : r->sve_vl == 0) && (r->hash != 0 || all_zero(r->rim + 32, 32)) &&
	       (r->flags & 1 || all_zero(r->rim, 64)) &&
	       r->grant_first == grants_of(0, i) && r->grant_count == grants_of(i, i + 1) &&
	       r->region_first == regions_of(0, i, 255) && r->region_count == regions_of(i, i + 1, 255);
}

static bool roles_true(void)
{
	bool yes = grants_of(0, n_r) == n_a && regions_of(0, n_r, 255) == n_w;

	for (unsigned int i = 0; i < ROLES; i++)
		yes &= i >= n_r || role_true(&R[i], i);
	return yes;
}

static bool right_true(const struct mica_blob_role *r, unsigned int i)
{
	bool mmio = r->rights & 4, timer = r->rights & 8, irq = r->rights & 16, vtimer = r->rights & 32;

	if (vtimer && (timer || irq || r->vcpus != 1))
		return false;
	if (!vtimer && (r->flags & 8 || r->dev_pages != 0))
		return false;
	return (r->dev_pages != 0 || r->dev_page_off == 0) &&
	       mmio == (regions_of(i, i + 1, 2) != 0) && irq == (regions_of(i, i + 1, 4) != 0);
}

static bool rights_true(void)
{
	bool yes = true;

	for (unsigned int i = 0; i < ROLES; i++)
		yes &= i >= n_r || right_true(&R[i], i);
	return yes;
}

/* ---- 6 ---- */

static bool apart(wide x, wide x_size, wide y, wide y_size) { return x + x_size <= y || y + y_size <= x; }
static bool inside(wide base, wide size, wide from, wide to)
{
	return (base & 4095) == 0 && (size & 4095) == 0 && size != 0 && base >= from && base + size <= to;
}

/* The channel need not exist: that is the next rule. */
static wide size_of_grant(const struct mica_blob_grant *a)
{
	wide pages = 1;

	for (unsigned int i = 0; i < CHANNELS; i++)
		if (i < n_c && a->channel == i)
			pages = C[i].pages;
	return pages * 4096;
}

static bool ram_true(const struct mica_blob_role *r, unsigned int role)
{
	wide half = (wide)1 << (r->s2sz - 1);
	bool yes = inside(r->ram_base, r->ram_size, 0, half) && (wide)r->dev_page_off + r->dev_pages <= r->ram_size >> 12;

	for (unsigned int i = 0; i < GRANTS; i++)
		if (i < n_a && A[i].role == role)
			yes &= inside(A[i].ipa, size_of_grant(&A[i]), 0, half) &&
			       apart(A[i].ipa, size_of_grant(&A[i]), r->ram_base, r->ram_size);
	return yes;
}

static bool layout_true(void)
{
	bool yes = true;

	for (unsigned int i = 0; i < ROLES; i++)
		yes &= i >= n_r || ram_true(&R[i], i);
	for (unsigned int j = 1; j < GRANTS; j++)
		for (unsigned int i = 0; i < j; i++)
			yes &= j >= n_a || A[i].role != A[j].role ||
			       apart(A[i].ipa, size_of_grant(&A[i]), A[j].ipa, size_of_grant(&A[j]));
	return yes;
}

/* ---- 7 and 8 ---- */

static bool rung(unsigned int k)	/* by another who writes to a channel that signals */
{
	bool writer = false;

	for (unsigned int i = 0; i < GRANTS; i++)
		writer |= i < n_a && i != k && A[i].channel == A[k].channel && A[i].rights == 3;
	return writer && A[k].channel < n_c && C[A[k].channel].flags & 1;
}

static bool grants_true(void)
{
	bool yes = true;

	for (unsigned int k = 0; k < GRANTS; k++) {
		unsigned int bit = 0;

		for (unsigned int i = 0; i < k; i++) {
			bit += A[i].role == A[k].role && rung(i);
			yes &= k >= n_a || A[i].role != A[k].role || A[i].channel != A[k].channel;
		}
		yes &= k >= n_a || (A[k].channel < n_c && (A[k].rights == 1 || A[k].rights == 3));
		yes &= k >= n_a || A[k].signal == (rung(k) ? bit : 255);
	}
	return yes;
}

static bool channel_true(unsigned int k)
{
	unsigned int all = 0, writers = 0, restart = 0;

	for (unsigned int i = 0; i < GRANTS; i++)
		if (i < n_a && A[i].channel == k) {
			all++;
			writers += A[i].rights == 3;
			restart += A[i].rights == 3 && R[A[i].role].flags & 4;
		}
	return C[k].pages >= 1 && C[k].pages <= 1 << 20 && C[k].grants == all && all >= 2 && writers >= 1 &&
	       (!(C[k].flags & 2) || restart != 0);
}

static bool channels_true(void)
{
	bool yes = true;

	for (unsigned int i = 0; i < CHANNELS; i++)
		yes &= i >= n_c || channel_true(i);
	return yes;
}

/* ---- 9 and 10 ---- */

static wide size_of_region(const struct mica_blob_region *w) { return (wide)w->pages * (w->kind == 2 ? 1 : 4096); }

static bool region_true(const struct mica_blob_region *w)
{
	wide half = (wide)1 << (R[w->role].s2sz - 1);

	if (w->kind == 2)
		return w->rights == 0 && w->pages != 0 && (wide)w->base + w->pages <= 1020;
	return w->kind < 2 && w->rights >= 1 && w->rights <= 3 && inside(w->base, size_of_region(w), half, 2 * half);
}

static bool regions_true(void)
{
	bool yes = true;

	for (unsigned int i = 0; i < REGIONS; i++)
		yes &= i >= n_w || region_true(&W[i]);
	for (unsigned int j = 1; j < REGIONS; j++)
		for (unsigned int i = 0; i < j; i++)
			yes &= j >= n_w || W[i].role != W[j].role || (W[i].kind == 2) != (W[j].kind == 2) ||
			       apart(W[i].base, size_of_region(&W[i]), W[j].base, size_of_region(&W[j]));
	return yes;
}

static bool gates_true(void)
{
	bool yes = true;

	for (unsigned int j = 0; j < GATES; j++) {
		yes &= j >= n_g || (G[j].caller != G[j].callee && G[j].caller < n_r && G[j].callee < n_r &&
				    G[j].server_rec < R[G[j].callee].vcpus && G[j].args <= 8 && G[j].results <= 8);
		for (unsigned int i = 0; i < j; i++)
			yes &= j >= n_g || G[i].callee != G[j].callee || G[i].server_rec != G[j].server_rec;
	}
	return yes;
}

#endif
