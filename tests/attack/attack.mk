# SPDX-License-Identifier: Apache-2.0
#
# The attack suite: tests/bare's harness with hostile Realms and hostile hosts in place of scenarios.

ATTACK_B := $(B)/tests/attack
ATTACK_SRCS := $(wildcard tests/attack/*.c)
ATTACK_OBJS := $(ATTACK_SRCS:tests/attack/%.c=$(ATTACK_B)/%.o) $(ATTACK_B)/start.o $(addprefix $(BARE_B)/,gic.o harness.o string.o)
ATTACK_REALM_OBJS := $(BARE_B)/realm/entry.o $(ATTACK_B)/realm/main.o $(BARE_B)/realm/exec.o

$(ATTACK_B)/%.o: tests/attack/%.c | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(CROSS)gcc $(BARE_FLAGS) -fno-toplevel-reorder -MMD -c $< -o $@

$(ATTACK_B)/realm.bin: $(ATTACK_REALM_OBJS) tests/bare/realm/realm.ld
	$(CROSS)gcc $(BARE_FLAGS) $(BARE_LDFLAGS) -Wl,-T,tests/bare/realm/realm.ld $(ATTACK_REALM_OBJS) -o $(@:.bin=.elf)
	$(CROSS)objcopy -O binary $(@:.bin=.elf) $@

$(ATTACK_B)/start.o: tests/bare/start.S $(ATTACK_B)/realm.bin
	@mkdir -p $(@D)
	$(CROSS)gcc $(BARE_FLAGS) -DREALM_IMAGE='"$(ATTACK_B)/realm.bin"' -c $< -o $@

$(B)/tests/attack.bin: $(ATTACK_OBJS) tests/bare/bare.ld
	$(CROSS)gcc $(BARE_FLAGS) $(BARE_LDFLAGS) -Wl,-T,tests/bare/bare.ld $(ATTACK_OBJS) -o $(ATTACK_B)/attack.elf
	$(CROSS)objcopy -O binary $(ATTACK_B)/attack.elf $@

-include $(ATTACK_OBJS:.o=.d) $(ATTACK_B)/realm/main.d

$(B)/fw/attack.bios: $(B)/tests/attack.bin $(B)/rmm/rmm.img $(B)/deps/tfa.stamp machine/machine.mk
	$(call build_fw,attack,BL33=$(CURDIR)/$(B)/tests/attack.bin)

.PHONY: attack
attack: all $(B)/fw/attack.bios
	sh tests/system/attack.sh table
