/* SPDX-License-Identifier: Apache-2.0 */
/* A PL011 UART: what its driver needs of it. The caller has locked it. Source: Arm PL011 reference manual. */
#ifndef MICA_VMM_PL011_H
#define MICA_VMM_PL011_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PL011_SIZE	0x1000UL
#define PL011_FIFO	32

struct pl011 {
	uint8_t in[PL011_FIFO];		/* received, not yet read */
	unsigned int head, len;
	uint8_t out[256];		/* sent, not yet written away */
	size_t out_len;
	uint32_t ibrd, fbrd, lcr_h, cr, ifls, imsc;
	bool tx_ris;			/* the transmitter ran empty */
};

void pl011_init(struct pl011 *u);
uint32_t pl011_read(struct pl011 *u, uint64_t off);
/* True if u->out should be written away now: a line is complete, or there is no more room. */
bool pl011_write(struct pl011 *u, uint64_t off, uint32_t value);
unsigned int pl011_room(const struct pl011 *u);
void pl011_receive(struct pl011 *u, const uint8_t *data, size_t n);	/* n <= pl011_room() */
bool pl011_line(const struct pl011 *u);				/* level of its interrupt */

#endif
