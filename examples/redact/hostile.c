/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Takes the redactor's place (its role is `image any`), learns the beginning of the log and
 * tries every way out it can think of. It reports by the one way the policy gives it, the
 * channel to the sink; that the report gets out is no leak but the declared path.
 *     attempt NAME: refused (rule N NAME, data abort | status 0x..)
 *     attempt NAME: SUCCEEDED
 */
#include "hostile.h"

uint64_t hostile_secret;

static const char *const rule_names[MICA_RULES] = {
	[MICA_RULE_WINDOW] = "WINDOW", [MICA_RULE_MMIO] = "MMIO", [MICA_RULE_HOSTCALL] = "HOSTCALL",
	[MICA_RULE_PSCI] = "PSCI", [MICA_RULE_SEALED] = "SEALED", [MICA_RULE_LAYOUT] = "LAYOUT",
	[MICA_RULE_RIM] = "RIM", [MICA_RULE_SHAPE] = "SHAPE", [MICA_RULE_INCOMPLETE] = "INCOMPLETE",
	[MICA_RULE_WF_STATE] = "WF_STATE", [MICA_RULE_ROLE_STATE] = "ROLE_STATE",
	[MICA_RULE_BLOB] = "BLOB", [MICA_RULE_NO_RIGHT] = "NO_RIGHT",
	[MICA_RULE_PEER_GONE] = "PEER_GONE", [MICA_RULE_BUSY] = "BUSY", [MICA_RULE_LIMIT] = "LIMIT",
	[MICA_RULE_PARKED] = "PARKED", [MICA_RULE_IN_USE] = "IN_USE", [MICA_RULE_IRQ] = "IRQ",
};

/* ---- a line of text ---- */

struct line {
	char text[160];
	size_t n;
};

static void say(struct line *l, const char *s)
{
	while (*s && l->n < sizeof(l->text))
		l->text[l->n++] = *s++;
}

static void say_number(struct line *l, uint64_t v, unsigned int base)
{
	char digits[20];
	unsigned int n = 0;

	do {
		digits[n++] = "0123456789abcdef"[v % base];
		v /= base;
	} while (v);
	while (n) {
		char c[2] = { digits[--n], '\0' };

		say(l, c);
	}
}

/* ---- which rule refused: the Realm's own counters ---- */

static void read_counters(uint64_t counts[MICA_RULES])
{
	for (unsigned int rule = 1; rule < MICA_RULES; rule++) {
		uint64_t x[11] = { SMC_RSI_MICA_AUDIT_READ, rule };

		mica_smc(x);
		counts[rule] = x[0] == RSI_SUCCESS ? x[1] : 0;
	}
}

static void say_rules(struct line *l, const uint64_t *before, const uint64_t *after)
{
	for (unsigned int rule = 1; rule < MICA_RULES; rule++) {
		if (after[rule] == before[rule])
			continue;
		say(l, "rule ");
		say_number(l, rule, 10);
		say(l, " ");
		say(l, rule_names[rule]);
		say(l, ", ");
	}
}

static const char *exception_name(uint64_t esr)
{
	switch (esr >> 26 & 0x3f) {
	case 0x00: return "undefined instruction";
	case 0x21: return "fetch abort";
	case 0x25: return "data abort";
	default: return "exception";
	}
}

static void describe(struct line *l, const struct result *r, const uint64_t *before,
		     const uint64_t *after)
{
	switch (r->outcome) {
	case DONE:
		say(l, "SUCCEEDED");
		return;
	case NOTHING:
		say(l, "nothing to try it on");
		return;
	case FAULTED:
		say(l, "refused (");
		say_rules(l, before, after);
		say(l, exception_name(r->value));
		break;
	case STATUS:
		say(l, "refused (");
		say_rules(l, before, after);
		say(l, "status ");
		if ((int64_t)r->value < 0) {
			say(l, "-");
			say_number(l, -r->value, 10);
		} else {
			say(l, "0x");
			say_number(l, r->value, 16);
		}
		break;
	}
	say(l, ")");
}

static int report(struct mica_channel *clean, const struct attempt *a)
{
	uint64_t before[MICA_RULES], after[MICA_RULES];
	struct line l = { .n = 0 };
	struct result r;

	read_counters(before);
	r = a->act();
	read_counters(after);
	say(&l, "attempt ");
	say(&l, a->name);
	say(&l, ": ");
	describe(&l, &r, before, after);
	say(&l, "\n");
	return mica_channel_write(clean, l.text, l.n);
}

int main(void)
{
	static uint8_t buf[4096];
	struct mica_channel raw, clean;
	struct mica_window leak;
	long n = mica_channel_open(&raw, "raw", MICA_READ);

	if (n == 0)
		n = mica_channel_open(&clean, "clean", MICA_WRITE);
	if (n < 0)
		return mica_exit_status(n);
	n = mica_channel_read(&raw, buf, sizeof(buf));
	if (n < 0)
		return mica_exit_status(n);
	memcpy(&hostile_secret, buf, sizeof(hostile_secret));

	open_first_stage();
	for (unsigned int i = 0; i < n_attempts; i++) {
		int err = report(&clean, &attempts[i]);

		if (err)
			return mica_exit_status(err);
	}
	while (n > 0)
		n = mica_channel_read(&raw, buf, sizeof(buf));
	if (n == 0)
		mica_channel_close(&clean);
	if (mica_window_open(&leak, "leak", MICA_WRITE) == 0)
		mica_window_end(&leak);		/* the control's: let its run end in order */
	return mica_exit_status(n);
}
