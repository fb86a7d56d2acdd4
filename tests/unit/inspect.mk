# SPDX-License-Identifier: Apache-2.0
UNIT_SUITES += $(B)/tests/inspect
INSPECT_TEST_SRCS := $(addprefix tests/unit/,inspect.c flow_gen.c flow_gen_component.c) $(addprefix policy/inspect/,source.c fold.c names.c component.c control.c compare.c) \
	$(addprefix policy/fmt/,fmt.c tokens.c items.c layout.c rows.c) $(wildcard policy/compiler/*.c) \
	$(LOADPLAN_SRCS) lib/blob/blob.c lib/hash/hash.c lib/measure/measure.c
INSPECT_TEST_OBJS := $(INSPECT_TEST_SRCS:%.c=$(B)/tests/policy-san/%.o)

$(B)/tests/inspect: $(INSPECT_TEST_OBJS) $(POLICY_MBEDTLS:%.c=$(POLICY_DIR)/mbedtls/%.o)
	$(HOSTCC) -fsanitize=address,undefined $^ -lcmocka -o $@

-include $(INSPECT_TEST_OBJS:.o=.d)
