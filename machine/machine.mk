# SPDX-License-Identifier: Apache-2.0
#
# The emulated machine's images: firmware (TF-A with our monitor), stock kernel, initramfs with module and VMM.

# RME_GPT_MAX_BLOCK=0: delegation never joins or splits entries of the granule protection table, so each costs the same.
TFA_SRC = $(B)/deps/tf-a
TFA_MAKE = env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS $(MAKE) -s -j$(shell nproc) -C $(TFA_SRC) CROSS_COMPILE=$(CROSS) \
	PLAT=qemu ENABLE_RME=1 QEMU_USE_GIC_DRIVER=QEMU_GICV3 RME_GPT_MAX_BLOCK=0 \
	DEBUG=0 LOG_LEVEL=10

# The last argument says what runs as the normal world. One at a time: all use one source tree, whose tools they build.
define build_fw
	@mkdir -p $(B)/fw
	@printf '  FW       %s\n' $@
	@printf '%s\n' '$(TFA_MAKE)' | cmp -s - $(B)/fw/$(1).options || rm -rf $(B)/fw/$(1)
	@printf '%s\n' '$(TFA_MAKE)' >$(B)/fw/$(1).options
	flock $(B)/fw/lock $(TFA_MAKE) BUILD_BASE=$(CURDIR)/$(B)/fw/$(1) RMM=$(CURDIR)/$(B)/rmm/rmm.img $(2) all fip \
		>$(B)/fw/$(1).log 2>&1 || { tail -n 30 $(B)/fw/$(1).log >&2; exit 1; }
	cp $(B)/fw/$(1)/qemu/release/bl1.bin $@
	dd if=$(B)/fw/$(1)/qemu/release/fip.bin of=$@ seek=64 bs=4096 conv=notrunc status=none
endef

# The kernel lies at 0x60000000, put there by QEMU.
$(B)/fw/qemu_fw.bios: $(B)/rmm/rmm.img $(B)/deps/tfa.stamp machine/machine.mk
	$(call build_fw,linux,ARM_LINUX_KERNEL_AS_BL33=1 PRELOADED_BL33_BASE=0x60000000)

# A bare-metal normal world instead (tests/bare).
$(B)/fw/bare.bios: $(B)/tests/bare.bin $(B)/rmm/rmm.img $(B)/deps/tfa.stamp machine/machine.mk
	$(call build_fw,bare,BL33=$(CURDIR)/$(B)/tests/bare.bin)

$(B)/machine/Image: $(B)/deps/linux.stamp
	@mkdir -p $(@D)
	cp $(B)/deps/linux/Image $@

DRIVER_SRCS := $(wildcard host/driver/*.[ch]) host/driver/Kbuild $(wildcard abi/*.h)

# Stock kbuild, out of tree, objects below build/. Source folder, object folder, module.
define build_module
	@rm -rf $(2) && mkdir -p $(2)
	@printf '  KBUILD   %s\n' $@
	env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS $(MAKE) -s -C $(CURDIR)/$(B)/deps/linux/headers \
		M=$(CURDIR)/$(1) MO=$(CURDIR)/$(2) CC=$(CURDIR)/$(B)/deps/linux/cc \
		CONFIG_DEBUG_INFO_BTF_MODULES= modules >$(2).log 2>&1 || { tail -n 40 $(2).log >&2; exit 1; }
	$(CROSS)strip --strip-debug $(2)/$(3) -o $@
endef

$(B)/host/mica.ko: $(DRIVER_SRCS) $(B)/deps/linux.stamp
	$(call build_module,host/driver,$(B)/host/driver,mica.ko)

GUEST_DRIVER_SRCS := $(wildcard realm/linux/*.[ch] realm/linux/include/*.h) realm/linux/Kbuild realm/ring.c realm/ring.h \
	realm/include/mica_errno.h $(wildcard abi/*.h)

$(B)/realm/mica-realm.ko: $(GUEST_DRIVER_SRCS) $(B)/deps/linux.stamp
	$(call build_module,realm/linux,$(B)/realm/linux,mica-realm.ko)

# A Linux Realm with 1 and with 2 vCPUs, and the host's initramfs with it: archives one after the other are one.
GUEST_MIB := 256
$(B)/machine/guest-%.img: machine/guest/mkguest.sh machine/guest/guest.dts.in machine/guest/init machine/guest/token \
		$(B)/deps/linux.stamp
	@mkdir -p $(@D)
	@printf '  GUEST    %s\n' $@
	sh machine/guest/mkguest.sh $(B) $@ $(GUEST_MIB) $*

.PRECIOUS: $(B)/machine/guest-%.img
$(B)/machine/guest-%.cpio: $(B)/machine/guest-%.img $(B)/machine/initramfs.cpio.gz
	@printf '  INITRAMFS %s\n' $@
	sh machine/guest/mkcpio.sh $(B)/machine/guest-$*.img $@

$(B)/machine/initramfs.cpio.gz: machine/init machine/mkinitramfs.sh $(B)/host/mica.ko $(B)/host/mica-vmm $(B)/deps/linux.stamp
	@mkdir -p $(@D)
	@printf '  INITRAMFS %s\n' $@
	sh machine/mkinitramfs.sh $(B) $@
