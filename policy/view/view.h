/* SPDX-License-Identifier: Apache-2.0 */
/* The commands that show a policy. */
#ifndef MICA_VIEW_VIEW_H
#define MICA_VIEW_VIEW_H

#include "../cli/options.h"
#include "graph.h"

int cmd_explain(int argc, char **argv);
int cmd_graph(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_report(int argc, char **argv);
extern const struct cli_spec explain_spec, graph_spec, diff_spec, report_spec;

/*
 * Read a policy that is to be shown: violated claims are no obstacle, errors are (told on stderr). False: *ret is the exit
 * status. End with policy_close() in any case.
 */
bool view_open(const char *command, const char *path, struct policy *p, struct graph *g, int *ret);

#endif
