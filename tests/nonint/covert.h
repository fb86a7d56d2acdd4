/* SPDX-License-Identifier: Apache-2.0 */
/* Covert channels that are left open: what sender and receiver agree on. */
#ifndef NONINT_COVERT_H
#define NONINT_COVERT_H

/* X0: REALM_SENDER + one of these. */
#define COVERT_EXITS		0	/* the four that cost an exit a symbol, one after the other */
#define COVERT_SLEEPER		1	/* waits for a signal that it is never entered to take */
#define COVERT_CALLER		2	/* a symbol a life: is it in a call when it is reset? */
#define COVERT_OFF		3	/* a symbol a life: does it switch itself off? */
#define COVERT_SERVER		4	/* serves, and takes its time */
#define COVERT_LISTENER		5	/* reads the host's delays; right HOSTCALL, to tell what it read */

#define COVERT_READER		6	/* of a channel: waits for its signal, or does not */
#define COVERT_WRITER		7	/* of that channel: how long does SIGNAL take? Right HOSTCALL, to tell */

#define SLEEPERS		7	/* channels of a sender to one waiting reader each: symbols, with IDLE one more */

#define KIND_SYMBOLS		1024	/* IDLE or WAKE */
#define WAKE_SYMBOLS		1024	/* IDLE or one of SLEEPERS maps: 3 bits */
#define TIME_SYMBOLS		1024	/* 0..255 turns of a loop: 8 bits */
#define BOTH_SYMBOLS		1024	/* a kind of WAKE_SYMBOLS and 0..1023 turns: 13 bits */
#define RUN_SYMBOLS		256	/* IDLE, or run until an interrupt */
#define LIVES			32
#define WAIT_SYMBOLS		256	/* waits or not */
#define LISTEN_SYMBOLS		240	/* 8 bits */
#define CALIBRATE		3	/* a timed message begins with one that does not count, the least and the greatest symbol */
#define GREATEST		255UL
#define BOTH_GREATEST		1023UL

#define LISTEN_STEP		64	/* ticks */
#define RUN_SLOT		8000	/* ticks after which the host interrupts */
#define RUN_GAP			1500	/* ticks between two looks at the counter: the host was there */

/* Symbol @i of the message, at most 8 bits. Receivers use it only to count errors. */
static inline unsigned long covert_symbol(unsigned long i)
{
	unsigned long z = (i + 1) * 0x9e3779b97f4a7c15UL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9UL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebUL;
	return (z ^ z >> 31) & 0xff;
}

/* Of a timed message: calibration first. */
static inline unsigned long timed_symbol(unsigned long i)
{
	return i >= CALIBRATE ? covert_symbol(i) : i == 2 ? GREATEST : 0;
}

/* Of both at once: each kind with no turn, behind an IDLE and behind a WAKE, then the most turns. */
#define BOTH_CALIBRATE	(3 * SLEEPERS + 3)
static inline unsigned long both_kind(unsigned long i)
{
	if (i >= BOTH_CALIBRATE)
		return covert_symbol(i) & 7;
	return i % 3 == 0 || i >= 3 * SLEEPERS ? SLEEPERS : i / 3;
}

static inline unsigned long both_turns(unsigned long i)
{
	if (i >= BOTH_CALIBRATE)
		return covert_symbol(i) | (covert_symbol(~i) & 3) << 8;
	return i == BOTH_CALIBRATE - 1 ? BOTH_GREATEST : 0;
}

#endif
