/* SPDX-License-Identifier: Apache-2.0 */
/* Where things lie in a guest: machine/guest/guest.dts.in says the same. RAM and width are in its RIM. */
#ifndef MICA_VMM_GUEST_MAP_H
#define MICA_VMM_GUEST_MAP_H

#define GUEST_GICD	0x08000000UL
#define GUEST_GICR	0x080a0000UL
#define GUEST_UART	0x09000000UL
#define GUEST_UART_SPI	33
#define GUEST_RAM	0x40000000UL
#define GUEST_S2SZ	40		/* IPA width, bits */

#endif
