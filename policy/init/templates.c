/* SPDX-License-Identifier: Apache-2.0 */
/* The files of template/, as they are, inside the program. Built from the top folder, where the paths begin. */
#include "init.h"

#define EMBED(symbol, file) \
	__asm__(".section .rodata\n" #symbol ":\n.incbin \"policy/init/template/" file "\"\n" #symbol "_end:\n.previous\n"); \
	extern const char symbol[], symbol##_end[]

EMBED(template_workflow, "workflow.mica");
EMBED(template_intake, "intake.c");
EMBED(template_worker, "worker.c");
EMBED(template_release, "release.c");
EMBED(template_makefile, "Makefile");

const struct template templates[] = {
	{ "@NAME@.mica", template_workflow, template_workflow_end, "the policy: read this first" },
	{ "intake.c", template_intake, template_intake_end, "role intake, yours" },
	{ "worker.c", template_worker, template_worker_end, "role worker, anybody's" },
	{ "release.c", template_release, template_release_end, "role release, yours" },
	{ "Makefile", template_makefile, template_makefile_end, "builds the three, and `make run`" },
	{ .name = NULL },
};
