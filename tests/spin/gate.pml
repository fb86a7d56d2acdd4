/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gates: docs/spec/extension.md section 7, rmm/mica/gate.c, docs/locking.md. RECs 0 and 1 of role A call, REC 2 of role B serves
 * the one gate between them. Two CPUs enter any of the three at any moment; the host stops the workflow, and resets
 * either role, destroys its RECs and loads it again. A step is one atomic access, or what happens under one lock.
 *
 * Asserted: nobody but the CPU that has a REC touches it, and it exists; a call that was accepted ends once, with the answer to
 * its own words, or with 14 if a reset or stop came between; a request is answered once; the gate is BUSY for one caller at most.
 *
 * Holds:  any_order	-DRESETS=2
 * Reach:  1 2 3 4 5 6 7 8	-DRESETS=1
 * Broken: ready_before_saved	-DRESETS=1 -DREADY_BEFORE_SAVED
 * Broken: orphan_entered	-DRESETS=1 -DORPHAN_ENTERED
 * Broken: orphan_without_lock	-DRESETS=1 -DORPHAN_WITHOUT_LOCK
 * Broken: mark_dropped_first	-DRESETS=2 -DMARK_DROPPED_FIRST
 * Broken: gates_not_cleared	-DRESETS=1 -DGATES_NOT_CLEARED
 * Broken: stale_link_followed	-DRESETS=1 -DSTALE_LINK_FOLLOWED
 */
#ifdef REACH
#define COVER(n)	assert(n != REACH)
#else
#define COVER(n)	skip
#endif

#define SERVER	2
#define NOBODY	3
#define A	0
#define B	1
#define ROLE(r)	(r / 2)

#define NONE	0		/* enum gate_state */
#define READY	1
#define BUSY	2
#define ORPHAN	3
byte gate, caller = NOBODY;	/* struct wf_gate */

bool stopped, draining[2];	/* workflow, roles */
bool wf_lock;
bool exists[3] = true;
byte refs[3];
bool calling[3];		/* rec->calling */
byte word[3];			/* rec->gpr: words of a call, of its answer */

/* not in the monitor: what is asserted about it */
byte user[3];			/* the CPU that may touch the REC; 0: none */
bool seq[2];			/* a caller's words differ from those of its call before */
bool accepted[2];		/* it is in a call */
bool broken[2];			/* since when either role was reset, or the workflow stopped */
bool owed;			/* the server has words that it has not answered */
byte resets;

#define WORDS(r)	(2 * r + seq[r] + 1)

inline have(r) { assert(user[r] == 0 && exists[r] && refs[r] != 0); user[r] = me }
inline touch(r) { assert(user[r] == me && exists[r]) }

/* gate.c:alive, filter.c:mica_active */
#define ALIVE(r)	(!stopped && !draining[ROLE(r)])

/* a call ends: gate.c:hand_over, or gate.c:mica_bound_still_active and gate.c:mica_bound_resume with PEER_GONE */
inline answered(r) { assert(accepted[r] && word[r] == WORDS(r)); accepted[r] = false; COVER(1) }
inline peer_gone(r) { assert(accepted[r] && broken[r]); accepted[r] = false; COVER(2) }

/* gate.c:append, with the WF lock */
inline append() { refs[SERVER]++; depth = 1; have(SERVER) }
/* gate.c:go_back: the server's registers are saved */
inline go_back(r) { touch(SERVER); user[SERVER] = 0; touch(r); calling[r] = false }
/* gate.c:shorten: it is not ours any more */
inline shorten() { assert(exists[SERVER] && refs[SERVER] != 0); refs[SERVER]--; depth = 0 }

/* gate.c:mica_gate_call; the lock is held for all of gate.c:take and gate.c:append */
inline call()
{
	atomic { !wf_lock ->
		if
		:: gate == NONE || !ALIVE(r) -> COVER(3)		/* 14 */
		:: else ->
			if
			:: gate != READY -> COVER(4)				/* 15 */
			:: else ->
				assert(caller == NOBODY);
				gate = BUSY;
				caller = r;
				append();
				accepted[r] = true;
				broken[r] = false
			fi
		fi
	};
	if
	:: depth == 1 -> atomic {
		touch(r);
		touch(SERVER);
		calling[r] = true;
		seq[r] = !seq[r];
		word[SERVER] = WORDS(r);		/* gate.c:hand_over */
		owed = true }
	:: else
	fi
}

/* gate.c:mica_gate_recv of a server that has an answer and somebody to answer */
inline reply()
{
	atomic {
		touch(r);
		touch(SERVER);
		assert(owed);
		owed = false;
		word[r] = word[SERVER];			/* gate.c:hand_over */
		answered(r)
	};
	atomic { go_back(r) };
#ifdef MARK_DROPPED_FIRST
	atomic { shorten() };
#endif
	atomic { !wf_lock ->
		if
		:: gate != NONE -> gate = READY; caller = NOBODY
		:: else
		fi
	};
#ifndef MARK_DROPPED_FIRST
	atomic { shorten() }
#endif
}

