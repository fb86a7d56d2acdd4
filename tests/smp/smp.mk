# SPDX-License-Identifier: Apache-2.0
#
# CPUs as threads, twice: with the thread sanitizer, and with the others.
#     make smp ROUNDS=100000

SMP_SRCS := $(filter-out tests/fuzz/main.c tests/fuzz/libfuzzer.c,$(wildcard tests/fuzz/*.c)) $(wildcard tests/model/*.c) $(wildcard tests/smp/*.c) $(FAKE_SRCS)

SMP_WRAP := -Wl,--wrap=granule_find_lock,--wrap=granule_lock,--wrap=granule_unlock

TSAN_B := $(B)/tsan
TSAN_CFLAGS := $(filter-out -fsanitize=%,$(FUZZ_CFLAGS)) -fsanitize=thread -Wno-tsan
TSAN_RMM_OBJS := $(FAKE_RMM_SRCS:%.c=$(TSAN_B)/%.o)
TSAN_OBJS := $(SMP_SRCS:%.c=$(TSAN_B)/%.o)
TSAN_MBEDTLS_OBJS := $(MBEDTLS_SRCS:%.c=$(TSAN_B)/mbedtls/%.o)

$(TSAN_RMM_OBJS): $(TSAN_B)/%.o: %.c
	@mkdir -p $(@D)
	$(HOSTCC) $(TSAN_CFLAGS) -MMD -MP -MF $(@:.o=.d) -MT $@ -c $< -o $@.tmp
	objcopy --rename-section .bss=rmm_bss --rename-section .data=rmm_data $@.tmp $@
	@rm -f $@.tmp

$(TSAN_OBJS): $(TSAN_B)/%.o: %.c
	@mkdir -p $(@D)
	$(HOSTCC) $(TSAN_CFLAGS) -MMD -c $< -o $@

$(TSAN_MBEDTLS_OBJS): $(TSAN_B)/mbedtls/%.o: $(B)/deps/mbedtls.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(filter-out -Wextra,$(TSAN_CFLAGS)) -MMD -c $(B)/deps/mbedtls/library/$*.c -o $@

$(TSAN_RMM_OBJS) $(TSAN_OBJS): | $(B)/deps/tools.stamp $(B)/deps/mbedtls.stamp

$(B)/tests/smp_tsan: $(TSAN_RMM_OBJS) $(TSAN_OBJS) $(TSAN_MBEDTLS_OBJS)
	@mkdir -p $(@D)
	$(HOSTCC) $(TSAN_CFLAGS) $(SMP_WRAP) $^ -lpthread -o $@

SMP_OBJS := $(SMP_SRCS:%.c=$(FUZZ_B)/%.o)
$(FUZZ_B)/tests/smp/%.o: tests/smp/%.c | $(B)/deps/tools.stamp $(B)/deps/mbedtls.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(FUZZ_CFLAGS) -MMD -c $< -o $@

$(B)/tests/smp: $(FUZZ_RMM_OBJS) $(SMP_OBJS) $(FUZZ_MBEDTLS_OBJS)
	@mkdir -p $(@D)
	$(HOSTCC) $(FUZZ_CFLAGS) $(SMP_WRAP) $^ -lpthread -o $@

-include $(TSAN_RMM_OBJS:.o=.d) $(TSAN_OBJS:.o=.d) $(TSAN_MBEDTLS_OBJS:.o=.d) $(SMP_OBJS:.o=.d)

.PHONY: smp
ROUNDS ?= 20000
smp: $(B)/tests/smp $(B)/tests/smp_tsan
	$(B)/tests/smp --rounds $(ROUNDS)
	$(B)/tests/smp_tsan --rounds $(ROUNDS)
	$(B)/tests/smp --workflows --rounds $(ROUNDS)
	$(B)/tests/smp_tsan --workflows --rounds $(ROUNDS)
