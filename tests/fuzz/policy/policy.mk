# SPDX-License-Identifier: Apache-2.0
#
# Fuzzers of the policy compiler and of the blob decoder. `make check` replays the corpora with gcc and sanitizers;
#     make fuzz-policy SECONDS=600     (or fuzz-blob) extends them, guided by coverage (libFuzzer, clang),
# then keeps the smallest set with the same coverage.

FUZZ_POLICY_SRCS := $(filter-out tests/unit/%,$(FLOW_RANDOM_SRCS))
FUZZ_CORPUS := tests/fuzz/corpus
UNIT_SUITES += $(B)/tests/fuzz_check $(B)/tests/fuzz_blob

$(B)/tests/fuzz_check: tests/fuzz/policy/check.c tests/fuzz/policy/replay.c tests/fuzz/policy/target.h \
		$(FUZZ_POLICY_SRCS:%.c=$(B)/tests/policy-san/%.o) $(POLICY_MBEDTLS:%.c=$(POLICY_DIR)/mbedtls/%.o)
	$(HOSTCC) $(POLICY_CFLAGS) -fsanitize=address,undefined -fno-sanitize-recover=all -DCORPUS='"$(FUZZ_CORPUS)/check"' \
		$(filter %.c %.o,$^) -lcmocka -o $@

$(B)/tests/fuzz_blob: tests/fuzz/policy/blob.c tests/fuzz/policy/replay.c tests/fuzz/policy/target.h lib/blob/blob.c lib/blob/blob.h \
		abi/mica_blob.h | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(CFLAGS_WARN) -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -DCORPUS='"$(FUZZ_CORPUS)/blob"' \
		$(filter %.c,$^) -lcmocka -o $@

FUZZ_POLICY_B := $(B)/fuzz-policy
FUZZ_POLICY_CLANG := clang $(POLICY_CFLAGS) -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -Wno-unknown-warning-option

$(FUZZ_POLICY_B)/%.o: %.c $(B)/deps/mbedtls.stamp
	@mkdir -p $(@D)
	$(FUZZ_POLICY_CLANG) -fsanitize=fuzzer-no-link -MMD -MP -c $< -o $@

$(B)/tests/fuzz_check_guided: $(patsubst %.c,$(FUZZ_POLICY_B)/%.o,tests/fuzz/policy/check.c $(FUZZ_POLICY_SRCS)) \
		$(POLICY_MBEDTLS:%.c=$(POLICY_DIR)/mbedtls/%.o)
	$(FUZZ_POLICY_CLANG) -fsanitize=fuzzer $^ -o $@

$(B)/tests/fuzz_blob_guided: $(patsubst %.c,$(FUZZ_POLICY_B)/%.o,tests/fuzz/policy/blob.c lib/blob/blob.c)
	$(FUZZ_POLICY_CLANG) -fsanitize=fuzzer $^ -o $@

-include $(wildcard $(FUZZ_POLICY_B)/*/*.d $(FUZZ_POLICY_B)/*/*/*.d)

# $(1): check or blob
define guided
	@mkdir -p $(B)/corpus-$(1) $(FUZZ_CORPUS)/$(1)
	$< -max_len=8192 -timeout=10 -rss_limit_mb=1024 -max_total_time=$(SECONDS) -print_final_stats=1 \
		$(if $(wildcard tests/fuzz/policy/$(1).dict),-dict=tests/fuzz/policy/$(1).dict) $(B)/corpus-$(1) $(FUZZ_CORPUS)/$(1)
	rm -rf $(B)/corpus-$(1)-min && mkdir -p $(B)/corpus-$(1)-min
	$< -set_cover_merge=1 -use_counters=0 $(B)/corpus-$(1)-min $(FUZZ_CORPUS)/$(1) $(B)/corpus-$(1)
	rm -f $(FUZZ_CORPUS)/$(1)/*
	cp $(B)/corpus-$(1)-min/* $(FUZZ_CORPUS)/$(1)/
endef

.PHONY: fuzz-policy fuzz-blob
fuzz-policy: $(B)/tests/fuzz_check_guided
	$(call guided,check)
fuzz-blob: $(B)/tests/fuzz_blob_guided
	$(call guided,blob)
