# SPDX-License-Identifier: Apache-2.0
#
# What `make bench` measures messages with: two components of libmica, and a bare-metal host for them.

COMM := $(BENCH_B)/comm
COMM_BOTH := $(addprefix $(COMM)/,link.o payload.o seal.o gcm8.o)
COMM_MBEDTLS := $(addprefix $(COMM)/mbedtls/,aes.o aesce.o block_cipher.o chacha20.o chachapoly.o constant_time.o gcm.o \
	platform_util.o poly1305.o)
COMM_HOST := $(addprefix $(COMM)/,main.o load.o loadplan.o images.o) $(addprefix $(BARE_B)/,gic.o harness.o string.o start.o)
COMM_CRYPTO := -DMBEDTLS_CONFIG_FILE='"crypto_config.h"' -Itests/bench/comm -I$(B)/deps/mbedtls/include

$(COMM)/%.o: tests/bench/comm/%.c $(B)/deps/mbedtls.stamp | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(REALM_CC) $(REALM_CFLAGS) $(COMM_CRYPTO) -MMD -MP -c $< -o $@

# Ciphers at their best: everything the architecture has, memcpy() of a block by one load and one store.
COMM_CIPHER_CFLAGS = $(filter-out -mgeneral-regs-only -march=% -O2,$(REALM_CFLAGS)) -O3 -fbuiltin -march=armv8.4-a+crypto
$(COMM)/gcm8.o: tests/bench/comm/gcm8.c tests/bench/comm/gcm8.h | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(REALM_CC) $(COMM_CIPHER_CFLAGS) -MMD -MP -c $< -o $@

# As libmica's: without, a doorbell in host memory calls memset(), and costs 200 instructions more than one of a channel
$(COMM)/link.o: REALM_CFLAGS += -mstrict-align

$(COMM_MBEDTLS): $(COMM)/mbedtls/%.o: tests/bench/comm/crypto_config.h tests/bench/comm/comm.mk $(B)/deps/mbedtls.stamp
	@mkdir -p $(@D)
	$(REALM_CC) $(filter-out -Wextra,$(COMM_CIPHER_CFLAGS)) $(COMM_CRYPTO) -MMD -MP -c $(B)/deps/mbedtls/library/$*.c -o $@

$(COMM)/%.elf: $(COMM)/%.o $(COMM_BOTH) $(COMM_MBEDTLS) $(LIBMICA_OBJS) realm/component.lds
	$(REALM_CC) -nostdlib -static -Wl,--build-id=none -Wl,--gc-sections -Wl,--no-warn-rwx-segments \
		-Wl,-T,realm/component.lds -o $@ $(filter %.o,$^)

$(COMM)/%.bin: $(COMM)/%.elf
	$(CROSS)objcopy -O binary $< $@

$(COMM)/comm.blob: tests/bench/comm/comm.mica $(COMM)/producer.bin $(COMM)/consumer.bin $(B)/bin/mica
	cp $< $(COMM)/comm.mica
	$(B)/bin/mica build $(COMM)/comm.mica -o $@ >/dev/null

$(COMM)/main.o $(COMM)/load.o: $(COMM)/%.o: tests/bench/comm/%.c | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(CROSS)gcc $(BARE_FLAGS) -MMD -MP -c $< -o $@

$(COMM)/loadplan.o: loadplan/loadplan.c | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(CROSS)gcc $(BARE_FLAGS) -MMD -MP -c $< -o $@

$(COMM)/images.o: tests/bench/comm/images.S $(COMM)/comm.blob
	$(CROSS)gcc $(BARE_FLAGS) -DCOMM_BLOB='"$(COMM)/comm.blob"' -DCOMM_PRODUCER='"$(COMM)/producer.bin"' \
		-DCOMM_CONSUMER='"$(COMM)/consumer.bin"' -c $< -o $@

$(B)/tests/bench-comm.bin: $(COMM_HOST) tests/bare/bare.ld
	$(CROSS)gcc $(BARE_FLAGS) $(BARE_LDFLAGS) -Wl,-T,tests/bare/bare.ld $(COMM_HOST) -o $(COMM)/host.elf
	$(CROSS)objcopy -O binary $(COMM)/host.elf $@

$(B)/fw/bench-comm.bios: $(B)/tests/bench-comm.bin $(B)/rmm/rmm.img $(B)/deps/tfa.stamp machine/machine.mk
	$(call build_fw,bench-comm,BL33=$(CURDIR)/$(B)/tests/bench-comm.bin)

BENCH_FW := $(B)/fw/bench.bios $(B)/fw/bench-comm.bios

# What tests/system/bench.sh compares with
.PHONY: bench-baseline
bench-baseline: $(BENCH_FW)
	sh tests/system/bench.sh record

.SECONDARY: $(addprefix $(COMM)/,producer.elf consumer.elf producer.o consumer.o producer.bin consumer.bin)

-include $(wildcard $(COMM)/*.d $(COMM)/mbedtls/*.d)
