/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two bound Realms with a gate between them: calls without an exit, what crosses, an interrupt and a stop while the callee
 * runs, a callee that switches itself off.
 */
#include "../../abi/mica.h"
#include "../../abi/mica_blob.h"
#include "bare.h"
#include "realm/realm_abi.h"

#define MICA(op, ...)	RMI(MICA, MICA_##op, ##__VA_ARGS__)
#define MICA0(op, ...)	MICA(op, ##__VA_ARGS__).x[0]

enum { CALLER, SERVER, ROLES };

struct blob {
	struct mica_blob_header header;
	struct mica_blob_role role[ROLES];
	struct mica_blob_gate gate[1];
	struct mica_blob_region region[ROLES];
};

struct flow {
	uint64_t wf, params, aux[MICA_WF_MAX_AUX];
	unsigned int n_aux;
	struct realm realm[ROLES];
};

static void copy_name(char *to, const char *from)
{
	while (*from != '\0')
		*to++ = *from++;
}

static void fill_blob(struct blob *b)
{
	static const char *const names[ROLES] = { "caller", "server" };

	memcpy(b->header.magic, MICA_BLOB_MAGIC, sizeof(b->header.magic));
	b->header.total = sizeof(*b);
	b->header.version = MICA_BLOB_VERSION;
	b->header.roles = b->header.regions = ROLES;
	b->header.gates = 1;
	copy_name(b->header.name, "gates");
	for (unsigned int i = 0; i < ROLES; i++) {
		struct mica_blob_role *r = &b->role[i];

		r->s2sz = REALM_S2SZ;
		r->vcpus = r->num_bps = r->num_wps = 1;
		r->ram_size = (uint64_t)(realm_image_end - realm_image);
		copy_name(r->name, names[i]);
		r->region_first = (uint16_t)i;
		r->region_count = 1;
		b->region[i] = (struct mica_blob_region){ .name = "shared", .base = REALM_UNPROT, .pages = 1, .role = (uint8_t)i,
			.kind = MICA_REGION_WINDOW, .rights = MICA_REGION_READ | MICA_REGION_WRITE };
	}
	b->role[CALLER].rights = MICA_RIGHT_HOSTCALL;
	copy_name(b->gate[0].caller_name, "server");
	copy_name(b->gate[0].callee_name, "caller");
	b->gate[0].callee = SERVER;
	b->gate[0].args = 1;
	b->gate[0].results = 2;
}

static void create_wf(struct flow *f)
{
	uint64_t blob = page_alloc(1, GRANULE_SIZE);
	struct mica_wf_params *p;

	fill_blob(page_ptr(blob));
	f->params = page_alloc(1, GRANULE_SIZE);
	p = page_ptr(f->params);
	p->blob_pa = blob;
	p->blob_size = sizeof(struct blob);
	p->n_aux = f->n_aux = (unsigned int)mica_wf_aux_count(p->blob_size, ROLES, 0, 1);
	for (unsigned int i = 0; i < f->n_aux; i++)
		p->aux[i] = f->aux[i] = granule_alloc(1, GRANULE_SIZE);
	f->wf = granule_alloc(1, GRANULE_SIZE);
	EXPECT_EQ(MICA0(WF_CREATE, f->wf, f->params), RMI_SUCCESS);
}

static void load(struct flow *f, unsigned int role, uint16_t vmid)
{
	uint64_t params = page_alloc(1, GRANULE_SIZE);
	struct realm *r = &f->realm[role];

	memset(r, 0, sizeof(*r));
	r->vmid = vmid;
	r->rd = granule_alloc(1, GRANULE_SIZE);
	r->rtt0 = granule_alloc(2, 2 * GRANULE_SIZE);
	realm_params_default(page_ptr(params), r->rtt0, vmid);
	EXPECT_EQ(MICA0(REALM_CREATE, r->rd, params, f->wf, role), RMI_SUCCESS);
	realm_tables(r);
	realm_load(r);
	realm_rec(r, role == CALLER ? REALM_GATE_CALLER : REALM_GATE_SERVER);
	realm_activate(r);
}

static uint64_t enter(struct flow *f, unsigned int role)
{
	return RMI0(REC_ENTER, f->realm[role].rec, f->realm[role].run);
}

static struct rmi_rec_exit *left(struct flow *f, unsigned int role)
{
	return &realm_run(&f->realm[role])->exit;
}

