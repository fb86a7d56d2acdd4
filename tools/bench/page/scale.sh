#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# scale.sh RESULTS: token and steady state against the size of a workflow.
set -eu
json=$1
. tools/bench/page.inc
jq -r '(.scale[] | "line \(.against)/\(.what) \(.from) \(.to) \(.each) \(.off) \(.percent)"), (.points[] | "point \(.against)/\(.what) \(.y)")' "$json" |
awk "$commas"'
	$1 == "line" { from[$2] = $3; to[$2] = $4; each[$2] = $5; off[$2] = $6; percent[$2] = $7 }
	$1 == "point" { if (!($2 in first)) first[$2] = $3; last[$2] = $3 }
	# less, over the whole range, than the worst point is off: nothing
	function real(s,   v) { v = each[s] * (to[s] - from[s]); return v > off[s] || -v > off[s] }
	function slope(s) {
		if (!real(s)) return "0"
		return each[s] == int(each[s]) ? commas(each[s]) : each[s] < 100 ? sprintf("%.1f", each[s]) : commas(each[s])
	}
	function token(what, text,   r, c) {
		r = "roles/" what; c = "channels/" what
		printf "| %s | %s | %s | %s | %.1f %% | %s | %.1f %% |\n", text, commas(first[r]), commas(last[r]), slope(r), percent[r], slope(c), percent[c]
	}
	function steady(what, text,   worst, k, n, a) {
		n = split("roles channels others gates", a, " ")
		for (k = 1; k <= n; k++) if (percent[a[k] "/" what] > worst) worst = percent[a[k] "/" what]
		printf "| %s | %s | %s | %s | %s | %s | %.1f %% |\n", text, commas(first["roles/" what]), slope("roles/" what),
			slope("channels/" what), slope("others/" what), slope("gates/" what), worst
	}
	# by the slopes, from the smallest; and as it was
	function along(s) { return real(s) ? each[s] * (to[s] - from[s]) : 0 }
	function together(what, text,   v, d) {
		v = first["roles/" what] + along("roles/" what) + along("channels/" what) + along("gates/" what)
		d = sprintf("%.1f", 100 * (first["all/" what] - v) / v)
		printf "| %s | %s | %s | %s %% |\n", text, commas(v), commas(first["all/" what]), d + 0 == 0 ? "0.0" : d
	}
	function question(against, what, text, parts,   s) {
		s = against "/" what
		printf "| %s | %s, %d to %d | %s | %s | %s | %.1f %% |\n", text, parts, from[s], to[s], commas(first[s]), commas(last[s]),
			(percent[s] > 10 ? "**not linear**" : slope(s)), percent[s]
	}
	END {
		print ""
		print "| token of a bound Realm | 2 roles | 64 roles | each role | deviation | each channel | deviation |"
		print "|---|---:|---:|---:|---:|---:|---:|"
		token("token_bytes", "bytes")
		token("token_init", "instructions of TOKEN_INIT: claims, their hash, the begin of the signature")
		token("token", "of all calls until it is complete")
		printf "| calls, a page at a time | %d | %d | by whole pages | | %s | |\n", first["roles/token_calls"], last["roles/token_calls"], slope("channels/token_calls")
		print ""
		print "| instructions | two roles, one channel, one gate | each role more | each channel of the two | each channel of two others | each gate | deviation |"
		print "|---|---:|---:|---:|---:|---:|---:|"
		steady("signal", "SIGNAL, nobody waits")
		steady("wait", "WAIT that finds its bit")
		steady("hop", "a message: from SIGNAL to the reader'\''s next instruction after WAIT")
		steady("gate_call", "a call through a gate, eight words there and back")
		steady("exit", "one exit: enter until the next host call")
		print ""
		print "| 64 roles, 512 channels and 62 gates at once | by the slopes | measured | |"
		print "|---|---:|---:|---:|"
		together("signal", "SIGNAL, nobody waits")
		together("hop", "a message")
		together("gate_call", "a call through the last gate")
		together("exit", "one exit")
		together("token_init", "TOKEN_INIT")
		together("token", "a token")
		print ""
		print "| a role asks | against | at the first | at the last | each | deviation |"
		print "|---|---|---:|---:|---:|---:|"
		question("channels", "all_grant_info", "GRANT_INFO of each of its grants", "grants of its own")
		question("gates", "self", "SELF: among others, how many gates are its own", "gates of its own")
		question("gates", "all_gate_info", "GATE_INFO of each of its gates", "gates of its own")
		question("channels", "peer_info", "PEER_INFO of one it writes to", "channels of the two")
		question("strangers", "peer_info", "PEER_INFO of one it has nothing to do with: refused", "grants of each of the two")
		print ""
	}'
