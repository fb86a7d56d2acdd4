# SPDX-License-Identifier: Apache-2.0
#
# Sequence fuzzer of the monitor over the fake machine and the reference model, sanitizers on:
#     make fuzz-rmi STEPS=10000000             random sequences of RMM 1.0, as recorded in docs/testing.md
#     make fuzz-workflows STEPS=1000000        the same of the Mica extension
# `make check` runs 100,000 steps of each and all of the corpus.

FUZZ_B := $(B)/fuzz
FUZZ_CFLAGS := $(filter-out -O1,$(FAKE_CFLAGS)) -O2 -DFAKE_DRAM_SIZE=0x800000UL -DPLAT_RMM_SIZE=0x10000UL -DPLAT_SHARED_BASE=0x4010f000UL
FUZZ_SRCS := $(filter-out %/libfuzzer.c,$(wildcard tests/fuzz/*.c)) $(wildcard tests/model/*.c) $(FAKE_SRCS)
FUZZ_RMM_OBJS := $(FAKE_RMM_SRCS:%.c=$(FUZZ_B)/%.o)
FUZZ_OBJS := $(FUZZ_SRCS:%.c=$(FUZZ_B)/%.o)
FUZZ_MBEDTLS_OBJS := $(MBEDTLS_SRCS:%.c=$(FUZZ_B)/mbedtls/%.o)

$(FUZZ_RMM_OBJS): $(FUZZ_B)/%.o: %.c
	@mkdir -p $(@D)
	$(HOSTCC) $(FUZZ_CFLAGS) -MMD -MP -MF $(@:.o=.d) -MT $@ -c $< -o $@.tmp
	objcopy --rename-section .bss=rmm_bss --rename-section .data=rmm_data $@.tmp $@
	@rm -f $@.tmp

$(FUZZ_OBJS): $(FUZZ_B)/%.o: %.c
	@mkdir -p $(@D)
	$(HOSTCC) $(FUZZ_CFLAGS) -MMD -c $< -o $@

$(FUZZ_MBEDTLS_OBJS): $(FUZZ_B)/mbedtls/%.o: $(B)/deps/mbedtls.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(filter-out -Wextra,$(FUZZ_CFLAGS)) -MMD -c $(B)/deps/mbedtls/library/$*.c -o $@

$(FUZZ_RMM_OBJS) $(FUZZ_OBJS): | $(B)/deps/tools.stamp $(B)/deps/mbedtls.stamp

$(B)/tests/rmi_sequence: $(FUZZ_RMM_OBJS) $(FUZZ_OBJS) $(FUZZ_MBEDTLS_OBJS)
	@mkdir -p $(@D)
	$(HOSTCC) $(FUZZ_CFLAGS) $^ -lpthread -o $@

-include $(FUZZ_RMM_OBJS:.o=.d) $(FUZZ_OBJS:.o=.d) $(FUZZ_MBEDTLS_OBJS:.o=.d)

.PHONY: fuzz-rmi fuzz-workflows
STEPS ?= 1000000
SEED ?= 1
fuzz-rmi: $(B)/tests/rmi_sequence
	$< --steps $(STEPS) --seed $(SEED)

fuzz-workflows: $(B)/tests/rmi_sequence
	$< --workflows --steps $(STEPS) --seed $(SEED)

# Chosen by coverage (libFuzzer, clang): extends the corpus, for SECONDS, then keeps the smallest set that reaches the same edges of the monitor.
GUIDED_B := $(B)/fuzz-guided
GUIDED_CC := clang
GUIDED_CFLAGS := $(patsubst address%,address,$(FUZZ_CFLAGS)) -Wno-unknown-warning-option
GUIDED_SRCS := $(filter-out %/main.c,$(FUZZ_SRCS)) tests/fuzz/libfuzzer.c
GUIDED_RMM_OBJS := $(FAKE_RMM_SRCS:%.c=$(GUIDED_B)/%.o)
GUIDED_OBJS := $(GUIDED_SRCS:%.c=$(GUIDED_B)/%.o)
GUIDED_MBEDTLS_OBJS := $(MBEDTLS_SRCS:%.c=$(GUIDED_B)/mbedtls/%.o)

$(GUIDED_RMM_OBJS): $(GUIDED_B)/%.o: %.c
	@mkdir -p $(@D)
	$(GUIDED_CC) $(GUIDED_CFLAGS) -fsanitize=fuzzer-no-link -c $< -o $@.tmp
	objcopy --rename-section .bss=rmm_bss --rename-section .data=rmm_data $@.tmp $@
	@rm -f $@.tmp

$(GUIDED_OBJS): $(GUIDED_B)/%.o: %.c
	@mkdir -p $(@D)
	$(GUIDED_CC) $(GUIDED_CFLAGS) -c $< -o $@

$(GUIDED_MBEDTLS_OBJS): $(GUIDED_B)/mbedtls/%.o: $(B)/deps/mbedtls.stamp
	@mkdir -p $(@D)
	$(GUIDED_CC) $(filter-out -Wextra,$(GUIDED_CFLAGS)) -c $(B)/deps/mbedtls/library/$*.c -o $@

$(GUIDED_RMM_OBJS) $(GUIDED_OBJS): | $(B)/deps/mbedtls.stamp

$(B)/tests/rmi_sequence_guided: $(GUIDED_RMM_OBJS) $(GUIDED_OBJS) $(GUIDED_MBEDTLS_OBJS)
	@mkdir -p $(@D)
	$(GUIDED_CC) $(GUIDED_CFLAGS) -fsanitize=fuzzer $^ -lpthread -o $@

.PHONY: fuzz-rmi-guided
SECONDS ?= 600
CORPUS := tests/fuzz/corpus/rmi_sequence
fuzz-rmi-guided: $(B)/tests/rmi_sequence_guided
	@mkdir -p $(B)/corpus $(CORPUS)
	for i in 1 2 3 4 5 6 7 8; do head -c 4096 /dev/urandom >$(B)/corpus/start-$$i; done
	$< -max_len=4096 -len_control=0 -max_total_time=$(SECONDS) -print_final_stats=1 $(B)/corpus $(CORPUS)
	rm -rf $(B)/corpus-min && mkdir -p $(B)/corpus-min
	$< -merge=1 -use_counters=0 $(B)/corpus-min $(CORPUS) $(B)/corpus
	rm -f $(CORPUS)/* && cp $(B)/corpus-min/* $(CORPUS)/
