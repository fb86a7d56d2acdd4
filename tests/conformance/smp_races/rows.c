/* SPDX-License-Identifier: Apache-2.0 */
/* The same call from two CPUs at once, round by round: exactly one of them succeeds, the other is told what it then meets. */
#include "../guest.h"
#define COMMAND "SMP_RACES"

static const struct env env = { .set_up = guest_new };
static const struct env env_loading = { .set_up = guest_loading };
static const struct env env_psci = { .set_up = guest_psci };

#define ROUNDS	32

static uint64_t status[2][ROUNDS], page[2][ROUNDS];
static unsigned int arrived;
static uint64_t (*call)(unsigned int cpu, unsigned int n);
static unsigned int rounds;

static void meet(unsigned int n)
{
	__atomic_fetch_add(&arrived, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&arrived, __ATOMIC_SEQ_CST) < 2 * (n + 1))
		;
}

static void take_part(unsigned int cpu)
{
	for (unsigned int n = 0; n < rounds; n++) {
		meet(n);
		status[cpu][n] = call(cpu, n);
	}
}

static void on_other(void *arg)
{
	(void)arg;
	take_part(1);
}

static void race(uint64_t (*f)(unsigned int cpu, unsigned int n), unsigned int how_often)
{
	arrived = 0;
	call = f;
	rounds = how_often;
	on_cpu1(on_other, NULL);
	take_part(0);
	wait_cpu1();
}

/* @loser: what the one that comes second is told. */
static void exactly_one(uint64_t (*f)(unsigned int cpu, unsigned int n), unsigned int how_often, uint64_t loser)
{
	race(f, how_often);
	for (unsigned int n = 0; n < how_often; n++) {
		EXPECT_EQ((status[0][n] == RMI_SUCCESS) + (status[1][n] == RMI_SUCCESS), 1);
		EXPECT_EQ(status[0][n] == RMI_SUCCESS ? status[1][n] : status[0][n], loser);
	}
}

static void both(uint64_t (*f)(unsigned int cpu, unsigned int n), unsigned int how_often)
{
	race(f, how_often);
	for (unsigned int n = 0; n < how_often; n++) {
		EXPECT_EQ(status[0][n], RMI_SUCCESS);
		EXPECT_EQ(status[1][n], RMI_SUCCESS);
	}
}

static void pages_of_host(void)
{
	for (unsigned int n = 0; n < ROUNDS; n++) {
		page[0][n] = host_page();
		page[1][n] = host_page();
	}
}

static void pages_delegated(void)
{
	for (unsigned int n = 0; n < ROUNDS; n++) {
		page[0][n] = delegated();
		page[1][n] = delegated();
	}
}

/* Places of the Realm: level 3 for data and windows, level 2 for tables. */
#define DATA_AT(cpu, n)	(0x110000UL + ((n) * 2 + (cpu)) * PAGE)
#define WINDOW_AT(n)	(AT_WINDOW + (n) * PAGE)
#define TABLE_AT(cpu, n)	((16 + (n) * 2 + (cpu)) * BLOCK)

