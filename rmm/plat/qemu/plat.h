/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QEMU `virt` under TF-A with ENABLE_RME: what the firmware fixes and no register tells.
 * Source: TF-A plat/qemu, RMM-EL3 interface 0.4. Also read by the linker script and by assembly.
 */
#ifndef RMM_PLAT_H
#define RMM_PLAT_H

#define PLAT_RMM_BASE		0x40100000	/* image and RAM of the monitor, Realm PAS */
#define PLAT_RMM_RAM_SIZE	0x017ff000
#define PLAT_SHARED_BASE	0x418ff000	/* page shared with EL3, right behind */
#define PLAT_RMM_SIZE		0x01800000	/* both: never delegable */

#define PLAT_MAX_GRANULES	0xc0000		/* one bank of 3 GiB */
#define PLAT_UART_BASE		0x09000000	/* PL011, set up by the firmware, shared with the host */

#endif
