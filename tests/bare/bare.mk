# SPDX-License-Identifier: Apache-2.0
#
# A bare-metal normal world in place of Linux: the shortest way to see the monitor answer.
# `make check-bare` boots it under QEMU. The firmware image differs from the usual one in BL33 only.

BARE_B := $(B)/tests/bare
BARE_SRCS := $(wildcard tests/bare/*.c)
BARE_REALM_SRCS := $(wildcard tests/bare/realm/*.c)
BARE_FLAGS := $(CFLAGS_WARN) -ffreestanding -nostdlib -march=armv8.4-a -mgeneral-regs-only \
	-mstrict-align -fno-pic -fno-pie -fno-common -fno-stack-protector \
	-fno-asynchronous-unwind-tables -O2 -g -I.
BARE_LDFLAGS := -nostdlib -static -no-pie -Wl,--build-id=none -Wl,--no-warn-rwx-segments

BARE_OBJS := $(BARE_SRCS:tests/bare/%.c=$(BARE_B)/%.o) $(BARE_B)/start.o
BARE_REALM_OBJS := $(BARE_REALM_SRCS:tests/bare/%.c=$(BARE_B)/%.o) $(BARE_B)/realm/entry.o $(BARE_B)/realm/exceptions.o

$(BARE_B)/%.o: tests/bare/%.c | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(CROSS)gcc $(BARE_FLAGS) $(if $(findstring string,$<),-fno-builtin -fno-tree-loop-distribute-patterns) \
		-MMD -c $< -o $@

$(BARE_B)/realm/entry.o: tests/bare/realm/realm.S | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(CROSS)gcc $(BARE_FLAGS) -MMD -c $< -o $@

$(BARE_B)/realm/exceptions.o: tests/bare/realm/exceptions.S | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(CROSS)gcc $(BARE_FLAGS) -c $< -o $@

$(BARE_B)/realm.bin: $(BARE_REALM_OBJS) tests/bare/realm/realm.ld
	$(CROSS)gcc $(BARE_FLAGS) $(BARE_LDFLAGS) -Wl,-T,tests/bare/realm/realm.ld \
		$(BARE_REALM_OBJS) -o $(@:.bin=.elf)
	$(CROSS)objcopy -O binary $(@:.bin=.elf) $@

$(BARE_B)/start.o: tests/bare/start.S $(BARE_B)/realm.bin
	@mkdir -p $(@D)
	$(CROSS)gcc $(BARE_FLAGS) -DREALM_IMAGE='"$(BARE_B)/realm.bin"' -c $< -o $@

$(B)/tests/bare.bin: $(BARE_OBJS) tests/bare/bare.ld
	$(CROSS)gcc $(BARE_FLAGS) $(BARE_LDFLAGS) -Wl,-T,tests/bare/bare.ld $(BARE_OBJS) -o $(BARE_B)/bare.elf
	$(CROSS)objcopy -O binary $(BARE_B)/bare.elf $@

-include $(BARE_OBJS:.o=.d) $(BARE_REALM_OBJS:.o=.d)
