# SPDX-License-Identifier: Apache-2.0
#
# line.awk: lines "point AGAINST WHAT x y" to one line "line AGAINST WHAT FROM TO EACH BASE OFF PERCENT" for each figure: the line
# of least squares, and how far from it the worst point lies, in the figure's unit and in percent of the point.
# The only place where slopes are computed.

$1 == "point" && NF == 5 {
	s = $2 " " $3
	if (!(s in n)) name[++names] = s
	k = ++n[s]; x[s, k] = $4; y[s, k] = $5
	sx[s] += $4; sy[s] += $5; sxx[s] += $4 * $4; sxy[s] += $4 * $5
}

END {
	for (i = 1; i <= names; i++) {
		s = name[i]; m = n[s]; off = percent = 0
		if (m < 2) continue
		each = (m * sxy[s] - sx[s] * sy[s]) / (m * sxx[s] - sx[s] * sx[s])
		base = (sy[s] - each * sx[s]) / m
		for (k = 1; k <= m; k++) {
			d = y[s, k] - base - each * x[s, k]
			if (d < 0) d = -d
			if (d > off) off = d
			if (y[s, k] != 0 && 100 * d / y[s, k] > percent) percent = 100 * d / y[s, k]
		}
		printf "line %s %d %d %.4f %.2f %.2f %.2f\n", s, x[s, 1], x[s, m], each, base, off, percent
	}
}
