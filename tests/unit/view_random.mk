# SPDX-License-Identifier: Apache-2.0
UNIT_SUITES += $(B)/tests/view_random
VIEW_RANDOM_SRCS := tests/unit/view_random.c tests/unit/flow_gen.c tests/unit/flow_gen_component.c tests/unit/flow_model.c $(wildcard policy/compiler/*.c) $(LOADPLAN_SRCS) \
	lib/hash/hash.c lib/measure/measure.c policy/cli/json.c \
	$(filter-out policy/view/cmd_%.c policy/view/report%.c policy/view/assets.c,$(wildcard policy/view/*.c))
VIEW_RANDOM_OBJS := $(VIEW_RANDOM_SRCS:%.c=$(B)/tests/policy-san/%.o)

$(B)/tests/view_random: $(VIEW_RANDOM_OBJS) $(POLICY_MBEDTLS:%.c=$(POLICY_DIR)/mbedtls/%.o)
	$(HOSTCC) -fsanitize=address,undefined $^ -lcmocka -o $@

-include $(VIEW_RANDOM_OBJS:.o=.d)
