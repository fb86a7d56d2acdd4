/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Host memory that changes under the monitor's hands: CPU 1 flips a word between two values while CPU 0 makes a call that
 * reads it. What comes of the call must fit one of the values, in all that can be seen of it. Both outcomes have to occur, or the
 * race was none. The control flips between the calls: each value is taken as it stands.
 */
#include "attack.h"

#define TRIES		20000
#define ENOUGH		40		/* tries after both values were seen */

static struct flip {
	volatile uint64_t *at;
	uint64_t v[2];
	volatile bool go;
} flip;

static void flipper(void *arg)
{
	struct flip *f = arg;

	while (f->go) {
		*f->at = f->v[0];
		for (volatile int i = 0; i < 20; i++)
			;
		*f->at = f->v[1];
		for (volatile int i = 0; i < 20; i++)
			;
	}
}

/*
 * Makes the call until both outcomes have been seen. @once answers which value it was: 0, 1, or -1 for neither. True: an
 * outcome that fits neither (attack), or both as asked for (control).
 */
static bool flips(bool open, volatile uint64_t *at, uint64_t v0, uint64_t v1, int (*once)(void))
{
	unsigned int seen[2] = { 0, 0 };

	flip = (struct flip){ .at = at, .v = { v0, v1 }, .go = true };
	if (open) {
		*at = v0;
		if (once() != 0)
			return false;
		*at = v1;
		return once() == 1;
	}
	*at = v0;
	on_cpu1(flipper, &flip);
	for (unsigned int n = 0, more = 0; n < TRIES && more < ENOUGH; n++) {
		int got = once();

		if (got < 0) {
			flip.go = false;
			wait_cpu1();
			return true;
		}
		seen[got]++;
		more += seen[0] != 0 && seen[1] != 0;
	}
	flip.go = false;
	wait_cpu1();
	EXPECT(seen[0] != 0 && seen[1] != 0);
	return false;
}

/* ---- WF_CREATE ---- */

static uint64_t params, wf, one, two;

static bool is_delegated(uint64_t pa)
{
	if (RMI0(GRANULE_UNDELEGATE, pa) != RMI_SUCCESS)
		return false;
	must(RMI0(GRANULE_DELEGATE, pa));
	return true;
}

static void a_workflow(void)
{
	(void)channel_between(role(0), role(0), 0);
	params = wf_params(encode());
	wf = delegated();
}

static int aux_once(void)
{
	bool first, second;

	must(MICA0(WF_CREATE, wf, params));
	first = !is_delegated(one);
	second = !is_delegated(two);
	must(MICA0(WF_DESTROY, wf));
	return first == second || !is_delegated(one) || !is_delegated(two) ? -1 : second;
}

ATTEMPT(toctou, wf_params_aux, "toctou/wf-params op/WF_CREATE",
	"CPU 1 changes an auxiliary granule in WfParams during WF_CREATE", "between calls")
{
	bool got;

	a_workflow();
	one = W->aux[0];
	two = delegated();
	got = flips(open, &((struct mica_wf_params *)page_ptr(params))->aux[0], one, two, aux_once);
	take_back(two);
	take_back(wf);
	return got;
}

static int size_once(void)
{
	uint64_t status = MICA0(WF_CREATE, wf, params);

	if (status == RMI_SUCCESS) {
		must(MICA0(WF_DESTROY, wf));
		return 0;
	}
	return status == RMI_ERROR_INPUT ? 1 : -1;
}

ATTEMPT(toctou, wf_params_count, "toctou/wf-params op/WF_CREATE",
	"CPU 1 changes the number of auxiliary granules in WfParams: checked as few, used as many", "between calls")
{
	bool got;

	a_workflow();
	got = flips(open, &((struct mica_wf_params *)page_ptr(params))->n_aux, W->n_aux, 2000, size_once);
	take_back(wf);
	return got;
}

ATTEMPT(toctou, wf_params_size, "toctou/wf-params op/WF_CREATE", "CPU 1 changes the blob's size in WfParams",
	"between calls")
{
	bool got;

	a_workflow();
	got = flips(open, &((struct mica_wf_params *)page_ptr(params))->blob_size, blob_bytes(), 9000, size_once);
	take_back(wf);
	return got;
}

