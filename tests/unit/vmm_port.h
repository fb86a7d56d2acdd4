/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The other end of the VMM's port: a session over the stand-in device runs in a thread of its own, the test says and hears
 * what the tenant's program would.
 */
#ifndef VMM_PORT_H
#define VMM_PORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../host/vmm/vmm.h"

extern int port_fd;

/* A device and a port nobody has used; then the session on them. */
void port_open(void);
void port_start(void);

/* Whether anybody is there to hear it does not matter. */
void port_put(uint32_t type, uint32_t arg, const void *data, uint32_t len);
/* The next message; 0 at the end of the stream. */
extern struct run_msg port_msg;
extern union port_data {
	struct run_ready ready;
	struct run_loaded loaded;
	struct run_role_exit exit;
	struct run_role_restart restart;
	struct run_done done;
	uint32_t credit;
	uint8_t bytes[RUN_MSG_MAX + 1];
	char text[RUN_MSG_MAX + 1];
} port_data;
uint32_t port_get(void);
/* Is there none for so long? */
bool port_quiet(int ms);

/* This end goes away and the session is over; nothing may be left behind. */
void port_end(void);
/* The same where something is known to stay behind. */
void port_abandon(void);

#endif
