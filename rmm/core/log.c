/* SPDX-License-Identifier: Apache-2.0 */
/* A formatter for the three things a monitor has to say. */
#include "log.h"

#include <stdarg.h>

#include "spinlock.h"

static spinlock_t log_lock;

static void put_text(const char *s)
{
	while (*s != '\0')
		plat_putc(*s++);
}

static void put_number(uint64_t v, unsigned int base)
{
	char digits[20];
	unsigned int n = 0;

	do {
		digits[n++] = "0123456789abcdef"[v % base];
		v /= base;
	} while (v != 0);
	while (n > 0)
		plat_putc(digits[--n]);
}

void rmm_log(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	spin_lock(&log_lock);
	for (; *fmt != '\0'; fmt++) {
		if (*fmt != '%') {
			plat_putc(*fmt);
		} else if (fmt[1] == 's') {
			put_text(va_arg(ap, const char *));
			fmt += 1;
		} else {
			put_number(va_arg(ap, uint64_t), fmt[2] == 'x' ? 16 : 10);
			fmt += 2;
		}
	}
	put_text("\r\n");
	spin_unlock(&log_lock);
	va_end(ap);
}
