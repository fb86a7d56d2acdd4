/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The monitor without the extension: stands for rmm/mica/hooks.h (its guard is taken), for a build of everything but
 * rmm/mica and lib/blob. For an unbound Realm every hook permits; here each is gone at compile time, so that the
 * difference between the two builds is what the hooks cost. It links only while hooks.h and the two dispatchers are all that
 * the base knows of the extension. Never shipped.
 */
#ifndef RMM_MICA_HOOKS_H
#define RMM_MICA_HOOKS_H

#include "../../lib/cbor/cbor.h"
#include "../../rmm/realm/rec.h"

enum mica_cmd {
	MICA_CMD_DATA_CREATE, MICA_CMD_RTT_CHANGE, MICA_CMD_MAP_UNPROTECTED, MICA_CMD_DESTROY, MICA_CMD_SET_RIPAS,
	MICA_CMD_REC_CREATE, MICA_CMD_REC_DESTROY, MICA_CMD_REALM_ACTIVATE, MICA_CMD_REALM_DESTROY,
};

struct mica_verdict { bool handled; enum run_verdict run; };

/* (name, type of its result, result, parameters); the parameters are not used. */
#define HOOKS(X)									\
	X(mica_may, uint64_t, 0, const struct rd *, enum mica_cmd)			\
	X(mica_may_ram, uint64_t, 0, const struct rd *, uint64_t, uint64_t)		\
	X(mica_may_window, uint64_t, 0, const struct rd *, ipa_t, int, uint64_t)	\
	X(mica_may_rec, uint64_t, 0, const struct rd *, uint64_t)			\
	X(mica_seal, uint64_t, 0, struct rd *, unsigned int)				\
	X(mica_active, uint64_t, 0, const struct rec *)					\
	X(mica_running, uint64_t, RMI_ERROR_REC, const struct rec *)			\
	X(mica_may_enter, uint64_t, 0, const struct rec *)				\
	X(mica_filter_enter, uint64_t, 0, struct run *)					\
	X(mica_still_active, enum run_verdict, RUN_RESUME, struct run *, enum rec_trap)	\
	X(mica_resume, enum run_verdict, RUN_RESUME, struct run *)			\
	X(mica_timers_open, bool, true, const struct run *)				\
	X(mica_gic_open, bool, true, const struct run *)				\
	X(mica_sgi_open, bool, true, struct run *, uint64_t)				\
	X(mica_abort, struct mica_verdict, no_verdict, struct run *, uint64_t, uint64_t, ipa_t)	\
	X(mica_host_call, struct mica_verdict, no_verdict, struct run *)		\
	X(mica_psci, struct mica_verdict, no_verdict, struct run *, uint64_t)		\
	X(mica_wfx, struct mica_verdict, no_verdict, struct run *)			\
	X(mica_ipa_state_set, struct mica_verdict, no_verdict, struct run *, ipa_t, ipa_t, enum rmi_ripas)	\
	X(mica_ipa_state_get, struct mica_verdict, no_verdict, struct run *, ipa_t, ipa_t)	\
	X(mica_rsi_buffer_ok, bool, true, const struct rec *, ipa_t)			\
	X(mica_token_claim, bool, false, const struct rd *, struct cbor *)

/* The same without a result. */
#define ACTS(X)										\
	X(mica_count_ram, struct rd *, int64_t)						\
	X(mica_count_windows, struct rd *, int64_t)					\
	X(mica_realm_gone, struct rd *)							\
	X(mica_realm_off, struct rd *)							\
	X(mica_filter_exit, struct run *)						\
	X(mica_leave, struct run *)							\
	X(mica_raise, struct run *)

static const struct mica_verdict no_verdict = { false, RUN_RESUME };

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#define HOOK(name, type, result, ...)	static inline type name(PARAMS(__VA_ARGS__)) { return result; }
#define ACT(name, ...)			static inline void name(PARAMS(__VA_ARGS__)) { }
#define PARAMS(...)			PARAMS_N(__VA_ARGS__, 4, 3, 2, 1)(__VA_ARGS__)
#define PARAMS_N(a, b, c, d, n, ...)	PARAMS_##n
#define PARAMS_1(a)			a p1
#define PARAMS_2(a, b)			a p1, b p2
#define PARAMS_3(a, b, c)		a p1, b p2, c p3
#define PARAMS_4(a, b, c, d)		a p1, b p2, c p3, d p4
HOOKS(HOOK)
ACTS(ACT)
#pragma GCC diagnostic pop

#endif
