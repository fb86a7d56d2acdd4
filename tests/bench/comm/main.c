/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host of `make bench`: one CPU, two Realms. It enters whom a doorbell or the monitor points at, counts the exits and
 * reads the clock, and has no other part in a message. A fresh workflow for each way and size. What to run stands in
 * memory, put there by the emulator's loader: first and last way, logarithms of first and last size, messages of each size.
 *
 * "comm WAY SIZE COUNT TICKS P50 P99 EXITS HOSTCALL WAKE IDLE OTHER": ticks of all messages, of latency; exits of all messages.
 * "stream WAY SIZE COUNT TICKS EXITS HOSTCALL WAKE IDLE OTHER"
 */
#include "../../../abi/host_call.h"
#include "../../../abi/mica.h"
#include "../../bare/gic.h"
#include "comm.h"
#include "load.h"

#define JOB	((volatile const struct job *)0x5ff00000)

struct job {
	uint8_t first_way, last_way, first_log, last_log;
	uint16_t count;
	uint8_t step;			/* of the logarithms */
	uint8_t mode;
};

#define MODE_FILLS	0x3f		/* not 0: a stream, of as many messages as fill the ring so often, if that is more */
#define MODE_TAMPER	0x40		/* no measurement; the host changes a bit of the third message in its memory */

#define COMM_ALONE	64		/* so many, and it waits for what does not come: a message was not sent, or not read */

enum { CONSUMER, PRODUCER };		/* roles of a blob ascend by name */
enum { HOSTCALL, WAKE, IDLE, OTHER, KINDS };

extern const uint8_t comm_blob[], comm_blob_end[], comm_producer[], comm_producer_end[], comm_consumer[], comm_consumer_end[];

static struct load flow;
static struct comm_shared *shared;
static uint64_t exits[KINDS], mark[3], at_mark[3][KINDS];
static unsigned int marks;
static bool done[LOAD_ROLES], parked;
static unsigned int bells;		/* of the producer */
static unsigned int alone;		/* entries of a role when the other was through */
static bool refused;			/* the consumer ended for a record that is not the producer's */

static void take_mark(void)
{
	EXPECT(marks < 3);
	mark[marks] = counter();
	memcpy(at_mark[marks], exits, sizeof(exits));
	marks = marks < 2 ? marks + 1 : marks;
}

static void tamper(void)
{
	const uint64_t header = 64, tag = comm_sealed(shared->way) ? 16 : 0;

	/* a stream's first bell is for all of the warm-up */
	if (JOB->mode & MODE_TAMPER && ++bells == (shared->stream ? 1 : 3))
		shared->data[header + 2 * (shared->size + tag)] ^= 1;
}

/* A role is through, or gave up. */
static void ended(unsigned int role, const struct rmi_rec_exit *e)
{
	bool spoilt = role == CONSUMER && JOB->mode & MODE_TAMPER;

	done[role] = true;
	if (spoilt && e->imm == MICA_HC_EXIT && e->gprs[0] == MICA_EXIT_PANIC) {
		done[PRODUCER] = refused = true;
		return;
	}
	EXPECT_EQ(e->imm, COMM_DONE);
	EXPECT_EQ(e->gprs[0], spoilt);		/* messages that were wrong */
}

/* Enter a role; whom to enter next. */
static unsigned int enter(unsigned int role)
{
	struct rmi_rec_run *run = page_ptr(flow.role[role].run);
	unsigned int other = !role;

	alone += done[other];
	EXPECT(alone < COMM_ALONE);
	EXPECT_EQ(RMI0(REC_ENTER, flow.role[role].rec, flow.role[role].run), RMI_SUCCESS);
	switch (run->exit.exit_reason) {
	case RMI_EXIT_HOST_CALL:
		exits[HOSTCALL]++;
		if (run->exit.imm == COMM_DOORBELL) {
			if (role == PRODUCER)
				tamper();
			return other;
		}
		if (run->exit.imm == COMM_MARK) {
			take_mark();
			return role;
		}
		ended(role, &run->exit);
		return other;
	case RMI_EXIT_MICA_WAKE:
		exits[WAKE]++;
		EXPECT_EQ(run->exit.gprs[0], 1UL << other);
		return other;
	case RMI_EXIT_MICA_IDLE:
		exits[IDLE]++;
		return other;
	case RMI_EXIT_MICA_PARKED:
		exits[OTHER]++;
		parked = true;
		return other;
	default:
		exits[OTHER]++;
		EXPECT_EQ(run->exit.exit_reason, RMI_EXIT_HOST_CALL);
		done[role] = true;
		return other;
	}
}

