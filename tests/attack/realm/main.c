/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Realm that takes programs out of a mailbox: a window or, for a role without one, a channel. It yields by CPU_SUSPEND,
 * which every role may, so nothing here needs a right.
 */
#include <stdint.h>

#include "../../../abi/rsi.h"
#include "../mail.h"

void smc_call(uint64_t regs[11]);
void exec_slot(unsigned int slot, volatile struct exec_slot *s);

void realm_main(uint64_t what)
{
	volatile struct mail *mail = (volatile struct mail *)MAIL_AT(what) + MAIL_SLOT(what);

	for (;;) {
		uint64_t yield[11] = { PSCI_CPU_SUSPEND_64 };

		if (mail->posted != mail->done) {
			exec_slot(MAIL_SLOT(what), &mail->program);
			mail->done = mail->posted;
		}
		smc_call(yield);
	}
}
