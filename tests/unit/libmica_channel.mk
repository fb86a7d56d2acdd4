# SPDX-License-Identifier: Apache-2.0
$(B)/tests/libmica_channel: tests/unit/libmica_channel.c realm/channel.c realm/ring.c $(wildcard realm/*.h realm/include/*.h)
	@mkdir -p $(@D)
	$(HOSTCC) $(CFLAGS_WARN) -g -fsanitize=address,undefined -fno-sanitize-recover=all -pthread \
		tests/unit/libmica_channel.c realm/channel.c realm/ring.c -lcmocka -o $@
UNIT_SUITES += $(B)/tests/libmica_channel
