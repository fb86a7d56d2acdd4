# SPDX-License-Identifier: Apache-2.0
VMM_SUITES := $(B)/tests/vmm $(B)/tests/vmm_gates $(B)/tests/vmm_restart $(B)/tests/vmm_psci $(B)/tests/vmm_random $(B)/tests/vmm_blocks
UNIT_SUITES += $(VMM_SUITES)
# The whole VMM but for its entry, its filter and the true device.
VMM_TEST_SRCS := tests/unit/vmm_fake.c $(filter-out %/main.c %/dev.c %/seccomp.c host/vmm/guest/%,$(VMM_SRCS))

$(VMM_SUITES): $(B)/tests/%: tests/unit/%.c $(VMM_TEST_SRCS) $(wildcard host/vmm/*.h abi/*.h tests/unit/vmm_*.[ch]) lib/blob/blob.h \
		$(wildcard loadplan/*.h) $(B)/deps/mbedtls.stamp | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(CFLAGS_WARN) -g -fsanitize=address,undefined -fno-sanitize-recover=all -I$(B)/deps/mbedtls/include \
		$< $(if $(filter %/vmm %/vmm_blocks,$@),,tests/unit/vmm_peer.c) $(VMM_TEST_SRCS) \
		$(addprefix $(B)/deps/mbedtls/library/,$(VMM_MBEDTLS)) -pthread -lcmocka -o $@

UNIT_SUITES += $(B)/tests/vmm_filter
$(B)/tests/vmm_filter: tests/unit/vmm_filter.c host/vmm/seccomp.c $(wildcard host/vmm/*.h abi/*.h) | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(CFLAGS_WARN) -g tests/unit/vmm_filter.c host/vmm/seccomp.c -pthread -lutil -lcmocka -o $@
