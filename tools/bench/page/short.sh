#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# short.sh RESULTS: what the page comes down to.
set -eu
json=$1
. tools/bench/page.inc
figures=$(jq -r '
	def one(f): map(select(f)) | if length == 1 then .[0] else error("not one row") end;
	def message(kind; way; size): .[kind] | one(.way == way and .size == size) | .instructions / .count;
	def exits(way): .streams | one(.way == way and .size == 4096) | .exits / .count;
	def called(key; name): .[key] | one(.name == name) | .median;
	def line(against; what): .scale | one(.against == against and .what == what) | .each;
	def byte(work; way): .pipeline | one(.work == work and .way == way) | .ticks / .bytes;
	def hook(name): .hooks | one(.name == name) | (.with / .without - 1) * 100;
	(byte("redact"; "pipes") - byte("pass"; "files")) as $processes |
	(byte("redact"; "vmm") - byte("pass"; "sockets")) as $realms |
	def more(extra): (($realms + extra) / $processes - 1) * 100;
	message("streams"; "in-place"; 4096) as $in_place | message("streams"; "in-place"; 1048576) as $in_place_mib |
	"stream", $in_place, message("streams"; "plain"; 4096), message("streams"; "aes-gcm"; 4096) / $in_place,
		message("streams"; "aes-gcm-8"; 4096) / $in_place, message("streams"; "aes-gcm"; 1048576) / $in_place_mib,
		message("streams"; "aes-gcm-8"; 1048576) / $in_place_mib,
	"single", message("messages"; "in-place"; 4096), message("messages"; "plain"; 4096),
		message("messages"; "aes-gcm"; 4096) / message("messages"; "in-place"; 4096),
		message("messages"; "aes-gcm-8"; 4096) / message("messages"; "in-place"; 4096),
	"exits", exits("in-place"), exits("plain"),
	"gate", called("extension"; "gate_call_8_words"), called("extension"; "call_by_host"),
	"pipeline", more(0), more(byte("redact"; "aes-gcm") - byte("redact"; "channel")),
		more(byte("redact"; "aes-gcm-8") - byte("redact"; "channel")),
	"setup", line("roles"; "all_of_set_up"), line("channels"; "all_of_set_up"), line("roles"; "token_init"),
	"memory", line("roles"; "granules") * 4, line("channels"; "granules") * 4096, line("ram_mib_by_pages"; "granules") * 4,
	"size", .size.base_lines, .size.extension_lines, hook("rec_enter_host_call")' "$json")
echo "$figures" | awk "$commas"'
	{ v[NR] = $0; if ($0 ~ /^[a-z]+$/) at[$0] = NR }
	function n(name, i) { return commas(v[at[name] + i]) }
	function x(name, i) { return sprintf("%.1f", v[at[name] + i]) }
	END {
		print ""
		print "| In short | |"
		print "|---|---|"
		printf "| 4 KiB in a [stream](#channels-against-encryption), through a channel in place | %s instructions, all of the machine; plaintext in host memory %s; AES-256-GCM there %s times as much, %s by the method of the fastest libraries (1 MiB: %s, %s) |\n",
			n("stream", 1), n("stream", 2), x("stream", 3), x("stream", 4), x("stream", 5), x("stream", 6)
		printf "| 4 KiB, one message at a time | %s; plaintext %s; AES-256-GCM %s times, %s: two switches between Realms are most of it |\n",
			n("single", 1), n("single", 2), x("single", 3), x("single", 4)
		printf "| exits to the host for a message of 4 KiB in a stream | %.4f; plaintext %.4f |\n", v[at["exits"] + 1], v[at["exits"] + 2]
		printf "| a call through a gate, eight words each way | %s; the same by way of the host %s |\n", n("gate", 1), n("gate", 2)
		printf "| [**cost of confidentiality**](#examplesredact-from-end-to-end-what-confidentiality-costs): examples/redact in Realms against three plain processes, under the same Linux | **%.1f %%** more instructions; with encryption in place of channels %.1f %% (%.1f %% by the fastest) |\n",
			v[at["pipeline"] + 1], v[at["pipeline"] + 2], v[at["pipeline"] + 3]
		printf "| [size of the workflow](#scale) | set-up %s instructions a role, %s a channel; token %s a role; linear |\n", n("setup", 1), n("setup", 2), n("setup", 3)
		printf "| memory of the monitor | %.1f KiB a role, %s bytes a channel, %s KiB a MiB mapped by pages, none by blocks |\n", v[at["memory"] + 1], n("memory", 2), n("memory", 3)
		printf "| [what everybody trusts more](#the-monitor) | %s lines on top of %s (%.1f %%); an exit of a Realm that is not bound costs %.1f %% more |\n",
			n("size", 2), n("size", 1), 100 * v[at["size"] + 2] / v[at["size"] + 1], v[at["size"] + 3]
		print ""
	}'
