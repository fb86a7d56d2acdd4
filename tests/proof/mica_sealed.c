/* SPDX-License-Identifier: Apache-2.0 */
/*
 * I2: of a bound Realm that is SEALED or DEAD while its workflow is not STOPPED, no command changes stage 2. mica_may() answers the
 * table of section 2 for every command and state; and each command that can write a table, as a whole call with any arguments,
 * any contents of RD and records, and any entry where its walk ends, is refused before its first write. The control: of a
 * Realm that is LOADING each does write.
 * Options: --unwind 5 --unwindset unmap_channel.0:1,rmi_realm_destroy.0:1,rmi_realm_destroy.1:1,rmi_realm_destroy.2:1
 */
#include "../../rmm/s2tt/desc.c"
#include "../../rmm/mica/hooks.c"
#include "../../rmm/rmi/data.c"
#define map	map_unprotected
#define unmap	unmap_unprotected
#include "../../rmm/rmi/unprotected.c"
#undef map
#undef unmap
#define map	map_channel
#define unmap	unmap_channel
#include "../../rmm/mica/chan.c"
#undef map
#undef unmap
#include "../../rmm/rmi/rtt.c"
#include "../../rmm/rmi/ripas.c"

#include "../../rmm/mica/role.c"
#include "mica_realm.h"
