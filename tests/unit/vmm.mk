# SPDX-License-Identifier: Apache-2.0
# The whole VMM but for its entry, its filter and the true device.
VMM_TESTS := $(B)/tests/vmm $(B)/tests/vmm_blocks
UNIT_SUITES += $(VMM_TESTS)
VMM_TEST_SRCS := tests/unit/vmm_fake.c $(filter-out %/main.c %/dev.c %/seccomp.c host/vmm/guest/%,$(VMM_SRCS))

$(VMM_TESTS): $(B)/tests/%: tests/unit/%.c $(VMM_TEST_SRCS) tests/unit/vmm_fake.h $(wildcard host/vmm/*.h abi/*.h) lib/blob/blob.h \
		loadplan/loadplan.h $(B)/deps/mbedtls.stamp | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(CFLAGS_WARN) -g -fsanitize=address,undefined -fno-sanitize-recover=all -I$(B)/deps/mbedtls/include \
		$< $(VMM_TEST_SRCS) $(addprefix $(B)/deps/mbedtls/library/,$(VMM_MBEDTLS)) -pthread -lcmocka -o $@
