/* SPDX-License-Identifier: Apache-2.0 */
/* Runs every attempt; one line each: "attack TOPIC/NAME: held / control ok | covers | what | control". */
#include "attack.h"

extern const struct attempt __start_attempts[], __stop_attempts[];

static void take_down(void)
{
	for (unsigned int n = 2; n-- > 0;) {
		use(n);
		end_world();
	}
	forget();
}

/* Every page that the run had is the host's again, whatever it was meanwhile; then the next run has it. */
static void pages_back(uint64_t from)
{
	unsigned int before = bare_failed;

	for (uint64_t pa = from; pa < page_next(); pa += PAGE) {
		RMI(GRANULE_UNDELEGATE, pa);	/* those that an attempt only had delegated */
		EXPECT(host_can_read(page_ptr(pa)));
	}
	if (bare_failed == before)
		page_reset(from);
}

/* What came of it: the attacker's gain, and whether all that was expected on the way was so, the end of the world included. */
static bool once(const struct attempt *a, bool open, bool *sound)
{
	uint64_t pages = page_next();
	unsigned int before = bare_failed;
	bool got = a->act(open);

	take_down();
	pages_back(pages);
	*sound = bare_failed == before;
	return got;
}

static void put(const char *what)
{
	bare_puts(what);
}

static bool try(const struct attempt *a)
{
	bool sound, control_sound, got, control;

	got = once(a, false, &sound);
	control = once(a, true, &control_sound);
	put("attack ");
	put(a->topic);
	put("/");
	put(a->name);
	put(got ? ": GAINED" : sound ? ": held" : ": BROKEN");
	put(control && control_sound ? " / control ok" : " / control FAILED");
	put(" | ");
	put(a->covers);
	put(" | ");
	put(a->what);
	put(" | ");
	put(a->control);
	put("\r\n");
	return !got && sound && control && control_sound;
}

_Noreturn void bare_main(void)
{
	unsigned int held = 0, all = 0;

	for (const struct attempt *a = __start_attempts; a < __stop_attempts; a++, all++)
		held += try(a);
	put("attacks end: ");
	bare_number(held);
	put(" of ");
	bare_number(all);
	put("\r\n");
	bare_power_off();
}
