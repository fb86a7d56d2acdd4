# SPDX-License-Identifier: Apache-2.0

.PHONY: tcb
tcb: $(B)/rmm/rmm.img
	sh tools/tcb.sh $(B)

$(B)/tools/icount.so: tools/icount/icount.c
	@mkdir -p $(@D)
	$(HOSTCC) -O2 $(CFLAGS_WARN) -shared -fPIC -fvisibility=hidden $< -o $@

RIM_SRCS := tools/rim/rim.c $(LOADPLAN_SRCS) lib/hash/hash.c lib/measure/measure.c
$(B)/tools/rim: $(RIM_SRCS) loadplan/loadplan.h host/vmm/guest/guest_map.h $(B)/deps/mbedtls.stamp | $(B)/deps/tools.stamp
	@mkdir -p $(@D)
	$(HOSTCC) -O2 $(CFLAGS_WARN) -I$(B)/deps/mbedtls/include $(RIM_SRCS) \
		$(addprefix $(B)/deps/mbedtls/library/,sha256.c sha512.c platform_util.c) -o $@

# The same to the last digit in every run of one tree by one compiler, but for examples/redact (wall time; under Linux also its instructions), what is
# paired (pairs.h), and signatures.
.PHONY: bench bench-record bench-docs
bench: all $(B)/tools/icount.so $(BENCH_FW) $(BENCH_MICA_FW) $(BENCH_NATIVES) $(PIPE_BENCH)
	sh tools/bench/all.sh $(B) $(RUNS)

# What `make bench` found becomes what docs/performance.md says, but for wall time, which is the emulator's and this hour's; the
# second: write that page again from what is recorded.
bench-record:
	mkdir -p docs/bench
	sh tools/bench/whole.sh $(B)/bench/results.json
	jq 'del(.redact | .runs, .seconds_to_attested, .seconds_to_last_byte, .bytes_per_second)' $(B)/bench/results.json >docs/bench/results.json
	sh tools/bench/docs.sh docs/bench/results.json docs/performance.md docs/bench
bench-docs:
	sh tools/bench/docs.sh docs/bench/results.json docs/performance.md docs/bench

PREFIX ?= /usr/local
.PHONY: install
install: $(B)/bin/mica
	sh tools/install.sh $(B) $(PREFIX)
