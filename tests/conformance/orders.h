/* SPDX-License-Identifier: Apache-2.0 */
/* A Realm that accesses registers as a row orders it (REALM_ORDERS), and the host's side of interrupts. */
#ifndef CONF_ORDERS_H
#define CONF_ORDERS_H

#include "conf.h"

/* The exit record of the last order, and what it raised. */
struct answer { uint64_t value, exceptions, esr, elr, far; };

/* A new Realm of this shape, active, waiting for its first order; @flags of RmiRealmFlags. */
void orders_new(struct realm *r, uint64_t flags, uint8_t ctrs, uint8_t bps, uint8_t wps);
/* Up to the next exit: true if it is the answer, false if something else made the Realm leave. */
bool order_begin(struct realm *r, uint64_t what, uint64_t a, uint64_t b);
bool order_go_on(struct realm *r);
/* Whatever exits are in between. */
struct answer order(struct realm *r, uint64_t what, uint64_t a, uint64_t b);

static inline uint64_t realm_read(struct realm *r, uint64_t reg) { return order(r, REALM_READ, reg, 0).value; }
static inline bool realm_write(struct realm *r, uint64_t reg, uint64_t v) { return order(r, REALM_WRITE, reg, v).exceptions == 0; }
/* The access is Undefined in the Realm. */
bool undefined(struct answer a);

/* PPI of this CPU in the GIC, as a host sees it; interrupts stay masked at the host itself. */
void ppi_on(unsigned int intid);
void ppi_off(unsigned int intid);
bool ppi_pending(unsigned int intid);

#define HOST_READ(reg)		({ uint64_t v_; __asm__ volatile("isb\n\tmrs %0, " #reg : "=r"(v_)); v_; })
#define HOST_WRITE(reg, v)	__asm__ volatile("msr " #reg ", %0\n\tisb" : : "r"((uint64_t)(v)) : "memory")

#endif
