# SPDX-License-Identifier: Apache-2.0
#
# Sequence fuzzer of the monitor over the fake machine and the reference model, sanitizers on:
#     make fuzz-rmi STEPS=10000000     random sequences, as recorded in docs/testing.md
# `make check` runs RMI_STEPS of them and all of the corpus.

FUZZ_B := $(B)/fuzz
FUZZ_CFLAGS := $(filter-out -O1,$(FAKE_CFLAGS)) -O2 -DFAKE_DRAM_SIZE=0x800000UL -DPLAT_RMM_SIZE=0x10000UL -DPLAT_SHARED_BASE=0x4010f000UL
FUZZ_SRCS := $(wildcard tests/fuzz/*.c tests/model/*.c) $(FAKE_SRCS)
FUZZ_RMM_OBJS := $(FAKE_RMM_SRCS:%.c=$(FUZZ_B)/%.o)
FUZZ_OBJS := $(FUZZ_SRCS:%.c=$(FUZZ_B)/%.o)
FUZZ_MBEDTLS_OBJS := $(MBEDTLS_SRCS:%.c=$(FUZZ_B)/mbedtls/%.o)

$(FUZZ_RMM_OBJS): $(FUZZ_B)/%.o: %.c
	@mkdir -p $(@D)
	$(HOSTCC) $(FUZZ_CFLAGS) -MMD -c $< -o $@.tmp
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

.PHONY: fuzz-rmi
STEPS ?= 1000000
SEED ?= 1
fuzz-rmi: $(B)/tests/rmi_sequence
	$< --steps $(STEPS) --seed $(SEED)
