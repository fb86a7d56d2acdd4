# SPDX-License-Identifier: Apache-2.0
#
# What `make bench-pipeline` measures: examples/redact, the same objects over channels, over host memory, and as plain processes.

PIPE := $(BENCH_B)/pipe
PIPE_ROLES := ingest redactor sink pass
PIPE_HOST := $(addprefix $(PIPE)/,main.o images.o) $(COMM)/load.o $(COMM)/loadplan.o $(BARE_B)/gic.o $(BARE_B)/harness.o \
	$(BARE_B)/start.o $(B)/realm/string.c.o
PIPE_SEALED := $(PIPE)/hostmem.o $(addprefix $(COMM)/,link.o seal.o gcm8.o) $(COMM_MBEDTLS) \
	$(filter-out $(B)/realm/channel.c.o,$(LIBMICA_OBJS))
PIPE_LD = $(REALM_CC) -nostdlib -static -Wl,--build-id=none -Wl,--gc-sections -Wl,--no-warn-rwx-segments

# The objects of each component
pipe_objs = $(if $(filter pass,$(1)),$(PIPE)/pass.o,$(B)/examples/redact/$(1).o) \
	$(if $(filter redactor,$(1)),$(B)/examples/redact/redact_engine.o)

$(PIPE)/%.o: tests/bench/pipe/%.c | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(REALM_CC) $(REALM_CFLAGS) -MMD -MP -c $< -o $@

$(PIPE)/main.o: tests/bench/pipe/main.c | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(CROSS)gcc $(BARE_FLAGS) -MMD -MP -c $< -o $@

# ---- plain processes: no C library, so the same objects as in the Realms, down to memcpy() ----

PIPE_LINUX := $(addprefix $(PIPE)/linux/,start.o) $(B)/realm/string.c.o $(B)/realm/exit.c.o
PIPE_BY_PIPES := $(PIPE)/linux/pipes.o $(PIPE_LINUX)
PIPE_BY_RINGS := $(PIPE)/linux/rings.o $(PIPE_LINUX) $(B)/realm/channel.c.o $(B)/realm/ring.c.o
PIPE_PROGRAMS := $(foreach way,pipes rings,$(PIPE_ROLES:%=$(PIPE)/linux/$(way)/%)) $(PIPE)/linux/init

define pipe_component
$(PIPE)/$(1).elf: $(call pipe_objs,$(1)) $(PIPE_SEALED) realm/component.lds
	$$(PIPE_LD) -Wl,-T,realm/component.lds -o $$@ $$(filter %.o,$$^)
$(PIPE)/linux/pipes/$(1): $(call pipe_objs,$(1)) $(PIPE_BY_PIPES)
	@mkdir -p $$(@D)
	$$(PIPE_LD) -s -o $$@ $$^
$(PIPE)/linux/rings/$(1): $(call pipe_objs,$(1)) $(PIPE_BY_RINGS)
	@mkdir -p $$(@D)
	$$(PIPE_LD) -s -o $$@ $$^
endef

$(PIPE)/channel/pass.elf: $(PIPE)/pass.o $(LIBMICA_OBJS) realm/component.lds
	@mkdir -p $(@D)
	$(PIPE_LD) -Wl,-T,realm/component.lds -o $@ $(filter %.o,$^)

$(PIPE)/%.bin: $(PIPE)/%.elf
	$(CROSS)objcopy -O binary $< $@

$(PIPE)/redact.blob: examples/redact/redact.mica $(REDACT_BINS) $(B)/bin/mica
	@mkdir -p $(@D)
	$(B)/bin/mica build $< -o $@ >/dev/null

$(PIPE)/pipe.blob: tests/bench/pipe/pipe.mica $(PIPE)/ingest.bin $(PIPE)/sink.bin $(B)/bin/mica
	cp $< $(PIPE)/pipe.mica
	$(B)/bin/mica build $(PIPE)/pipe.mica -o $@ >/dev/null

$(PIPE)/images.o: tests/bench/pipe/images.S $(PIPE)/redact.blob $(PIPE)/pipe.blob $(REDACT_BINS) $(PIPE)/channel/pass.bin \
		$(PIPE_ROLES:%=$(PIPE)/%.bin)
	$(CROSS)gcc $(BARE_FLAGS) -Wa,-I,$(PIPE) -c $< -o $@

$(B)/tests/bench-pipe.bin: $(PIPE_HOST) tests/bare/bare.ld
	$(CROSS)gcc $(BARE_FLAGS) $(BARE_LDFLAGS) -Wl,-T,tests/bare/bare.ld $(PIPE_HOST) -o $(PIPE)/host.elf
	$(CROSS)objcopy -O binary $(PIPE)/host.elf $@

$(B)/fw/bench-pipe.bios: $(B)/tests/bench-pipe.bin $(B)/rmm/rmm.img $(B)/deps/tfa.stamp machine/machine.mk
	$(call build_fw,bench-pipe,BL33=$(CURDIR)/$(B)/tests/bench-pipe.bin)

$(foreach role,$(PIPE_ROLES),$(eval $(call pipe_component,$(role))))

# Where no component lies, so that tools/icount tells them apart
$(PIPE)/linux/init: $(addprefix $(PIPE)/linux/,init.o vmm.o util.o) $(B)/realm/string.c.o
	$(PIPE_LD) -s -Wl,-Ttext-segment=0x50000000 -o $@ $^

.PHONY: bench-pipeline
PIPE_BENCH := $(B)/fw/bench-pipe.bios $(PIPE_PROGRAMS)
bench-pipeline: all $(B)/tools/icount.so $(PIPE_BENCH)
	sh tools/bench/pipeline.sh $(B) $(B)/bench/pipeline.txt

.SECONDARY: $(PIPE_ROLES:%=$(PIPE)/%.elf) $(PIPE_ROLES:%=$(PIPE)/%.bin) $(PIPE)/channel/pass.elf $(PIPE)/channel/pass.bin

-include $(wildcard $(PIPE)/*.d $(PIPE)/linux/*.d)