proctype cpu(byte me)
{
	byte r, depth;
	bool parks, serving;

	do
	::	/* rec_enter.c:take_rec; its own look at the gate is left out. A REC that is not there, or runs: refused */
		atomic {
			if :: r = 0 :: r = 1 :: r = SERVER fi;
			if
			:: exists[r] && refs[r] == 0 -> refs[r] = 1
			:: else -> r = 0; goto refused
			fi
		};
		/* rec_enter.c:may_run; filter.c:mica_bound_may_enter reads the gate, then the states */
		atomic {
			if
			:: r == SERVER && (gate == READY || gate == BUSY) -> COVER(5); goto give_back
			:: r == SERVER && gate == ORPHAN -> serving = true
			:: else
			fi
		};
		if
		:: atomic { !ALIVE(r) -> serving = false; goto give_back }
		:: ALIVE(r)
		fi;
#ifdef ORPHAN_WITHOUT_LOCK
		if
		:: serving && refs[r] != 1 -> serving = false; goto give_back
		:: !serving || refs[r] == 1
		fi;
#elif !defined(ORPHAN_ENTERED)
		/* filter.c:orphan_may_enter, with the lock */
		atomic { !serving || !wf_lock ->
			if
			:: serving && (gate != ORPHAN || refs[r] != 1) -> COVER(6); serving = false; goto give_back
			:: else
			fi
		};
#endif
		/* gate.c:mica_bound_resume */
		atomic { !wf_lock ->
			serving = false;
			have(r);
			if
#ifdef STALE_LINK_FOLLOWED
			:: calling[r] && ALIVE(r) && gate == BUSY -> append()
#else
			:: calling[r] && ALIVE(r) && gate == BUSY && caller == r -> append()
#endif
			:: else ->
				if
				:: calling[r] -> calling[r] = false; peer_gone(r)
				:: else
				fi
			fi
		};
		do
		::	/* run.c:rec_run: instructions, trap; gate.c:mica_bound_still_active */
			atomic {
				touch(r);
				if :: depth == 1 -> touch(SERVER) :: else fi;
				if
				:: !ALIVE(r) -> goto out		/* exit STOPPED */
				:: else
				fi
			};
			if
			:: depth == 1 ->
				if
				:: atomic { !ALIVE(SERVER) -> go_back(r); peer_gone(r) }; atomic { shorten(); goto again }
				:: ALIVE(SERVER)
				fi
			:: depth == 0
			fi;
			if
			:: break					/* an interrupt */
			:: depth == 0 && r != SERVER -> call()
			:: depth == 1 -> reply()
			:: atomic { depth == 0 && r == SERVER ->	/* gate.c:mica_gate_recv: exit PARKED */
				if :: owed -> COVER(7) :: else fi;
				owed = false;
#ifdef READY_BEFORE_SAVED
				if :: ALIVE(SERVER) -> gate = READY; caller = NOBODY :: else fi;
#else
				parks = true;
#endif
				goto out }
			fi;
again:			skip
		od;
out:		/* context.c:rec_unload, rec_enter.c:rmi_rec_enter: registers saved, exit record written; gate.c:mica_bound_leave */
		atomic {
			touch(r);
			if
			:: depth == 1 -> touch(SERVER); user[SERVER] = 0; shorten(); COVER(8)
			:: else
			fi;
			user[r] = 0
		};
		if
		:: atomic { parks && !wf_lock -> parks = false; if :: ALIVE(SERVER) -> gate = READY; caller = NOBODY :: else fi }
		:: !parks
		fi;
give_back:	atomic { refs[r]--; r = 0 };			/* rec_enter.c:give_back */
refused:	skip
	od
}

/* rec.c:may_destroy, under the lock that rec_enter.c:take_rec needs; in what order it looks: stop.pml */
inline destroy(r)
{
	atomic {
		if
		:: refs[r] == 0 && exists[r] -> assert(user[r] == 0); exists[r] = false
		:: else
		fi
	}
}

/* role.c:mica_realm_gone, then REALM_CREATE, REC_CREATE, REALM_ACTIVATE */
inline load_again(role, first, last)
{
	atomic {
		!exists[first] && !exists[last] ->
		calling[first] = false;
		calling[last] = false;
		if
		:: role == A -> accepted[0] = false; accepted[1] = false
		:: else -> owed = false
		fi;
		exists[first] = true;
		exists[last] = true;
		draining[role] = false
	}
}

/* role.c:mica_role_reset; gate.c:gates_end */
inline reset(role)
{
	atomic { !wf_lock -> wf_lock = true };
	atomic { draining[role] = true; broken[0] = true; broken[1] = true };
	atomic {
#ifndef GATES_NOT_CLEARED
		if
		:: role == B -> gate = NONE; caller = NOBODY
		:: role == A && gate == BUSY -> gate = ORPHAN; caller = NOBODY
		:: else
		fi;
#endif
		resets++;
		wf_lock = false
	}
}

proctype host()
{
end:	do
	:: atomic { !stopped && !draining[A] && !draining[B] && !wf_lock -> stopped = true; broken[0] = true; broken[1] = true }
	:: !draining[A] && resets < RESETS -> reset(A)
	:: !draining[B] && resets < RESETS -> reset(B)
	:: (draining[A] || stopped) && exists[0] -> destroy(0)
	:: (draining[A] || stopped) && exists[1] -> destroy(1)
	:: (draining[B] || stopped) && exists[SERVER] -> destroy(SERVER)
	:: draining[A] && !stopped && !exists[0] && !exists[1] -> load_again(A, 0, 1)
	:: draining[B] && !stopped && !exists[SERVER] -> load_again(B, SERVER, SERVER)
	od
}

init { atomic { run cpu(1); run cpu(2); run host() } }
