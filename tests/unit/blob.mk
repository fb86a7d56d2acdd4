# SPDX-License-Identifier: Apache-2.0
UNIT_SUITES += $(B)/tests/blob

$(B)/tests/blob: tests/unit/blob.c lib/blob/blob.c lib/blob/blob.h abi/mica_blob.h | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(CFLAGS_WARN) -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all $(filter %.c,$^) -lcmocka -o $@
