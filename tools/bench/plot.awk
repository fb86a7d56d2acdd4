# SPDX-License-Identifier: Apache-2.0
#
# plot.awk: lines "SERIES X Y" to a plot on two logarithmic axes, as SVG that reads on light and on dark ground.
# -v title= -v ylabel= -v bounds="LABEL=VALUE[=right|=below];..." (horizontal, dashed; where the label is not at the left above). X is
# bytes, or with -v xlabel= a number of what that says.
# A series of one point is drawn as a point. In a series' name, _ stands for a blank.

function log10(v) { return log(v) / log(10) }
function px(x) { return left + (log(x) - log(xmin)) / (log(xmax) - log(xmin)) * w }
function py(y) { return top + h - (log10(y) - ymin) / (ymax - ymin) * h }
function bytes(x) { return x >= 1048576 ? x / 1048576 " MiB" : x >= 1024 ? x / 1024 " KiB" : x " B" }
function number(y) { return y >= 1000000 ? y / 1000000 " M" : y >= 1000 ? y / 1000 " k" : y "" }
function text(x, y, anchor, class, s) {
	printf "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">%s</text>\n", x, y, anchor, class, s
}

{
	if (!($1 in n)) order[++series] = $1
	X[$1, ++n[$1]] = $2
	Y[$1, n[$1]] = $3
	if (xmin == "" || $2 < xmin) xmin = $2
	if ($2 > xmax) xmax = $2
	if (lo == "" || $3 < lo) lo = $3
	if ($3 > hi) hi = $3
}

END {
	split("#d9534f #c98a00 #0f9aa6 #2f8f4e #2b7bd6 #8f5fd0 #d0469b", color, " ")
	left = 70; top = 46; w = 520; h = 340; right = 190
	nb = split(bounds, bound, ";")
	for (i = 1; i <= nb; i++) { split(bound[i], p, "="); if (p[2] < lo) lo = p[2]; if (p[2] > hi) hi = p[2] }
	ymin = log10(lo); ymin = ymin < int(ymin) ? int(ymin) - 1 : int(ymin)
	ymax = log10(hi); ymax = ymax > int(ymax) ? int(ymax) + 1 : int(ymax)
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" font-family=\"system-ui, sans-serif\" font-size=\"12\">\n",
		left + w + right, top + h + 52, left + w + right, top + h + 52
	print "<style>"
	print "  .ground { fill: #ffffff } .t { fill: #24292f } .s { fill: #57606a } .g { stroke: #d8dee4 } .b { stroke: #57606a }"
	print "  @media (prefers-color-scheme: dark) { .ground { fill: #0d1117 } .t { fill: #e6edf3 } .s { fill: #9aa4ae } .g { stroke: #2c333b } .b { stroke: #9aa4ae } }"
	print "  .h { font-size: 15px; font-weight: 600 } .l { font-weight: 600 }"
	print "</style>"
	printf "<title>%s</title>\n<rect class=\"ground\" width=\"100%%\" height=\"100%%\"/>\n", title
	text(left, 26, "start", "t h", title)

	for (y = ymin; y <= ymax; y++) {
		printf "<path class=\"g\" d=\"M%d %.1fh%d\"/>\n", left, py(10 ^ y), w
		text(left - 8, py(10 ^ y) + 4, "end", "t", number(10 ^ y))
	}
	for (x = xmin; x <= xmax; x *= 4) {
		printf "<path class=\"g\" d=\"M%.1f %dv%d\"/>\n", px(x), top, h
		text(px(x), top + h + 18, "middle", "t", xlabel == "" ? bytes(x) : x)
	}
	text(left + w / 2, top + h + 40, "middle", "s", xlabel == "" ? "size of a message" : xlabel)
	printf "<text transform=\"translate(18 %.1f) rotate(-90)\" text-anchor=\"middle\" class=\"s\">%s</text>\n", top + h / 2, ylabel

	for (i = 1; i <= nb; i++) {
		split(bound[i], p, "=")
		printf "<path class=\"b\" stroke-dasharray=\"5 4\" d=\"M%d %.1fh%d\"/>\n", left, py(p[2]), w
		text(p[3] == "right" ? left + w - 6 : left + 6, py(p[2]) + (p[3] == "below" ? 14 : -5), p[3] == "right" ? "end" : "start", "s", p[1] ": " p[2])
	}
	# labels at the right end; pushed apart where lines meet
	for (i = 1; i <= series; i++) {
		s = order[i]
		at[i] = n[s] > 1 ? py(Y[s, n[s]]) : -1
		rank[i] = i
	}
	for (i = 2; i <= series; i++)
		for (j = i; j > 1 && at[rank[j - 1]] > at[rank[j]]; j--) { k = rank[j]; rank[j] = rank[j - 1]; rank[j - 1] = k }
	last = -100
	for (i = 1; i <= series; i++) {
		k = rank[i]
		if (at[k] < 0) continue
		if (at[k] < last + 15) at[k] = last + 15
		last = at[k]
	}
	for (i = 1; i <= series; i++) {
		s = order[i]; c = color[i]; label = s; gsub(/_/, " ", label)
		if (n[s] == 1) {
			printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" fill=\"%s\"/>\n", px(X[s, 1]), py(Y[s, 1]), c
			printf "<text x=\"%.1f\" y=\"%.1f\" class=\"l\" fill=\"%s\">%s</text>\n", px(X[s, 1]) + 9, py(Y[s, 1]) + 4, c, label
			continue
		}
		d = ""
		for (j = 1; j <= n[s]; j++) d = d sprintf("%s%.1f %.1f", j == 1 ? "M" : "L", px(X[s, j]), py(Y[s, j]))
		printf "<path fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s d=\"%s\"/>\n", c, i % 2 ? "" : " stroke-dasharray=\"9 3\"", d
		for (j = 1; j <= n[s]; j++) printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" fill=\"%s\"/>\n", px(X[s, j]), py(Y[s, j]), c
		printf "<text x=\"%.1f\" y=\"%.1f\" class=\"l\" fill=\"%s\">%s</text>\n", left + w + 10, at[i] + 4, c, label
	}
	print "</svg>"
}
