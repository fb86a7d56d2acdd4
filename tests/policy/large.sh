#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# large.sh ROLES CHANNELS: a policy far beyond what the monitor takes, on standard output. Three of its four claims hold.
awk -v n="$1" -v c="$2" 'BEGIN {
	print "workflow large {"
	for (i = 0; i < n; i++)
		printf "  realm r%d { measurement sha256:%064x%s }\n", i, i, i % 100 == 0 ? " declassifies" : ""
	for (i = 0; i < c; i++) {
		to = (i * 7919 + i % 13 + 1) % n
		printf "  channel c%d 64KiB r%d -> r%d (ack, signal)\n", i, i % n, to == i % n ? (to + 1) % n : to
	}
	print "  window out 4KiB r0 -> host\n  window in 4KiB host -> r1"
	printf "  never host ~> r%d except via r0\n", n - 1
	printf "  never any ~> host except via r0\n  must any ~> r%d\n  must host ~> any\n}\n", n - 1
}'
