# SPDX-License-Identifier: Apache-2.0
# The monitor's encoder and the tenant's verifier in one program.
UNIT_SUITES += $(B)/tests/token

$(B)/tests/token: tests/unit/token.c policy/verifier/verify.c policy/verifier/cose.c policy/verifier/strict.c \
		tests/unit/world.h tests/unit/sign1.h policy/verifier/verify.h policy/verifier/cose.h $(FAKE_B)/librmm.a
	@mkdir -p $(@D)
	$(HOSTCC) $(FAKE_CFLAGS) $(filter %.c,$^) $(FAKE_B)/librmm.a -lcmocka -lcbor -lcrypto -lpthread -o $@
