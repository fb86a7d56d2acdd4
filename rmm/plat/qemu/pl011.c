/* SPDX-License-Identifier: Apache-2.0 */
/* The first UART, as the firmware left it: transmit only, polled. */
#include "../../core/log.h"
#include "plat.h"

#define UART_DATA	0x00
#define UART_FLAGS	0x18
#define UART_TX_FULL	BIT(5)

void plat_putc(char c)
{
	volatile uint32_t *data = (volatile uint32_t *)(PLAT_UART_BASE + UART_DATA);
	volatile uint32_t *flags = (volatile uint32_t *)(PLAT_UART_BASE + UART_FLAGS);

	while (*flags & UART_TX_FULL)
		;
	*data = (uint8_t)c;
}
