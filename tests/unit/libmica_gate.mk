# SPDX-License-Identifier: Apache-2.0
$(B)/tests/libmica_gate: tests/unit/libmica_gate.c realm/gate.c $(wildcard realm/*.h realm/include/*.h)
	@mkdir -p $(@D)
	$(HOSTCC) $(CFLAGS_WARN) -g -fsanitize=address,undefined -fno-sanitize-recover=all tests/unit/libmica_gate.c realm/gate.c -lcmocka -o $@
UNIT_SUITES += $(B)/tests/libmica_gate
