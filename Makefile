# SPDX-License-Identifier: Apache-2.0
#
# Mica. `make help` lists the targets. Not recursive: every folder with something to build has a fragment, which
# is included here and sees these variables.

B := build
CROSS := aarch64-linux-gnu-
HOSTCC := gcc
CFLAGS_WARN := -Wall -Wextra -Werror -std=gnu11
MAKEFLAGS += --no-builtin-rules --no-print-directory
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc)
endif
.DELETE_ON_ERROR:
.SUFFIXES:

# One line a step; V=1 shows the commands.
ifndef V
.SILENT:
endif

UNIT_SUITES :=
IMAGES := $(B)/fw/qemu_fw.bios $(B)/machine/Image $(B)/machine/initramfs.cpio.gz

.PHONY: all help run run-hostile run-linux run-confined clean distclean
all: mica-all

include deps/deps.mk
include loadplan/loadplan.mk
include rmm/rmm.mk
include policy/policy.mk
include host/host.mk
include realm/realm.mk
include machine/machine.mk
include examples/confined/confined.mk
include tests/tests.mk
include tools/tools.mk

.PHONY: mica-all
mica-all: $(B)/bin/mica $(IMAGES) components

LOG ?= $(firstword $(wildcard /var/log/dpkg.log) examples/redact/sample.log)

run: all
	sh machine/demo.sh $(LOG)

run-hostile: all $(B)/fw/bare.bios
	sh tests/system/hostile.sh

GUEST := $(B)/fw/qemu_fw.bios $(B)/machine/Image
run-linux: $(GUEST) $(B)/machine/guest-$(or $(VCPUS),2).cpio
	sh machine/guest/run.sh $(B) $(or $(VCPUS),2)

run-confined: all $(CONFINED)
	sh machine/confined.sh $(or $(TEXT),README.md)

clean:
	rm -rf $(B)/rmm $(B)/fw $(B)/host $(B)/machine $(B)/realm $(B)/examples $(B)/bin $(B)/tests $(B)/policy
	rm -f examples/*/*.bin examples/*/*.linux

distclean: clean
	rm -rf $(B)

help:
	printf '%s\n' \
	'make               everything: build/bin/mica, firmware, machine, example components' \
	'make run           boot the machine and redact a real log (LOG=FILE) through the example workflow' \
	'make run-hostile   the same with a component that tries to leak and a host that cheats' \
	'make run-linux     a stock Debian kernel in a Realm, its shell on this terminal (VCPUS=1 or 2)' \
	'make run-confined  a stock Debian kernel as a confined role: it counts words (TEXT=FILE) and has nobody to tell them to' \
	'make check         all tests; parts: check-unit check-policy check-sequence check-proof check-spin check-system' \
	'make check-report  the page of mica report in a browser (needs chromium and nodejs)' \
	'make conformance   RMM 1.0 on the machine, as a table: each failure condition, each exit, trap and effect' \
	'make attack        hostile Realms and hosts against the monitor on the machine, each with its control' \
	'make nonint        two runs that differ in a secret of confined Realms: all that the host can read has to be the same' \
	'make residual      bits that a Realm gets out over what is left open on purpose, measured' \
	'make bench-rmm     instructions of each call of the monitor, beside reference and aim' \
	'make bench-mica    what the extension costs: gates, signals, hooks; set-up, token, memory against size of the workflow' \
	'make bench-policy  memory of `mica check` on policies far beyond the limits of the monitor' \
	'make bench-tools   check, build and verify against the size of the policy: instructions, and paired ratios of time' \
	'make bench-silicon channel against encryption on this machine itself, as paired ratios of time' \
	'make bench-pipeline examples/redact by channels, by encryption and as plain processes: what confidentiality costs' \
	'make bench         figures: messages against encryption, bench-mica, examples/redact, the tools, silicon, size; tables, plots, results.json' \
	'make bench-record  puts them into docs/performance.md; make bench-baseline: what make check compares with' \
	'make tcb           code lines and image size of what everybody has to trust' \
	'make linux-role    the initramfs of Linux roles, for `mica pack`: busybox, guest driver, init' \
	'make install       the program, man pages, completion, libmica, what was built of machine and Linux roles (PREFIX=/usr/local, DESTDIR=)' \
	'make clean         what was built; make distclean: what was downloaded, too' \
	'variables          V=1 shows commands; RMM_LOG=1 makes the monitor report refused calls'
