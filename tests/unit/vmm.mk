# SPDX-License-Identifier: Apache-2.0
VMM_SUITES := $(addprefix $(B)/tests/,vmm vmm_linux vmm_gates vmm_restart vmm_psci vmm_random vmm_blocks)
UNIT_SUITES += $(VMM_SUITES)
# The whole VMM but for its entry, its filter and the true device.
VMM_TEST_SRCS := $(addprefix tests/unit/,vmm_fake.c vmm_fake_s2.c vmm_fake_dev.c) \
	$(filter-out %/main.c %/dev.c %/seccomp.c host/vmm/guest/%,$(VMM_SRCS))
# What a suite stands on: a workflow like examples/redact; three roles; the device alone.
VMM_TEST_WORLD := tests/unit/vmm_port.c tests/unit/vmm_peer.c
$(B)/tests/vmm $(B)/tests/vmm_linux: VMM_TEST_WORLD := tests/unit/vmm_port.c tests/unit/vmm_redact.c
$(B)/tests/vmm_blocks: VMM_TEST_WORLD :=

$(VMM_SUITES): $(B)/tests/%: tests/unit/%.c $(VMM_TEST_SRCS) $(wildcard host/vmm/*.h abi/*.h tests/unit/vmm_*.[ch]) lib/blob/blob.h \
		$(wildcard loadplan/*.h) $(B)/deps/mbedtls.stamp | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(CFLAGS_WARN) -g -fsanitize=address,undefined -fno-sanitize-recover=all -I$(B)/deps/mbedtls/include \
		$< $(VMM_TEST_WORLD) $(VMM_TEST_SRCS) $(addprefix $(B)/deps/mbedtls/library/,$(VMM_MBEDTLS)) -pthread -lcmocka -o $@

UNIT_SUITES += $(B)/tests/vmm_filter
$(B)/tests/vmm_filter: tests/unit/vmm_filter.c host/vmm/seccomp.c $(wildcard host/vmm/*.h abi/*.h) | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(CFLAGS_WARN) -g tests/unit/vmm_filter.c host/vmm/seccomp.c -pthread -lutil -lcmocka -o $@
