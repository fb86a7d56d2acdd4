# SPDX-License-Identifier: Apache-2.0
# libmica and the example components: flat AArch64 images entered at the start of a Realm's RAM.

REALM_CC := $(CROSS)gcc
REALM_CFLAGS := $(CFLAGS_WARN) -O2 -g -ffreestanding -fno-common -fno-stack-protector -fno-pic \
	-fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns -ffunction-sections \
	-fdata-sections -mgeneral-regs-only -march=armv8.1-a -mno-outline-atomics -Irealm/include

LIBMICA_OBJS := $(patsubst realm/%,$(B)/realm/%.o,$(wildcard realm/*.c realm/*.S))
REDACT_BINS := $(patsubst %,examples/redact/%.bin,ingest redactor sink hostile)
VAULT_BINS := $(patsubst %,examples/vault/%.bin,owner vault front frail thief leaky probe mortal)
COMPONENT_BINS := $(REDACT_BINS) $(VAULT_BINS)
FAULTY := $(patsubst %,$(B)/examples/vault/%.o,frail mortal)
COMPONENT_OBJS := $(patsubst %.c,$(B)/%.o,$(wildcard examples/redact/*.c examples/vault/*.c)) $(FAULTY)

.PHONY: components
components: $(COMPONENT_BINS)

# Runs before the MMU, where an unaligned access faults; string.c copies words of any alignment.
$(filter-out $(B)/realm/string.c.o,$(LIBMICA_OBJS)): REALM_CFLAGS += -mstrict-align

$(B)/realm/%.o: realm/% | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(REALM_CC) $(REALM_CFLAGS) -MMD -MP -c $< -o $@

$(B)/examples/%.o: examples/%.c | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(REALM_CC) $(REALM_CFLAGS) -MMD -MP -c $< -o $@

$(B)/examples/redact/redactor.elf: $(B)/examples/redact/redact_engine.o
$(B)/examples/redact/hostile.elf: $(B)/examples/redact/hostile_try.o $(B)/examples/redact/hostile_acts.o
$(patsubst %,$(B)/examples/vault/%.elf,vault frail mortal): $(B)/examples/vault/siphash.o

# vault.c with a fault: in its first two lives, in all of them
$(B)/examples/vault/frail.o: REALM_CFLAGS += -DFRAIL=2
$(B)/examples/vault/mortal.o: REALM_CFLAGS += -DFRAIL=0xffffffff
$(FAULTY): examples/vault/vault.c | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(REALM_CC) $(REALM_CFLAGS) -MMD -MP -c $< -o $@

$(B)/examples/%.elf: $(B)/examples/%.o $(LIBMICA_OBJS) realm/component.lds
	$(REALM_CC) -nostdlib -static -Wl,--build-id=none -Wl,--gc-sections -Wl,--no-warn-rwx-segments \
		-Wl,-T,realm/component.lds -o $@ $(filter %.o,$^)

examples/%.bin: $(B)/examples/%.elf
	$(CROSS)objcopy -O binary $< $@

.SECONDARY: $(COMPONENT_OBJS) $(COMPONENT_BINS:%.bin=$(B)/%.elf)

-include $(LIBMICA_OBJS:.o=.d) $(COMPONENT_OBJS:.o=.d)
