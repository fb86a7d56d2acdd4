/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host of the pipeline: one CPU, the three Realms of examples/redact. It hands the log out and takes the redacted one
 * (abi/host_call.h), enters who has something to do, and counts. What to run stands in memory, put there by the emulator's
 * loader, and so does the log; the output is looked at by who runs the emulator: neither costs an instruction here.
 *
 * "pipe WAY BYTES OUTPUT INSTRUCTIONS EXITS HOSTCALL WAKE IDLE OTHER": between mica_begin() and the output's end. Marks for
 * tools/icount are where those begin and end. "pipe WAY refused by ROLE, STATUS" if a component gave up.
 */
#include "../../../abi/host_call.h"
#include "../../../abi/mica.h"
#include "../../../realm/ring.h"
#include "../../bare/gic.h"
#include "../comm/load.h"
#include "pipe.h"

#define JOB	((volatile const struct job *)0x5ff00000)
#define LOG	((const uint8_t *)0xb0000000)
#define OUTPUT	((uint8_t *)0xc0000000)
#define WINDOW	(64UL << 10)

struct job {
	uint8_t way, flags;
	uint8_t z0[6];
	uint64_t bytes;
};

#define JOB_PASS	1	/* a component that only hands on in the redactor's place */
#define JOB_EAGER	2	/* who is woken is entered at once; else when the waker sleeps */
#define JOB_TAMPER	4	/* change a bit of the ring in host memory */

enum { INGEST, REDACTOR, SINK, ROLES };		/* roles of a blob ascend by name, here along the stream */
enum { HOSTCALL, WAKE, IDLE, OTHER, KINDS };
enum state { READY, ASLEEP, HELD, ENDED };	/* HELD: waits in mica_begin() */

#define IMAGE(name)	extern const uint8_t name[], name##_end[]
IMAGE(channel_blob); IMAGE(channel_ingest); IMAGE(channel_redactor); IMAGE(channel_pass); IMAGE(channel_sink);
IMAGE(host_blob); IMAGE(host_ingest); IMAGE(host_redactor); IMAGE(host_pass); IMAGE(host_sink);
#define LOAD(name)	(struct load_image){ name, name##_end }

static const char *const ways[PIPE_WAYS] = { "channel", "plain", "aes-gcm", "aes-gcm-8" };
static const char *const roles[ROLES] = { "ingest", "redactor", "sink" };

static struct load flow;
static uint8_t *input, *output;
static struct pipe_link *raw;
static enum state state[ROLES];
static bool bell[ROLES];		/* rung while it did not sleep */
static uint64_t exits[KINDS], given, taken, began, ticks;
static bool ended, tampered;
static int refused = -1;
static uint64_t status;

static struct rmi_rec_run *run_of(unsigned int role)
{
	return page_ptr(flow.role[role].run);
}

static void load(void)
{
	bool pass = JOB->flags & JOB_PASS;
	uint64_t windows = page_alloc(2 * WINDOW / GRANULE_SIZE, WINDOW), links = page_alloc(2 * sizeof(*raw) / GRANULE_SIZE, WINDOW);
	uint64_t second = links + sizeof(*raw);
	const struct load_window at[] = { { "input", windows }, { "output", windows + WINDOW }, { "rawtx", links }, { "rawrx", links },
		{ "cleantx", second }, { "cleanrx", second }, { NULL, 0 } };

	input = page_ptr(windows);
	output = input + WINDOW;
	raw = page_ptr(links);
	raw[0].way = raw[1].way = JOB->way;
	if (JOB->way == PIPE_CHANNEL) {
		const struct load_image blob = LOAD(channel_blob);
		const struct load_image images[LOAD_ROLES] = { LOAD(channel_ingest), pass ? LOAD(channel_pass) : LOAD(channel_redactor),
			LOAD(channel_sink) };

		load_workflow_at(&flow, &blob, images, at);
	} else {
		const struct load_image blob = LOAD(host_blob);
		const struct load_image images[LOAD_ROLES] = { LOAD(host_ingest), pass ? LOAD(host_pass) : LOAD(host_redactor),
			LOAD(host_sink) };

		load_workflow_at(&flow, &blob, images, at);
	}
}

static uint64_t read(void)
{
	uint64_t n = JOB->bytes - given;

	if (n > WINDOW)
		n = WINDOW;
	memcpy(input, LOG + given, n);
	given += n;
	return n;
}

static uint64_t write(uint64_t n)
{
	EXPECT(n <= WINDOW);
	memcpy(OUTPUT + taken, output, n);
	taken += n;
	return 0;
}

static void end(void)
{
	ticks = counter() - began;
	pipe_mark();
	ended = true;
}

static void give_up(unsigned int role, uint64_t why)
{
	state[role] = ENDED;
	if (why && refused < 0) {
		refused = (int)role;
		status = why;
	}
}

