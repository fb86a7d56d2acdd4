# SPDX-License-Identifier: Apache-2.0
#
# What other fragments may depend on: tools on the machine, unpacked sources, the stock kernel.

$(B)/deps/tools.stamp: deps/tools.sh deps/apt.sh deps/lock
	@mkdir -p $(@D)
	@sh deps/tools.sh $(B)
	@touch $@

$(B)/deps/fetched.stamp: deps/lock deps/fetch.sh deps/apt.sh | $(B)/deps/tools.stamp
	@sh deps/fetch.sh $(B)
	@touch $@

$(B)/deps/mbedtls.stamp $(B)/deps/tfa.stamp $(B)/deps/linux.stamp $(B)/deps/cbmc.stamp: $(B)/deps/%.stamp: \
		$(B)/deps/fetched.stamp deps/unpack.sh
	@sh deps/unpack.sh $(B) $*
