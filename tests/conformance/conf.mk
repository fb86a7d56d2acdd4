# SPDX-License-Identifier: Apache-2.0
#
# The conformance suite: tests/bare's harness with rows in place of scenarios.

CONF_B := $(B)/tests/conformance
CONF_SRCS := $(wildcard tests/conformance/*.c tests/conformance/*/rows.c)
CONF_OBJS := $(CONF_SRCS:tests/conformance/%.c=$(CONF_B)/%.o) $(addprefix $(BARE_B)/,gic.o harness.o realm.o string.o start.o)

$(CONF_B)/%.o: tests/conformance/%.c | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(CROSS)gcc $(BARE_FLAGS) -MMD -c $< -o $@

$(B)/tests/conformance.bin: $(CONF_OBJS) tests/bare/bare.ld
	$(CROSS)gcc $(BARE_FLAGS) $(BARE_LDFLAGS) -Wl,-T,tests/bare/bare.ld $(CONF_OBJS) -o $(CONF_B)/conformance.elf
	$(CROSS)objcopy -O binary $(CONF_B)/conformance.elf $@

-include $(CONF_OBJS:.o=.d)

$(B)/fw/conformance.bios: $(B)/tests/conformance.bin $(B)/rmm/rmm.img $(B)/deps/tfa.stamp machine/machine.mk
	$(call build_fw,conformance,BL33=$(CURDIR)/$(B)/tests/conformance.bin)

.PHONY: conformance
conformance: all $(B)/fw/conformance.bios
	sh tests/system/conformance.sh table
