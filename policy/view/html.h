/* SPDX-License-Identifier: Apache-2.0 */
/* Text that becomes part of a page. Everything that a policy, a path or a token says goes through html(). */
#ifndef MICA_VIEW_HTML_H
#define MICA_VIEW_HTML_H

#include <stdio.h>

/* Escaped for element content and quoted attributes; what would hide or turn text becomes '?'. */
void html(FILE *out, const char *s);
/* <tag>text</tag>, with a class unless NULL. */
void html_element(FILE *out, const char *tag, const char *class, const char *text);

#endif
