# SPDX-License-Identifier: Apache-2.0
#
# make bench-policy: memory of `mica check` far beyond the monitor's limits; make bench-tools: check, build and verify against the
# size of the policy, in instructions and as paired ratios.

BENCH_NATIVE := $(BENCH_B)/native
POLICY_PAIRS_OBJS := $(addprefix $(BENCH_NATIVE)/,policy_pairs.o pairs.o) \
	$(patsubst %.c,$(POLICY_DIR)/%.o,$(wildcard policy/compiler/*.c) $(LOADPLAN_SRCS) lib/hash/hash.c lib/measure/measure.c) \
	$(POLICY_MBEDTLS:%.c=$(POLICY_DIR)/mbedtls/%.o)

$(BENCH_NATIVE)/%.o: tests/bench/%.c | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(CFLAGS_WARN) -O2 -g -I$(BENCH_NATIVE) -MMD -MP -c $< -o $@

# The platform token and the realm attestation key that TF-A hands to anybody on this machine.
$(BENCH_NATIVE)/platform.h: $(B)/deps/tfa.stamp
	@mkdir -p $(@D)
	sed -n '/^static const uint8_t/,/^};/p' $(addprefix $(B)/deps/tf-a/plat/qemu/common/qemu_,plat_attest_token.c realm_attest_key.c) >$@
$(BENCH_NATIVE)/token.o: $(BENCH_NATIVE)/platform.h

$(BENCH_B)/token: $(BENCH_NATIVE)/token.o $(POLICY_DIR)/lib/cbor/cbor.o
	$(HOSTCC) $^ -lcrypto -o $@

$(BENCH_B)/policy_pairs: $(POLICY_PAIRS_OBJS)
	$(HOSTCC) $^ -o $@

BENCH_TOOLS := $(B)/bin/mica $(BENCH_B)/token $(BENCH_B)/policy_pairs
.PHONY: bench-tools
bench-tools: $(BENCH_TOOLS) components
	sh tests/bench/toolchain.sh $(B)

-include $(wildcard $(BENCH_NATIVE)/*.d)

.PHONY: bench-policy
bench-policy: $(B)/bin/mica
	sh tests/bench/policy.sh $<
