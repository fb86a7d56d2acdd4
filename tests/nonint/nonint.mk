# SPDX-License-Identifier: Apache-2.0
#
# Non-interference and covert channels on the machine: tests/bare's harness, a Realm image of its own, and the program that compares transcripts.

NONINT_B := $(B)/tests/nonint
NONINT_OBJS := $(patsubst tests/nonint/%.c,$(NONINT_B)/%.o,$(filter-out %/compare.c,$(wildcard tests/nonint/*.c))) \
	$(NONINT_B)/watch.o $(NONINT_B)/start.o $(addprefix $(BARE_B)/,gic.o harness.o realm.o string.o)
NONINT_REALM_OBJS := $(patsubst tests/nonint/realm/%.c,$(NONINT_B)/realm/%.o,$(wildcard tests/nonint/realm/*.c)) \
	$(NONINT_B)/realm/low.o $(NONINT_B)/realm/string.o

$(NONINT_B)/%.o: tests/nonint/%.c | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(CROSS)gcc $(BARE_FLAGS) -MMD -c $< -o $@

$(NONINT_B)/%.o: tests/nonint/%.S | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(CROSS)gcc $(BARE_FLAGS) -MMD -c $< -o $@

$(NONINT_B)/realm/string.o: tests/bare/string.c | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(CROSS)gcc $(BARE_FLAGS) -fno-builtin -fno-tree-loop-distribute-patterns -c $< -o $@

$(NONINT_B)/realm.bin: $(NONINT_REALM_OBJS) tests/bare/realm/realm.ld
	$(CROSS)gcc $(BARE_FLAGS) $(BARE_LDFLAGS) -Wl,-T,tests/bare/realm/realm.ld $(NONINT_REALM_OBJS) -o $(@:.bin=.elf)
	$(CROSS)objcopy -O binary $(@:.bin=.elf) $@

# tests/bare's entry, with this image
$(NONINT_B)/start.o: tests/bare/start.S $(NONINT_B)/realm.bin
	$(CROSS)gcc $(BARE_FLAGS) -DREALM_IMAGE='"$(NONINT_B)/realm.bin"' -c $< -o $@

$(B)/tests/nonint.bin: $(NONINT_OBJS) tests/bare/bare.ld
	$(CROSS)gcc $(BARE_FLAGS) $(BARE_LDFLAGS) -Wl,-T,tests/bare/bare.ld -Wl,--wrap=rmi_smc $(NONINT_OBJS) -o $(NONINT_B)/nonint.elf
	$(CROSS)objcopy -O binary $(NONINT_B)/nonint.elf $@

$(B)/tests/nonint_compare: tests/nonint/compare.c tests/nonint/layout.h tests/nonint/sysregs.h tests/nonint/realm/realm_abi.h abi/rmi.h
	@mkdir -p $(@D)
	$(HOSTCC) $(CFLAGS_WARN) -O2 -g -o $@ $<

-include $(NONINT_OBJS:.o=.d) $(NONINT_REALM_OBJS:.o=.d)

$(B)/fw/nonint.bios: $(B)/tests/nonint.bin $(B)/rmm/rmm.img $(B)/deps/tfa.stamp machine/machine.mk
	$(call build_fw,nonint,BL33=$(CURDIR)/$(B)/tests/nonint.bin)

.PHONY: nonint residual
nonint: $(B)/fw/nonint.bios $(B)/tests/nonint_compare
	sh tests/system/nonint.sh

residual: $(B)/fw/nonint.bios
	sh tools/residual.sh $(B)
