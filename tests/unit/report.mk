# SPDX-License-Identifier: Apache-2.0
UNIT_SUITES += $(B)/tests/report
REPORT_SRCS := tests/unit/report.c $(wildcard policy/compiler/*.c) $(filter-out policy/view/cmd_%.c,$(wildcard policy/view/*.c)) \
	policy/cli/json.c $(LOADPLAN_SRCS) lib/hash/hash.c lib/measure/measure.c
REPORT_OBJS := $(REPORT_SRCS:%.c=$(B)/tests/policy-san/%.o)

$(B)/tests/policy-san/policy/view/assets.o: policy/view/report.css policy/view/report.js

$(B)/tests/report: $(REPORT_OBJS) $(POLICY_MBEDTLS:%.c=$(POLICY_DIR)/mbedtls/%.o)
	$(HOSTCC) -fsanitize=address,undefined $^ -lcmocka -o $@

-include $(REPORT_OBJS:.o=.d)
