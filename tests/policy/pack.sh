#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# `mica pack`, and policies whose linux roles name what it made: measured as --image --linux says, refused with what to do.
set -u
. tests/policy/lib.sh
dir=$scratch/w
mkdir "$dir"

policy() {	# attributes of role l
	printf 'workflow w {\n  realm a { measurement sha256:%s }\n  realm l { %s }\n  channel c 8KiB a -> l (ack, signal)\n  never l ~> host\n}\n' \
		"$(printf '1a%.0s' $(seq 32))" "$1" >"$dir/p.mica"
}
refused() {	# what is tested, words...
	name=$1
	shift
	exits "$name" 1 build "$dir/p.mica"
	says "$name" "p.mica:3:13: error P701: image"
	for w; do says "$name" "$w"; done
}

kernel "$dir/Image" $((4 << 20))
head -c 10000 /dev/urandom >"$dir/initrd"

# ---- pack ----

exits "pack" 0 pack "$dir/Image" --initrd "$dir/initrd" --cmdline "quiet run=tr" -o "$dir/l.linux"
silent "pack"
that "whole pages" [ "$(wc -c <"$dir/l.linux")" = $((4096 + 8192 + 12288)) ]
exits "pack again" 0 pack "$dir/Image" --initrd "$dir/initrd" --cmdline "quiet run=tr" -o "$dir/again"
that "the same bytes" cmp "$dir/l.linux" "$dir/again"
exits "to standard output" 0 pack "$dir/Image" --initrd "$dir/initrd" --cmdline "quiet run=tr" -o -
that "the same bytes" cmp "$dir/l.linux" "$out"
exits "pack a kernel alone" 0 pack "$dir/Image" -o "$dir/alone.linux"
exits "no output named" 2 pack "$dir/Image"
says "no output named" "missing option: -o FILE"
exits "no kernel" 2 pack "$dir/none" -o "$dir/x"
says "no kernel" "cannot read '$dir/none': No such file or directory"
exits "no initramfs" 2 pack "$dir/Image" --initrd "$dir/none" -o "$dir/x"
says "no initramfs" "cannot read '$dir/none'"
: >"$dir/empty"
exits "an empty initramfs" 1 pack "$dir/Image" --initrd "$dir/empty" -o "$dir/x"
says "an empty initramfs" "'$dir/empty' is empty"
exits "longest command line" 0 pack "$dir/Image" --cmdline "$(printf 'x%.0s' $(seq 2047))" -o "$dir/x"
exits "a longer one" 1 pack "$dir/Image" --cmdline "$(printf 'x%.0s' $(seq 2048))" -o "$dir/y"
says "a longer one" "the command line has 2048 bytes, an arm64 kernel takes 2047"
says "a longer one" "hint: put what is longer into a file of the initramfs"
that "nothing is left of a refused one" [ ! -e "$dir/y" ]

bad() {	# what, words
	exits "$1" 1 pack "$dir/bad" -o "$dir/y"
	says "$1" "'$dir/bad' is $2"
	that "$1: nothing is written" [ ! -e "$dir/y" ]
}
gzip -c "$dir/Image" >"$dir/bad"
bad "a compressed kernel" "compressed: the kernel has to be unpacked"
cp README.md "$dir/bad"
bad "a text" "no arm64 kernel image: it lacks the magic number"
head -c 63 "$dir/Image" >"$dir/bad"
bad "a stump" "no arm64 kernel image: it is too short"
kernel "$dir/bad" 4096
bad "a size below the file's" "no arm64 kernel image: the size in its header"
kernel "$dir/bad" $((1 << 40))
bad "a size of a terabyte" "no arm64 kernel image: the size in its header"
kernel "$dir/bad" $((4 << 20)) 11
bad "big-endian" "a big-endian kernel"
kernel "$dir/bad" $((4 << 20)) 14
bad "large pages" "a kernel with pages of more than 4 KiB"
kernel "$dir/bad" $((4 << 20)) 10 524288
bad "an old kernel" "a kernel that wants an offset"

# A kernel with an EFI stub: a PE header at 64 with one section of 5000 bytes from 128 on, so a file of 5128 bytes.
{ printf 'MZ\0\24\0\0\0\0'; u64 0; u64 $((4 << 20)); u64 10; u64 0; u64 0; u64 0; printf 'ARM\144\100\0\0\0'
  printf 'PE\0\0\144\252\1\0'; u64 0; u64 0
  printf '.text\0\0\0'; u64 5000; printf '\210\23\0\0\200\0\0\0'; u64 0; u64 0
  head -c 5000 /dev/zero | tr '\0' 'k'; } >"$dir/efi"
exits "a kernel with an EFI stub" 0 pack "$dir/efi" -o "$dir/efi.linux"
for n in 5127 4096 100 70; do
	head -c $n "$dir/efi" >"$dir/bad"
	bad "the first $n bytes of it" "an arm64 kernel that was cut off"
done

# ---- measure and build ----