static uint64_t ids[2][4];

static int id_once(void)
{
	struct rmi_out r;

	must(MICA0(WF_CREATE, wf, params));
	r = MICA(WF_INFO, wf, MICA_INFO_WORKFLOW_ID);
	must(MICA0(WF_DESTROY, wf));
	for (int i = 0; i < 2; i++)
		if (memcmp(&r.x[1], ids[i], 32) == 0)
			return i;
	return -1;
}

/* The policy that is in force is the one that was hashed: the right that CPU 1 flips shows in the ID. */
ATTEMPT(toctou, blob_name, "toctou/blob op/WF_CREATE I9",
	"CPU 1 changes a byte of the blob between hash and decoding: the ID would be of another policy",
	"between calls")
{
	volatile uint64_t *at;
	uint64_t v[2];
	bool got;

	a_workflow();
	at = (uint64_t *)((struct mica_blob_header *)page_ptr(W->blob))->name;
	v[0] = 'f';
	v[1] = 'g';
	for (unsigned int i = 0; i < 2; i++) {
		*at = v[i];
		must(MICA0(WF_CREATE, wf, params));
		memcpy(ids[i], &MICA(WF_INFO, wf, MICA_INFO_WORKFLOW_ID).x[1], 32);
		must(MICA0(WF_DESTROY, wf));
	}
	EXPECT(memcmp(ids[0], ids[1], 32) != 0);
	got = flips(open, at, v[0], v[1], id_once);
	take_back(wf);
	return got;
}

/* ID 0 and AUDIT_READ open, or ID 1 and closed. */
static int right_once(void)
{
	uint64_t status;
	struct rmi_out r;
	int i;

	must(MICA0(WF_CREATE, wf, params));
	r = MICA(WF_INFO, wf, MICA_INFO_WORKFLOW_ID);
	status = MICA0(AUDIT_READ, wf, 0, 1);
	must(MICA0(WF_DESTROY, wf));
	i = memcmp(&r.x[1], ids[1], 32) == 0;
	return memcmp(&r.x[1], ids[i], 32) == 0 && status == (i ? POLICY(NO_RIGHT) : RMI_SUCCESS) ? i : -1;
}

ATTEMPT(toctou, blob_right, "toctou/blob op/WF_CREATE I9",
	"CPU 1 changes a right in the blob: hashed without, enforced with", "between calls")
{
	volatile uint64_t *at;
	uint64_t v[2];
	bool got;

	a_workflow();
	at = (uint64_t *)page_ptr(W->blob + sizeof(struct mica_blob_header));	/* flags, rights of role 0 */
	v[0] = (uint64_t)MICA_RIGHT_AUDIT << 32;
	v[1] = 0;
	for (unsigned int i = 0; i < 2; i++) {
		*at = v[i];
		must(MICA0(WF_CREATE, wf, params));
		memcpy(ids[i], &MICA(WF_INFO, wf, MICA_INFO_WORKFLOW_ID).x[1], 32);
		must(MICA0(WF_DESTROY, wf));
	}
	got = flips(open, at, v[0], v[1], right_once);
	take_back(wf);
	return got;
}

static int roles_once(void)
{
	struct rmi_out r = MICA(WF_CREATE, wf, params);

	if (r.x[0] == RMI_SUCCESS) {
		r = MICA(WF_INFO, wf, MICA_INFO_STATE);
		must(MICA0(WF_DESTROY, wf));
		return r.x[2] == 2 ? 0 : -1;
	}
	return r.x[0] == RMI_ERROR_INPUT ? 1 : -1;
}

ATTEMPT(toctou, blob_counts, "toctou/blob op/WF_CREATE exhaust/granules",
	"CPU 1 changes the number of roles: tables counted for few, filled for many", "between calls")
{
	volatile uint64_t *at;
	uint64_t good;
	bool got;

	a_workflow();
	at = (uint64_t *)page_ptr(W->blob + 16);	/* R, C, W, G */
	good = *at;
	got = flips(open, at, good, good | 0x40, roles_once);
	take_back(wf);
	return got;
}

