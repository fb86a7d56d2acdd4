# SPDX-License-Identifier: Apache-2.0
UNIT_SUITES += $(B)/tests/vmm
# The whole VMM but for its entry, its filter and the true device.
VMM_TEST_SRCS := tests/unit/vmm.c tests/unit/vmm_fake.c \
	$(filter-out %/main.c %/dev.c %/seccomp.c host/vmm/guest/%,$(VMM_SRCS))

$(B)/tests/vmm: $(VMM_TEST_SRCS) tests/unit/vmm_fake.h $(wildcard host/vmm/*.h abi/*.h) lib/blob/blob.h \
		loadplan/loadplan.h $(B)/deps/mbedtls.stamp | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(CFLAGS_WARN) -g -fsanitize=address,undefined -fno-sanitize-recover=all -I$(B)/deps/mbedtls/include \
		$(VMM_TEST_SRCS) $(addprefix $(B)/deps/mbedtls/library/,$(VMM_MBEDTLS)) -pthread -lcmocka -o $@