policy 'image "l.linux" linux memory 16MiB'
exits "build" 0 build "$dir/p.mica" -o "$dir/blob"
exits "measure the role" 0 measure "$dir/p.mica" l
cp "$out" "$dir/rim"
exits "measure the file" 0 measure --image "$dir/l.linux" --linux --memory 16
that "the same" cmp "$dir/rim" "$out"
exits "measure with too much memory" 1 measure --image "$dir/l.linux" --linux --memory 1048576
says "measure with too much memory" "is to have more memory than the address space of a Realm"
exits "measure with too much memory, native" 1 measure --image "$dir/initrd" --memory 1048576
says "measure with too much memory, native" "is to have more memory than the address space of a Realm"
exits "measure with other memory" 0 measure --image "$dir/l.linux" --linux --memory 17
that "the device tree says how much" sh -c '! cmp -s "$1" "$2"' sh "$dir/rim" "$out"
exits "default memory" 0 measure --image "$dir/l.linux" --linux
cp "$out" "$dir/default"
exits "256 MiB" 0 measure --image "$dir/l.linux" --linux --memory 256
that "is the default" cmp "$dir/default" "$out"
differs() {	# what, arguments of pack
	name=$1
	shift
	exits "$name" 0 pack "$@" -o "$dir/other"
	exits "$name: measure" 0 measure --image "$dir/other" --linux --memory 16
	that "$name is in the measurement" sh -c '! cmp -s "$1" "$2"' sh "$dir/rim" "$out"
}
{ cat "$dir/initrd"; echo; } >"$dir/initrd2"
kernel "$dir/Image2" $((6 << 20))
differs "the command line" "$dir/Image" --initrd "$dir/initrd" --cmdline "quiet run=sort"
differs "the initramfs" "$dir/Image" --initrd "$dir/initrd2" --cmdline "quiet run=tr"
differs "the kernel" "$dir/Image2" --initrd "$dir/initrd" --cmdline "quiet run=tr"
exits "inspect" 0 inspect "$dir/blob"
prints "inspect" "linux"
cp "$out" "$dir/again.mica"
exits "build what inspect says" 0 build "$dir/again.mica" -o "$dir/blob2"
that "the same blob" cmp "$dir/blob" "$dir/blob2"
# role l is the second record: flags (PINNED, SIG_IRQ), rights (VTIMER), and 48 pages below the end of 16 MiB
word() { od -An -t u4 -j $((512 + $1)) -N 4 "$dir/blob" | tr -d ' '; }
that "the record: flags" [ "$(word 0)" = 9 ]
that "the record: rights" [ "$(word 4)" = 32 ]
that "the record: device pages" [ "$(word 152) $(word 156)" = "$((4096 - 48)) 48" ]
exits "explain" 0 explain "$dir/p.mica" l
prints "explain" "Confined"
exits "sha512" 0 measure --image "$dir/l.linux" --linux --memory 16 --sha512
prints "sha512" "sha512:"

# ---- what build refuses ----

policy 'image "l.linux" linux memory 6MiB'
exits "just enough" 0 build "$dir/p.mica"
policy 'image "l.linux" linux memory 4MiB'
refused "memory below the kernel's" "of 'l' does not fit into its memory: it needs 5 MiB, memory is 4 MiB" 'hint: say `memory 5MiB` or more'
kernel "$dir/large" $((500 << 20))
exits "pack a large kernel" 0 pack "$dir/large" -o "$dir/large.linux"
policy 'image "large.linux" linux'
refused "a kernel larger than the default memory" "it needs 501 MiB, memory is 256 MiB" 'hint: say `memory 501MiB` or more'
head -c $((8 << 20)) /dev/zero >"$dir/zeroes"
exits "pack a large initramfs" 0 pack "$dir/Image" --initrd "$dir/zeroes" -o "$dir/zeroes.linux"
policy 'image "zeroes.linux" linux memory 12MiB'
refused "an initramfs beyond memory" "it needs 13 MiB, memory is 12 MiB"
policy 'image "zeroes.linux" linux memory 13MiB'
exits "enough for it" 0 build "$dir/p.mica"
policy 'image "Image" linux'
refused "a kernel not packed" "is no packed Linux image" 'hint: `mica pack` makes the image of a linux role'
head -c 20000 "$dir/l.linux" >"$dir/cut"
policy 'image "cut" linux'
refused "a file that was cut off" "is a packed Linux image that was cut off or damaged"
{ cat "$dir/l.linux"; echo more; } >"$dir/more"
policy 'image "more" linux'
refused "a file with more behind it" "is a packed Linux image that was cut off or damaged"
{ head -c 100 "$dir/l.linux"; printf x; tail -c +102 "$dir/l.linux"; } >"$dir/odd"
policy 'image "odd" linux'
refused "a header with what is not defined" "is a packed Linux image with a damaged header"
policy 'image "none.linux" linux'
exits "a missing file" 1 build "$dir/p.mica"
says "a missing file" "p.mica:3:13: error P701: cannot read image '$dir/none.linux' of 'l': No such file or directory"
policy 'image "l.linux"'
exits "as a native role" 0 build "$dir/p.mica"
policy 'image "l.linux" memory 16KiB'
refused "as a native role without room" 'hint: this is a packed Linux image: say `linux`'
policy 'image "l.linux" linux vcpus 2'
exits "two vCPUs" 1 build "$dir/p.mica"
says "two vCPUs" "error P208: a linux role whose timer the RMM provides has one vCPU"
exits "measure two vCPUs" 1 measure --image "$dir/l.linux" --linux --vcpus 2
says "measure two vCPUs" "is for one vCPU"
exits "measure what does not fit" 1 measure --image "$dir/l.linux" --linux --memory 4
says "measure what does not fit" "hint: --memory 5"

finish pack