/* One bit of what lies in the first ring and was not read yet. */
static void tamper(unsigned int role)
{
	if ((JOB->flags & JOB_TAMPER) && role == INGEST && !tampered) {
		const struct ring_rx *ack = (const void *)raw->ack;

		raw->data[RING_HEADER + (ack->consumed + 100) % (sizeof(raw->data) - RING_HEADER)] ^= 1;
		tampered = true;
	}
}

/* Wake a role; whom to enter next. */
static unsigned int wake(unsigned int who, unsigned int waker)
{
	if (who >= ROLES || state[who] != ASLEEP) {
		if (who < ROLES)
			bell[who] = true;
		return waker;
	}
	state[who] = READY;
	return JOB->flags & JOB_EAGER ? who : waker;
}

static unsigned int next(unsigned int role)
{
	for (unsigned int i = 0; i < ROLES; i++, role = (role + 1) % ROLES)
		if (state[role] == READY)
			return role;
	return ROLES;
}

static unsigned int sleep(unsigned int role)
{
	state[role] = bell[role] ? READY : ASLEEP;
	bell[role] = false;
	return next(state[role] == READY ? role : (role + 1) % ROLES);
}

/* A host call of a role; whom to enter next. */
static unsigned int host_call(unsigned int role, const struct rmi_rec_exit *e, struct rmi_rec_enter *answer)
{
	memset(answer->gprs, 0, 2 * sizeof(answer->gprs[0]));
	switch (e->imm) {
	case MICA_HC_READ:
		answer->gprs[0] = read();
		return role;
	case MICA_HC_WRITE:
		answer->gprs[0] = write(e->gprs[1]);
		return role;
	case MICA_HC_END:
		end();
		return role;
	case MICA_HC_CHALLENGE:
		return role;
	case MICA_HC_BEGIN:
		state[role] = HELD;
		return next(role);
	case MICA_HC_EXIT:
		give_up(role, e->gprs[0]);
		return next(role);
	case PIPE_DOORBELL:
		tamper(role);
		return wake(e->gprs[0] ? role + 1 : role - 1, role);
	case PIPE_SLEEP:
		return sleep(role);
	default:
		EXPECT_EQ(e->imm, MICA_HC_END);
		give_up(role, MICA_EXIT_HOST);
		return next(role);
	}
}

static unsigned int enter(unsigned int role)
{
	struct rmi_rec_run *run = run_of(role);

	EXPECT_EQ(RMI0(REC_ENTER, flow.role[role].rec, flow.role[role].run), RMI_SUCCESS);
	switch (run->exit.exit_reason) {
	case RMI_EXIT_HOST_CALL:
		exits[HOSTCALL]++;
		return host_call(role, &run->exit, &run->enter);
	case RMI_EXIT_MICA_WAKE:
		exits[WAKE]++;
		for (unsigned int who = 0; who < ROLES; who++)
			if (run->exit.gprs[0] & 1UL << who)
				role = wake(who, role);
		return role;
	case RMI_EXIT_MICA_IDLE:
		exits[IDLE]++;
		return sleep(role);
	case RMI_EXIT_MICA_OFF:
		exits[OTHER]++;
		give_up(role, 0);
		return next(role);
	default:
		exits[OTHER]++;
		EXPECT_EQ(run->exit.exit_reason, RMI_EXIT_HOST_CALL);
		give_up(role, MICA_EXIT_HOST);
		return next(role);
	}
}

/* Until nobody has anything to do. */
static void run(unsigned int role)
{
	while (role < ROLES && bare_failed == 0 && refused < 0)
		role = enter(role);
}

static void put(uint64_t v)
{
	bare_puts(" ");
	bare_number(v);
}

static void report(void)
{
	uint64_t sum = 0;

	bare_puts("pipe ");
	bare_puts(ways[JOB->way]);
	if (refused >= 0) {
		bare_puts(" refused by ");
		bare_puts(roles[refused]);
		put(status);
	} else {
		for (unsigned int i = 0; i < KINDS; i++)
			sum += exits[i];
		put(JOB->bytes);
		put(taken);
		put(ticks);
		put(sum);
		for (unsigned int i = 0; i < KINDS; i++)
			put(exits[i]);
	}
	bare_puts("\r\n");
}

_Noreturn void bare_main(void)
{
	EXPECT(JOB->way < PIPE_WAYS);
	load();
	run(INGEST);		/* all three settle: two in mica_begin(), the redactor asleep */
	EXPECT_EQ(state[INGEST], HELD);
	EXPECT_EQ(state[REDACTOR], ASLEEP);
	EXPECT_EQ(state[SINK], HELD);
	memset(exits, 0, sizeof(exits));
	state[INGEST] = state[SINK] = READY;
	began = counter();
	pipe_mark();
	run(SINK);
	EXPECT(refused >= 0 || ended);
	EXPECT_EQ(tampered, !!(JOB->flags & JOB_TAMPER));
	report();
	bare_report("pipe");
	bare_power_off();
}