/* ---- RealmParams, RecParams ---- */

static int tables_once(void)
{
	struct member *m = &W->m[0];
	bool first, second;

	must(MICA0(REALM_CREATE, m->rd, params, W->wf, 0));
	first = !is_delegated(one);
	second = !is_delegated(two);
	must(RMI0(REALM_DESTROY, m->rd));
	return first == second ? -1 : second;
}

ATTEMPT(toctou, realm_params_tables, "toctou/realm-params op/REALM_CREATE",
	"CPU 1 changes the tables' address in RealmParams", "between calls")
{
	struct member *m = &W->m[0];
	bool got;

	role(0);
	build(ST_WF);
	params = realm_params(0);
	m->rd = delegated();
	one = m->rtt0;
	two = granule_alloc(2, 2 * PAGE);
	got = flips(open, &((struct rmi_realm_params *)page_ptr(params))->rtt_base, one, two, tables_once);
	take_back(two);
	take_back(two + PAGE);
	take_back(m->rd);
	m->rd = 0;
	return got;
}

static int shape_once(void)
{
	struct member *m = &W->m[0];
	uint64_t status = MICA0(REALM_CREATE, m->rd, params, W->wf, 0);

	if (status == RMI_SUCCESS) {
		must(RMI0(REALM_DESTROY, m->rd));
		return 0;
	}
	return status == POLICY(SHAPE) ? 1 : -1;
}

ATTEMPT(toctou, realm_params_rpv, "toctou/realm-params op/REALM_CREATE rule/8 s14/rpv",
	"CPU 1 sets the personalization value after the shape was checked: the Realm would read it", "between calls")
{
	struct member *m = &W->m[0];
	bool got;

	role(0);
	build(ST_WF);
	params = realm_params(0);
	m->rd = delegated();
	got = flips(open, (volatile uint64_t *)((struct rmi_realm_params *)page_ptr(params))->rpv, 0, SECRET, shape_once);
	take_back(m->rd);
	m->rd = 0;
	return got;
}

static int rec_aux_once(void)
{
	struct member *m = &W->m[0];
	bool first, second;

	must(RMI0(REC_CREATE, m->rd, m->rec[0], params));
	first = !is_delegated(one);
	second = !is_delegated(two);
	must(RMI0(REC_DESTROY, m->rec[0]));
	must(RMI0(REALM_DESTROY, m->rd));		/* the next REC is number 0 again */
	must(MICA0(REALM_CREATE, m->rd, W->blob, W->wf, 0));
	return first == second ? -1 : second;
}

ATTEMPT(toctou, rec_params_aux, "toctou/rec-params cmd/REC_CREATE", "CPU 1 changes an auxiliary granule in RecParams",
	"between calls")
{
	struct member *m = &W->m[0];
	bool got;

	role(0);
	build(ST_WF);
	W->blob = realm_params(0);	/* the parameters of the Realm, again and again */
	m->rd = delegated();
	must(MICA0(REALM_CREATE, m->rd, W->blob, W->wf, 0));
	params = rec_params(0, 0);
	m->rec[0] = delegated();
	one = m->aux[0][0];
	two = delegated();
	got = flips(open, &((struct rmi_rec_params *)page_ptr(params))->aux[0], one, two, rec_aux_once);
	take_back(two);
	take_back(m->rec[0]);
	m->rec[0] = 0;
	return got;
}

/* ---- run page ---- */

/* The entry is refused, or the Realm takes the interrupt that is opened, never the other. */
static int lr_once(void)
{
	uint64_t status, taken;

	load(0, CODE(GIC_ON TAKE "msr s3_0_c12_c12_1, x0\n\t isb"));
	status = enter(0);
	if (status == POLICY(IRQ))
		return 1;
	if (status != RMI_SUCCESS || !done(0))
		return -1;
	taken = after(0)->out[0];
	return taken == 40 ? 0 : -1;
}

ATTEMPT(toctou, run_page_interrupt, "toctou/run-page cmd/REC_ENTER rule/19 row/gic",
	"CPU 1 changes the interrupt in the list register after it was checked", "between calls")
{
	bool got;

	role(0);
	intids(0, 40, 1);
	start();
	RUN(0, "nop");
	got = flips(open, &entry(0)->gicv3_lrs[0], LR(40), LR(41), lr_once);
	entry(0)->gicv3_lrs[0] = 0;
	return got;
}

