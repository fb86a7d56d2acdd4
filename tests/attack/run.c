/* SPDX-License-Identifier: Apache-2.0 */
/* Programs in Realms, and what the host is shown meanwhile. */
#include "attack.h"

#define WATCHDOG_US	10000000
#define ENTRIES		40		/* to the end of a program */
#define WORDS		512
#define UNTOUCHED	0xa5

uint64_t kick_us;
static uint64_t seen[WORDS];		/* every word of an exit record that was not zero */
static unsigned int n_seen;

static struct member *member(unsigned int i)
{
	return &W->m[i & 0xff];
}

struct rmi_rec_enter *entry(unsigned int i)
{
	return page_ptr(member(i)->run[i >> 8]);
}

const struct rmi_rec_exit *left(unsigned int i)
{
	return page_ptr(member(i)->run[i >> 8] + sizeof(struct rmi_rec_enter));
}

static void note(struct member *m, const struct rmi_rec_exit *e)
{
	const uint64_t *w = (const uint64_t *)e;

	m->exits++;
	m->reasons |= 1UL << REASON_BIT(e->exit_reason);
	for (unsigned int i = 1; i < sizeof(*e) / sizeof(*w); i++) {
		if (w[i] == 0)
			continue;
		m->payload = true;
		if (n_seen < WORDS)
			seen[n_seen++] = w[i];
	}
}

static bool untouched(const void *p, uint64_t n)
{
	const uint8_t *b = p;

	while (n-- > 0)
		if (*b++ != UNTOUCHED)
			return false;
	return true;
}

uint64_t enter(unsigned int i)
{
	struct member *m = member(i);
	void *exit = page_ptr(m->run[i >> 8] + sizeof(struct rmi_rec_enter));
	uint64_t status;

	memset(exit, UNTOUCHED, sizeof(struct rmi_rec_exit));
	el2_timer_start(kick_us != 0 ? kick_us : WATCHDOG_US);
	kick_us = 0;
	status = RMI0(REC_ENTER, m->rec[i >> 8], m->run[i >> 8]);
	el2_timer_stop();
	gic_take();
	if (status == RMI_SUCCESS)
		note(m, exit);
	else
		EXPECT(untouched(exit, sizeof(struct rmi_rec_exit)));
	return status;
}

uint64_t enter_left(unsigned int i)
{
	must(enter(i));
	return left(i)->exit_reason;
}

/* ---- mail ---- */

/* The host's copy: the window itself, or what role 0 carries to and fro. */
static struct mail *mail(unsigned int i)
{
	struct member *m = member(i);
	uint64_t page = m->unbound ? m->window[0] :
			(uint64_t)(m->confined ? window_at(0, AT_WINDOW(i & 0xff)) : window_at(i & 0xff, AT_WINDOW(0)));

	return (struct mail *)page + (i >> 8);
}

uint64_t *window_at(unsigned int i, uint64_t ipa)
{
	for (unsigned int r = 0; r < W->p.regions; r++) {
		const struct mica_blob_region *w = &W->p.region[r];

		if (w->role == i && w->kind == MICA_REGION_WINDOW && ipa >= w->base && ipa < w->base + w->pages * PAGE)
			return page_ptr(W->m[i].window[r] + ipa - w->base);
	}
	EXPECT(!"a window is there");
	return page_ptr(host_page());
}

static void carry(unsigned int i, bool there)
{
	struct member *m = member(i);
	uint64_t off = (i >> 8) * sizeof(struct mail), here = AT_WINDOW(i & 0xff) + off, chan = AT_CHAN(m->mail_chan) + off;

	if (m->confined)
		RUN(0, "1: ldr x3, [x0], #8\n\t str x3, [x1], #8\n\t subs x2, x2, #8\n\t b.ne 1b\n\t dsb sy",
		    there ? here : chan, there ? chan : here, sizeof(struct mail));
}

uint64_t *load(unsigned int i, struct code c)
{
	struct mail *box = mail(i);

	memset(&box->program, 0, sizeof(box->program));
	box->program.words = (uint64_t)(c.to - c.from);
	EXPECT(box->program.words <= EXEC_WORDS);
	for (uint64_t n = 0; n < box->program.words; n++)
		box->program.code[n] = c.from[n];
	box->program.state.vector = EXEC_NO_VECTOR;
	box->posted = ++member(i)->posted[i >> 8];
	return box->program.state.in;
}

void post(unsigned int i)
{
	carry(i, true);
}

bool done(unsigned int i)
{
	carry(i, false);
	return mail(i)->done == member(i)->posted[i >> 8];
}

uint64_t *finish(unsigned int i)
{
	for (unsigned int n = 0; n < ENTRIES; n++) {
		uint64_t status = enter(i);

		EXPECT_EQ(status, RMI_SUCCESS);
		if (status != RMI_SUCCESS || done(i))
			break;
	}
	EXPECT(done(i));
	return mail(i)->program.state.out;
}

const struct exec_state *after(unsigned int i)
{
	return &mail(i)->program.state;
}

uint64_t *run(unsigned int i, struct code c, const uint64_t x[10])
{
	memcpy(load(i, c), x, 10 * sizeof(x[0]));
	post(i);
	return finish(i);
}

uint64_t audit(unsigned int i, enum mica_rule rule)
{
	const uint64_t *x = RSI(i, MICA_AUDIT_READ, rule);

	EXPECT_EQ(x[0], RSI_SUCCESS);
	return x[1];
}

bool fine(unsigned int i)
{
	return after(i)->vector == EXEC_NO_VECTOR;
}

#define EC_OF(esr)	((esr) >> 26)
#define FSC_SEA		0x10
bool sea(unsigned int i)
{
	const struct exec_state *s = after(i);
	uint64_t ec = EC_OF(s->esr);

	/* FSC 0x10, or 0x14 + level on a walk: external, and from the current level */
	return s->vector == EL1_SYNC && (ec == 0x25 || ec == 0x21) && ((s->esr & 0x3f) == FSC_SEA || (s->esr & 0x3c) == 0x14);
}

void aborted(unsigned int i, enum mica_rule rule)
{
	EXPECT(sea(i) && only_reasons(i));
	EXPECT_EQ(audit(i, rule), 1);
}

void park(unsigned int i, unsigned int gate_no, struct code c)
{
	uint64_t *x = load(i, c);

	x[0] = SMC_RSI_MICA_GATE_RECV;
	x[1] = gate_no;
	x[10] = AT_RAM;
	post(i);
	EXPECT_EQ(enter_left(i), RMI_EXIT_MICA_PARKED);
	EXPECT(only_reasons(i));
}

/* ---- what the host knows ---- */

bool host_saw(uint64_t word)
{
	for (unsigned int n = 0; n < n_seen; n++)
		if (seen[n] == word)
			return true;
	return false;
}

bool only_reasons(unsigned int i)
{
	return !member(i)->payload;
}

void forget(void)
{
	n_seen = 0;
	for (unsigned int i = 0; i < W->members; i++) {
		W->m[i].reasons = 0;
		W->m[i].exits = 0;
		W->m[i].payload = false;
	}
}
