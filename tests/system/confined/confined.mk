# SPDX-License-Identifier: Apache-2.0
#
# The hostile Linux role of tests/system/confined.sh, and its two policies, in a folder of their own.

TC := $(B)/tests/confined

$(TC)/mica-try.ko: tests/system/confined/mica-try.c tests/system/confined/Kbuild $(B)/deps/linux.stamp
	@mkdir -p $(@D)
	$(call build_module,tests/system/confined,$(TC)/module,mica-try.ko)

$(TC)/files: tests/system/confined/files.c | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(CROSS)gcc $(CFLAGS_WARN) -O2 -static $< -o $@

$(TC)/initramfs.cpio.gz: $(TC)/mica-try.ko $(TC)/files tests/system/confined/try $(GUEST_DRIVER) realm/linux/init realm/linux/mkinitramfs.sh
	sh realm/linux/mkinitramfs.sh $(B) $@ $(TC)/mica-try.ko $(TC)/files tests/system/confined/try

$(TC)/try.linux: $(TC)/initramfs.cpio.gz $(B)/machine/Image $(B)/bin/mica
	$(B)/bin/mica pack $(B)/machine/Image --initrd $< -o $@ \
		--cmdline 'panic=-1 cma=0 mica.in=raw mica.out=clean mica.run="sh /try"'

$(TC)/%.mica: tests/system/confined/%.mica
	@mkdir -p $(@D)
	cp $< $@

$(TC)/%.bin: examples/redact/%.bin
	@mkdir -p $(@D)
	cp $< $@

CONFINED_TEST := $(TC)/try.linux $(TC)/open.mica $(TC)/closed.mica $(TC)/log.mica $(TC)/ingest.bin $(TC)/sink.bin
