"use strict";
/* Light and panel of the picture. Written without the characters that XML would want escaped. */
(function () {
	const data = JSON.parse(document.getElementById("data").textContent);
	const svg = document.querySelector(".canvas svg"), panel = document.getElementById("panel"), hint = panel.innerHTML;
	const stop = document.getElementById("stop");
	const domId = v => v === data.host ? "host" : "r" + v;
	const inSvg = id => svg.querySelector("[id='" + id + "']");
	let again = null;				/* what to light once more when an option changes */

	/* As large as it was drawn; on a narrow screen smaller, down to what can be read, and then it scrolls. */
	const width = Number(svg.dataset.width);
	svg.style.width = "100%";
	svg.style.maxWidth = width + "px";
	svg.style.minWidth = Math.round(width * 0.75) + "px";
	if (width > 900)
		document.querySelector(".stage").classList.add("wide");

	function clear() {
		svg.classList.remove("picked");
		document.querySelectorAll(".lit, .chosen, .exception, .target").forEach(e =>
			e.classList.remove("lit", "chosen", "exception", "target"));
	}

	function mark(vertices, name) {
		vertices.forEach(v => { const e = inSvg(domId(v)); if (e) e.classList.add(name); });
	}

	/* Light vertices, the lines that stand for these edges, and knots of channels that they cross. */
	function light(vertices, edges) {
		svg.classList.add("picked");
		mark(vertices, "lit");
		data.lines.forEach((line, i) => {
			if (!line.edges.some(e => edges.has(e)))
				return;
			inSvg("e" + i).classList.add("lit");
			const knot = line.row.startsWith("wire-c") ? inSvg("c" + line.row.slice(6)) : null;
			if (knot)
				knot.classList.add("lit");
		});
	}

	function way() {
		return document.querySelector("input[name=way]:checked").value;
	}

	/* Breadth first along or against the edges; a role that is trusted to release is reached but not passed. */
	function spread(from, against) {
		const seen = new Set([from]), edges = new Set(), queue = [from];
		while (queue.length) {
			const v = queue.shift();
			if (v !== from)
				if (stop.checked)
					if (data.declassifies.includes(v))
						continue;
			data.edges.forEach((e, i) => {
				if (e[against ? 1 : 0] !== v)
					return;
				edges.add(i);
				const next = e[against ? 0 : 1];
				if (!seen.has(next))
					queue.push(next);
				seen.add(next);
			});
		}
		return { seen, edges };
	}

	function show(nodes) {
		panel.replaceChildren(...nodes);
		panel.scrollTop = 0;
	}

	function pickVertex(v) {
		const reach = spread(v, way() === "in"), card = document.getElementById("card-" + domId(v)).cloneNode(true);
		clear();
		light([...reach.seen], reach.edges);
		mark([v], "chosen");
		show([...card.childNodes]);
		again = () => pickVertex(v);
	}

	function describe(row) {
		const cells = [...row.children], titles = row.closest("table").querySelectorAll("thead th"), list = document.createElement("dl");
		const head = document.createElement("h3");
		head.textContent = cells[0].textContent;
		cells.slice(1).forEach((cell, i) => {
			if (!cell.textContent)
				return;
			const dt = document.createElement("dt"), dd = document.createElement("dd");
			dt.textContent = titles[i + 1].textContent;
			dd.textContent = cell.textContent;
			list.append(dt, dd);
		});
		return [head, list];
	}

	function pickRow(id) {
		const edges = new Set(), ends = new Set(), row = document.getElementById(id);
		data.lines.forEach(line => { if (line.row === id) line.edges.forEach(e => edges.add(e)); });
		edges.forEach(e => data.edges[e].forEach(v => ends.add(v)));
		clear();
		light([...ends], edges);
		data.lines.forEach((line, i) => { if (line.row === id) inSvg("e" + i).classList.add("chosen"); });
		row.classList.add("chosen");
		show(describe(row));
		again = null;
	}

	function pickClaim(i) {
		const c = data.claims[i], edges = new Set(c.holds ? c.exits : c.path), vertices = new Set(c.holds ? c.inside : []);
		if (c.holds)
			data.edges.forEach((e, k) => {
				if (c.inside.includes(e[0]))
					if (c.inside.includes(e[1]))
						edges.add(k);
			});
		edges.forEach(e => data.edges[e].forEach(v => vertices.add(v)));
		clear();
		light([...vertices, ...c.via, ...c.target], edges);
		mark(c.via, "exception");
		mark(c.target, "target");
		show([...document.getElementById("claim-" + i).cloneNode(true).childNodes].filter(n => !n.querySelector || !n.querySelector("button")));
		again = null;
		document.getElementById("flow").scrollIntoView();
	}

	function reset() {
		clear();
		panel.innerHTML = hint;
		again = null;
	}

	function choosable(element, label, pick) {
		element.setAttribute("tabindex", "0");
		element.setAttribute("role", "button");
		element.setAttribute("aria-label", label);
		element.addEventListener("click", event => { event.stopPropagation(); pick(); });
		element.addEventListener("keydown", event => {
			if (event.key !== "Enter")
				if (event.key !== " ")
					return;
			event.preventDefault();
			pick();
		});
	}

	for (let v = 0; data.host >= v; v++) {
		const e = inSvg(domId(v));
		choosable(e, (v === data.host ? "" : "role ") + e.querySelector("text").textContent, () => pickVertex(v));
	}
	data.lines.forEach((line, i) => {
		const row = document.getElementById(line.row);
		choosable(inSvg("e" + i), row.firstChild.textContent, () => pickRow(line.row));
		const knot = line.row.startsWith("wire-c") ? inSvg("c" + line.row.slice(6)) : null;
		if (knot)
			if (!knot.hasAttribute("tabindex"))
				choosable(knot, row.firstChild.textContent, () => pickRow(line.row));
	});
	document.querySelectorAll("button.show").forEach(b => b.addEventListener("click", () => pickClaim(Number(b.dataset.claim))));
	document.querySelectorAll("input[name=way], #stop").forEach(e => e.addEventListener("change", () => { if (again) again(); }));
	document.getElementById("reset").addEventListener("click", reset);
	document.addEventListener("keydown", event => { if (event.key === "Escape") reset(); });
	svg.addEventListener("click", reset);
})();
