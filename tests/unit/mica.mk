# SPDX-License-Identifier: Apache-2.0
$(eval $(call rmm_unit,mica_life))
$(eval $(call rmm_unit,mica_run))
$(eval $(call rmm_unit,mica_rights))
$(eval $(call rmm_unit,mica_reset))
$(eval $(call rmm_unit,mica_gates))
$(eval $(call rmm_unit,mica_vtimer))
