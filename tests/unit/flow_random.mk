# SPDX-License-Identifier: Apache-2.0
UNIT_SUITES += $(B)/tests/flow_random
FLOW_RANDOM_SRCS := tests/unit/flow_random.c tests/unit/flow_gen.c tests/unit/flow_gen_component.c tests/unit/flow_model.c $(wildcard policy/compiler/*.c) $(LOADPLAN_SRCS) lib/hash/hash.c \
	lib/measure/measure.c lib/blob/blob.c
FLOW_RANDOM_OBJS := $(FLOW_RANDOM_SRCS:%.c=$(B)/tests/policy-san/%.o)

$(B)/tests/policy-san/%.o: %.c $(B)/deps/mbedtls.stamp | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(POLICY_CFLAGS) -fsanitize=address,undefined -fno-sanitize-recover=all -MMD -MP -c $< -o $@

$(B)/tests/flow_random: $(FLOW_RANDOM_OBJS) $(POLICY_MBEDTLS:%.c=$(POLICY_DIR)/mbedtls/%.o)
	$(HOSTCC) -fsanitize=address,undefined $^ -lcmocka -o $@

-include $(FLOW_RANDOM_OBJS:.o=.d)
