# SPDX-License-Identifier: Apache-2.0
#
# bars.awk: lines "NAME V1 V2 ..." to stacked bars, one below the other, as SVG that reads on light and on dark ground.
# -v title= -v parts="LABEL;LABEL;..." (of V1, V2, ...). In a name, _ stands for a blank.

function text(x, y, anchor, class, s) {
	printf "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">%s</text>\n", x, y, anchor, class, s
}

{
	name[++n] = $1
	gsub(/_/, " ", name[n])
	cols = NF - 1
	for (i = 1; i <= cols; i++) { v[n, i] = $(i + 1); sum[n] += $(i + 1) }
	if (sum[n] > max) max = sum[n]
}

END {
	split("#2b7bd6 #d9534f #c98a00 #8a939c", color, " ")
	split(parts, label, ";")
	left = 250; w = 440; top = 76; step = 30; bar = 18
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" font-family=\"system-ui, sans-serif\" font-size=\"12\">\n",
		left + w + 90, top + n * step + 10, left + w + 90, top + n * step + 10
	print "<style>"
	print "  .ground { fill: #ffffff } .t { fill: #24292f } .s { fill: #57606a }"
	print "  @media (prefers-color-scheme: dark) { .ground { fill: #0d1117 } .t { fill: #e6edf3 } .s { fill: #9aa4ae } }"
	print "  .h { font-size: 15px; font-weight: 600 }"
	print "</style>"
	printf "<title>%s</title>\n<rect class=\"ground\" width=\"100%%\" height=\"100%%\"/>\n", title
	text(16, 26, "start", "t h", title)
	x = 16
	for (i = 1; i <= cols; i++) {
		printf "<rect x=\"%.1f\" y=\"41\" width=\"12\" height=\"12\" fill=\"%s\"/>\n", x, color[i]
		text(x + 18, 51, "start", "s", label[i])
		x += 34 + 7 * length(label[i])
	}
	for (j = 1; j <= n; j++) {
		y = top + (j - 1) * step
		text(left - 10, y + 13, "end", "t", name[j])
		x = left
		for (i = 1; i <= cols; i++) {
			printf "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n", x, y, v[j, i] / max * w, bar, color[i]
			x += v[j, i] / max * w
		}
		text(x + 8, y + 13, "start", "t", sprintf("%.1f", sum[j]))
	}
	print "</svg>"
}
