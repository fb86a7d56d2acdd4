/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The attempts. Names and meaning are stable: docs and tests refer to them. Where an act needs
 * something to act on, it is found by name, so that the same image meets a policy that closes
 * the act and one that opens it:
 *     channel "notice"  read-only, or two-way in the control       (falls back to "raw")
 *     channel "aside"   between other roles, or also ours
 *     window            none, or one at the start of the unprotected half
 */
#include "hostile.h"

#define UNPROTECTED	(1UL << 38)	/* IPA width 39: the upper half belongs to the host */
#define UART		0x09000000UL
#define SHARED_HOLE	0x20000000UL	/* in the unprotected half, far from any window */
#define PAGE		4096UL
#define CHANNELS	0x1000000000UL	/* where channels are laid out */
#define RET_INSN	0xd65f03c0U

static uint8_t scratch[2 * PAGE] __attribute__((aligned(4096)));

static const struct result nothing = { NOTHING, 0 };

static bool grant(const char *name, struct mica_grant *g)
{
	for (unsigned int i = 0; mica_grant(i, g) == 0; i++)
		if (strcmp(g->name, name) == 0)
			return true;
	return false;
}

/* The channel we may read and not write, whatever this policy calls it. */
static bool readable(struct mica_grant *g)
{
	return grant("notice", g) || grant("raw", g);
}

static uint64_t ram_base(void)
{
	return 0x40000000UL;
}

static uint64_t ram_top(void)
{
	uint64_t x[11] = { SMC_RSI_MICA_SELF, MICA_SELF_RAM };

	mica_smc(x);
	return x[1] + x[2];
}

/* ---- memory of the host ---- */

static struct result window_write(void) { return try_store(UNPROTECTED + 64); }
static struct result window_read(void) { return try_load(UNPROTECTED + 64); }
static struct result window_atomic(void) { return try_atomic(UNPROTECTED + 64); }
static struct result window_exec(void) { return try_call(UNPROTECTED); }
static struct result shared_write(void) { return try_store(UNPROTECTED + SHARED_HOLE); }
static struct result shared_read(void) { return try_load(UNPROTECTED + SHARED_HOLE); }
static struct result mmio_write(void) { return try_store_byte(UNPROTECTED + UART); }
static struct result mmio_read(void) { return try_load_byte(UNPROTECTED + UART + 0x18); }

/* The last page of a window and what follows it. */
static struct result window_past_end(void)
{
	return try_store_pair(UNPROTECTED + (1UL << 38) - 8);
}

/* ---- calls to the host ---- */

static struct result host_call(void)
{
	static struct rsi_host_call call __attribute__((aligned(256)));

	/* READ of no window, so that a host that does get it answers and nothing else happens. */
	call.imm = MICA_HC_READ;
	for (unsigned int i = 0; i < 31; i++)
		call.gprs[i] = i ? hostile_secret : ~0UL;
	return try_smc(SMC_RSI_HOST_CALL, (uint64_t)&call, 0, 0, 0);
}

static struct result psci_cpu_on(void)
{
	return try_smc(PSCI_CPU_ON_64, 1, ram_base(), hostile_secret, 0);
}

static struct result psci_cpu_off(void) { return try_smc(PSCI_CPU_OFF, hostile_secret, 0, 0, 0); }

static struct result psci_affinity(void)
{
	return try_smc(PSCI_AFFINITY_INFO_64, hostile_secret & 0xff, 0, 0, 0);
}

static struct result hvc(void) { return try_hvc(); }

static struct result ripas(uint64_t base, uint64_t state)
{
	return try_smc(SMC_RSI_IPA_STATE_SET, base, base + PAGE, state, RSI_CHANGE_DESTROYED);
}

static struct result ripas_empty(void) { return ripas((uint64_t)scratch, 0); }
static struct result ripas_hole(void) { return ripas(ram_top() + 16 * PAGE, 1); }

static struct result ripas_channel(void)
{
	struct mica_grant g;

	return readable(&g) ? ripas((uint64_t)g.base, 0) : nothing;
}

/* ---- channels ---- */

static struct result read_only(struct result (*access)(uint64_t), uint64_t off)
{
	struct mica_grant g;

	/* Behind the ring's header: where the policy lets us write, nothing breaks. */
	return readable(&g) ? access((uint64_t)g.base + off) : nothing;
}

static struct result channel_write(void) { return read_only(try_store, 2048); }
static struct result channel_write_byte(void) { return read_only(try_store_byte, 4095); }
static struct result channel_atomic(void) { return read_only(try_atomic, 2048); }
static struct result channel_exclusive(void) { return read_only(try_exclusive, 2048); }
static struct result channel_zero_block(void) { return read_only(try_zero_block, 2048); }
static struct result channel_unaligned(void) { return read_only(try_store, 2049); }

static struct result channel_exec(void)
{
	struct mica_grant g;

