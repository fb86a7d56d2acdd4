# SPDX-License-Identifier: Apache-2.0
#
# make bench-silicon: the bytes' way between two Realms on the build machine itself, channel against encryption, as paired ratios.

SILICON := $(BENCH_B)/silicon
SILICON_MBEDTLS := $(addprefix $(SILICON)/mbedtls/,aes.o aesni.o block_cipher.o constant_time.o gcm.o platform_util.o)
SILICON_OBJS := $(addprefix $(SILICON)/,main.o stream.o mbedtls.o openssl.o ring.o payload.o) $(BENCH_B)/native/pairs.o
SILICON_CFLAGS := $(CFLAGS_WARN) -O2 -g -DMBEDTLS_CONFIG_FILE='"crypto_config.h"' -Itests/bench/silicon \
	-I$(B)/deps/mbedtls/include

$(SILICON)/%.o: tests/bench/silicon/%.c $(B)/deps/mbedtls.stamp | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(SILICON_CFLAGS) -MMD -MP -c $< -o $@

# The same ring and the same loops as in a Realm, in general registers as there.
$(SILICON)/ring.o: realm/ring.c realm/ring.h | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(SILICON_CFLAGS) -c $< -o $@

$(SILICON)/payload.o: tests/bench/comm/payload.c | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(SILICON_CFLAGS) -mgeneral-regs-only -c $< -o $@

$(SILICON_MBEDTLS): $(SILICON)/mbedtls/%.o: tests/bench/silicon/crypto_config.h $(B)/deps/mbedtls.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(filter-out -Wextra -O2,$(SILICON_CFLAGS)) -O3 -maes -mpclmul -c $(B)/deps/mbedtls/library/$*.c -o $@

$(B)/tests/bench/silicon/silicon: $(SILICON_OBJS) $(SILICON_MBEDTLS)
	$(HOSTCC) $^ -lcrypto -o $@

.PHONY: bench-silicon
bench-silicon: $(SILICON)/silicon
	sh tests/bench/silicon/run.sh $<

-include $(SILICON_OBJS:.o=.d)
