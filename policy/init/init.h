/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MICA_INIT_H
#define MICA_INIT_H

#include "../cli/options.h"

struct template {
	const char *name;		/* @NAME@ stands for the workflow's */
	const char *text, *end;
	const char *what;		/* a few words on it */
};

/* The starter, in the order it is listed; ends with a row without a name. Texts: template/. */
extern const struct template templates[];

int cmd_init(int argc, char **argv);
extern const struct cli_spec init_spec;

#endif