	if (!grant("clean", &g))
		return nothing;
	*(volatile uint32_t *)(g.base + 4096) = RET_INSN;	/* space nobody reads yet */
	asm volatile("dsb ish\n\tic iallu\n\tdsb ish\n\tisb" : : : "memory");
	return try_call((uint64_t)g.base + 4096);
}

static struct result channel_past_end(void)
{
	struct mica_grant g;

	return grant("clean", &g) ? try_store_pair((uint64_t)g.base + g.size - 8) : nothing;
}

static struct result channel_signal(void)
{
	struct mica_grant g;

	return readable(&g) ? try_smc(SMC_RSI_MICA_SIGNAL, g.index, 0, 0, 0) : nothing;
}

static bool is_mine(uint64_t ipa)
{
	struct mica_grant g;

	for (unsigned int i = 0; mica_grant(i, &g) == 0; i++)
		if (ipa >= (uint64_t)g.base && ipa < (uint64_t)g.base + g.size)
			return true;
	return false;
}

/* Our own view of it if there is one, else everywhere a channel could lie. */
static struct result channel_of_others(void)
{
	struct result r = { FAULTED, 0 };
	struct mica_grant g;

	if (grant("aside", &g))
		return try_load((uint64_t)g.base);
	for (uint64_t ipa = CHANNELS; ipa < CHANNELS + 512 * PAGE && r.outcome == FAULTED; ipa += PAGE)
		if (!is_mine(ipa))
			r = try_load(ipa);
	return r;
}

/* ---- holes ---- */

static struct result hole_zero_read(void) { return try_load(0); }
static struct result hole_zero_write(void) { return try_store(0); }
static struct result hole_below_ram(void) { return try_store(ram_base() - 8); }
static struct result hole_uart(void) { return try_store_byte(UART); }
static struct result hole_far(void) { return try_load(UNPROTECTED - 8); }
static struct result hole_exec(void) { return try_call(CHANNELS - PAGE); }
static struct result above_ipa_read(void) { return try_load(1UL << 39); }
static struct result above_ipa_write(void) { return try_store((1UL << 39) + UART); }
static struct result ram_end_read(void) { return try_load(ram_top()); }
static struct result ram_end_write(void) { return try_store(ram_top()); }
static struct result ram_end_exec(void) { return try_call(ram_top()); }
static struct result ram_end_straddle(void) { return try_store(ram_top() - 4); }
static struct result ram_end_pair(void) { return try_load_pair(ram_top() - 8); }
static struct result ram_end_zero_block(void) { return try_zero_block(ram_top()); }

/* ---- the monitor as an accomplice: addresses it should write or read for us ---- */

static struct result config_into_channel(void)
{
	struct mica_grant g;

	return readable(&g) ? try_smc(SMC_RSI_REALM_CONFIG, (uint64_t)g.base, 0, 0, 0) : nothing;
}

static struct result config_into_shared(void)
{
	return try_smc(SMC_RSI_REALM_CONFIG, UNPROTECTED, 0, 0, 0);
}

static struct result config_past_ram(void)
{
	return try_smc(SMC_RSI_REALM_CONFIG, ram_top(), 0, 0, 0);
}

static struct result config_unaligned(void)
{
	return try_smc(SMC_RSI_REALM_CONFIG, (uint64_t)scratch + 8, 0, 0, 0);
}

static struct result token_into_channel(void)
{
	uint64_t x[11] = { SMC_RSI_ATTEST_TOKEN_INIT, hostile_secret };
	struct mica_grant g;

	if (!readable(&g))
		return nothing;
	mica_smc(x);
	for (;;) {			/* INCOMPLETE without a byte: still signing */
		struct result r = try_smc(SMC_RSI_ATTEST_TOKEN_CONTINUE, (uint64_t)g.base, 0, PAGE, 0);

		if (r.outcome != STATUS || r.value != RSI_INCOMPLETE)
			return r;
	}
}

static struct result token_past_page(void)
{
	return try_smc(SMC_RSI_ATTEST_TOKEN_CONTINUE, (uint64_t)scratch, 8, PAGE, 0);
}

static struct result token_wraps(void)
{
	return try_smc(SMC_RSI_ATTEST_TOKEN_CONTINUE, (uint64_t)scratch, 8, ~0UL, 0);
}

static struct result host_call_in_channel(void)
{
	struct mica_grant g;

	return grant("clean", &g) ? try_smc(SMC_RSI_HOST_CALL, (uint64_t)g.base + PAGE, 0, 0, 0) :
				    nothing;
}

static struct result extend_rim(void)
{
	return try_smc(SMC_RSI_MEASUREMENT_EXTEND, 0, 64, hostile_secret, 0);
}

static struct result extend_beyond(void)
{
	return try_smc(SMC_RSI_MEASUREMENT_EXTEND, 5, 64, hostile_secret, 0);
}

static struct result extend_huge(void)
{
	return try_smc(SMC_RSI_MEASUREMENT_EXTEND, 1, 65, hostile_secret, 0);
}

