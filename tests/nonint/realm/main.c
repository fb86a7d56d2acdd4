/* SPDX-License-Identifier: Apache-2.0 */
/* The roles of the non-interference runs. Which one: X0, by the order of the policy. */
#include "realm.h"

uint64_t arg;
uint64_t secret[SECRET_WORDS];
struct tally tally = { .first = ~0UL };

#define WORDS(at)	((volatile uint64_t *)(at))

void wait_for(uint64_t mask)
{
	CALL(SMC_RSI_MICA_WAIT, mask, 0, 0);
}

_Noreturn void wait_for_ever(void)
{
	for (;;)
		CALL(SMC_RSI_MICA_WAIT, 0, ~0UL, 0);	/* a deadline that does not come */
}

uint64_t signal(uint64_t grant)
{
	return CALL0(SMC_RSI_MICA_SIGNAL, grant);
}

static void copy(volatile uint64_t *to, const volatile uint64_t *from, unsigned int words)
{
	for (unsigned int i = 0; i < words; i++)
		to[i] = from[i];
}

void attempt(uint64_t got, uint64_t want)
{
	if (got != want) {
		if (tally.unexpected++ == 0) {
			tally.first = tally.attempts;
			tally.got = got;
			tally.want = want;
		}
	}
	tally.attempts++;
}

static void report(uint64_t at)
{
	tally.rounds++;
	copy(WORDS(at) + 1, (const volatile uint64_t *)&tally + 1, sizeof(tally) / 8 - 1);
	__asm__ volatile("dmb ish" : : : "memory");
	WORDS(at)[0] = tally.rounds;
}

/* The words must hang together as origin makes them; which they are is not told. */
static bool is_secret(const volatile uint64_t *w)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < SECRET_WORDS; i++)
		sum += w[i] * (2 * i + 1);
	return sum != 0 && w[SECRET_WORDS] == sum;
}

static _Noreturn void origin(void)
{
	uint64_t seed = *WORDS(AT_WINDOW), sum = 0;

	for (unsigned int i = 0; i < SECRET_WORDS; i++) {
		secret[i] = secret_word(seed, i);
		sum += secret[i] * (2 * i + 1);
	}
	copy(WORDS(AT_SECRET), secret, SECRET_WORDS);
	WORDS(AT_SECRET)[SECRET_WORDS] = sum;
	signal(0);
	wait_for_ever();
}

/* A time that is or is not the secret's. */
static void work(void)
{
	if (!(arg & ARG_VARIABLE))
		return;
	for (volatile uint64_t i = secret[0] & 0xfff; i != 0; i--)
		;
}

/* Left open on purpose: the Realm chooses whether it leaves. 24 acts, 24 bits. */
static void code_kinds(void)
{
	for (unsigned int i = 0; i < 24; i++)
		if (secret[1] >> i & 1)
			__asm__ volatile("wfi");
		else
			CALL(PSCI_VERSION);
}

static void call_vault(void)
{
	struct call c = CALL(SMC_RSI_MICA_GATE_CALL, 0, secret[0], secret[1], secret[2], secret[3], secret[4], secret[5], secret[6],
			     secret[7]);

	attempt(c.x[0], RSI_SUCCESS);
	for (unsigned int i = 0; i < SECRET_WORDS; i++)
		attempt(c.x[1 + i], ~secret[i]);
}

static _Noreturn void alpha(void)
{
	wait_for(1);
	copy(secret, WORDS(AT_SECRET), SECRET_WORDS);
	tally.had_secret = is_secret(WORDS(AT_SECRET));
	copy(WORDS(AT_DELIVER), WORDS(AT_SECRET), SECRET_WORDS + 1);
	signal(0);
	work();
	call_vault();
	attempts();
	work();
	call_vault();
	report(AT_REPORT);
	signal(1);
	if (arg & ARG_CODE_KIND)
		code_kinds();
	for (unsigned int i = 0; ; i++) {
		attempts_short();
		work();
		regs_fill_wfi(secret[i % SECRET_WORDS]);
		signal(0);			/* keeper's next life is told, too */
		call_vault();
		report(AT_REPORT);
		signal(1);
	}
}

