/* SPDX-License-Identifier: Apache-2.0 */
/* The scenarios, one after the other. */
#include "bare.h"

static const struct { const char *name; void (*fn)(void); } scenarios[] = {
	{ "version", test_version },
	{ "granules", test_granules },
	{ "realm", test_realm },
	{ "tables", test_tables },
	{ "run", test_run },
	{ "unbound", test_unbound },
	{ "smp", test_smp },
	{ "gates", test_gates },
	{ "vtimer", test_vtimer },
	{ "blocks", test_blocks },
};

_Noreturn void bare_main(void)
{
	unsigned int all_passed = 0, all_failed = 0;

	for (size_t i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
		bare_passed = bare_failed = 0;
		scenarios[i].fn();
		bare_report(scenarios[i].name);
		all_passed += bare_passed;
		all_failed += bare_failed;
	}
	bare_passed = all_passed;
	bare_failed = all_failed;
	bare_report("total");
	bare_power_off();
}
