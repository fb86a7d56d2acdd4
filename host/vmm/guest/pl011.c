/* SPDX-License-Identifier: Apache-2.0 */
#include "pl011.h"

enum {
	DR = 0x00, FR = 0x18, IBRD = 0x24, FBRD = 0x28, LCR_H = 0x2c, CR = 0x30, IFLS = 0x34,
	IMSC = 0x38, RIS = 0x3c, MIS = 0x40, ICR = 0x44, ID = 0xfe0,
};

#define FR_RXFE		(1U << 4)
#define FR_TXFE		(1U << 7)
#define FR_RXFF		(1U << 6)
#define INT_RX		(1U << 4)
#define INT_TX		(1U << 5)
#define INT_RT		(1U << 6)

void pl011_init(struct pl011 *u)
{
	*u = (struct pl011){ .cr = 0x300, .ifls = 0x12 };
}

unsigned int pl011_room(const struct pl011 *u)
{
	return PL011_FIFO - u->len;
}

void pl011_receive(struct pl011 *u, const uint8_t *data, size_t n)
{
	while (n-- > 0)
		u->in[(u->head + u->len++) % PL011_FIFO] = *data++;
}

/* The receive timeout has no wait: what is in the FIFO is announced at once. */
static uint32_t raw(const struct pl011 *u)
{
	return (u->len ? INT_RX | INT_RT : 0) | (u->tx_ris ? INT_TX : 0);
}

bool pl011_line(const struct pl011 *u)
{
	return raw(u) & u->imsc;
}

static uint32_t take(struct pl011 *u)
{
	uint32_t v;

	if (u->len == 0)
		return 0;
	v = u->in[u->head];
	u->head = (u->head + 1) % PL011_FIFO;
	u->len--;
	return v;
}

uint32_t pl011_read(struct pl011 *u, uint64_t off)
{
	static const uint8_t id[] = { 0x11, 0x10, 0x34, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

	switch (off) {
	case DR:
		return take(u);
	case FR:
		return FR_TXFE | (u->len ? 0 : FR_RXFE) | (u->len == PL011_FIFO ? FR_RXFF : 0);
	case IBRD:
		return u->ibrd;
	case FBRD:
		return u->fbrd;
	case LCR_H:
		return u->lcr_h;
	case CR:
		return u->cr;
	case IFLS:
		return u->ifls;
	case IMSC:
		return u->imsc;
	case RIS:
		return raw(u);
	case MIS:
		return raw(u) & u->imsc;
	}
	return off >= ID && off < PL011_SIZE ? id[(off - ID) / 4] : 0;
}

static bool put(struct pl011 *u, uint8_t c)
{
	u->tx_ris = true;
	u->out[u->out_len++] = c;
	return c == '\n' || u->out_len == sizeof(u->out);
}

bool pl011_write(struct pl011 *u, uint64_t off, uint32_t v)
{
	switch (off) {
	case DR:
		return put(u, (uint8_t)v);
	case IBRD:
		u->ibrd = v & 0xffff;
		break;
	case FBRD:
		u->fbrd = v & 0x3f;
		break;
	case LCR_H:
		u->lcr_h = v & 0xff;
		break;
	case CR:
		u->cr = v & 0xffff;
		break;
	case IFLS:
		u->ifls = v & 0x3f;
		break;
	case IMSC:
		u->imsc = v & 0x7ff;
		break;
	case ICR:
		if (v & INT_TX)
			u->tx_ris = false;
		break;
	}
	return false;
}
