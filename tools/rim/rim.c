/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rim IMAGE MIB VCPUS DTB: the RIM of the Realm that mica-vmm --guest builds of the same arguments, computed
 * without a machine: what its token has to say.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../../host/vmm/guest/guest_map.h"
#include "../../loadplan/loadplan.h"

static uint8_t *read_all(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	uint8_t *p = NULL;
	long n;

	if (f && fseek(f, 0, SEEK_END) == 0 && (n = ftell(f)) > 0) {
		rewind(f);
		*size = (size_t)n;
		p = malloc(*size);
		if (p && fread(p, 1, *size, f) != *size) {
			free(p);
			p = NULL;
		}
	}
	if (f)
		fclose(f);
	return p;
}

int main(int argc, char **argv)
{
	struct loadplan_realm plan = { .s2sz = GUEST_S2SZ, .hash = RMI_HASH_SHA_256, .num_bps = 1, .num_wps = 1,
				       .ram_base = GUEST_RAM };
	uint8_t rim[64];

	if (argc != 5) {
		fprintf(stderr, "usage: rim IMAGE MIB VCPUS DTB\n");
		return 2;
	}
	plan.image = read_all(argv[1], &plan.image_size);
	if (plan.image == NULL) {
		fprintf(stderr, "rim: cannot read %s\n", argv[1]);
		return 2;
	}
	plan.ram_size = strtoull(argv[2], NULL, 0) << 20;
	plan.vcpus = (uint8_t)strtoul(argv[3], NULL, 0);
	plan.boot_x0 = strtoull(argv[4], NULL, 0);
	if (loadplan_rim(&plan, rim)) {
		fprintf(stderr, "rim: such a Realm cannot be loaded\n");
		return 1;
	}
	for (int i = 0; i < 32; i++)
		printf("%02x", rim[i]);
	putchar('\n');
	free((void *)plan.image);
	return 0;
}
