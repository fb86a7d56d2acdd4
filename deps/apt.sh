# SPDX-License-Identifier: Apache-2.0
#
# Two private uses of apt, both under build/apt: one that installs tools on this machine (its own sources,
# with backports where its release has too old a QEMU), one that only downloads packages of other suites and
# architectures. The system's apt configuration is read, never written. Sourced by the scripts beside
# it, which have set $build (the build folder) and `set -eu`.
#
# The mirror is the one this machine already uses, so nothing here names a host.

mkdir -p "$build/apt"
apt_dir=$(cd "$build/apt" && pwd)
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

say() { printf '  %-8s %s\n' "$1" "$2"; }
die() { printf 'deps: %s\n' "$*" >&2; exit 1; }

# Root rights only for what installs packages on the machine.
as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"
	elif command -v sudo >/dev/null; then sudo "$@"
	else die "need root or sudo for: $*"
	fi
}

codename() { . /etc/os-release; printf '%s\n' "$VERSION_CODENAME"; }

# Address of the archive holding this machine's own release, from its own sources.
mirror() {
	apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
		awk -v r="$(codename)" '$1 == r && $2 == "main" { print $3; exit }'
}

mirror_or_die() {
	uri=$(mirror)
	[ -n "$uri" ] || die "this machine's apt sources name no Debian $(codename) main archive"
}

fresh() { [ -n "$(find "$1" -mtime -1 2>/dev/null)" ]; }	# touched within a day

# The machine's sources, with backports of its release added.
apt_tools_config() {
	mirror_or_die
	mkdir -p "$apt_dir/tools/lists/partial"
	{ cat /etc/apt/sources.list 2>/dev/null || :; } >"$apt_dir/tools/sources.list"
	[ "$(codename)" != bookworm ] ||
		echo "deb $uri bookworm-backports main" >>"$apt_dir/tools/sources.list"
	cat >"$apt_dir/tools/apt.conf" <<-END
	Dir::State::lists "$apt_dir/tools/lists";
	Dir::Etc::sourcelist "$apt_dir/tools/sources.list";
	Dir::Cache::pkgcache "$apt_dir/tools/pkgcache.bin";
	Dir::Cache::srcpkgcache "$apt_dir/tools/srcpkgcache.bin";
	APT::Sandbox::User "root";
	APT::Get::List-Cleanup "true";
	Acquire::Languages "none";
	Acquire::Retries "3";
	DPkg::Lock::Timeout "600";
	END
	export APT_CONFIG="$apt_dir/tools/apt.conf"
	if ! fresh "$apt_dir/tools/fetched"; then
		say APT "package lists of this machine's release"
		as_root env APT_CONFIG="$APT_CONFIG" apt-get -qq update ||
			die "cannot fetch package lists from this machine's mirror"
		: >"$apt_dir/tools/fetched"
	fi
}

# apt_install OPTION_OR_PACKAGE...: after apt_tools_config.
apt_install() {
	say APT "install $*"
	as_root env APT_CONFIG="$APT_CONFIG" DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
		--no-install-recommends -o Dpkg::Use-Pty=0 install "$@" >"$apt_dir/install.log" 2>&1 ||
		{ tail -n 20 "$apt_dir/install.log" >&2; die "could not install: $*"; }
}

# arm64 and amd64 of trixie and its backports: for looking up and downloading only.
apt_other_config() {
	mirror_or_die
	[ -r "$KEYRING" ] || die "no $KEYRING: install debian-archive-keyring"
	o=$apt_dir/other
	mkdir -p "$o/state/lists/partial" "$o/cache/archives/partial"
	: >"$o/status"
	cat >"$o/sources.list" <<-END
	deb [arch=arm64,amd64 signed-by=$KEYRING] $uri trixie main
	deb [arch=arm64,amd64 signed-by=$KEYRING] $uri trixie-backports main
	deb-src [signed-by=$KEYRING] $uri trixie main
	END
	cat >"$o/apt.conf" <<-END
	Dir::State "$o/state";
	Dir::State::status "$o/status";
	Dir::Cache "$o/cache";
	Dir::Etc::sourcelist "$o/sources.list";
	Dir::Etc::sourceparts "/dev/null";
	Dir::Etc::preferences "/dev/null";
	Dir::Etc::preferencesparts "/dev/null";
	APT::Architecture "amd64";
	APT::Architectures { "amd64"; "arm64"; };
	APT::Get::List-Cleanup "true";
	APT::Sandbox::User "";
	Acquire::Languages "none";
	Acquire::Retries "3";
	END
	export APT_CONFIG="$o/apt.conf"
	if ! fresh "$o/fetched"; then
		say APT "package lists of trixie and trixie-backports (private)"
		apt-get -qq update || die "cannot fetch package lists from this machine's mirror"
		: >"$o/fetched"
	fi
}