static bool only_reason(const struct rmi_rec_exit *e)
{
	const uint64_t *w = (const uint64_t *)e;
	uint64_t any = 0;

	for (unsigned int i = 1; i < sizeof(*e) / sizeof(*w); i++)
		any |= w[i];
	return any == 0;
}

static void start(struct flow *f, uint16_t vmid)
{
	create_wf(f);
	load(f, CALLER, vmid);
	load(f, SERVER, (uint16_t)(vmid + 1));
	EXPECT_EQ(MICA0(WF_ACTIVATE, f->wf), RMI_SUCCESS);
	EXPECT_EQ(enter(f, SERVER), RMI_SUCCESS);
	EXPECT_EQ(left(f, SERVER)->exit_reason, RMI_EXIT_MICA_PARKED);
	EXPECT(only_reason(left(f, SERVER)));
	EXPECT_EQ(enter(f, SERVER), MICA_POLICY(MICA_RULE_PARKED));
}

static void end(struct flow *f)
{
	EXPECT_EQ(MICA0(WF_STOP, f->wf), RMI_SUCCESS);
	for (unsigned int i = 0; i < ROLES; i++)
		realm_teardown(&f->realm[i]);
	EXPECT_EQ(MICA0(WF_DESTROY, f->wf), RMI_SUCCESS);
	EXPECT_EQ(RMI0(GRANULE_UNDELEGATE, f->wf), RMI_SUCCESS);
	for (unsigned int i = 0; i < f->n_aux; i++)
		EXPECT_EQ(RMI0(GRANULE_UNDELEGATE, f->aux[i]), RMI_SUCCESS);
}

/* The caller is back from a call with @status and its two results, and tells; it will ask @next then. */
static void expect_told(struct flow *f, uint64_t status, uint64_t first, uint64_t next)
{
	struct rmi_rec_run *run = realm_run(&f->realm[CALLER]);
	unsigned int strange = 0;

	EXPECT_EQ(run->exit.exit_reason, RMI_EXIT_HOST_CALL);
	EXPECT_EQ(run->exit.imm, REALM_CALL_GATE);
	EXPECT_EQ(run->exit.gprs[0], status);
	EXPECT_EQ(run->exit.gprs[1], first);
	EXPECT_EQ(run->exit.gprs[2], 0);		/* what the server found */
	for (unsigned int i = 3; i < 31; i++)
		strange += run->exit.gprs[i] != (i <= 8 ? 0 : REALM_CALLER_REGS + i);
	EXPECT_EQ(strange, 0);
	run->enter.gprs[0] = next;
}

/* ---- the second CPU: waits until the server spins, then interrupts the first ---- */

#define GICD_CTLR	((volatile uint32_t *)0x08000000)
#define GICR_ISENABLER0	((volatile uint32_t *)0x080b0100)	/* SGIs and PPIs of CPU 0 */
#define GRP1_NS		2U
#define SGI		3UL
#define SPURIOUS	1023

static void irq_on(void)
{
	*GICD_CTLR |= GRP1_NS;
	*GICR_ISENABLER0 = 1U << SGI;
	__asm__ volatile("msr s3_4_c12_c9_5, %0\n\tisb\n\t"		/* ICC_SRE_EL2 */
			 "msr s3_0_c4_c6_0, %1\n\t"			/* ICC_PMR_EL1 */
			 "msr s3_0_c12_c12_7, %2\n\tisb"		/* ICC_IGRPEN1_EL1 */
			 : : "r"(0xfUL), "r"(0xffUL), "r"(1UL) : "memory");
}

static uint64_t irq_take(void)
{
	uint64_t id;

	__asm__ volatile("mrs %0, s3_0_c12_c12_0\n\tdsb sy" : "=r"(id) : : "memory");	/* ICC_IAR1_EL1 */
	if (id != SPURIOUS)
		__asm__ volatile("msr s3_0_c12_c12_1, %0\n\tisb" : : "r"(id) : "memory");	/* ICC_EOIR1_EL1 */
	return id;
}

struct kick {
	volatile uint64_t *shared;
	uint64_t wf;			/* stop it first, unless 0 */
	uint64_t server;
	uint64_t seen[3];		/* REC_ENTER, REC_DESTROY of the server meanwhile; WF_STOP */
};

