# SPDX-License-Identifier: Apache-2.0
# libmica and the example components: flat AArch64 images entered at the start of a Realm's RAM.

REALM_CC := $(CROSS)gcc
REALM_CFLAGS := $(CFLAGS_WARN) -O2 -g -ffreestanding -fno-common -fno-stack-protector -fno-pic \
	-fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns -ffunction-sections \
	-fdata-sections -mgeneral-regs-only -march=armv8.1-a -mno-outline-atomics -Irealm/include

LIBMICA_OBJS := $(patsubst realm/%,$(B)/realm/%.o,$(wildcard realm/*.c realm/*.S))
REDACT_NAMES := ingest redactor sink hostile
REDACT_OBJS := $(patsubst examples/redact/%.c,$(B)/examples/redact/%.o,$(wildcard examples/redact/*.c))
REDACT_BINS := $(REDACT_NAMES:%=examples/redact/%.bin)

.PHONY: components
components: $(REDACT_BINS)

# Runs before the MMU, where an unaligned access faults; string.c copies words of any alignment.
$(filter-out $(B)/realm/string.c.o,$(LIBMICA_OBJS)): REALM_CFLAGS += -mstrict-align

$(B)/realm/%.o: realm/% | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(REALM_CC) $(REALM_CFLAGS) -MMD -MP -c $< -o $@

$(B)/examples/redact/%.o: examples/redact/%.c | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(REALM_CC) $(REALM_CFLAGS) -MMD -MP -c $< -o $@

$(B)/examples/redact/redactor.elf: $(B)/examples/redact/redact_engine.o
$(B)/examples/redact/hostile.elf: $(B)/examples/redact/hostile_try.o $(B)/examples/redact/hostile_acts.o

$(B)/examples/redact/%.elf: $(B)/examples/redact/%.o $(LIBMICA_OBJS) realm/component.lds
	$(REALM_CC) -nostdlib -static -Wl,--build-id=none -Wl,--gc-sections -Wl,--no-warn-rwx-segments \
		-Wl,-T,realm/component.lds -o $@ $(filter %.o,$^)

examples/redact/%.bin: $(B)/examples/redact/%.elf
	$(CROSS)objcopy -O binary $< $@

.SECONDARY: $(REDACT_OBJS) $(REDACT_NAMES:%=$(B)/examples/redact/%.elf)

-include $(LIBMICA_OBJS:.o=.d) $(REDACT_OBJS:.o=.d)
