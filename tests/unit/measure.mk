# SPDX-License-Identifier: Apache-2.0
UNIT_SUITES += $(B)/tests/measure
MEASURE_MBEDTLS := $(addprefix $(B)/deps/mbedtls/library/,sha256.c sha512.c platform_util.c constant_time.c)

$(B)/tests/measure: tests/unit/measure.c lib/measure/measure.c lib/hash/hash.c lib/measure/measure.h \
		lib/hash/hash.h abi/rmi.h $(B)/deps/mbedtls.stamp | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(CFLAGS_WARN) -g -fsanitize=address,undefined -I$(B)/deps/mbedtls/include \
		$(filter %.c,$^) $(MEASURE_MBEDTLS) -lcmocka -o $@
