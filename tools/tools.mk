# SPDX-License-Identifier: Apache-2.0

.PHONY: tcb
tcb: $(B)/rmm/rmm.img
	sh tools/tcb.sh $(B)

$(B)/tools/icount.so: tools/icount/icount.c
	@mkdir -p $(@D)
	$(HOSTCC) -O2 $(CFLAGS_WARN) -shared -fPIC -fvisibility=hidden $< -o $@

.PHONY: bench
bench: all $(B)/tools/icount.so
	sh tools/bench.sh $(B) $(RUNS)
