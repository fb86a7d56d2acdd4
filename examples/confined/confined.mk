# SPDX-License-Identifier: Apache-2.0
# The Linux worker of examples/confined: stock kernel, busybox, guest driver. Its neighbours are those of examples/redact.

GUEST_DRIVER := $(B)/realm/mica-realm.ko
CONFINED := $(addprefix examples/confined/,ingest.bin sink.bin worker.linux)

$(B)/realm/initramfs.cpio.gz: $(GUEST_DRIVER) realm/linux/init realm/linux/mkinitramfs.sh $(B)/deps/linux.stamp
	@printf '  INITRAMFS %s\n' $@
	sh realm/linux/mkinitramfs.sh $(B) $@

.PHONY: linux-role
linux-role: $(B)/realm/initramfs.cpio.gz

examples/confined/worker.linux: $(B)/realm/initramfs.cpio.gz examples/confined/cmdline $(B)/machine/Image $(B)/bin/mica
	$(B)/bin/mica pack $(B)/machine/Image --initrd $< --cmdline "$$(cat examples/confined/cmdline)" -o $@

examples/confined/%.bin: examples/redact/%.bin
	cp $< $@