static int flags_once(void)
{
	uint64_t status = enter(0);

	return status == RMI_SUCCESS ? 0 : status == RMI_ERROR_REC ? 1 : -1;
}

ATTEMPT(toctou, run_page_flags, "toctou/run-page cmd/REC_ENTER s5/entry",
	"CPU 1 sets EMUL_MMIO in the flags after they were checked", "between calls")
{
	bool got;

	role(0);
	start();
	RUN(0, "nop");
	got = flips(open, &entry(0)->flags, 0, RMI_ENTER_EMUL_MMIO, flags_once);
	return got;
}

/* A host call's answer: one register, two values. */
#define ONES	0x1111111111111111UL
#define TWOS	0x2222222222222222UL
static int gpr_once(void)
{
	uint64_t got = RUN(0, "mov x9, x0\n\t str xzr, [x0]\n\t mov x1, x0\n\t" HOST_CALL "ldr x0, [x9, #8]", AT_RAM)[0];

	return got == ONES ? 0 : got == TWOS ? 1 : -1;
}

ATTEMPT(toctou, run_page_answer, "toctou/run-page cmd/REC_ENTER row/hostcall",
	"CPU 1 changes the answer of a host call: a torn word would be neither", "between calls")
{
	role(HOSTCALL);
	start();
	RUN(0, "nop");
	return flips(open, &entry(0)->gprs[0], ONES, TWOS, gpr_once);
}

/* ---- the source of measured data ---- */

static uint64_t rims[2][4], words[2] = { ONES, TWOS }, source;

/* Builds the Realm with a measured page from @source: its RIM and the word that it finds there. */
static uint64_t measured(uint64_t rim[4])
{
	uint64_t word;

	build(ST_TABLES);
	must(RMI0(RTT_INIT_RIPAS, W->m[0].rd, 0, IMAGE_SIZE + RAM_MORE * PAGE));
	for (uint64_t at = 0, src = host_page(); at < IMAGE_SIZE + PAGE; at += PAGE) {
		if (at < IMAGE_SIZE)
			memcpy(page_ptr(src), realm_image + at, PAGE);
		must(RMI0(DATA_CREATE, W->m[0].rd, W->m[0].ram[at / PAGE] = delegated(), at, at < IMAGE_SIZE ? src : source, 1));
	}
	must(RMI0(DATA_CREATE_UNKNOWN, W->m[0].rd, W->m[0].ram[AT_RAM / PAGE + 1] = delegated(), AT_RAM + PAGE));
	map_window(0, 0);
	must(RMI0(REC_CREATE, W->m[0].rd, W->m[0].rec[0] = delegated(), rec_params(0, 0)));
	W->m[0].run[0] = host_page();
	W->m[0].posted[0] = 0;
	must(RMI0(REALM_ACTIVATE, W->m[0].rd));
	must(MICA0(WF_ACTIVATE, W->wf));
	memcpy(rim, RSI(0, MICA_PEER_INFO, 0) + 3, 32);
	word = RUN(0, LOAD, AT_RAM + 0x800)[0];
	end_world();
	role(0);
	return word;
}

static int measured_once(void)
{
	uint64_t rim[4], word = measured(rim);

	for (int i = 0; i < 2; i++)
		if (memcmp(rim, rims[i], 32) == 0 && word == words[i])
			return i;
	return -1;
}

ATTEMPT(toctou, data_source, "toctou/data-source cmd/DATA_CREATE I6",
	"CPU 1 changes a page while DATA_CREATE copies and measures it: measured one, loaded the other",
	"between calls")
{
	volatile uint64_t *at;

	role(0);
	source = host_page();
	at = page_ptr(source + 0x800);
	for (unsigned int i = 0; i < 2; i++) {
		*at = words[i];
		EXPECT_EQ(measured(rims[i]), words[i]);
	}
	EXPECT(memcmp(rims[0], rims[1], 32) != 0);
	return flips(open, at, words[0], words[1], measured_once);
}
