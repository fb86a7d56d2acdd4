# SPDX-License-Identifier: Apache-2.0
UNIT_SUITES += $(B)/tests/guest
GUEST_TEST_SRCS := tests/unit/guest.c $(addprefix host/vmm/guest/,gic.c gic_mmio.c pl011.c)

$(B)/tests/guest: $(GUEST_TEST_SRCS) $(wildcard host/vmm/guest/*.h) | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(CFLAGS_WARN) -g -fsanitize=address,undefined -fno-sanitize-recover=all $(GUEST_TEST_SRCS) -lcmocka -o $@

UNIT_SUITES += $(B)/tests/guest_vcpu
GUEST_VCPU_TEST_SRCS := tests/unit/guest_vcpu.c $(addprefix host/vmm/guest/,vcpu.c gic.c gic_mmio.c pl011.c)

$(B)/tests/guest_vcpu: $(GUEST_VCPU_TEST_SRCS) $(wildcard host/vmm/guest/*.h host/vmm/*.h) | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(CFLAGS_WARN) -g -fsanitize=address,undefined -fno-sanitize-recover=all -pthread $(GUEST_VCPU_TEST_SRCS) -lcmocka -o $@
