# SPDX-License-Identifier: Apache-2.0
#
# $(B)/bin/mica: compiler, verifier and runner in one program of the tenant's. It shares layouts and the load plan with the
# other side.

POLICY_DIR := $(B)/policy
POLICY_SRCS := $(wildcard policy/compiler/*.c policy/verifier/*.c policy/cli/*.c policy/run/*.c policy/view/*.c) \
	$(wildcard policy/fmt/*.c policy/inspect/*.c policy/init/*.c) $(LOADPLAN_SRCS) \
	lib/blob/blob.c lib/hash/hash.c lib/measure/measure.c
POLICY_MBEDTLS := sha256.c sha512.c platform_util.c
POLICY_OBJS := $(POLICY_SRCS:%.c=$(POLICY_DIR)/%.o) $(POLICY_MBEDTLS:%.c=$(POLICY_DIR)/mbedtls/%.o)
POLICY_CFLAGS := $(CFLAGS_WARN) -O2 -g -I$(B)/deps/mbedtls/include

$(POLICY_DIR)/mbedtls/%.o: $(B)/deps/mbedtls.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(POLICY_CFLAGS) -c $(B)/deps/mbedtls/library/$*.c -o $@

$(POLICY_DIR)/%.o: %.c $(B)/deps/mbedtls.stamp | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(POLICY_CFLAGS) -MMD -MP -c $< -o $@

$(POLICY_DIR)/policy/view/assets.o: policy/view/report.css policy/view/report.js
$(POLICY_DIR)/policy/init/templates.o: $(wildcard policy/init/template/*)

$(B)/bin/mica: $(POLICY_OBJS)
	@mkdir -p $(@D)
	@printf '  LINK     %s\n' $@
	$(HOSTCC) $^ -lcbor -lcrypto -o $@

-include $(POLICY_OBJS:.o=.d)
