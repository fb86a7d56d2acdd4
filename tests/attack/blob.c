/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A valid blob with one bit flipped, for every bit. Bytes are of two kinds, written down here from the layout and not taken from
 * the decoder: those whose value is free (another policy, and so another workflow ID), and all others, which have to be refused.
 */
#include "attack.h"

/* Of a record: its bytes that may have another value in some valid policy. The rest is fixed by the records around it, or zero. */
struct free_bytes { uint16_t from, to; };
static const struct free_bytes header_free[] = { { 32, 80 } };
static const struct free_bytes role_free[] = {
	{ 0, 8 },			/* flags, rights */
	{ 8, 11 },			/* s2sz, hash, vcpus; sve_vl is zero */
	{ 12, 14 }, { 16, 32 },		/* breakpoints, watchpoints, RAM */
	{ 32, 96 },			/* RIM: free if pinned */
	{ 96, 144 }, { 152, 160 },	/* name; device pages: free with VTIMER */
};
static const struct free_bytes gate_free[] = { { 0, 101 } };
static const struct free_bytes channel_free[] = { { 0, 54 } };
static const struct free_bytes region_free[] = { { 0, 60 }, { 61, 63 } };
static const struct free_bytes grant_free[] = { { 0, 48 }, { 51, 52 }, { 56, 64 } };

struct section { unsigned int size, n, n_free; const struct free_bytes *free; };
#define SECTION(name, size, n)	{ size, n, sizeof(name##_free) / sizeof(name##_free[0]), name##_free }

static bool may_be_free(const struct section *sections, unsigned int at)
{
	for (const struct section *s = sections; s->size != 0; s++) {
		unsigned int in = at % s->size;

		if (at >= s->size * s->n) {
			at -= s->size * s->n;
			continue;
		}
		for (unsigned int i = 0; i < s->n_free; i++)
			if (in >= s->free[i].from && in < s->free[i].to)
				return true;
		return false;
	}
	return false;
}

static uint64_t params, wf, first_id[4];

static void policy_of_all_kinds(void)
{
	unsigned int a = role(MICA_RIGHT_HOSTCALL), b = role(MICA_RIGHT_AUDIT), c = channel_between(a, b, MICA_CHAN_SIGNAL);

	(void)c;
	W->p.role[a].flags = MICA_ROLE_PINNED;
	W->p.role[a].rim[0] = 0x11;
	window(b, 3, IN);
	device(b, 0, IN | OUT);
	gate(a, b, 0, 1, 2);
	params = wf_params(encode());
	wf = delegated();
}

/* Every bit: refused with a rule, or a policy of another name. Answers whether one was accepted that must not be. */
static bool flip_all(unsigned int *accepted)
{
	const struct section sections[] = {
		SECTION(header, 256, 1), SECTION(role, 256, W->p.roles), SECTION(gate, 128, W->p.gates), SECTION(channel, 64, W->p.chans),
		SECTION(region, 64, W->p.regions), SECTION(grant, 64, W->p.grants), { 0, 0, 0, NULL },
	};
	uint8_t *blob = page_ptr(W->blob);
	bool got = false;

	for (unsigned int at = 0; at < blob_bytes(); at++)
		for (unsigned int bit = 0; bit < 8; bit++) {
			struct rmi_out r, id;

			blob[at] ^= (uint8_t)(1 << bit);
			r = MICA(WF_CREATE, wf, params);
			blob[at] ^= (uint8_t)(1 << bit);
			if (r.x[0] == POLICY(BLOB)) {
				EXPECT(r.x[1] >= MICA_BLOB_RULE_HEADER && r.x[1] <= MICA_BLOB_RULE_GATE);
				continue;
			}
			if (r.x[0] != RMI_SUCCESS) {	/* number of tables, or a flag that is not supported */
				EXPECT(r.x[0] == RMI_ERROR_INPUT || r.x[0] == SMCCC_NOT_SUPPORTED);
				continue;
			}
			id = MICA(WF_INFO, wf, MICA_INFO_WORKFLOW_ID);
			must(MICA0(WF_DESTROY, wf));
			++*accepted;
			if (!may_be_free(sections, at) || memcmp(&id.x[1], first_id, 32) == 0) {
				bare_puts("blob byte ");
				bare_number(at);
				bare_puts(" bit ");
				bare_number(bit);
				bare_puts(" is taken\r\n");
				got = true;
			}
		}
	return got;
}

ATTEMPT(blob, every_bit, "blob/bits rule/12 op/WF_CREATE I9",
	"each bit of a valid blob flipped: taken though it must not be, or under the same workflow ID",
	"no bit flipped")
{
	unsigned int accepted = 0;
	struct rmi_out r;
	bool got;

	policy_of_all_kinds();
	r = MICA(WF_CREATE, wf, params);
	must(r.x[0]);
	memcpy(first_id, &MICA(WF_INFO, wf, MICA_INFO_WORKFLOW_ID).x[1], 32);
	must(MICA0(WF_DESTROY, wf));
	got = open ? r.x[0] == RMI_SUCCESS : flip_all(&accepted);
	EXPECT(open || accepted > 100);		/* free bytes exist: the test saw both kinds */
	take_back(wf);
	return got;
}

