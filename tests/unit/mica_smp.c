/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gates with CPUs as threads: two RECs of role a call role b, a third CPU enters b's server again and again, the host resets
 * either role and loads it anew meanwhile. Every call comes back with its own answer, or with a refusal that the host's acts
 * explain; nothing is lost, and all of it can be taken down in the end. Run as it is and under the thread sanitizer.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#include "world.h"

#define ROUNDS		600
#define VCPUS		2
#define A		0U
#define B		1U
#define NONE		0UL
#define CALLING		0xca11UL
#define SERVING		0x5e44UL

#define CHECK(c)	do { if (!(c)) { fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #c); abort(); } } while (0)

struct place {
	uint64_t rd, rtt, table[2], data, rec[VCPUS], run[VCPUS], params, rec_params[VCPUS];
};
static struct place places[2];
static uint64_t wf;
static uint16_t vmids[2];
static atomic_bool stop;
static atomic_uint answered, gone, busy, served;

/* ---- what the Realms do; their state is in registers that no call may touch ---- */

static _Thread_local uint32_t dice_state;

static bool dice(void)
{
	dice_state = dice_state * 1664525 + 1013904223;
	return dice_state >> 30 == 0;
}

static enum rec_trap call(uint64_t x[31], uint64_t fid, uint64_t word, uint64_t doing)
{
	x[0] = fid;
	x[1] = 0;
	x[2] = word;
	x[20] = doing;
	x[21] = word;
	fake_regs()->ESR_EL2 = 0x17UL << 26;
	return REC_TRAP_SYNC;
}

static enum rec_trap caller(uint64_t x[31])
{
	if (x[20] == CALLING && x[0] == RSI_SUCCESS) {
		CHECK(x[1] == x[21] + 1);
		atomic_fetch_add(&answered, 1);
	} else if (x[20] == CALLING) {
		CHECK(x[0] == POLICY(PEER_GONE) || x[0] == POLICY(BUSY));
		CHECK(x[1] == 0);
		atomic_fetch_add(x[0] == POLICY(BUSY) ? &busy : &gone, 1);
	}
	x[20] = NONE;
	x[22]++;
	return dice() ? REC_TRAP_IRQ : call(x, SMC_RSI_MICA_GATE_CALL, x[22] << 8 | arch_cpu_id(), CALLING);
}

static enum rec_trap server(uint64_t x[31])
{
	/* a trap that found the caller gone was not served, and the instruction comes again: with registers as they were */
	if (x[20] == SERVING && x[0] == SMC_RSI_MICA_GATE_RECV)
		return call(x, SMC_RSI_MICA_GATE_RECV, x[21], SERVING);
	CHECK(x[0] == RSI_SUCCESS);
	if (dice())
		return REC_TRAP_IRQ;
	atomic_fetch_add(&served, x[20] == SERVING);
	return call(x, SMC_RSI_MICA_GATE_RECV, x[1] + 1, SERVING);
}

/* VMIDs of a are even. */
static enum rec_trap realm(uint64_t x[31])
{
	return fake_regs()->VTTBR_EL2 >> 48 & 1 ? server(x) : caller(x);
}

/* ---- the host ---- */

static void take_places(void)
{
	for (unsigned int role = 0; role < 2; role++) {
		struct place *p = &places[role];

		p->rd = granule1();
		p->rtt = granule1();
		p->table[0] = granule1();
		p->table[1] = granule1();
		p->data = granule1();
		p->params = ns_page();
		for (unsigned int i = 0; i < VCPUS; i++) {
			struct rmi_rec_params *rp;

			p->rec[i] = granule1();
			p->run[i] = ns_page();
			p->rec_params[i] = ns_page();
			rp = fake_ns_va(pa(p->rec_params[i]));
			rp->flags = RMI_REC_FLAG_RUNNABLE;
			rp->mpidr = i;
		}
		vmids[role] = (uint16_t)(2 + role);
	}
}

static void load(unsigned int role)
{
	struct place *p = &places[role];
	struct rmi_realm_params *rp = fake_ns_va(pa(p->params));
	uint64_t count[4];

	rp->s2sz = 39;
	rp->num_bps = rp->num_wps = 1;
	rp->vmid = vmids[role];
	rp->rtt_base = p->rtt;
	rp->rtt_level_start = rp->rtt_num_start = 1;
	CHECK(rmi_call(SMC_RMI_MICA, (const uint64_t[5]){ MICA_REALM_CREATE, p->rd, p->params, wf, role }, NULL) == RMI_SUCCESS);
	CHECK(RMI(RTT_CREATE, p->rd, p->table[0], RAM_BASE, 2) == RMI_SUCCESS);
	CHECK(RMI(RTT_CREATE, p->rd, p->table[1], RAM_BASE, 3) == RMI_SUCCESS);
	CHECK(RMI(RTT_INIT_RIPAS, p->rd, RAM_BASE, RAM_BASE + PAGE) == RMI_SUCCESS);
	CHECK(RMI(DATA_CREATE_UNKNOWN, p->rd, p->data, RAM_BASE) == RMI_SUCCESS);
	rmi_call(SMC_RMI_REC_AUX_COUNT, (const uint64_t[5]){ p->rd }, count);
	for (unsigned int i = 0; i < VCPUS; i++) {
		struct rmi_rec_params *recp = fake_ns_va(pa(p->rec_params[i]));

		for (; recp->num_aux < count[0]; recp->num_aux++)
			recp->aux[recp->num_aux] = granule1();
		CHECK(RMI(REC_CREATE, p->rd, p->rec[i], p->rec_params[i]) == RMI_SUCCESS);
	}
	CHECK(RMI(REALM_ACTIVATE, p->rd) == RMI_SUCCESS);
}

