# SPDX-License-Identifier: Apache-2.0
$(eval $(call rmm_unit,timer))
