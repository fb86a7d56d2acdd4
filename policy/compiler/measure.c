/* SPDX-License-Identifier: Apache-2.0 */
/* The RIM of an image, native or linux, by the load plan that the VMM carries out. */
#include <errno.h>
#include <stdlib.h>

#include "../../loadplan/linux.h"
#include "compile.h"
#include "emit.h"

static int plan_rim(const struct loadplan_realm *r, uint8_t rim[64], struct image_fault *fault)
{
	if (loadplan_rim(r, rim) == 0)
		return 0;
	if (r->ram_size > (1UL << (r->s2sz - 1)) - r->ram_base)
		*fault = (struct image_fault){ "is to have more memory than the address space of a Realm", 0 };
	else
		*fault = (struct image_fault){ "does not fit into its memory", r->image_size };
	return -EINVAL;
}

static int linux_rim(struct loadplan_realm *r, uint8_t rim[64], struct image_fault *fault)
{
	struct loadplan_linux *os = malloc(sizeof(*os));
	int ret = -EINVAL;

	if (!os)
		abort();
	fault->what = loadplan_linux(os, r);
	fault->need = os->need;
	if (!fault->what)
		ret = plan_rim(r, rim, fault);
	free(os);
	return ret;
}

int image_rim(const uint8_t *image, size_t size, const struct image_shape *shape, uint8_t rim[64], struct image_fault *fault)
{
	struct loadplan_realm r = {
		.s2sz = IPA_BITS, .hash = shape->hash_size == 64 ? RMI_HASH_SHA_512 : RMI_HASH_SHA_256,
		.vcpus = (uint8_t)shape->vcpus, .num_bps = 1, .num_wps = 1,
		.ram_base = RAM_BASE, .ram_size = shape->memory, .image = image, .image_size = size,
	};

	return shape->linux_guest ? linux_rim(&r, rim, fault) : plan_rim(&r, rim, fault);
}
