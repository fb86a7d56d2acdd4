# SPDX-License-Identifier: Apache-2.0
#
# make bench-policy: `mica check` far beyond the monitor's limits.

.PHONY: bench-policy
bench-policy: $(B)/bin/mica
	sh tests/bench/policy.sh $<
