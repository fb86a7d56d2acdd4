# SPDX-License-Identifier: Apache-2.0

.PHONY: tcb
tcb: $(B)/rmm/rmm.img
	sh tools/tcb.sh $(B)
