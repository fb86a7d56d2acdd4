# SPDX-License-Identifier: Apache-2.0
UNIT_SUITES += $(B)/tests/fmt
FMT_TEST_SRCS := tests/unit/fmt.c $(addprefix policy/fmt/,fmt.c tokens.c items.c layout.c rows.c) $(wildcard policy/compiler/*.c) \
	$(LOADPLAN_SRCS) lib/hash/hash.c lib/measure/measure.c
FMT_TEST_OBJS := $(FMT_TEST_SRCS:%.c=$(B)/tests/policy-san/%.o)

$(B)/tests/fmt: $(FMT_TEST_OBJS) $(POLICY_MBEDTLS:%.c=$(POLICY_DIR)/mbedtls/%.o)
	$(HOSTCC) -fsanitize=address,undefined $^ -lcmocka -o $@

-include $(FMT_TEST_OBJS:.o=.d)
