/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replaces every long number of a text by its token. A number is a run of digits, cut from its start into pieces of 48;
 * pieces of 9 digits or more become # and 16 hexadecimal digits. Equal numbers have equal tokens, and
 * without the key nobody can try numbers until one fits.
 */
#include "vault.h"

#define VAULT_TRIES	1000		/* a vault that is being restarted, or does not have its key yet */
#define TRIES_A_SECOND	50

static struct mica_gate gate;
static struct mica_window output;
static struct token_call run;
static size_t have;			/* bytes in the output window */

static int flush(void)
{
	size_t n = have;

	have = 0;
	return n ? mica_window_write(&output, n) : 0;
}

static int put(uint8_t byte)
{
	int err = have == output.size ? flush() : 0;

	output.base[have++] = byte;
	return err;
}

/* While the vault is dead or does not serve yet, the monitor says that nobody is there. */
static int ask(uint64_t *token)
{
	uint64_t words[MICA_GATE_WORDS] = { 0 }, results[MICA_GATE_WORDS];
	int err = -EPIPE;

	memcpy(words, &run, sizeof(run));
	for (unsigned int i = 0; i < VAULT_TRIES && err == -EPIPE; i++) {
		err = mica_gate_call(&gate, words, results);
		if (err == -EPIPE)
			mica_sleep(mica_ticks_per_second() / TRIES_A_SECOND);
	}
	*token = results[0];
	return err;
}

static int put_token(void)
{
	uint64_t token;
	int err = ask(&token);

	if (err == 0)
		err = put('#');
	for (int shift = 60; shift >= 0 && err == 0; shift -= 4)
		err = put((uint8_t)"0123456789abcdef"[token >> shift & 15]);
	return err;
}

static int end_run(void)
{
	int err = 0;

	if (run.n >= DIGITS_MIN)
		err = put_token();
	else
		for (uint64_t i = 0; i < run.n && err == 0; i++)
			err = put(run.digits[i]);
	memset(&run, 0, sizeof(run));
	return err;
}

static int feed(uint8_t byte)
{
	int err = 0;

	if (byte >= '0' && byte <= '9') {
		run.digits[run.n++] = byte;
		return run.n == DIGITS_MAX ? end_run() : 0;
	}
	err = end_run();
	return err ? err : put(byte);
}

static long replace(struct mica_window *text)
{
	long n;

	while ((n = mica_window_read(text)) > 0) {
		for (long i = 0; i < n; i++) {
			int err = feed(text->base[i]);

			if (err)
				return err;
		}
	}
	if (n == 0)
		n = end_run();
	if (n == 0)
		n = flush();
	return n ? n : mica_window_end(&output);
}

int main(void)
{
	struct mica_window text;
	long n = mica_window_open(&output, "tokens", MICA_WRITE);

	if (n == 0)
		n = mica_window_open(&text, "text", MICA_READ);
	if (n == 0)
		n = mica_gate_open(&gate, "token");
	if (n == 0)
		n = mica_attest(&output);
	if (n == 0)
		n = mica_begin();
	if (n == 0)
		n = replace(&text);
	return mica_exit_status(n);
}
