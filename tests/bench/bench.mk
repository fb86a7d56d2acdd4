# SPDX-License-Identifier: Apache-2.0
#
# make bench-rmm: instructions of each call; make bench-mica: what the extension costs. tests/bare's harness again.

BENCH_B := $(B)/tests/bench
BENCH_BARE := $(addprefix $(BARE_B)/,gic.o harness.o realm.o string.o start.o)
BENCH_OBJS := $(addprefix $(BENCH_B)/,main.o sample.o) $(BENCH_BARE)
BENCH_MICA_OBJS := $(addprefix $(BENCH_B)/,mica.o mica_setup.o mica_growth.o mica_granules.o sample.o tally.o) $(BENCH_BARE) $(BARE_B)/flow.o

$(BENCH_B)/%.o: tests/bench/%.c | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(CROSS)gcc $(BARE_FLAGS) -MMD -c $< -o $@

$(B)/tests/bench.bin: $(BENCH_OBJS) tests/bare/bare.ld
	$(CROSS)gcc $(BARE_FLAGS) $(BARE_LDFLAGS) -Wl,-T,tests/bare/bare.ld $(BENCH_OBJS) -o $(BENCH_B)/bench.elf
	$(CROSS)objcopy -O binary $(BENCH_B)/bench.elf $@

$(B)/tests/bench_mica.bin: $(BENCH_MICA_OBJS) tests/bare/bare.ld
	$(CROSS)gcc $(BARE_FLAGS) $(BARE_LDFLAGS) -Wl,--wrap=rmi_smc -Wl,-T,tests/bare/bare.ld $(BENCH_MICA_OBJS) \
		-o $(BENCH_B)/bench_mica.elf
	$(CROSS)objcopy -O binary $(BENCH_B)/bench_mica.elf $@

$(B)/fw/bench.bios: $(B)/tests/bench.bin $(B)/rmm/rmm.img $(B)/deps/tfa.stamp machine/machine.mk
	$(call build_fw,bench,BL33=$(CURDIR)/$(B)/tests/bench.bin)

$(B)/fw/bench_mica.bios: $(B)/tests/bench_mica.bin $(B)/rmm/rmm.img $(B)/deps/tfa.stamp machine/machine.mk
	$(call build_fw,bench_mica,BL33=$(CURDIR)/$(B)/tests/bench_mica.bin)

# The monitor without the extension: the files that ask a hook are compiled with others (no_mica.h). What the hooks cost is the
# difference.
NO_MICA_B := $(BENCH_B)/no_mica
NO_MICA_BASE := $(filter-out rmm/mica/% lib/blob/%,$(RMM_SRCS))
NO_MICA_ASKING := $(shell grep -l mica/hooks.h $(NO_MICA_BASE))
NO_MICA_OBJS := $(patsubst %.c,$(NO_MICA_B)/%.o,$(NO_MICA_ASKING) tests/bench/no_mica.c) \
	$(patsubst %.c,$(RMM_B)/%.o,$(filter-out $(NO_MICA_ASKING),$(NO_MICA_BASE))) $(RMM_ASM:%.S=$(RMM_B)/%.o)

$(NO_MICA_B)/%.o: %.c | $(B)/deps/tools.stamp $(B)/deps/mbedtls.stamp
	@mkdir -p $(@D)
	$(CROSS)gcc $(RMM_CFLAGS) -include tests/bench/no_mica.h -MMD -c $< -o $@

$(NO_MICA_B)/rmm.img: $(NO_MICA_OBJS) $(RMM_MBEDTLS_OBJS) $(RMM_LD)
	$(CROSS)gcc $(RMM_LDFLAGS) -Wl,-T,$(RMM_LD) $(NO_MICA_OBJS) $(RMM_MBEDTLS_OBJS) -o $(NO_MICA_B)/rmm.elf
	$(CROSS)objcopy -O binary $(NO_MICA_B)/rmm.elf $@

$(B)/fw/bench_no_mica.bios: $(B)/tests/bench.bin $(NO_MICA_B)/rmm.img $(B)/deps/tfa.stamp machine/machine.mk
	$(call build_fw,bench_no_mica,BL33=$(CURDIR)/$(B)/tests/bench.bin RMM=$(CURDIR)/$(NO_MICA_B)/rmm.img)

BENCH_MICA_FW := $(addprefix $(B)/fw/,bench.bios bench_mica.bios bench_no_mica.bios)

.PHONY: bench-rmm bench-mica
bench-rmm: all $(B)/fw/bench.bios $(B)/tools/icount.so
	sh tools/bench-rmm.sh $(B)

bench-mica: all $(BENCH_MICA_FW)
	sh tools/bench-mica.sh $(B)

-include $(NO_MICA_OBJS:.o=.d) $(BENCH_OBJS:.o=.d) $(BENCH_MICA_OBJS:.o=.d)