static void sort(uint64_t *v, unsigned int n)
{
	for (unsigned int gap = n / 2; gap > 0; gap /= 2)
		for (unsigned int i = gap; i < n; i++)
			for (unsigned int j = i; j >= gap && v[j - gap] > v[j]; j -= gap) {
				uint64_t t = v[j];

				v[j] = v[j - gap];
				v[j - gap] = t;
			}
}

static void put(uint64_t v)
{
	bare_puts(" ");
	bare_number(v);
}

static void put_latency(uint64_t count)
{
	for (unsigned int i = 0; i < count; i++) {
		EXPECT(shared->taken[i] > shared->sent[i]);
		shared->taken[i] -= shared->sent[i];
	}
	sort(shared->taken, (unsigned int)count);
	put(shared->taken[(count - 1) / 2]);
	put(shared->taken[(count * 99 + 99) / 100 - 1]);
}

static void report(unsigned int way, uint64_t size, uint64_t count)
{
	static const char *const names[COMM_WAYS] = { "plain", "aes-gcm", "chacha-poly", "copy", "in-place", "gate", "aes-gcm-8" };
	uint64_t own = mark[1] - mark[0], sum = 0, kinds[KINDS];	/* own: what a mark costs */

	for (unsigned int i = 0; i < KINDS; i++)
		sum += kinds[i] = at_mark[2][i] - at_mark[1][i] - (at_mark[1][i] - at_mark[0][i]);
	bare_puts(shared->stream ? "stream " : "comm ");
	bare_puts(names[way]);
	put(size);
	put(count);
	put(mark[2] - mark[1] - own);
	if (!shared->stream)
		put_latency(count);
	put(sum);
	for (unsigned int i = 0; i < KINDS; i++)
		put(kinds[i]);
	bare_puts("\r\n");
}

static void measure(unsigned int way, uint64_t size, bool stream)
{
	static const struct load_image blob = { comm_blob, comm_blob_end };
	static const struct load_image images[LOAD_ROLES] = {
		[CONSUMER] = { comm_consumer, comm_consumer_end }, [PRODUCER] = { comm_producer, comm_producer_end } };
	uint64_t window = page_alloc(sizeof(*shared) / GRANULE_SIZE, GRANULE_SIZE);
	uint64_t fills = (JOB->mode & MODE_FILLS) * sizeof(shared->data) / size, count = fills > JOB->count ? fills : JOB->count;
	unsigned int role = CONSUMER;

	shared = page_ptr(window);
	shared->way = way;
	shared->size = size;
	shared->count = count;
	shared->stream = stream;
	memset(exits, 0, sizeof(exits));
	marks = bells = alone = 0;
	done[PRODUCER] = done[CONSUMER] = parked = refused = false;
	load_workflow(&flow, &blob, images, window);
	while (bare_failed == 0 && !(done[PRODUCER] && (done[CONSUMER] || parked))) {
		if (done[role] || (role == CONSUMER && parked))
			role = !role;
		role = enter(role);
	}
	if (JOB->mode & MODE_TAMPER)
		EXPECT_EQ(refused, comm_sealed(shared->way));
	else if (bare_failed == 0)
		report(way, size, count);
}

/* Of one workflow, before there is a second. */
static void report_memory(void)
{
	static const char *const names[LOAD_KINDS] = { "workflow", "rd", "rec", "tables", "ram", "channel" };

	for (unsigned int i = 0; i < LOAD_KINDS; i++) {
		bare_puts("memory ");
		bare_puts(names[i]);
		put(load_granules[i]);
		bare_puts("\r\n");
	}
}

_Noreturn void bare_main(void)
{
	bool first = true, stream = (JOB->mode & MODE_FILLS) != 0;

	for (unsigned int way = JOB->first_way; way <= JOB->last_way; way++)
		for (unsigned int n = JOB->first_log; n <= JOB->last_log; n += JOB->step)
			if (bare_failed == 0 && (way != COMM_GATE || (n == JOB->first_log && !stream))) {
				measure(way, 1UL << n, stream);
				if (first)
					report_memory();
				first = false;
			}
	bare_report("comm");
	bare_power_off();
}
