# SPDX-License-Identifier: Apache-2.0
#
# make bench-rmm: instructions of each call. tests/bare's harness again.

BENCH_B := $(B)/tests/bench
BENCH_OBJS := $(BENCH_B)/main.o $(addprefix $(BARE_B)/,gic.o harness.o realm.o string.o start.o)

$(BENCH_B)/%.o: tests/bench/%.c | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(CROSS)gcc $(BARE_FLAGS) -MMD -c $< -o $@

$(B)/tests/bench.bin: $(BENCH_OBJS) tests/bare/bare.ld
	$(CROSS)gcc $(BARE_FLAGS) $(BARE_LDFLAGS) -Wl,-T,tests/bare/bare.ld $(BENCH_OBJS) -o $(BENCH_B)/bench.elf
	$(CROSS)objcopy -O binary $(BENCH_B)/bench.elf $@

# After the others: they use one source tree.
$(B)/fw/bench.bios: $(B)/tests/bench.bin $(B)/rmm/rmm.img $(B)/deps/tfa.stamp machine/machine.mk | $(B)/fw/conformance.bios
	$(call build_fw,bench,BL33=$(CURDIR)/$(B)/tests/bench.bin)

.PHONY: bench-rmm
bench-rmm: all $(B)/fw/bench.bios $(B)/tools/icount.so
	sh tools/bench-rmm.sh $(B)

-include $(BENCH_OBJS:.o=.d)
