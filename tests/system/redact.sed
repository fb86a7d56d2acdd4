# SPDX-License-Identifier: Apache-2.0
# What the redactor must do, byte for byte: GNU sed, LC_ALL=C sed -E -f redact.sed
s/[A-Za-z0-9._%+:@\x80-\xff-]{1024,}/<long>/g
s/[A-Za-z0-9._%+\x80-\xff-]+@[A-Za-z0-9.\x80-\xff-]+/<email>/g
s/[0-9A-Fa-f:.]*::[0-9A-Fa-f:.]*|[0-9A-Fa-f.]*(:[0-9A-Fa-f.]*){7,}/<ipv6>/g
s/[0-9]+(\.[0-9]+){3,}/<ipv4>/g
s/[0-9]{9,}/<number>/g