static struct result grant_beyond(void)
{
	return try_smc(SMC_RSI_MICA_GRANT_INFO, mica_self()->grants, 0, 0, 0);
}

static struct result grant_huge(void) { return try_smc(SMC_RSI_MICA_GRANT_INFO, ~0UL, 0, 0, 0); }
static struct result region_beyond(void)
{
	return try_smc(SMC_RSI_MICA_REGION_INFO, mica_self()->regions, 0, 0, 0);
}

static struct result peer_beyond(void) { return try_smc(SMC_RSI_MICA_PEER_INFO, 64, 0, 0, 0); }
static struct result peer_huge(void) { return try_smc(SMC_RSI_MICA_PEER_INFO, ~0UL, 0, 0, 0); }
static struct result signal_huge(void) { return try_smc(SMC_RSI_MICA_SIGNAL, ~0UL, 0, 0, 0); }
static struct result wait_for_nothing(void) { return try_smc(SMC_RSI_MICA_WAIT, 0, 0, 0, 0); }
static struct result gate_call(void) { return try_smc(SMC_RSI_MICA_GATE_CALL, 0, hostile_secret, 0, 0); }

/* Calls that belong to the host or to firmware. */
static struct result rmi_delegate(void)
{
	return try_smc(0xC4000151UL, (uint64_t)scratch, 0, 0, 0);
}

static struct result rmi_stop(void) { return try_smc(0xC4000182UL, MICA_WF_STOP, 0, 0, 0); }
static struct result firmware_call(void) { return try_smc(0xC40001B0UL, (uint64_t)scratch, 0, 0, 0); }

#define ACT(name, function)	{ name, function }
const struct attempt attempts[] = {
	ACT("window-write", window_write),
	ACT("window-read", window_read),
	ACT("window-atomic", window_atomic),
	ACT("window-exec", window_exec),
	ACT("window-past-end", window_past_end),
	ACT("shared-write", shared_write),
	ACT("shared-read", shared_read),
	ACT("mmio-write", mmio_write),
	ACT("mmio-read", mmio_read),
	ACT("host-call", host_call),
	ACT("host-call-in-channel", host_call_in_channel),
	ACT("psci-cpu-on", psci_cpu_on),
	ACT("psci-cpu-off", psci_cpu_off),
	ACT("psci-affinity-info", psci_affinity),
	ACT("hvc", hvc),
	ACT("ripas-empty", ripas_empty),
	ACT("ripas-hole", ripas_hole),
	ACT("ripas-channel", ripas_channel),
	ACT("channel-write", channel_write),
	ACT("channel-write-byte", channel_write_byte),
	ACT("channel-unaligned", channel_unaligned),
	ACT("channel-atomic", channel_atomic),
	ACT("channel-exclusive", channel_exclusive),
	ACT("channel-zero-block", channel_zero_block),
	ACT("channel-exec", channel_exec),
	ACT("channel-past-end", channel_past_end),
	ACT("channel-signal", channel_signal),
	ACT("channel-of-others", channel_of_others),
	ACT("hole-zero-read", hole_zero_read),
	ACT("hole-zero-write", hole_zero_write),
	ACT("hole-below-ram", hole_below_ram),
	ACT("hole-uart", hole_uart),
	ACT("hole-far", hole_far),
	ACT("hole-exec", hole_exec),
	ACT("above-ipa-read", above_ipa_read),
	ACT("above-ipa-write", above_ipa_write),
	ACT("ram-end-read", ram_end_read),
	ACT("ram-end-write", ram_end_write),
	ACT("ram-end-exec", ram_end_exec),
	ACT("ram-end-straddle", ram_end_straddle),
	ACT("ram-end-pair", ram_end_pair),
	ACT("ram-end-zero-block", ram_end_zero_block),
	ACT("config-into-channel", config_into_channel),
	ACT("config-into-shared", config_into_shared),
	ACT("config-past-ram", config_past_ram),
	ACT("config-unaligned", config_unaligned),
	ACT("token-into-channel", token_into_channel),
	ACT("token-past-page", token_past_page),
	ACT("token-wraps", token_wraps),
	ACT("extend-rim", extend_rim),
	ACT("extend-beyond", extend_beyond),
	ACT("extend-huge", extend_huge),
	ACT("grant-beyond", grant_beyond),
	ACT("grant-huge", grant_huge),
	ACT("region-beyond", region_beyond),
	ACT("peer-beyond", peer_beyond),
	ACT("peer-huge", peer_huge),
	ACT("signal-huge", signal_huge),
	ACT("wait-for-nothing", wait_for_nothing),
	ACT("gate-call", gate_call),
	ACT("rmi-delegate", rmi_delegate),
	ACT("rmi-stop-workflow", rmi_stop),
	ACT("firmware-call", firmware_call),
};
const unsigned int n_attempts = sizeof(attempts) / sizeof(*attempts);
