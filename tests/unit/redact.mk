# SPDX-License-Identifier: Apache-2.0
UNIT_SUITES += $(B)/tests/redact

$(B)/tests/redact: tests/unit/redact.c examples/redact/redact_engine.c \
		examples/redact/redact_engine.h tests/system/redact.sed | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(CFLAGS_WARN) -O1 -g -fsanitize=address,undefined \
		-DSED_SCRIPT='"$(CURDIR)/tests/system/redact.sed"' \
		tests/unit/redact.c examples/redact/redact_engine.c -lcmocka -o $@
