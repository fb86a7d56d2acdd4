/* SPDX-License-Identifier: Apache-2.0 */
/* Boot, in C: the MMU is on, this CPU has its stack and vectors. */
#include "../arch/aarch64/mmu.h"
#include "../arch/arch.h"
#include "../attest/attest.h"
#include "../granule/granule.h"
#include "../realm/vmid.h"
#include "cpu.h"
#include "log.h"
#include "manifest.h"
#include "plat.h"
#include "serve.h"

#define EL3_VERSION_MAJOR(v)	((v) >> 16 & 0x7fff)
#define EL3_VERSION_MINOR(v)	((v) & 0xffff)
#define EL3_MINOR_MIN		4

extern uint32_t boot_is_warm;		/* boot.S: read by CPUs whose caches are off */

static enum boot_code check_handover(uint64_t version, uint64_t cpus, uint64_t shared)
{
	if (EL3_VERSION_MAJOR(version) != 0 || EL3_VERSION_MINOR(version) < EL3_MINOR_MIN)
		return BOOT_VERSION;
	if (cpus > MAX_CPUS)
		return BOOT_TOO_MANY_CPUS;
	if (shared != PLAT_SHARED_BASE)
		return BOOT_BAD_SHARED;
	return BOOT_OK;
}

static enum boot_code check_cpu(void)
{
	const char *lacks = cpu_lacks();

	if (lacks == NULL)
		return BOOT_OK;
	rmm_log("mica-rmm: this CPU lacks %s", lacks);
	return BOOT_UNKNOWN;
}

/*
 * The manifest names the bank the board could have, not the memory it has; delegating what is not there would
 * bring an external abort on the first wipe. DRAM is contiguous: find its end by touching.
 */
static uint64_t dram_present(const struct manifest *m)
{
	uint64_t low = (PLAT_RMM_BASE + PLAT_RMM_SIZE - m->dram_base.v) / GRANULE_SIZE;
	uint64_t high = m->dram_size / GRANULE_SIZE;
	uint64_t word;

	while (low < high) {
		uint64_t mid = low + (high - low) / 2;

		if (arch_ns_read(&word, pa(m->dram_base.v + mid * GRANULE_SIZE), sizeof(word)))
			low = mid + 1;
		else
			high = mid;
	}
	return low * GRANULE_SIZE;
}

static enum boot_code boot(uint64_t version, uint64_t cpus, uint64_t shared)
{
	enum boot_code code = check_handover(version, cpus, shared);
	struct manifest m;
	uint64_t size;

	if (code == BOOT_OK)
		code = manifest_read(&m, arch_shared_va(), arch_shared_pa());
	if (code != BOOT_OK)
		return code;
	code = check_cpu();
	if (code != BOOT_OK)
		return code;
	mmu_map_dram(m.dram_base, m.dram_size);	/* both maps; the roots of all CPUs are ready */
	size = dram_present(&m);
	granule_init(m.dram_base, size);	/* every page of the bank is NS */
	vmid_boot();
	if (!attest_init())			/* RAK and platform token are ours */
		return BOOT_UNKNOWN;
	boot_is_warm = 1;			/* other CPUs may come */
	arch_clean(&boot_is_warm, sizeof(boot_is_warm));
	rmm_log("mica-rmm: RMI 1.0, %lu MiB of memory, %lu CPUs at most", size >> 20, cpus);
	return BOOT_OK;
}

/* First CPU, from boot.S. */
_Noreturn void boot_cold(uint64_t version, uint64_t cpus, uint64_t shared)
{
	enum boot_code code = boot(version, cpus, shared);

	if (code != BOOT_OK)
		rmm_log("mica-rmm: boot failed, code -%lu", (uint64_t)-(int64_t)code);
	rmm_serve(code);
}

/* Every other CPU, and one that comes back after CPU_OFF. */
_Noreturn void boot_warm(void)
{
	enum boot_code code = check_cpu();

	vmid_boot();
	rmm_serve(code);
}
