/* SPDX-License-Identifier: Apache-2.0 */
/* Between the scenarios and the bare-metal Realm: what X0 selects, and what host calls mean. */
#ifndef BARE_REALM_ABI_H
#define BARE_REALM_ABI_H

#define REALM_HELLO		0	/* the three calls below in order, then SYSTEM_OFF */

#define REALM_CALL_VERSION	1	/* gprs[0..1]: X0, X1 of RSI_VERSION */
#define REALM_CALL_ECHO		2	/* gprs[0]: what the host put into gprs[0] before */
#define REALM_CALL_SHARED	3	/* gprs[0]: first word of the unprotected page */

#define REALM_IPA_BITS		40

#endif
