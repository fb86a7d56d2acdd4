# SPDX-License-Identifier: Apache-2.0
UNIT_SUITES += $(B)/tests/ring

$(B)/tests/ring: tests/unit/ring.c realm/ring.c realm/ring.h | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(CFLAGS_WARN) -O1 -g -fsanitize=address,undefined tests/unit/ring.c realm/ring.c \
		-lcmocka -lpthread -o $@
