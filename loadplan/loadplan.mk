# SPDX-License-Identifier: Apache-2.0
# The load-plan library, for this machine (mica build) and for the VMM (arm64): users compile
# $(LOADPLAN_SRCS) with their own flags, together with lib/measure, lib/hash and two files of Mbed TLS.

LOADPLAN_SRCS := $(wildcard loadplan/*.c)
