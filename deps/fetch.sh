#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# fetch.sh BUILD: every file of deps/lock into BUILD/deps/dl, each compared with its hash. Nothing is asked of
# the network when all are there. Writes BUILD/deps/resolved: lines "KIND PACKAGE FILE", what unpack.sh uses.
set -eu
build=$1
. deps/apt.sh
dl=$build/deps/dl
mkdir -p "$dl"
dl=$(cd "$dl" && pwd)
resolved=$build/deps/resolved
: >"$resolved.new"

has_hash() { [ -f "$1" ] && [ "$(sha256sum "$1" | cut -d ' ' -f 1)" = "$2" ]; }
lock() { awk -v kind="$1" '$1 == kind' deps/lock; }

network=
use_network() {
	[ -n "$network" ] || apt_other_config
	network=1
}

# One file out of `apt-get download PACKAGE`, under the name it is to have.
download() {	# package spec, file
	tmp=$(mktemp -d "$dl/.get.XXXXXX")
	if ! (cd "$tmp" && apt-get -qq download "$1" >/dev/null 2>&1); then
		rm -rf "$tmp"
		return 1
	fi
	mv "$tmp"/*.deb "$2"
	rm -rf "$tmp"
}

# The newest package of the same series: the kernel's release is part of its packages' names.
successor() {	# package, arch
	case $1 in
	linux-*)
		pattern=$(printf '%s' "$1" | sed 's/[.+]/\\&/g; s/\([0-9]*\\\.[0-9]*\)\\\.[0-9]*/\1\\.[0-9]+/')
		apt-cache pkgnames "${1%%[0-9]*}" | grep -Ex "$pattern" | sort -V | tail -n 1
		;;
	*)	printf '%s\n' "$1" ;;
	esac
}

fetch_deb() {	# package suite arch version sha256
	arch=$3
	[ "$arch" != all ] || arch=amd64
	file=$dl/$1_$arch.deb
	if ! has_hash "$file" "$5"; then
		use_network
		say FETCH "$1 $4"
		if download "$1:$arch=$4" "$file"; then
			has_hash "$file" "$5" || { rm -f "$file"; die "$1 $4: SHA-256 differs from deps/lock"; }
		else
			new=$(successor "$1" "$arch")
			[ -n "$new" ] || die "$1 $4 has left the mirror, and there is no other of its series"
			say NOTE "$1 $4 has left the mirror: taking $new, newest of $2, hash as the archive signs it"
			file=$dl/${new}_$arch.deb
			download "$new:$arch/$2" "$file" || die "cannot download $new from $2"
			set -- "$new"
		fi
	fi
	echo "deb $1 $file" >>"$resolved.new"
}

fetch_source() {	# package suite version
	ok=1
	while read -r name sha; do
		has_hash "$dl/$name" "$sha" || ok=
	done <<-END
	$(awk -v p="$1" '$1 == "source" { on = $2 == p } $1 == "file" && on { print $2, $3 }' deps/lock)
	END
	dsc=$dl/$1_$3.dsc
	if [ -z "$ok" ]; then
		use_network
		say FETCH "source of $1 $3"
		if (cd "$dl" && apt-get -qq source --download-only "$1=$3" >/dev/null 2>&1); then
			awk -v p="$1" '$1 == "source" { on = $2 == p } $1 == "file" && on { print $3 "  " $2 }' deps/lock |
				(cd "$dl" && sha256sum --quiet -c -) || die "source of $1 $3 differs from deps/lock"
		else
			say NOTE "source of $1 $3 has left the mirror: taking the newest of $2, hashes as the archive signs them"
			rm -f "$dl/$1"_*.dsc
			(cd "$dl" && apt-get -qq source --download-only "$1/$2" >/dev/null) ||
				die "cannot download the source of $1 from $2"
			dsc=$(ls "$dl/$1"_*.dsc)
		fi
	fi
	echo "source $1 $dsc" >>"$resolved.new"
}

lock source >"$build/deps/.todo"
while read -r _ package suite version; do
	fetch_source "$package" "$suite" "$version" </dev/null
done <"$build/deps/.todo"
lock deb >"$build/deps/.todo"
while read -r _ package suite arch version sha; do
	fetch_deb "$package" "$suite" "$arch" "$version" "$sha" </dev/null
done <"$build/deps/.todo"
rm -f "$build/deps/.todo"
mv "$resolved.new" "$resolved"
