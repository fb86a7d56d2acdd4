#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# unpack.sh BUILD mbedtls|tfa|linux|cbmc: one dependency from BUILD/deps/dl into BUILD/deps.
set -eu
build=$1
. deps/apt.sh
deps=$(cd "$build/deps" && pwd)

path_of() { awk -v k="$1" -v p="$2" '$1 == k && $2 ~ p { print $3; exit }' "$deps/resolved"; }

# DSC is checked by hash already; the patches of the package are applied.
source_package() {	# package, folder
	rm -rf "$deps/$2"
	say UNPACK "$1"
	dpkg-source --no-check -x "$(path_of source "^$1\$")" "$deps/$2" >/dev/null 2>&1 ||
		die "cannot unpack the source of $1"
	find "$deps" -maxdepth 1 -type f -name "$1_*.orig.tar.*" -delete
}

deb() {	# pattern, folder
	f=$(path_of deb "$1")
	[ -n "$f" ] || die "no package like $1 in $deps/resolved"
	say UNPACK "$(basename "$f")"
	mkdir -p "$2"
	dpkg-deb -x "$f" "$2"
}

# Kernel, headers and kbuild's amd64 tools in one tree, as Debian lays it out below /usr. The tools are
# linked to trixie's C library, which lies beside them; nothing is installed and no chroot is needed.
linux_tree() {
	rm -rf "$deps/linux"
	for p in '^linux-binary-' '^linux-modules-' '^linux-headers-.*-cloud-arm64$' '^linux-headers-.*-common$' '^linux-kbuild-'; do
		deb "$p" "$deps/linux"
	done
	deb '^libc6$' "$deps/linux/libc"
	deb '^busybox-static$' "$deps/linux/busybox"
	usr=$deps/linux/usr
	headers=$(echo "$usr"/src/linux-headers-*-cloud-arm64)
	common=$(echo "$usr"/src/linux-headers-*-common)
	kbuild=$(echo "$usr"/lib/linux-kbuild-*)
	cp "$usr"/lib/modules/*/vmlinuz "$deps/linux/Image"
	cp "$deps/linux/busybox/usr/bin/busybox" "$deps/linux/busybox.arm64"

	# Debian's generated Makefile names absolute paths
	cat >"$headers/Makefile" <<-END
	KBUILD_OUTPUT=$headers
	include $common/Makefile
	END
	libs=$deps/linux/libc/usr/lib/x86_64-linux-gnu
	cat >"$kbuild/scripts/mod/modpost" <<-END
	#!/bin/sh
	exec $libs/ld-linux-x86-64.so.2 --library-path $libs $kbuild/scripts/mod/modpost.real-lsb-64 "\$@"
	END
	chmod +x "$kbuild/scripts/mod/modpost"
	# Debian 12's compiler cannot align every function, which the kernel wants of functions it may patch: there is
	# nothing to patch then
	cat >"$deps/linux/cc" <<-'END'
	#!/bin/sh
	for a; do
		shift
		case $a in
		-fmin-function-alignment=* | -fpatchable-function-entry=*) ;;
		*) set -- "$@" "$a" ;;
		esac
	done
	exec aarch64-linux-gnu-gcc "$@"
	END
	chmod +x "$deps/linux/cc"
	ln -sfn "$headers" "$deps/linux/headers"
}

# The prover, with the C and C++ libraries of its release beside it.
cbmc_tree() {
	rm -rf "$deps/cbmc"
	for p in '^cbmc$' '^minisat$' '^libstdc\+\+6$' '^libgcc-s1$' '^libc6$'; do
		deb "$p" "$deps/cbmc"
	done
	usr=$deps/cbmc/usr
	libs=$usr/lib/x86_64-linux-gnu
	for p in cbmc goto-cc goto-instrument; do
		cat >"$deps/cbmc/$p" <<-END
		#!/bin/sh
		exec $libs/ld-linux-x86-64.so.2 --library-path $libs:$usr/lib $usr/bin/$p "\$@"
		END
		chmod +x "$deps/cbmc/$p"
	done
}

case $2 in
cbmc)	cbmc_tree ;;
mbedtls) source_package mbedtls mbedtls ;;
tfa)	source_package arm-trusted-firmware tf-a ;;
linux)	linux_tree ;;
*)	die "unpack what?" ;;
esac
: >"$deps/$2.stamp"
