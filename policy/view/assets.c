/* SPDX-License-Identifier: Apache-2.0 */
/* The page's style and script, from the files beside this one, as strings. */
#define ASSET(name, file) \
	__asm__(".section .rodata\n.global " #name "\n" #name ":\n.incbin \"policy/view/" file "\"\n.byte 0\n.previous\n")

ASSET(report_css, "report.css");
ASSET(report_js, "report.js");
