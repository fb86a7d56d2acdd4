# SPDX-License-Identifier: Apache-2.0
UNIT_SUITES += $(B)/tests/verify_token

$(B)/tests/verify_token: tests/unit/verify_token.c tests/unit/sign1.h policy/verifier/verify.c policy/verifier/cose.c \
		policy/verifier/strict.c lib/cbor/cbor.c policy/verifier/verify.h policy/verifier/cose.h \
		lib/cbor/cbor.h | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(CFLAGS_WARN) -O1 -g -fsanitize=address,undefined $(filter %.c,$^) -lcmocka -lcbor -lcrypto -o $@
