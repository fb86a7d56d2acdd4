#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# extension.sh RESULTS: gates against the host, signals.
set -eu
json=$1
. tools/bench/page.inc
jq -r '.extension[] | "\(.name) \(.median)"' "$json" | awk "$commas"'
	function row(text, value) { printf "| %s | %s |\n", text, value }
	function v(name) { return commas(median[name]) }
	{ median[$1] = $2 }
	END {
		print ""
		print "| | instructions |"
		print "|---|---:|"
		row("one exit: enter a bound Realm until its next host call", v("exit_bound"))
		row("a call through the host: out of A by a host call, eight registers carried over, into B, out of B, into A; the host'\''s own instructions not counted", v("call_by_host"))
		row("**a call through a gate**, no words / eight words there and eight back", v("gate_call_0_words") " / " v("gate_call_8_words"))
		row("a chain of 1, 2, 3, 4 gates", v("chain_of_1") ", " v("chain_of_2") ", " v("chain_of_3") ", " v("chain_of_4"))
		row("signal, nobody waits", v("signal_no_waiter"))
		row("the same in a policy of 1,024 grants", v("signal_1024_grants"))
		row("wait that finds its bit", v("wait_finds_bit"))
		row("wait that must not wait and finds none", v("wait_nowait_no_bit"))
		row("from SIGNAL to the reader'\''s next instruction after WAIT: exit WAKE, the host enters the reader at once", v("signal_to_wake_up"))
		print ""
		printf "A call through a gate costs %.0f %% of the same by way of the host (the aim was a third) and %.0f %% of one exit.\n\n",
			100 * median["gate_call_8_words"] / median["call_by_host"], 100 * median["gate_call_8_words"] / median["exit_bound"]
	}'