static uint64_t delegate_same(unsigned int cpu, unsigned int n) { (void)cpu; return RMI0(GRANULE_DELEGATE, page[0][n]); }
static uint64_t delegate_other(unsigned int cpu, unsigned int n) { return RMI0(GRANULE_DELEGATE, page[cpu][n]); }
static uint64_t undelegate_same(unsigned int cpu, unsigned int n) { (void)cpu; return RMI0(GRANULE_UNDELEGATE, page[0][n]); }
static uint64_t undelegate_other(unsigned int cpu, unsigned int n) { return RMI0(GRANULE_UNDELEGATE, page[cpu][n]); }
static uint64_t data_same_granule(unsigned int cpu, unsigned int n) { return RMI0(DATA_CREATE_UNKNOWN, guest.rd, page[0][n], DATA_AT(cpu, n)); }
static uint64_t data_same_place(unsigned int cpu, unsigned int n) { return RMI0(DATA_CREATE_UNKNOWN, guest.rd, page[cpu][n], DATA_AT(0, n)); }
static uint64_t data_other(unsigned int cpu, unsigned int n) { return RMI0(DATA_CREATE_UNKNOWN, guest.rd, page[cpu][n], DATA_AT(cpu, n)); }
static uint64_t data_destroy_same(unsigned int cpu, unsigned int n) { (void)cpu; return RMI0(DATA_DESTROY, guest.rd, DATA_AT(0, n)); }
static uint64_t data_destroy_other(unsigned int cpu, unsigned int n) { return RMI0(DATA_DESTROY, guest.rd, DATA_AT(cpu, n)); }
static uint64_t table_same_granule(unsigned int cpu, unsigned int n) { return RMI0(RTT_CREATE, guest.rd, page[0][n], TABLE_AT(cpu, n), 3); }
static uint64_t table_same_place(unsigned int cpu, unsigned int n) { return RMI0(RTT_CREATE, guest.rd, page[cpu][n], TABLE_AT(0, n), 3); }
static uint64_t table_other(unsigned int cpu, unsigned int n) { return RMI0(RTT_CREATE, guest.rd, page[cpu][n], TABLE_AT(cpu, n), 3); }
static uint64_t table_destroy_same(unsigned int cpu, unsigned int n) { (void)cpu; return RMI0(RTT_DESTROY, guest.rd, TABLE_AT(0, n), 3); }
static uint64_t table_fold_same(unsigned int cpu, unsigned int n) { (void)cpu; return RMI0(RTT_FOLD, guest.rd, TABLE_AT(0, n), 3); }
static uint64_t map_same(unsigned int cpu, unsigned int n)
{
	return RMI0(RTT_MAP_UNPROTECTED, guest.rd, WINDOW_AT(n), 3, page[cpu][n] | RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW);
}
static uint64_t unmap_same(unsigned int cpu, unsigned int n) { (void)cpu; return RMI0(RTT_UNMAP_UNPROTECTED, guest.rd, WINDOW_AT(n), 3); }
static uint64_t activate(unsigned int cpu, unsigned int n) { (void)cpu; (void)n; return RMI0(REALM_ACTIVATE, guest.rd); }

SHOW(delegate__same, pages_of_host(); exactly_one(delegate_same, ROUNDS, INPUT);
     for (int n = 0; n < ROUNDS; n++) EXPECT(!host_can_read(page_ptr(page[0][n]))));
SHOW(delegate__others, pages_of_host(); both(delegate_other, ROUNDS));
SHOW(undelegate__same, pages_delegated(); exactly_one(undelegate_same, ROUNDS, INPUT);
     for (int n = 0; n < ROUNDS; n++) EXPECT(host_can_read(page_ptr(page[0][n]))));
SHOW(undelegate__others, pages_delegated(); both(undelegate_other, ROUNDS));
SHOW(data__same_granule, pages_delegated(); exactly_one(data_same_granule, ROUNDS, INPUT));
SHOW(data__same_place, pages_delegated(); exactly_one(data_same_place, ROUNDS, RTT(3));
     for (int n = 0; n < ROUNDS; n++) EXPECT_EQ(RMI0(GRANULE_UNDELEGATE, page[status[0][n] == RMI_SUCCESS][n]), RMI_SUCCESS));
SHOW(data__others, pages_delegated(); both(data_other, ROUNDS));
SHOW(data_destroy__same, pages_delegated(); both(data_other, ROUNDS); exactly_one(data_destroy_same, ROUNDS, RTT(3)));
SHOW(data_destroy__others, pages_delegated(); both(data_other, ROUNDS); both(data_destroy_other, ROUNDS); both(undelegate_other, ROUNDS));
SHOW(table__same_granule, pages_delegated(); exactly_one(table_same_granule, ROUNDS, INPUT));
SHOW(table__same_place, pages_delegated(); exactly_one(table_same_place, ROUNDS, RTT(2)));
SHOW(table__others, pages_delegated(); both(table_other, ROUNDS));
SHOW(table_destroy__same, pages_delegated(); both(table_other, ROUNDS); exactly_one(table_destroy_same, ROUNDS, RTT(2)));
SHOW(table_fold__same, pages_delegated(); both(table_other, ROUNDS); exactly_one(table_fold_same, ROUNDS, RTT(2));
     exactly_one(undelegate_same, ROUNDS, INPUT));
