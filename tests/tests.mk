# SPDX-License-Identifier: Apache-2.0
#
# Every suite ends in a line "NAME: N passed, N failed"; tests/run-suites.sh adds them up.

include tests/fake/fake.mk
include tests/bare/bare.mk
include tests/conformance/conf.mk
include tests/attack/attack.mk
include tests/bench/bench.mk
include tests/bench/comm/comm.mk
include tests/bench/pipe/pipe.mk
include tests/bench/policy.mk
include tests/bench/silicon/silicon.mk
include tests/machine/machine.mk
include tests/system/confined/confined.mk
include tests/fuzz/fuzz.mk
include tests/smp/smp.mk
include tests/nonint/nonint.mk
include $(wildcard tests/unit/*.mk)
include tests/fuzz/policy/policy.mk

SYSTEM_SUITES := $(addprefix tests/system/,bare.sh conformance.sh attack.sh redact.sh failures.sh hostile.sh killed.sh vault.sh linux.sh confined.sh init.sh nonint.sh \
	residual_table.sh bench.sh pipeline.sh)
NONINT_TEST := $(B)/fw/nonint.bios $(B)/tests/nonint_compare
SYSTEM_IMAGES := $(addprefix $(B)/fw/,bare.bios conformance.bios attack.bios) $(TM)/machine/initramfs.cpio.gz $(BENCH_FW) $(B)/fw/bench-pipe.bios $(NONINT_TEST)
GUEST_TEST := $(foreach n,1 2,$(B)/machine/guest-$(n).cpio) $(B)/tools/rim $(CONFINED) $(CONFINED_TEST)
POLICY_SUITES := $(addprefix tests/policy/,run.sh view.sh cli.sh fmt.sh inspect.sh pack.sh init.sh completion.sh man.sh editors.sh install.sh)
PROOF_SUITES := tests/proof/run.sh
SPIN_SUITES := tests/spin/run.sh
BENCH_SUITES := tests/bench/run.sh tests/bench/native.sh
BENCH_NATIVES := $(BENCH_TOOLS) $(SILICON)/silicon
DOC_SUITES := tests/docs/run.sh
SEQUENCE_SUITES := tests/fuzz/run.sh tests/smp/run.sh
SEQUENCE_PROGRAMS := $(addprefix $(B)/tests/,rmi_sequence smp smp_tsan)

.PHONY: check check-unit check-policy check-proof check-spin check-sequence check-system check-report

check: all $(UNIT_SUITES) $(SEQUENCE_PROGRAMS) $(BENCH_NATIVES) $(B)/deps/cbmc.stamp $(B)/deps/mbedtls.stamp $(SYSTEM_IMAGES) $(GUEST_TEST)
	sh tests/run-suites.sh $(UNIT_SUITES) $(wildcard $(DOC_SUITES) $(POLICY_SUITES) $(BENCH_SUITES) $(SEQUENCE_SUITES) $(PROOF_SUITES) $(SPIN_SUITES) $(SYSTEM_SUITES))

check-unit: $(UNIT_SUITES)
	sh tests/run-suites.sh $(UNIT_SUITES) $(DOC_SUITES)

check-policy: $(B)/bin/mica components
	sh tests/run-suites.sh $(wildcard $(POLICY_SUITES))

check-proof: $(B)/deps/cbmc.stamp $(B)/deps/mbedtls.stamp
	sh tests/run-suites.sh $(PROOF_SUITES)

# every interleaving of the protocols between CPUs
check-spin: $(B)/deps/tools.stamp
	sh tests/run-suites.sh $(SPIN_SUITES)

# CPUs as threads and random sequences, against the reference model
check-sequence: $(SEQUENCE_PROGRAMS)
	sh tests/run-suites.sh $(SEQUENCE_SUITES)

check-system: all $(SYSTEM_IMAGES) $(GUEST_TEST)
	sh tests/run-suites.sh $(wildcard $(SYSTEM_SUITES))

# What `mica report` writes, in a browser: needs chromium and nodejs, so it is no part of check.
check-report: $(B)/bin/mica
	sh tests/report/run.sh
