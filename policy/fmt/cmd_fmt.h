/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MICA_FMT_CMD_H
#define MICA_FMT_CMD_H

#include "../cli/options.h"

int cmd_fmt(int argc, char **argv);
extern const struct cli_spec fmt_spec;

#endif
