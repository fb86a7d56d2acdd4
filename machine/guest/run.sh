#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run.sh BUILD VCPUS: a stock kernel in an unbound Realm, its console here. Ends when the Realm is switched off.
set -eu
b=$1 vcpus=$2
initrd=$b/machine/guest-$vcpus.cpio
echo "A stock kernel boots in a Realm; its shell comes in about a minute. 'exit' ends it; if it hangs, from another terminal: kill $$"
exec qemu-system-aarch64 -M virt,secure=on,virtualization=on,gic-version=3,acpi=off -cpu max,x-rme=on -m 3G -smp 2 \
	-nodefaults -display none -monitor none -chardev stdio,id=con,signal=off -serial chardev:con \
	-bios "$b/fw/qemu_fw.bios" -kernel /dev/null \
	-append "console=ttyAMA0 quiet panic=-1 initrd=0x78000000,$(wc -c <"$initrd") mica.mode=guest" \
	-device "loader,file=$b/machine/Image,addr=0x60000000,force-raw=on" \
	-device "loader,file=$initrd,addr=0x78000000,force-raw=on" -no-reboot
