/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stop, reset and teardown against REC_ENTER: rmm/rmi/rec_enter.c, rmm/rmi/rec.c, rmm/mica/filter.c, role.c, wf.c; docs/locking.md.
 * Two RECs of two roles on two CPUs; REC 0 can call REC 1 through a gate, so that a CPU can also run a REC that nobody
 * entered. The host stops the workflow, resets either role, and destroys RECs at any moment. A step is one atomic access or one lock.
 *
 * Asserted: a REC runs on one CPU at most and never after REC_DESTROY of it has succeeded; once a stop or a reset has returned,
 * no CPU begins to run a REC of it any more, and no trap of one is served.
 *
 * Holds:  any_order
 * Reach:  1 2 3 4 5
 * Broken: checked_before_marked	-DMARK_LATE
 * Broken: marks_read_first	-DMARKS_READ_FIRST
 * Broken: traps_look_not	-DTRAPS_LOOK_NOT
 * Broken: reset_keeps_gates	-DRESET_KEEPS_GATES
 */
#ifdef REACH
#define COVER(n)	assert(n != REACH)
#else
#define COVER(n)	skip
#endif

bool wf_stopped;		/* struct wf, state */
bool draining[2];		/* struct wf_role, state; RECs and roles have the same numbers */
bool exists[2] = true;		/* the granule is a REC */
byte refs[2];			/* its marks */
bool rec_lock[2], wf_lock;
bool ready = true;		/* the gate into REC 1; else NONE or BUSY */
bool none;

bool over[2];			/* a stop or reset that ends the role has returned */
byte runs[2];			/* CPUs that are in the Realm */

inline lock(l) { atomic { !l -> l = true } }
inline unlock(l) { l = false }

/* filter.c:mica_active, role.c:role_state. was_over: a stop had returned before the look began */
inline look(r, alive)
{
	atomic { was_over = over[r]; alive = !wf_stopped };
	atomic { alive = alive && !draining[r] };
	atomic { alive = alive && !wf_stopped; assert(!(alive && was_over)) }
}

/* run.c:rec_run: instructions of the Realm. Its REC is there, and nobody else runs it; it had not ended before the last look. */
inline slice(r)
{
	atomic { runs[r]++; assert(exists[r] && runs[r] == 1 && refs[r] != 0 && !late) };
	atomic { runs[r]--; assert(exists[r]) }
}

/* gate.c:mica_gate_call, gate.c:append: REC 1 comes behind REC 0 on this CPU */
inline call()
{
	lock(wf_lock);
	if
	:: atomic { ready && !none ->
		look(0, alive);
		if
		:: alive -> refs[1]++; ready = false; depth = 1; COVER(1)
		:: else
		fi }
	:: else
	fi;
	unlock(wf_lock)
}

/* gate.c:mica_gate_recv, gate.c:shorten: back to REC 0; or the chain leaves the CPU, gate.c:mica_bound_leave */
inline come_back()
{
	lock(wf_lock);
	if
	:: !none -> ready = true
	:: else
	fi;
	unlock(wf_lock);
	atomic { refs[1]--; depth = 0 }
}

proctype cpu()
{
	byte r, depth;
	bool taken, alive, was_over, late;	/* late: a stop or reset had returned before the last trap or look */

	do
	::	atomic { r = 0; depth = 0; taken = false; alive = false; was_over = false; late = false };
		if
		:: r = 0
		:: r = 1
		fi;
		/* rec_enter.c:take_rec; granule.c:granule_find_lock */
		lock(rec_lock[r]);
		if
		:: !exists[r] -> unlock(rec_lock[r]); goto refused
		:: exists[r]
		fi;
#ifdef MARK_LATE
		unlock(rec_lock[r]);
		look(r, alive);
		if
		:: !alive -> goto refused
		:: alive
		fi;
#endif
		atomic {	/* compare and exchange */
			if
			:: refs[r] == 0 -> refs[r] = 1; taken = true
			:: else
			fi
		};
#ifndef MARK_LATE
		unlock(rec_lock[r]);
#endif
		if
		:: !taken -> goto refused
		:: taken
		fi;
		/* a server whose gate is READY or BUSY is not for the host: filter.c:mica_bound_may_enter */
		if
		:: r == 1 && !none -> goto give_back
		:: else
		fi;
#ifndef MARK_LATE
		/* rec_enter.c:may_run, filter.c:mica_bound_may_enter */
		late = over[r];
		look(r, alive);
#endif
		if
		:: !alive -> goto give_back
		:: alive
		fi;
again:		do
		::	slice(r + depth);
			/* trap; gate.c:mica_bound_still_active */
			atomic { late = over[r] || over[r + depth]; COVER(2) };
#ifndef TRAPS_LOOK_NOT
			look(r, alive);
			if
			:: alive && depth == 1 -> look(1, alive); if :: !alive -> come_back(); alive = true; late = false; goto again :: alive fi
			:: else
			fi;
#endif
			if
			:: !alive -> COVER(3); break			/* exit STOPPED */
			:: alive -> break				/* an interrupt: exit */
			:: alive && r == 0 && depth == 0 -> atomic { assert(!late) }; call()
			:: alive && depth == 1 -> assert(!late); come_back()	/* the server replies */
			:: alive -> assert(!late)			/* any other service */
			fi
		od;
		if
		:: depth == 1 -> atomic { refs[1]--; depth = 0 }	/* gate.c:mica_bound_leave */
		:: depth == 0
		fi;
give_back:	/* rec_enter.c:give_back */
		atomic { refs[r]--; assert(exists[r]) };
refused:	skip
	od
}

/* rec.c:rmi_rec_destroy, rec.c:may_destroy */
inline destroy(r)
{
	lock(rec_lock[r]);
	if
	:: exists[r] ->
#ifdef MARKS_READ_FIRST
		atomic { idle = refs[r] == 0 };
		/* hooks.c:mica_may */
		atomic { gone = draining[r] };
		atomic { gone = gone || wf_stopped };
#else
		atomic { gone = draining[r] };
		atomic { gone = gone || wf_stopped };
		atomic { idle = refs[r] == 0 };
#endif
		if
		:: atomic { gone && idle -> exists[r] = false; assert(runs[r] == 0); COVER(4) }
		:: else
		fi
	:: !exists[r]
	fi;
	atomic { gone = false; idle = false; unlock(rec_lock[r]) }
}

proctype host()
{
end:	do
	::	atomic { !wf_stopped && !wf_lock -> wf_lock = true };
		wf_stopped = true;			/* wf.c:mica_wf_stop */
		atomic { wf_lock = false; over[0] = true; over[1] = true }
	::	atomic { !draining[0] && !wf_lock -> wf_lock = true };
		draining[0] = true;			/* role.c:mica_role_reset */
		atomic { wf_lock = false; over[0] = true }
	::	atomic { !draining[1] && !wf_lock -> wf_lock = true };
		draining[1] = true;			/* role.c:mica_role_reset */
#ifndef RESET_KEEPS_GATES
		none = true;				/* gate.c:gates_end */
#endif
		atomic { wf_lock = false; over[1] = true; COVER(5) }
	od
}

proctype another_host()		/* on a CPU of its own */
{
	bool gone, idle;

end:	do
	:: exists[0] -> destroy(0)
	:: exists[1] -> destroy(1)
	od
}

init { atomic { run cpu(); run cpu(); run host(); run another_host() } }