SHOW(map__same, pages_of_host(); exactly_one(map_same, ROUNDS, RTT(3)));
SHOW(unmap__same, pages_of_host(); exactly_one(map_same, ROUNDS, RTT(3)); exactly_one(unmap_same, ROUNDS, RTT(3)));
/* the loser of one may be the winner of the other: a granule goes one way, never two */
static uint64_t data_or_table(unsigned int cpu, unsigned int n) { return cpu ? table_same_granule(0, n) : data_same_granule(0, n); }
static uint64_t data_or_undelegate(unsigned int cpu, unsigned int n) { return cpu ? undelegate_same(0, n) : data_same_granule(0, n); }
SHOW(granule__data_or_table, pages_delegated(); exactly_one(data_or_table, ROUNDS, INPUT));
SHOW(granule__data_or_host, pages_delegated(); exactly_one(data_or_undelegate, ROUNDS, INPUT));

/* ---- Realms and RECs ---- */
static uint64_t params[2][ROUNDS], rd[2][ROUNDS];
static void prepare_realms(bool same_vmid, bool same_rd)
{
	for (unsigned int n = 0; n < ROUNDS; n++) {
		uint16_t vmid = next_vmid();

		for (unsigned int cpu = 0; cpu < 2; cpu++) {
			params[cpu][n] = host_page();
			rd[cpu][n] = cpu && same_rd ? rd[0][n] : delegated();
			realm_params_default(page_ptr(params[cpu][n]), granule_alloc(2, 2 * PAGE), same_vmid ? vmid : next_vmid());
		}
	}
}
static uint64_t realm(unsigned int cpu, unsigned int n) { return RMI0(REALM_CREATE, rd[cpu][n], params[cpu][n]); }
static uint64_t realm_destroy(unsigned int cpu, unsigned int n) { (void)cpu; return RMI0(REALM_DESTROY, rd[0][n]); }
SHOW(realm__same_vmid, prepare_realms(true, false); exactly_one(realm, ROUNDS, INPUT));
SHOW(realm__same_rd, prepare_realms(false, true); exactly_one(realm, ROUNDS, INPUT));
SHOW(realm__others, prepare_realms(false, false); both(realm, ROUNDS));
SHOW(realm_destroy__same, prepare_realms(false, false); both(realm, ROUNDS); exactly_one(realm_destroy, ROUNDS, INPUT));

#define RECS	12		/* rounds: of one Realm, beside its first */
static uint64_t rec[2][RECS];
static void prepare_recs(void)
{
	uint64_t num_aux = RMI(REC_AUX_COUNT, guest.rd).x[1];

	for (unsigned int n = 0; n < RECS; n++)
		for (unsigned int cpu = 0; cpu < 2; cpu++) {
			struct rmi_rec_params *p = page_ptr(params[cpu][n] = host_page());

			rec[cpu][n] = delegated();
			p->mpidr = n + 1;
			p->num_aux = num_aux;
			for (uint64_t i = 0; i < num_aux; i++)
				p->aux[i] = delegated();
		}
}
static uint64_t rec_create(unsigned int cpu, unsigned int n) { return RMI0(REC_CREATE, guest.rd, rec[cpu][n], params[cpu][n]); }
static uint64_t complete(unsigned int cpu, unsigned int n) { (void)cpu; (void)n;
     return RMI0(PSCI_COMPLETE, guest_rec[0], guest_rec[1], 0); }
#define env env_loading
SHOW(realm_activate, exactly_one(activate, 1, REALM(0)));
SHOW(rec__same_index, prepare_recs(); exactly_one(rec_create, RECS, INPUT));
static uint64_t created[RECS];
static uint64_t rec_destroy_created(unsigned int cpu, unsigned int n) { (void)cpu; return RMI0(REC_DESTROY, created[n]); }
SHOW(rec_destroy__same, prepare_recs(); exactly_one(rec_create, RECS, INPUT);
     for (int n = 0; n < RECS; n++) created[n] = rec[status[0][n] != RMI_SUCCESS][n];
     exactly_one(rec_destroy_created, RECS, INPUT));
#undef env
#define env env_psci
SHOW(psci_complete__same, uint64_t *in = program(0, CODE("smc #0")); in[0] = PSCI_CPU_ON_64; in[1] = 1;
     in[3] = REALM_EXEC_IN(1, 0); enter(0);
     exactly_one(complete, 1, INPUT); finish(0); EXPECT_EQ(after(0)->out[0], 0); EXPECT_EQ(run_code(1, CODE("mov x0, #7"), 0, 0, 0), 7));
#undef env
