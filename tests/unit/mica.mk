# SPDX-License-Identifier: Apache-2.0
$(eval $(call rmm_unit,mica_blocks))
$(eval $(call rmm_unit,mica_life))
$(eval $(call rmm_unit,mica_run))
$(eval $(call rmm_unit,mica_rights))
$(eval $(call rmm_unit,mica_reset))
$(eval $(call rmm_unit,mica_invariants))
$(eval $(call rmm_unit,mica_gates))
$(eval $(call rmm_unit,mica_gates_end))
$(eval $(call rmm_unit,mica_vtimer))
$(eval $(call rmm_unit,mica_smp))
$(eval $(call rmm_unit,mica_smp_signal))

# once more with the thread sanitizer (tests/smp/smp.mk)
$(B)/tests/%_tsan: tests/unit/%.c $(TSAN_RMM_OBJS) $(FAKE_SRCS:%.c=$(TSAN_B)/%.o) $(TSAN_MBEDTLS_OBJS)
	$(HOSTCC) $(TSAN_CFLAGS) $^ -lcmocka -lpthread -o $@
UNIT_SUITES += $(B)/tests/mica_smp_tsan $(B)/tests/mica_smp_signal_tsan
