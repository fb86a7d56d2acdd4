/* SPDX-License-Identifier: Apache-2.0 */
/* Between harness and Realm: one mailbox a REC, side by side in one page. */
#ifndef ATTACK_MAIL_H
#define ATTACK_MAIL_H

#include "../bare/realm/realm_abi.h"

struct mail {
	uint64_t posted;		/* number of the program below */
	uint64_t done;			/* of the last that ran to its end */
	struct exec_slot program;
	uint8_t unused[0x400 - 16 - sizeof(struct exec_slot)];
};
_Static_assert(sizeof(struct mail) == 0x400, "four in a page");

/* X0 of a REC: where its mailboxes are, and which is its own (bits 15:8: it picks a stack, too) */
#define MAIL_X0(ipa, slot)	((uint64_t)(ipa) >> 12 << 16 | (uint64_t)(slot) << 8)
#define MAIL_AT(x0)		((x0) >> 16 << 12)
#define MAIL_SLOT(x0)		((x0) >> 8 & 0xff)

#endif
