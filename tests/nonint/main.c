/* SPDX-License-Identifier: Apache-2.0 */
/* Which run it is, the emulator says (control page). */
#include "nonint.h"

_Noreturn void bare_main(void)
{
	const struct control *c = (const struct control *)CONTROL_PAGE;

	if (c->flags & RUN_RESIDUAL)
		residual_run();
	else
		nonint_run(c->flags);
	bare_report("nonint");
	bare_power_off();
}
