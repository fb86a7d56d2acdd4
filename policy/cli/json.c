/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "../compiler/source.h"
#include "json.h"

void json_text(FILE *out, const char *s, size_t n)
{
	fputc('"', out);
	for (size_t i = 0; i < n; ) {
		unsigned int len = utf8_len(s + i, n - i);

		if (len == 0)
			fputs("\\ufffd", out);
		else if (len == 1 && (s[i] == '"' || s[i] == '\\'))
			fprintf(out, "\\%c", s[i]);
		else if (len == 1 && (unsigned char)s[i] < 0x20)
			fprintf(out, "\\u%04x", (unsigned int)s[i]);
		else
			fwrite(s + i, 1, len, out);
		i += len ? len : 1;
	}
	fputc('"', out);
}

void json(FILE *out, const char *s)
{
	json_text(out, s, strlen(s));
}
