# SPDX-License-Identifier: Apache-2.0
# The VMM: one static arm64 program. (mica.ko is built by stock kbuild from host/driver.)

VMM_DIR := $(B)/host/vmm
VMM_CC := $(CROSS)gcc
VMM_SRCS := $(wildcard host/vmm/*.c host/vmm/guest/*.c) $(LOADPLAN_SRCS) lib/blob/blob.c lib/hash/hash.c \
	lib/measure/measure.c
VMM_MBEDTLS := sha256.c sha512.c platform_util.c
VMM_OBJS := $(patsubst %.c,$(VMM_DIR)/%.o,$(VMM_SRCS)) \
	$(patsubst %.c,$(VMM_DIR)/mbedtls/%.o,$(VMM_MBEDTLS))
VMM_CFLAGS := $(CFLAGS_WARN) -O2 -g -I$(B)/deps/mbedtls/include

$(VMM_DIR)/mbedtls/%.o: $(B)/deps/mbedtls.stamp | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(VMM_CC) $(VMM_CFLAGS) -c $(B)/deps/mbedtls/library/$*.c -o $@

$(VMM_DIR)/%.o: %.c $(B)/deps/mbedtls.stamp | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(VMM_CC) $(VMM_CFLAGS) -MMD -MP -c $< -o $@

$(B)/host/mica-vmm: $(VMM_OBJS)
	$(VMM_CC) -static -pthread $^ -o $@

-include $(VMM_OBJS:.o=.d)