static void kick_cpu0(void *arg)
{
	struct kick *k = arg;

	while (k->shared[1] == 0)
		;
	k->seen[0] = RMI0(REC_ENTER, k->server, page_alloc(1, GRANULE_SIZE));
	if (k->wf != 0)
		k->seen[2] = MICA0(WF_STOP, k->wf);
	k->seen[1] = RMI0(REC_DESTROY, k->server);
	__asm__ volatile("dsb sy\n\tmsr s3_4_c12_c9_5, %0\n\tisb\n\t"
			 "msr s3_0_c12_c11_5, %1\n\tisb"		/* ICC_SGI1R_EL1: to affinity 0 */
			 : : "r"(0xfUL), "r"(SGI << 24 | 1) : "memory");
}

/* The caller asks the server to spin; CPU 1 does what @k says; the entry that this ends. */
static void interrupt(struct flow *f, struct kick *k)
{
	k->shared = page_ptr(f->realm[SERVER].shared);
	k->server = f->realm[SERVER].rec;
	k->shared[0] = k->shared[1] = 0;
	on_cpu1(kick_cpu0, k);
	EXPECT_EQ(enter(f, CALLER), RMI_SUCCESS);
	wait_cpu1();
	EXPECT_EQ(irq_take(), SGI);
	/* it runs, in the entry of its caller: no host sees a difference, and none may take it away */
	EXPECT_EQ(k->seen[0], MICA_POLICY(MICA_RULE_PARKED));
	EXPECT_EQ(k->seen[1], k->wf != 0 ? RMI_ERROR_REC : MICA_POLICY(MICA_RULE_SEALED));
	EXPECT(only_reason(left(f, CALLER)));
}

static void calls(struct flow *f)
{
	struct kick k = { .wf = 0 };

	EXPECT_EQ(enter(f, CALLER), RMI_SUCCESS);
	expect_told(f, RSI_SUCCESS, REALM_ASK_ANSWER + 1, REALM_ASK_ANSWER + 1);
	EXPECT_EQ(enter(f, CALLER), RMI_SUCCESS);
	expect_told(f, RSI_SUCCESS, REALM_ASK_ANSWER + 2, REALM_ASK_IDLE);
	realm_run(&f->realm[CALLER])->enter.flags = RMI_ENTER_TRAP_WFI;
	EXPECT_EQ(enter(f, CALLER), RMI_SUCCESS);
	EXPECT_EQ(left(f, CALLER)->exit_reason, RMI_EXIT_MICA_IDLE);
	EXPECT(only_reason(left(f, CALLER)));
	EXPECT_EQ(enter(f, SERVER), MICA_POLICY(MICA_RULE_PARKED));
	EXPECT_EQ(enter(f, CALLER), RMI_SUCCESS);
	expect_told(f, RSI_SUCCESS, REALM_ASK_IDLE + 1, REALM_ASK_SPIN);

	interrupt(f, &k);
	EXPECT_EQ(left(f, CALLER)->exit_reason, RMI_EXIT_IRQ);
	EXPECT_EQ(enter(f, SERVER), MICA_POLICY(MICA_RULE_PARKED));
	k.shared[0] = 1;
	EXPECT_EQ(enter(f, CALLER), RMI_SUCCESS);
	expect_told(f, RSI_SUCCESS, REALM_ASK_SPIN + 1, REALM_ASK_SPIN);
}

void test_gates(void)
{
	struct kick stop = { 0 };
	struct flow f;

	irq_on();
	start(&f, 20);
	calls(&f);
	stop.wf = f.wf;
	interrupt(&f, &stop);
	EXPECT_EQ(stop.seen[2], RMI_SUCCESS);
	EXPECT_EQ(left(&f, CALLER)->exit_reason, RMI_EXIT_MICA_STOPPED);
	EXPECT_EQ(enter(&f, CALLER), MICA_POLICY(MICA_RULE_WF_STATE));
	end(&f);

	start(&f, 22);
	EXPECT_EQ(enter(&f, CALLER), RMI_SUCCESS);
	expect_told(&f, RSI_SUCCESS, REALM_ASK_ANSWER + 1, REALM_ASK_OFF);
	EXPECT_EQ(enter(&f, CALLER), RMI_SUCCESS);
	expect_told(&f, MICA_POLICY(MICA_RULE_PEER_GONE), 0, REALM_ASK_ANSWER);
	EXPECT_EQ(enter(&f, SERVER), RMI_RET(RMI_ERROR_REALM, 1));
	end(&f);
}
