# SPDX-License-Identifier: Apache-2.0
#
# The firmware at Realm EL2: $(B)/rmm/rmm.elf and the raw image $(B)/rmm/rmm.img. Sources are what the folders
# hold. RMM_LOG=1 prints refused calls.

RMM_B := $(B)/rmm

-include rmm/attest/mbedtls.mk

RMM_SRCS := $(wildcard rmm/core/*.c rmm/granule/*.c rmm/s2tt/*.c rmm/realm/*.c rmm/attest/*.c \
	rmm/mica/*.c rmm/rmi/*.c rmm/rsi/*.c rmm/arch/aarch64/*.c rmm/plat/qemu/*.c \
	lib/blob/*.c lib/hash/*.c lib/measure/*.c lib/cbor/*.c) $(RMM_EXTRA_SRCS)
RMM_ASM := $(wildcard rmm/arch/aarch64/*.S)
RMM_LD := rmm/plat/qemu/rmm.ld

RMM_FLAGS := -ffreestanding -nostdlib \
	-march=armv8.4-a -mgeneral-regs-only -mstrict-align -mno-outline-atomics -mbranch-protection=none \
	-fno-pic -fno-pie -fno-common -fno-stack-protector -fno-strict-aliasing \
	-fno-asynchronous-unwind-tables -ffunction-sections -fdata-sections -O2 -g
RMM_CFLAGS := $(CFLAGS_WARN) $(RMM_FLAGS) -Wframe-larger-than=12288 -I. -Irmm/plat/qemu \
	$(MBEDTLS_CFLAGS) $(if $(RMM_LOG),-DRMM_LOG)

RMM_OBJS := $(RMM_SRCS:%.c=$(RMM_B)/%.o) $(RMM_ASM:%.S=$(RMM_B)/%.o)
RMM_MBEDTLS_OBJS := $(MBEDTLS_SRCS:%.c=$(RMM_B)/mbedtls/%.o)

$(RMM_B)/%.o: %.c | $(B)/deps/tools.stamp $(B)/deps/mbedtls.stamp
	@mkdir -p $(@D)
	$(CROSS)gcc $(RMM_CFLAGS) -MMD -c $< -o $@

$(RMM_B)/%.o: %.S | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(CROSS)gcc $(RMM_CFLAGS) -MMD -c $< -o $@

# memcpy must not be compiled into a call of memcpy
$(RMM_B)/rmm/core/string.o: RMM_CFLAGS += -fno-builtin -fno-tree-loop-distribute-patterns

# -fbuiltin: its words are loaded by memcpy() of four bytes. Not for the monitor's own code: a compiler that knows memcpy()
# may read shared memory again in place of the copy, or drop a wipe.
$(RMM_MBEDTLS_OBJS): $(RMM_B)/mbedtls/%.o: $(B)/deps/mbedtls.stamp
	@mkdir -p $(@D)
	$(CROSS)gcc $(filter-out -Wextra,$(RMM_CFLAGS)) -fbuiltin -MMD -c $(B)/deps/mbedtls/library/$*.c -o $@

# The only file of C that may use vector registers, between arch_simd_borrow() and arch_simd_return(). Its loads of
# a message are of normal memory with the MMU on: nothing demands alignment.
$(RMM_B)/mbedtls/sha256.o: RMM_CFLAGS := $(filter-out -mgeneral-regs-only -mstrict-align -march=%,$(RMM_CFLAGS)) -march=armv8.4-a+crypto

RMM_LDFLAGS := -nostdlib -static -no-pie -Wl,--gc-sections -Wl,--build-id=none -Wl,--fatal-warnings -Wl,--no-warn-rwx-segments

$(RMM_B)/rmm.elf: $(RMM_OBJS) $(RMM_MBEDTLS_OBJS) $(RMM_LD)
	$(CROSS)gcc $(RMM_LDFLAGS) -Wl,-Map=$(RMM_B)/rmm.map -Wl,-T,$(RMM_LD) $(RMM_OBJS) $(RMM_MBEDTLS_OBJS) -o $@

$(RMM_B)/rmm.img: $(RMM_B)/rmm.elf
	$(CROSS)objcopy -O binary $< $@

-include $(RMM_OBJS:.o=.d) $(RMM_MBEDTLS_OBJS:.o=.d)
