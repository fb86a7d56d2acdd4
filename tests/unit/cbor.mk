# SPDX-License-Identifier: Apache-2.0
UNIT_SUITES += $(B)/tests/cbor

$(B)/tests/cbor: tests/unit/cbor.c lib/cbor/cbor.c lib/cbor/cbor.h | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(CFLAGS_WARN) -g -fsanitize=address,undefined -fno-sanitize-recover=all -include stdio.h $(filter %.c,$^) -lcmocka -o $@
