# SPDX-License-Identifier: Apache-2.0
#
# The monitor's own sources over the fake machine, as a library with sanitizers. A unit suite says
#     include tests/fake/fake.mk
#     $(eval $(call rmm_unit,NAME))
# and is tests/unit/NAME.c, linked to $(B)/tests/NAME and listed in UNIT_SUITES.

ifndef FAKE_MK
FAKE_MK := 1

-include rmm/attest/mbedtls.mk

FAKE_B := $(B)/fake
# what boots, prints and loops stands on the real machine only
FAKE_NOT := rmm/core/boot.c rmm/core/serve.c rmm/core/log.c rmm/core/panic.c rmm/core/string.c
FAKE_RMM_SRCS := $(filter-out $(FAKE_NOT),$(wildcard rmm/core/*.c rmm/granule/*.c rmm/s2tt/*.c \
	rmm/realm/*.c rmm/attest/*.c rmm/mica/*.c rmm/rmi/*.c rmm/rsi/*.c lib/*/*.c))
FAKE_SRCS := $(wildcard tests/fake/*.c)

FAKE_CFLAGS := $(CFLAGS_WARN) -g -O1 -fno-common -fsanitize=address,undefined \
	-fno-sanitize-recover=all -DFAKE_ARCH -Itests/fake -I. $(MBEDTLS_CFLAGS)

FAKE_RMM_OBJS := $(FAKE_RMM_SRCS:%.c=$(FAKE_B)/%.o)
FAKE_OBJS := $(FAKE_SRCS:%.c=$(FAKE_B)/%.o)
FAKE_MBEDTLS_OBJS := $(MBEDTLS_SRCS:%.c=$(FAKE_B)/mbedtls/%.o)

# The monitor's variables go into sections of their own: reset and digested whole (fake.c).
$(FAKE_RMM_OBJS): $(FAKE_B)/%.o: %.c
	@mkdir -p $(@D)
	$(HOSTCC) $(FAKE_CFLAGS) -MMD -MP -MF $(@:.o=.d) -MT $@ -c $< -o $@.tmp
	objcopy --rename-section .bss=rmm_bss --rename-section .data=rmm_data $@.tmp $@
	@rm -f $@.tmp

$(FAKE_OBJS): $(FAKE_B)/%.o: %.c
	@mkdir -p $(@D)
	$(HOSTCC) $(FAKE_CFLAGS) -MMD -c $< -o $@

$(FAKE_MBEDTLS_OBJS): $(FAKE_B)/mbedtls/%.o: $(B)/deps/mbedtls.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(filter-out -Wextra,$(FAKE_CFLAGS)) -MMD -c $(B)/deps/mbedtls/library/$*.c -o $@

$(FAKE_RMM_OBJS) $(FAKE_OBJS): | $(B)/deps/tools.stamp $(B)/deps/mbedtls.stamp

$(FAKE_B)/librmm.a: $(FAKE_RMM_OBJS) $(FAKE_OBJS) $(FAKE_MBEDTLS_OBJS)
	rm -f $@
	ar rcs $@ $^

define rmm_unit
$(B)/tests/$(1): tests/unit/$(1).c $(FAKE_B)/librmm.a
	@mkdir -p $$(@D)
	$(HOSTCC) $(FAKE_CFLAGS) -MMD -MP -MF $$@.d $$< $(FAKE_B)/librmm.a -lcmocka -lpthread -o $$@
UNIT_SUITES += $(B)/tests/$(1)
-include $(B)/tests/$(1).d
endef

-include $(FAKE_RMM_OBJS:.o=.d) $(FAKE_OBJS:.o=.d) $(FAKE_MBEDTLS_OBJS:.o=.d)

endif