static uint64_t spare[1024] __attribute__((aligned(4096)));	/* zero in the image: what a first and a second life find */

static _Noreturn void keeper(void)
{
	for (unsigned int i = 0; i < sizeof(spare) / sizeof(spare[0]); i++)
		tally.residue += spare[i] != 0;
	for (unsigned int i = 0; i < 512; i++)
		tally.residue += WORDS(AT_KEPT)[i] != 0;
	for (;;) {
		wait_for(1);
		copy(secret, WORDS(AT_DELIVER), SECRET_WORDS);
		tally.had_secret = is_secret(WORDS(AT_DELIVER));
		for (unsigned int i = 0; i < sizeof(spare) / sizeof(spare[0]); i++)
			spare[i] = secret[i % SECRET_WORDS];
		attempts_short();
		work();
		for (unsigned int i = sizeof(tally) / 8; i < 512; i++)
			WORDS(AT_KEPT)[i] = secret[i % SECRET_WORDS];
		report(AT_KEPT);
		signal(1);
		vector_fill(secret[3]);
		regs_fill_wfi(secret[4]);
	}
}

static void tell(unsigned int which, uint64_t at)
{
	struct tally now;

	if (WORDS(at)[0] == 0)
		return;
	copy((volatile uint64_t *)&now, WORDS(at), sizeof(now) / 8);
	now.got = now.want = 0;
	copy(WORDS(AT_WINDOW) + which * sizeof(now) / 8, (const volatile uint64_t *)&now, sizeof(now) / 8);
}

static _Noreturn void teller(void)
{
	for (;;) {
		wait_for(3);
		tell(TELL_KEEPER, AT_KEPT);
		tell(TELL_ALPHA, AT_REPORT);
	}
}

/* All that it can read goes to the host: channel addresses that are not its own, peers, registers. */
static _Noreturn void outsider(void)
{
	volatile uint64_t *out = WORDS(AT_WINDOW);

	for (;;) {
		uint64_t vectors[66];
		unsigned int at = 0;

		for (uint64_t a = AT_DELIVER; a <= AT_SECRET; a += 0x1000)
			for (unsigned int i = 0; i < 3; i++)
				out[at++] = WORDS(a)[i];	/* a fault, and whatever the register held: zero */
		out[at++] = faults[0];
		out[at++] = faults[1];
		for (unsigned int role = 0; role < ROLES; role++) {
			struct call c = CALL(SMC_RSI_MICA_PEER_INFO, role);

			for (unsigned int i = 0; i < 11; i++)
				out[at++] = c.x[i];
		}
		vector_read(vectors);
		copy(out + at, vectors, 66);
		at += 66;
		if (!(arg & ARG_SHORT))
			out[at] = read_all_registers(out + at + 1, 511 - at);
		__asm__ volatile("wfi");
	}
}

static _Noreturn void vault(void)
{
	struct call c = CALL(SMC_RSI_MICA_GATE_RECV, 0);

	for (;;) {
		uint64_t r[SECRET_WORDS];

		copy(r, &c.x[1], SECRET_WORDS);
		copy(secret, r, SECRET_WORDS);
		attempts_while_serving();
		c = CALL(SMC_RSI_MICA_GATE_RECV, 0, ~r[0], ~r[1], ~r[2], ~r[3], ~r[4], ~r[5], ~r[6], ~r[7]);
	}
}

_Noreturn void realm_main(uint64_t x0)
{
	arg = x0;
	if (ARG_ROLE(x0) >= REALM_SENDER)
		send(ARG_ROLE(x0) - REALM_SENDER);
	switch (ARG_ROLE(x0)) {
	case ROLE_ALPHA: alpha();
	case ROLE_KEEPER: keeper();
	case ROLE_ORIGIN: origin();
	case ROLE_OUTSIDER: outsider();
	case ROLE_TELLER: teller();
	default: vault();
	}
}
