/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a CPU after boot. */
#ifndef RMM_CORE_SERVE_H
#define RMM_CORE_SERVE_H

#include "manifest.h"

/* Tell EL3 that this CPU is ready (or why not), then serve one RMI call after another. */
_Noreturn void rmm_serve(enum boot_code code);

#endif
