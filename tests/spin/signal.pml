/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SIGNAL and WAIT: docs/spec/extension.md section 8, rmm/mica/signal.c. One role whose RECs wait, each with a mask of its
 * own; other Realms signal it, each on a CPU of its own. A step is one atomic access, so every interleaving of sequentially
 * consistent accesses is looked at. Each step names its line of the code as FILE:FUNCTION.
 *
 * Lost wake-up: a REC left with IDLE and nobody told the host to enter it again, though a bit that it waits for is
 * set and whoever set it has finished its SIGNAL.
 *
 * Holds:  any_host	-DRANDOM_HOST -DRESET
 * Live:   taken
 * Starves: taken_if_idle_withdraws	-DIDLE_WITHDRAWS
 * Reach:  1 2 3 4 5	-DRANDOM_HOST -DRESET
 * Broken: wait_announces_last	-DWAIT_ANNOUNCES_LAST
 * Broken: signal_looks_first	-DSIGNAL_LOOKS_FIRST
 * Broken: idle_withdraws	-DIDLE_WITHDRAWS
 * Broken: one_is_told	-DONE_IS_TOLD
 */
#define WAITERS		2
#define SIGNALLERS	2
#define BITS		2
#define BIT(n)		(1 << (n))

#ifdef REACH
#define COVER(n)	assert(n != REACH)
#else
#define COVER(n)	skip
#endif

byte pending, waiters;		/* struct wf_role */
bool sealed = true;		/* the role runs */

byte mask[WAITERS];		/* rec->mica_wait */
bool idle[WAITERS];		/* the host has seen its exit IDLE and has not entered it again */
bool gone[WAITERS];		/* the host has seen its exit STOPPED: the role drains */
bool told[WAITERS];		/* the host has seen a WAKE for its role since it last entered it */
byte posting[BITS];		/* SIGNALs that have set this bit and have not returned */

/* Choices and other steps that no other CPU sees are one with the access that follows or precedes them. */
inline any_bit() { if :: b = 0 :: b = 1 fi }
inline any_mask() { if :: mask[w] = 1 :: mask[w] = 2 :: mask[w] = 3 fi }
inline any_flag() { if :: nowait = true :: nowait = false fi }

/* What the host is told; d. of SIGNAL: signal.c:mica_signal, exit WAKE or go on */
inline finish()
{
	if
	:: seen != 0 ->
		told[0] = true;
#ifndef ONE_IS_TOLD
		told[1] = true;
#endif
		seen = 0;
		COVER(1)
	:: else
	fi;
	posting[b]--;
	b = 0
}

proctype signaller()
{
	byte b, seen;

	do
#ifdef SIGNAL_LOOKS_FIRST
	::	seen = waiters;
		atomic { any_bit(); pending = pending | BIT(b); posting[b]++ };
		atomic { finish() }
#else
	::	/* b. signal.c:post, fetch_or */
		atomic { any_bit(); pending = pending | BIT(b); posting[b]++ };
		/* c. signal.c:post, load of waiters; nobody there: return */
		atomic {
			seen = waiters;
			if
			:: seen == 0 -> finish()
			:: else
			fi
		};
		if
		:: atomic { seen != 0 -> finish() }
		:: seen == 0
		fi
#endif
	od
}

/* fetch_and of pending: signal.c:take */
inline take() { got = pending & mask[w]; pending = pending & ~mask[w] }

proctype waiter(byte w)
{
	byte got;
	bool nowait;

call:	/* the Realm runs; gate.c:mica_bound_still_active at the trap */
	if
	:: sealed
	:: !sealed -> goto stopped
	fi;
	/* it calls WAIT with any mask and any flag; 1. signal.c:mica_wait, take */
	atomic {
		any_mask();
		any_flag();
		take();
		if
		:: got != 0 -> COVER(2); got = 0; nowait = false; mask[w] = 0; goto call
		:: else
		fi
	};
#ifdef WAIT_ANNOUNCES_LAST
	atomic { take(); if :: got == 0 && !nowait :: else -> goto done fi };
	waiters = waiters | BIT(w);
	idle[w] = true;
	goto left;
#else
	/* 2. signal.c:mica_wait, fetch_or of waiters */
	waiters = waiters | BIT(w);
#endif
again:	/* 3. signal.c:look_again, take; it is here that signal.c:mica_wait_resume comes in */
	atomic {
		take();
		if
		:: got != 0 || nowait -> goto done
		:: got == 0 && !nowait -> goto done		/* signal.c:passed: a deadline may pass at any time */
		:: got == 0 && !nowait
		fi
	};
	/* 4. signal.c:look_again, exit IDLE */
	atomic {
#ifdef IDLE_WITHDRAWS
		waiters = waiters & ~BIT(w);
#endif
		idle[w] = true
	};
left:	/* the host enters it again when a WAKE said so, or whenever it likes */
	if
	:: atomic { told[w] -> told[w] = false; idle[w] = false }
#ifdef RANDOM_HOST
	:: atomic { idle[w] = false; told[w] = false }
#endif
#ifdef RESET
	:: atomic { !sealed -> idle[w] = false; goto stopped }
#endif
	fi;
	/* rec_enter.c:may_run, filter.c:mica_bound_may_enter */
	if
	:: sealed -> COVER(4); goto again
	:: !sealed -> goto stopped
	fi;
done:	/* signal.c:look_again, fetch_and of waiters; then the Realm goes on */
	atomic { waiters = waiters & ~BIT(w); COVER(3); got = 0; nowait = false; mask[w] = 0; goto call };
stopped: /* exit STOPPED, or the entry is refused; then REC_DESTROY, and the role is loaded again */
	atomic { gone[w] = true; got = 0; nowait = false; mask[w] = 0 };
	atomic { sealed && !gone[w] -> told[w] = false };
	goto call
}

#ifdef RESET
proctype resetter()
{
	do
	::	/* role.c:mica_role_reset */
		sealed = false;
		pending = 0;
		/* every REC must be gone before REALM_DESTROY */
		gone[0] && gone[1];
		/* role.c:mica_realm_gone */
		pending = 0;
		waiters = 0;
		COVER(5);
		atomic { gone[0] = false; gone[1] = false; sealed = true }
	od
}
#endif

#define FINISHED(b)	(posting[b] == 0)
#define SET_FOR(w, b)	((pending & mask[w] & BIT(b)) && FINISHED(b))
#define DUE(w)		(idle[w] && (SET_FOR(w, 0) || SET_FOR(w, 1)))

/* With no host that enters at random, what is due must have been told. One that does delays, but loses nothing. */
#ifndef LIVE
active proctype monitor()
{
end:	atomic { sealed && ((DUE(0) && !told[0]) || (DUE(1) && !told[1])) -> assert(false) }
}
#endif

#ifdef LIVE
ltl taken { [] (DUE(0) -> <> !DUE(0)) }
#endif

init {
	atomic {
		run waiter(0);
		run waiter(1);
		run signaller();
		run signaller();
#ifdef RESET
		run resetter();
#endif
	}
}
