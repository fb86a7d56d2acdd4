/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An attempt is one function, run twice on fresh worlds: once as the attack (@open false), once as its control (@open
 * true), which differs only in the right, the argument or the state that makes the act legal. It answers whether the
 * attacker got what it wanted, judged by what he observes: memory, exit records, returned registers. It holds if the attack
 * got nothing and the control did. Statuses are EXPECTed on the way; one that is wrong breaks the attempt.
 */
#ifndef ATTACK_H
#define ATTACK_H

#include "../../abi/mica.h"
#include "../../abi/mica_blob.h"
#include "../bare/bare.h"
#include "../bare/code.h"
#include "../bare/gic.h"
#include "mail.h"
#include "programs.h"

struct attempt {
	const char *topic, *name;
	const char *covers;		/* keys of tests/attack/required, blank between */
	const char *what, *control;
	bool (*act)(bool open);
};

#define ATTEMPT(topic, name, covers, what, control)					\
	static bool act_##topic##_##name(bool open);						\
	static const struct attempt attempt_##topic##_##name __attribute__((section("attempts"), used)) =	\
		{ #topic, #name, covers, what, control, act_##topic##_##name };			\
	static bool act_##topic##_##name(bool open)

#define PAGE		GRANULE_SIZE
#define BLOCK		(2UL << 20)
#define MICA(op, ...)	RMI(MICA, MICA_##op, ##__VA_ARGS__)
#define MICA0(op, ...)	MICA(op, ##__VA_ARGS__).x[0]
#define POLICY(rule)	MICA_POLICY(MICA_RULE_##rule)
#define SECRET		0x5ec4e75ec4e7UL	/* what an attacker wants out, or in */

/* ---- a policy; records in any order, encode() sorts ---- */
enum { MAX_ROLES = 8, MAX_CHANS = 16, MAX_REGIONS = 24, MAX_GATES = 8, MAX_GRANTS = 32, MAX_RECS = 4, MAX_RAM = 24 };
struct policy {
	unsigned int roles, chans, regions, gates, grants;
	struct mica_blob_role role[MAX_ROLES];
	struct mica_blob_channel chan[MAX_CHANS];
	struct mica_blob_region region[MAX_REGIONS];
	struct mica_blob_gate gate[MAX_GATES];
	struct mica_blob_grant grant[MAX_GRANTS];
};

/* ---- a Realm of the world: a role's, or one that no workflow binds (after all roles) ---- */
struct member {
	bool confined, unbound;
	uint64_t arg;			/* X1 of its RECs: another value, another RIM */
	uint64_t flags;			/* RmiRealmParams */
	uint8_t pmu_ctrs;
	uint64_t ram_page;		/* the granule for AT_RAM; 0: any */
	uint64_t rd, rtt0, table[4], ram[MAX_RAM];
	uint64_t window[MAX_REGIONS];	/* host page(s) of the policy's region, once mapped */
	uint64_t mapped;		/* grants, by their place in the policy */
	uint64_t rec[MAX_RECS], run[MAX_RECS], aux[MAX_RECS][RMI_MAX_REC_AUX], n_aux;
	uint64_t posted[MAX_RECS];
	uint16_t vmid;
	unsigned int mail_chan;		/* of a confined role */
	/* what the host was shown */
	uint64_t reasons;		/* bit n: exit reason n */
	unsigned int exits;
	bool payload;			/* a word other than the reason was not zero */
};

struct world {
	struct policy p;
	unsigned int members;
	struct member m[MAX_ROLES];
	uint64_t wf, aux[MICA_WF_MAX_AUX], n_aux, blob;
	uint64_t chan_base[MAX_CHANS];
	unsigned int chan_added[MAX_CHANS];
	bool stopped;
};
/* Everything below works on *W; use() changes it. Both worlds are taken down after each run of an attempt. */
extern struct world *W;
void use(unsigned int n);		/* 0 or 1 */

/* Addresses of a Realm: image from 0, RAM_MORE pages more behind it, channels, windows, devices. */
#define IMAGE_SIZE	((uint64_t)(realm_image_end - realm_image))
#define RAM_MORE	2
#define AT_RAM		IMAGE_SIZE			/* free RAM */
#define AT_HOLE		0xf0000UL			/* nothing */
#define AT_CHAN(c)	(0x100000UL + (c) * 0x8000UL)
#define AT_WINDOW(n)	(REALM_UNPROT + (n) * PAGE)	/* 0: the mailbox */
#define AT_DEVICE(n)	(REALM_UNPROT + 0x100000UL + (n) * PAGE)
#define IN		MICA_REGION_READ
#define OUT		MICA_REGION_WRITE
#define R		MICA_GRANT_R
#define RW		MICA_GRANT_RW
#define HOSTCALL	MICA_RIGHT_HOSTCALL

/* policy.c: each answers the number of what it adds; right() and the like change it before start() */
unsigned int role(uint32_t rights);		/* mailbox: a window */
unsigned int confined(uint32_t rights);		/* no window; mailbox: a channel to role 0, which must be observer() */
unsigned int observer(void);			/* a role whose window has room for the mailboxes of others */
unsigned int unbound(void);			/* a Realm that no workflow binds, same image */
unsigned int channel(unsigned int pages, uint16_t flags);
void grant(unsigned int chan, unsigned int role, uint8_t rights);	/* at AT_CHAN(chan) */
unsigned int channel_between(unsigned int writer, unsigned int reader, uint16_t flags);	/* one page */
void window(unsigned int role, unsigned int n, uint8_t rights);
void device(unsigned int role, unsigned int n, uint8_t rights);
void intids(unsigned int role, unsigned int first, unsigned int count);
void gate(unsigned int caller, unsigned int callee, uint8_t server_rec, uint8_t args, uint8_t results);
uint64_t encode(void);				/* blob into host memory: its PA */
uint64_t blob_bytes(void);
unsigned int grant_index(unsigned int role, unsigned int chan);	/* among the role's own, after encode() */

/* world.c: build all roles up to a stage, or one role from there on. Each step expects success. */
enum stage { ST_WF, ST_ADDED, ST_CREATED, ST_TABLES, ST_RAM, ST_CHANS, ST_LOADED, ST_RECS, ST_SEALED, ST_ACTIVE };
void build(enum stage upto);
static inline void start(void) { build(ST_ACTIVE); }
void load_role(unsigned int role, enum stage upto);
void load_rest(unsigned int role, enum stage from);	/* from this step on, to its seal */
uint64_t wf_params(uint64_t blob);		/* WfParams with new aux granules in W->aux */
uint64_t realm_params(unsigned int role);	/* page of RmiRealmParams, new start tables */
uint64_t rec_params(unsigned int role, unsigned int rec);	/* RmiRecParams, new aux granules; sets n_aux */
void map_chan(unsigned int role, unsigned int g);	/* all pages of policy.grant[g] */
void map_window(unsigned int role, unsigned int r);	/* of policy.region[r] */
void end_recs(unsigned int role);
void end_role(unsigned int role);		/* recs, memory, tables, rd: every granule back and wiped */
void end_world(void);				/* what is left of it, as far as it was built */
void stop(void);
void take_back(uint64_t pa);			/* UNDELEGATE; it must come back all zero */
bool all_zero(const void *p, uint64_t n);
uint64_t *window_at(unsigned int role, uint64_t ipa);	/* the host's view of a mapped window */
uint16_t next_vmid(void);
static inline uint64_t delegated(void) { return granule_alloc(1, PAGE); }
static inline uint64_t host_page(void) { return page_alloc(1, PAGE); }
static inline void must(uint64_t status) { EXPECT_EQ(status, RMI_SUCCESS); }

/* run.c: programs. A Realm is named by its number, REC n of it by REC(number, n). */
#define REC(i, n)	((i) | (n) << 8)
struct rmi_rec_enter *entry(unsigned int i);
const struct rmi_rec_exit *left(unsigned int i);
/* One entry: status; what the exit shows is kept. The watchdog's interrupt comes after kick_us. */
uint64_t enter(unsigned int i);
uint64_t enter_left(unsigned int i);		/* expects success: the exit reason */
extern uint64_t kick_us;			/* for the next entry only */
/* Put a program into the mailbox; its registers X0..X29, zero unless set. post() when they are. */
uint64_t *load(unsigned int i, struct code c);
void post(unsigned int i);
bool done(unsigned int i);
uint64_t *finish(unsigned int i);		/* enter until it is done: X0..X30 */
const struct exec_state *after(unsigned int i);
uint64_t *run(unsigned int i, struct code c, const uint64_t x[10]);
#define RUN(i, text, ...)	run(i, CODE(text), (const uint64_t[10]){ __VA_ARGS__ })
#define RSI(i, name, ...)	RUN(i, "smc #0", SMC_RSI_##name, ##__VA_ARGS__)
uint64_t audit(unsigned int i, enum mica_rule rule);	/* its own counter */
#define EL1_SYNC	0x200
bool fine(unsigned int i);			/* the last program met no exception */
bool sea(unsigned int i);			/* it met a synchronous external abort */
void aborted(unsigned int i, enum mica_rule rule);	/* expects that, an act of the rule, and no exit that says more */
/* A server comes to its RECV; the program begins with SERVE(). */
void park(unsigned int i, unsigned int gate_no, struct code c);
/* Was the host shown this word, or anything but reasons, in an exit record of the world since the start? */
bool host_saw(uint64_t word);
bool only_reasons(unsigned int i);
void forget(void);				/* what the host saw so far */
#define REASON_BIT(r)	((r) < RMI_EXIT_MICA_IDLE ? (r) : 32 + ((r) & 31))
#define LEFT(i, name)	(W->m[(i) & 0xff].reasons >> REASON_BIT(RMI_EXIT_##name) & 1)

#endif
