# SPDX-License-Identifier: Apache-2.0
UNIT_SUITES += $(B)/tests/run_session
RUN_SESSION_SRCS := tests/unit/run_session.c policy/run/session.c policy/run/wire.c policy/run/output.c

$(B)/tests/run_session: $(RUN_SESSION_SRCS) policy/run/session.h policy/run/wire.h policy/run/output.h \
		abi/run_proto.h | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(CFLAGS_WARN) -g -fsanitize=address,undefined $(RUN_SESSION_SRCS) -lcmocka -o $@
