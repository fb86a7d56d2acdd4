# SPDX-License-Identifier: Apache-2.0
UNIT_SUITES += $(B)/tests/loadplan $(B)/tests/loadplan_linux
LOADPLAN_TEST_SRCS := $(LOADPLAN_SRCS) lib/measure/measure.c lib/hash/hash.c
LOADPLAN_MBEDTLS := $(addprefix $(B)/deps/mbedtls/library/,sha256.c sha512.c platform_util.c)

$(B)/tests/loadplan $(B)/tests/loadplan_linux: $(B)/tests/%: tests/unit/%.c $(LOADPLAN_TEST_SRCS) $(wildcard loadplan/*.h) lib/measure/measure.h lib/hash/hash.h \
		abi/rmi.h $(B)/deps/mbedtls.stamp | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(HOSTCC) $(CFLAGS_WARN) -g -fsanitize=address,undefined -fno-sanitize-recover=all -I$(B)/deps/mbedtls/include \
		$< $(LOADPLAN_TEST_SRCS) $(LOADPLAN_MBEDTLS) -lcmocka -lcrypto -o $@
