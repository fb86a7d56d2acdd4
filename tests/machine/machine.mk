# SPDX-License-Identifier: Apache-2.0
#
# A machine whose VMM is a test (tests/machine/killed.c): the usual images, and an initramfs in two parts, of which the
# second replaces /mica-vmm. Used through MICA_MACHINE.

TM := $(B)/tests/machine

$(TM)/killed: tests/machine/killed.c abi/mica_ioctl.h abi/run_proto.h | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(CROSS)gcc $(CFLAGS_WARN) -O2 -static $< -o $@

$(TM)/machine/initramfs.cpio.gz: $(TM)/killed $(IMAGES)
	@mkdir -p $(@D) $(TM)/root
	cp $(B)/machine/root/mica-vmm $(TM)/root/mica-vmm.true
	cp $(TM)/killed $(TM)/root/mica-vmm
	(cat $(B)/machine/initramfs.cpio.gz; \
	 cd $(TM)/root && printf 'mica-vmm\nmica-vmm.true\n' | cpio --quiet -o -H newc --owner 0:0 | gzip -n -9) >$@
	ln -sfn ../../fw $(TM)/fw
	ln -sfn ../../../machine/Image $(TM)/machine/Image
