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

.PHONY: bench
bench: all $(B)/tools/icount.so
	sh tools/bench.sh $(B) $(RUNS)

PREFIX ?= /usr/local
.PHONY: install
install: $(B)/bin/mica
	sh tools/install.sh $(B) $(PREFIX)