ATTEMPT(blob, every_byte_set, "blob/bits rule/12 op/WF_CREATE I9", "each byte of a valid blob set to 0xff", "as it is")
{
	uint8_t *blob;
	bool got = false;
	uint64_t status;

	policy_of_all_kinds();
	must(status = MICA0(WF_CREATE, wf, params));
	memcpy(first_id, &MICA(WF_INFO, wf, MICA_INFO_WORKFLOW_ID).x[1], 32);
	must(MICA0(WF_DESTROY, wf));
	blob = page_ptr(W->blob);
	for (unsigned int at = 0; at < blob_bytes() && !open; at++) {
		uint8_t was = blob[at];

		blob[at] = 0xff;
		status = MICA0(WF_CREATE, wf, params);
		blob[at] = was;
		if (status != RMI_SUCCESS)
			continue;
		got |= was == 0xff || memcmp(first_id, &MICA(WF_INFO, wf, MICA_INFO_WORKFLOW_ID).x[1], 32) == 0;
		must(MICA0(WF_DESTROY, wf));
		if (was == 0xff)
			got = false;		/* it was that: same policy, same ID */
	}
	take_back(wf);
	return open ? status == RMI_SUCCESS : got;
}

/* ---- each canonical rule, once, by what a hostile tenant or host might write ---- */

static bool policy_taken(bool open, uint64_t want)
{
	struct rmi_out r;

	params = wf_params(encode());
	wf = delegated();
	r = MICA(WF_CREATE, wf, params);
	EXPECT_EQ(r.x[0], open ? RMI_SUCCESS : POLICY(BLOB));
	EXPECT_EQ(r.x[1], open ? 0 : want);
	if (r.x[0] == RMI_SUCCESS)
		must(MICA0(WF_DESTROY, wf));
	take_back(wf);
	return r.x[0] == RMI_SUCCESS;
}

#define CANON(name, what, want, code)								\
ATTEMPT(blob, name, "blob/rules rule/12 op/WF_CREATE", "a blob with " what, "without")		\
{												\
	unsigned int a = role(0), b = role(0), c = channel_between(a, b, 0);			\
												\
	(void)c;										\
	gate(a, b, 0, 1, 1);									\
	window(a, 3, IN);									\
	if (!open) {										\
		code;										\
	}											\
	return policy_taken(open, MICA_BLOB_RULE_##want);					\
}
#define ROLE0	W->p.role[0]
CANON(unknown_right, "a right that does not exist", HEADER, ROLE0.rights = 0x80)
CANON(unknown_flag, "a role flag that does not exist", HEADER, ROLE0.flags = 0x20)
CANON(name_case, "a capital in a role's name", NAMES, ROLE0.name[0] = 'R')
CANON(name_tail, "bytes behind a name's end", NAMES, ROLE0.name[10] = 'x')
CANON(name_full, "a name without its zero", NAMES, memset(ROLE0.name, 'a', 48))
CANON(same_names, "two roles of one name", ORDER, ROLE0.name[1] = 'b')
CANON(rim_not_pinned, "a RIM that is not pinned", ROLE, ROLE0.rim[0] = 1)
CANON(vcpus_9, "nine vCPUs", ROLE, ROLE0.vcpus = 9)
CANON(mmio_no_device, "right MMIO and no device", RIGHTS, ROLE0.rights = MICA_RIGHT_MMIO)
CANON(irq_no_numbers, "right IRQ and no numbers", RIGHTS, ROLE0.rights = MICA_RIGHT_IRQ)
CANON(vtimer_and_timer, "two owners of the timer", RIGHTS, ROLE0.rights = MICA_RIGHT_VTIMER | MICA_RIGHT_TIMER)
CANON(ram_wraps, "RAM that wraps", LAYOUT, ROLE0.ram_base = ~(PAGE - 1); ROLE0.ram_size = 2 * PAGE)
CANON(ram_unprotected, "RAM in unprotected addresses", LAYOUT, ROLE0.ram_base = REALM_UNPROT)
CANON(ram_over_channel, "RAM over a channel", LAYOUT, ROLE0.ram_size = AT_CHAN(0) + PAGE)
CANON(grant_unprotected, "a channel in unprotected addresses", LAYOUT, W->p.grant[0].ipa = REALM_UNPROT + 16 * PAGE)
CANON(grant_twice, "two grants of a role on one channel: a writer that is its own reader", GRANT,
	grant(c, a, RW); W->p.grant[2].ipa += 16 * PAGE; W->p.grant[2].name[1] = 'z')
CANON(write_only_grant, "a grant to write and not to read", GRANT, W->p.grant[0].rights = 2)
CANON(no_writer, "a channel without a writer", CHANNEL, W->p.grant[0].rights = R)
CANON(keep_no_restart, "KEEP where nobody restarts", CHANNEL, W->p.chan[0].flags = MICA_CHAN_KEEP)
CANON(channel_huge, "a channel larger than the limit", LAYOUT, W->p.chan[0].pages = 1U << 31)
CANON(window_protected, "a window in protected addresses", REGION, W->p.region[2].base = 16 * BLOCK)
CANON(window_no_rights, "a window without rights", REGION, W->p.region[2].rights = 0)
CANON(windows_overlap, "two windows over one page, one for reading and one for both", REGION, W->p.region[0].pages = 4)
CANON(gate_to_self, "a gate of a role to itself", GATE, W->p.gate[0].callee = 0)
CANON(gate_server_beyond, "a gate's server that is no vCPU", GATE, W->p.gate[0].server_rec = 1)
CANON(gate_words, "a gate of nine words", GATE, W->p.gate[0].args = 9)
CANON(gate_server_shared, "two gates with one server: callers would sense each other", GATE,
	role(0); gate(2, b, 0, 1, 1))
