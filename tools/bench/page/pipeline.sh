#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# pipeline.sh RESULTS: examples/redact from end to end, by every way, for each byte of the log; and what it comes down to.
set -eu
jq -r '.pipeline[] | "\(.work) \(.way) \(.bytes) \(.ticks) \(.exits) \(.el3) \(.monitor) \(.realms) \(.user) \(.kernel) \(.host)"' "$1" | awk '
	{
		k = $1 SUBSEP $2
		sum[k] = $4 / $3
		exits[k] = $5 / $3 * 1048576
		el3[k] = $6 / $3; monitor[k] = $7 / $3; realms[k] = $8 / $3; user[k] = $9 / $3; kernel[k] = $10 / $3; host[k] = $11 / $3
	}
	function cell(v) { return v < 0.005 ? "" : sprintf("%.2f", v) }
	function percent(v) { return sprintf("%s%.1f %%", v < 0 ? "-" : "+", v < 0 ? -100 * v : 100 * v) }
	function row(way, name, processes,   k, p) {
		k = "redact" SUBSEP way; p = "pass" SUBSEP way
		printf "| %s | %s | %s | %s | %s | %s | %.2f | %s | %.2f |\n", name, cell(processes ? user[k] : realms[k]), cell(monitor[k]),
			cell(el3[k]), cell(kernel[k] + (processes ? 0 : user[k])), cell(host[k]), sum[k], exits[k] ? sprintf("%.0f", exits[k]) : "", sum[p]
	}
	END {
		print ""
		print "| Instructions for each byte of the log | components | monitor | EL3 | kernel and VMM | bare-metal host | **sum** | exits a MiB | without the redaction |"
		print "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
		row("channel", "channels", 0)
		row("channel-eager", "channels, who is woken runs at once", 0)
		row("plain", "plaintext in host memory", 0)
		row("aes-gcm", "AES-256-GCM over host memory", 0)
		row("aes-gcm-8", "AES-256-GCM by eights over host memory", 0)
		row("pipes", "Linux: processes, pipes", 1)
		row("rings", "Linux: processes, shared memory and futexes", 1)
		row("pipes-mops", "Linux: processes, pipes, the kernel with copying instructions", 1)
		row("vmm", "Linux: Realms, channels, driver and VMM", 0)
		f = sum["pass", "files"]; s = sum["pass", "sockets"]
		base = sum["redact", "pipes"] - f
		channels = sum["redact", "vmm"] - s
		aes = sum["redact", "aes-gcm"] - sum["redact", "channel"]; eights = sum["redact", "aes-gcm-8"] - sum["redact", "channel"]
		print ""
		printf "Input and output alone, in these sums: %.2f from and to files (processes), %.2f through the VMM'"'"'s socket (Realms).\n\n", f, s
		print "| The pipeline, against three plain processes | instructions a byte | more |"
		print "|---|---:|---:|"
		printf "| plain processes with pipes, input and output taken off: %.2f - %.2f | %.2f | |\n", sum["redact", "pipes"], f, base
		printf "| **cost of confidentiality**: Realms and channels under the same Linux, the same taken off: %.2f - %.2f | %.2f | **%s** |\n",
			sum["redact", "vmm"], s, channels, percent(channels / base - 1)
		printf "| with encryption in place of channels, %.2f on top | %.2f | %s |\n", aes, channels + aes, percent((channels + aes) / base - 1)
		printf "| ... by eights, %.2f on top | %.2f | %s |\n", eights, channels + eights, percent((channels + eights) / base - 1)
		print ""
		printf "Whose the difference is: components %.2f, monitor %.2f, EL3 %.2f, driver, VMM and scheduler %.2f, less %.2f of the kernel for pipes.\n",
			realms["redact", "vmm"] - user["redact", "pipes"], monitor["redact", "vmm"], el3["redact", "vmm"],
			kernel["redact", "vmm"] + user["redact", "vmm"] + host["redact", "vmm"] - s, kernel["redact", "pipes"] - f
		printf "For each entry of a Realm driver, VMM and scheduler have %.0f instructions, monitor and EL3 %.0f.\n",
			(kernel["redact", "vmm"] + user["redact", "vmm"] - s) / exits["redact", "vmm"] * 1048576,
			(monitor["redact", "vmm"] + el3["redact", "vmm"]) / exits["redact", "vmm"] * 1048576
		print ""
		p = sum["redact", "plain"]
		print "| Three Realms under the bare-metal host, against plaintext in host memory | more |"
		print "|---|---:|"
		printf "| channels | %s |\n", percent(sum["redact", "channel"] / p - 1)
		printf "| AES-256-GCM | %s |\n| AES-256-GCM by eights | %s |\n", percent(sum["redact", "aes-gcm"] / p - 1), percent(sum["redact", "aes-gcm-8"] / p - 1)
		print ""
	}'
