// SPDX-License-Identifier: Apache-2.0
// clicks.js CHROMIUM PROFILE DIRECTORY: opens the pages that run.sh made there and uses them as a reader would.
"use strict";
const { open } = require("./browser.js");
const [program, profile, directory] = process.argv.slice(2);
let passed = 0, failed = 0;

function check(what, got, want) {
	const same = JSON.stringify(got) === JSON.stringify(want);
	same ? passed++ : failed++;
	if (!same)
		console.log(`FAILED ${what}: ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
}

const lit = `[...document.querySelectorAll("svg .node.lit")].map(e => e.id).sort()`;
const heading = `(document.querySelector("#panel h3") || {}).textContent`;

async function main() {
	const b = await open(program, profile), trouble = [];
	const go = async name => {
		const loaded = new Promise(yes => b.on(method => { if (method === "Page.loadEventFired") yes(); }));
		await b.call("Page.navigate", { url: "file://" + directory + "/" + name });
		await loaded;
	};
	const wide = width => b.call("Emulation.setDeviceMetricsOverride", { width, height: 900, deviceScaleFactor: 1, mobile: false });
	const media = features => b.call("Emulation.setEmulatedMedia", features);
	const mouse = async selector => {
		const [x, y] = await b.evaluate(`(() => { const e = document.querySelector(${JSON.stringify(selector)});
			e.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
			const r = (e.querySelector("text") || e).getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()`);
		for (const type of ["mousePressed", "mouseReleased"])
			await b.call("Input.dispatchMouseEvent", { type, x, y, button: "left", clickCount: 1 });
	};
	const key = async name => {
		for (const type of ["keyDown", "keyUp"])
			await b.call("Input.dispatchKeyEvent", { type, key: name, text: type === "keyDown" && name === "Enter" ? "\r" : undefined });
	};

	b.on((method, params) => {
		if (method === "Runtime.exceptionThrown" || method === "Log.entryAdded")
			trouble.push(JSON.stringify(params).slice(0, 200));
		if (method === "Network.requestWillBeSent" && !params.request.url.startsWith("file:"))
			trouble.push("request for " + params.request.url);
	});

	// redact: r0 ingest, r1 redactor, r2 analytics, r3 sink
	await wide(1400);
	await go("redact.html");
	await mouse("#r1");
	check("redactor stops at the roles trusted to release", await b.evaluate(lit), ["r0", "r1", "r2", "r3"]);
	check("panel of redactor", await b.evaluate(heading), "redactor");
	await mouse("#stop");
	check("beyond them is the host", await b.evaluate(lit), ["host", "r0", "r1", "r2", "r3"]);
	await mouse("#stop");
	await mouse("input[value=in]");
	check("what can influence redactor", await b.evaluate(lit), ["host", "r0", "r1", "r2", "r3"]);
	await mouse("input[value=out]");
	await key("Escape");
	check("Escape shows all", await b.evaluate(`document.querySelectorAll(".lit, .picked").length`), 0);
	await mouse(".line.channel");
	check("panel of a channel", await b.evaluate(heading), "channel raw");
	check("its ends", await b.evaluate(lit), ["r0", "r1"]);
	check("its row", await b.evaluate(`document.querySelector("tr.chosen").id`), "wire-c0");
	await mouse("#reset");
	check("the button shows all", await b.evaluate(`document.querySelectorAll(".lit, .picked").length`), 0);
	await b.evaluate(`document.getElementById("r3").focus()`);
	await key("Enter");
	check("Enter chooses", await b.evaluate(heading), "sink");
	check("everything that can be chosen can be reached by Tab",
		await b.evaluate(`[...document.querySelectorAll(".node, .line")].filter(e => e.tabIndex !== 0 || !e.getAttribute("aria-label")).length`), 0);
	await mouse("button[data-claim='0']");
	check("the proof's set and its exceptions", await b.evaluate(`[...document.querySelectorAll(".exception")].map(e => e.id)`), ["r0", "r3"]);
	check("the target stays apart", await b.evaluate(`[...document.querySelectorAll(".target")].map(e => e.id)`), ["host"]);
	check("no other script runs", await b.evaluate(`(() => { const s = document.createElement("script"); s.textContent = "window.other = 1";
		document.body.append(s); return window.other === undefined; })()`), true);
	trouble.splice(0, 1);				// the refusal of just that
	check("but the page's own did", await b.evaluate(`document.querySelector("svg").style.maxWidth !== ""`), true);

	// webstore: r0 tls, r1 app, r2 store, r3 disk; the third claim is violated
	await go("webstore.html");
	await mouse("button[data-claim='2']");
	check("the path of a violated claim", await b.evaluate(`[...document.querySelectorAll(".line.lit")].every(e => e.classList.contains("hop"))`), true);
	check("its hops", await b.evaluate(`document.querySelectorAll(".line.lit").length`), 2);

	// fedavg: r3 to r5 the trainers, r6 average; c6 the channel model with three readers
	await go("fedavg.html");
	await mouse("#c6");
	check("a knot is its channel", await b.evaluate(heading), "channel model");
	check("all its ends", await b.evaluate(lit), ["c6", "r3", "r4", "r5", "r6"]);

	for (const name of ["redact.html", "webstore.html", "fedavg.html", "big.html"])
		for (const width of [1400, 400]) {
			await wide(width);
			await go(name);
			check(`${name} at ${width} does not scroll sideways`, await b.evaluate(`innerWidth >= document.documentElement.scrollWidth`), true);
		}
	const back = `getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0]`;
	await media({ features: [{ name: "prefers-color-scheme", value: "light" }] });
	check("light", await b.evaluate(back) > 200, true);
	await media({ features: [{ name: "prefers-color-scheme", value: "dark" }] });
	check("dark", await b.evaluate(back) > 60, false);
	await media({ media: "print", features: [{ name: "prefers-color-scheme", value: "dark" }] });
	check("print is light", await b.evaluate(back) > 200, true);
	check("print has no buttons", await b.evaluate(`[...document.querySelectorAll("nav, .tools, #panel, .show")]
		.filter(e => getComputedStyle(e).display !== "none").length`), 0);
	check("no error, no request", trouble, []);
	await b.close();
}

main().catch(e => { failed++; console.log("FAILED " + e.stack); }).finally(() => {
	console.log(`report: ${passed} passed, ${failed} failed`);
	process.exit(failed ? 1 : 0);
});
