#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# tools.sh BUILD: what the build needs installed on this machine. Installs only what is missing.
set -eu
build=$1
. deps/apt.sh

packages="make gcc libc6-dev gcc-aarch64-linux-gnu libc6-dev-arm64-cross libcmocka-dev libcbor-dev libssl-dev
	cpio dpkg-dev xz-utils bzip2 gzip patch kmod bc procps device-tree-compiler debian-archive-keyring
	graphviz groff-base jq zsh spin valgrind"

[ "$(uname -m)" = x86_64 ] || die "the build runs on x86-64, this is $(uname -m)"
command -v apt-get >/dev/null || die "the build needs Debian 12 or 13: no apt-get here"

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing=
for p in $packages; do installed "$p" || missing="$missing $p"; done
if [ -n "$missing" ]; then
	apt_tools_config
	apt_install $missing
fi

qemu_major() { qemu-system-aarch64 --version 2>/dev/null | sed -n 's/^QEMU emulator version \([0-9]*\).*/\1/p'; }

# The lock's version; the newest of the same suite, saying so, when the mirror has moved on.
install_qemu() {
	apt_tools_config
	set -- $(awk -v s="$(codename)-backports" '$1 == "tool" && $2 == "qemu-system-arm" && $3 == s { print $5, $6 }' deps/lock)
	if [ $# = 0 ]; then
		apt_install qemu-system-arm
		return
	fi
	sha=$(apt-cache show "qemu-system-arm=$1" 2>/dev/null | sed -n 's/^SHA256: //p' | head -n 1)
	if [ -z "$sha" ]; then
		say NOTE "qemu-system-arm $1 has left the mirror: taking the newest of $(codename)-backports"
		apt_install -t "$(codename)-backports" qemu-system-arm
	elif [ "$sha" != "$2" ]; then
		die "qemu-system-arm $1: the archive says SHA-256 $sha, deps/lock says $2"
	else
		apt_install -t "$(codename)-backports" "qemu-system-arm=$1"
	fi
}

v=$(qemu_major)
[ "${v:-0}" -ge 10 ] || install_qemu
v=$(qemu_major)
[ "${v:-0}" -ge 10 ] || die "qemu-system-aarch64 is version ${v:-none}, need 10 or newer"