/* RECs of a draining role leave by themselves. */
static void take_down(unsigned int role)
{
	struct place *p = &places[role];
	uint64_t status;

	for (unsigned int i = 0; i < VCPUS; i++) {
		while ((status = RMI(REC_DESTROY, p->rec[i])) == RMI_ERROR_REC)
			sched_yield();
		CHECK(status == RMI_SUCCESS);
	}
	CHECK(RMI(DATA_DESTROY, p->rd, RAM_BASE) == RMI_SUCCESS);
	CHECK(RMI(RTT_DESTROY, p->rd, RAM_BASE, 3) == RMI_SUCCESS);
	CHECK(RMI(RTT_DESTROY, p->rd, RAM_BASE, 2) == RMI_SUCCESS);
	CHECK(RMI(REALM_DESTROY, p->rd) == RMI_SUCCESS);
}

static void create_wf(void)
{
	struct { struct mica_blob_header h; struct mica_blob_role r[2]; struct mica_blob_gate g; } b = {
		.h = { .magic = MICA_BLOB_MAGIC, .total = sizeof(b), .version = MICA_BLOB_VERSION, .roles = 2, .gates = 1, .name = "smp" },
		.r = { { .name = "a" }, { .name = "b" } },
		.g = { .caller_name = "g", .callee_name = "g", .caller = A, .callee = B, .args = 1, .results = 1 },
	};
	uint64_t params = ns_page(), blob = ns_page();
	struct mica_wf_params *p = fake_ns_va(pa(params));

	for (unsigned int i = 0; i < 2; i++) {
		b.r[i].flags = MICA_ROLE_RESTART;
		b.r[i].s2sz = 39;
		b.r[i].vcpus = VCPUS;
		b.r[i].num_bps = b.r[i].num_wps = 1;
		b.r[i].ram_base = RAM_BASE;
		b.r[i].ram_size = PAGE;
	}
	memcpy(fake_ns_va(pa(blob)), &b, sizeof(b));
	p->blob_pa = blob;
	p->blob_size = sizeof(b);
	p->n_aux = mica_wf_aux_count(sizeof(b), 2, 0, 1);
	for (unsigned int i = 0; i < p->n_aux; i++)
		p->aux[i] = granule1();
	wf = granule1();
	GRANTED(MICA(WF_CREATE, wf, params));
}

/* One CPU that enters one REC for ever, whatever becomes of it. */
struct cpu { unsigned int cpu, role, rec; pthread_t thread; };

static void *enter_for_ever(void *arg)
{
	const struct cpu *c = arg;
	const struct place *p = &places[c->role];

	fake_set_cpu(c->cpu);
	dice_state = c->cpu;
	while (!atomic_load(&stop)) {
		uint64_t s = RMI(REC_ENTER, p->rec[c->rec], p->run[c->rec]);

		CHECK(s == RMI_SUCCESS || s == RMI_ERROR_INPUT || s == RMI_ERROR_REC || s == RMI_RET(RMI_ERROR_REALM, 0) ||
		      s == POLICY(WF_STATE) || s == POLICY(ROLE_STATE) || s == POLICY(PARKED) || s == POLICY(BUSY));
		if (s != RMI_SUCCESS)
			sched_yield();
	}
	return NULL;
}

/* Whatever was reset, and when: calls are answered again. */
static void wait_for_an_answer(void)
{
	unsigned int before = atomic_load(&answered);
	time_t end = time(NULL) + 60;

	while (atomic_load(&answered) == before) {
		CHECK(time(NULL) < end);
		sched_yield();
	}
}

static void calls_and_resets(void **state)
{
	struct cpu cpus[3] = { { 1, A, 0, 0 }, { 2, A, 1, 0 }, { 3, B, 0, 0 } };

	(void)state;
	take_places();
	create_wf();
	load(A);
	load(B);
	GRANTED(MICA(WF_ACTIVATE, wf));
	fake_set_realm(realm);
	fake_jitter(true);
	for (unsigned int i = 0; i < 3; i++)
		CHECK(pthread_create(&cpus[i].thread, NULL, enter_for_ever, &cpus[i]) == 0);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		unsigned int role = i % 3 == 0 ? A : B;

		if (i % 4 == 0)
			wait_for_an_answer();
		else
			for (volatile unsigned int n = 0; n < i * 7919 % 5000; n++)	/* in the middle of anything */
				;
		CHECK(MICA(ROLE_RESET, wf, role) == RMI_SUCCESS);
		take_down(role);
		vmids[role] = (uint16_t)(vmids[role] + 2);
		load(role);
	}
	wait_for_an_answer();
	GRANTED(MICA(WF_STOP, wf));
	atomic_store(&stop, true);
	for (unsigned int i = 0; i < 3; i++)
		pthread_join(cpus[i].thread, NULL);
	fake_jitter(false);
	take_down(A);
	take_down(B);
	GRANTED(MICA(WF_DESTROY, wf));
	assert_true(answered > ROUNDS / 4);
	assert_true(gone > 0);
	printf("%u answered, %u gone, %u busy, %u served\n", answered, gone, busy, served);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(calls_and_resets, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
