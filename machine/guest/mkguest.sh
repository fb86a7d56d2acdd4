#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# mkguest.sh BUILD OUT MIB VCPUS: the start of a Linux Realm's RAM, as one file: stock kernel, device tree, initramfs. Writes
# OUT, and to OUT.conf the arguments of mica-vmm --guest that go with it. Same inputs, same bytes.
set -eu
b=$1 out=$2 mib=$3 vcpus=$4
ram=0x40000000
align=0x200000
here=machine/guest
tmp=$out.d
rm -rf "$tmp"
mkdir -p "$tmp/root/bin" "$tmp/root/dev" "$tmp/root/proc" "$tmp/root/sys"

root=$tmp/root
cp "$b/deps/linux/busybox.arm64" "$root/bin/busybox"
ln -s busybox "$root/bin/sh"
for m in configfs tsm_report arm-cca-guest; do
	xz -dc "$(find "$b/deps/linux/usr/lib/modules" -name "$m.ko.xz")" >"$root/$m.ko"
done
install -m 755 "$here/init" "$root/init"
install -m 755 "$here/token" "$root/bin/token"
find "$root" -exec touch -h -d @0 {} +
(cd "$root" && find . | LC_ALL=C sort | cpio --quiet --reproducible -o -H newc --owner 0:0) | gzip -n -9 >"$tmp/initrd"

up() { echo $((($1 + align - 1) / align * align)); }
# image_size of the kernel's header: what it needs, uninitialised data included
kernel=$(od -An -t u8 -j 16 -N 8 "$b/deps/linux/Image" | tr -d ' ')
dtb_at=$(up "$kernel")
initrd_at=$((dtb_at + align))
size=$(wc -c <"$tmp/initrd")

cpus=
i=0
while [ $i -lt "$vcpus" ]; do
	cpus="$cpus\\
		cpu@$i { device_type = \"cpu\"; compatible = \"arm,armv8\"; reg = <$i>; enable-method = \"psci\"; };"
	i=$((i + 1))
done
hex() { printf '0x%x' "$1"; }
sed "s|@INITRD@|$(hex $((ram + initrd_at)))|; s|@INITRD_END@|$(hex $((ram + initrd_at + size)))|
	s|@RAM@|$(hex $((mib << 20)))|; s|@REDIST@|$(hex $((vcpus * 0x20000)))|; s|@CPUS@|$cpus|" \
	"$here/guest.dts.in" >"$tmp/guest.dts"
dtc -q -I dts -O dtb -o "$tmp/guest.dtb" "$tmp/guest.dts"

cp "$b/deps/linux/Image" "$tmp/image"
for part in "$dtb_at $tmp/guest.dtb" "$initrd_at $tmp/initrd"; do
	dd if="${part#* }" of="$tmp/image" bs=$((align)) seek=$((${part%% *} / align)) conv=notrunc status=none
done
echo "$mib $vcpus $(hex $((ram + dtb_at)))" >"$out.conf"
mv "$tmp/image" "$out"
rm -rf "$tmp"
