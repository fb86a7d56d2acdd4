#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# mkcpio.sh IMAGE OUT: the host's initramfs with IMAGE as /guest.img. The kernel unpacks archives that follow each other.
set -eu
image=$(realpath "$1")
out=$2
tmp=$out.d
rm -rf "$tmp"
mkdir -p "$tmp"
ln -s "$image" "$tmp/guest.img"
ln -s "$image.conf" "$tmp/guest.img.conf"
find "$tmp" -exec touch -h -d @0 {} +
cp "$(dirname "$image")/initramfs.cpio.gz" "$out.new"
# an archive begins at a multiple of 4
truncate -s %4 "$out.new"
(cd "$tmp" && printf 'guest.img\nguest.img.conf\n' | cpio --quiet --dereference --reproducible -o -H newc --owner 0:0) >>"$out.new"
mv "$out.new" "$out"
rm -rf "$tmp"
