// SPDX-License-Identifier: Apache-2.0
// A headless Chromium on a pipe: its own debugging protocol, one JSON message after another, each ended by a NUL.
"use strict";
const { spawn } = require("child_process");

exports.open = async function (program, profile) {
	const child = spawn(program, ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
		"--user-data-dir=" + profile, "--remote-debugging-pipe", "about:blank"], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
	const waiting = new Map(), listeners = [];
	let next = 1, text = "";

	child.stdio[4].on("data", data => {
		const parts = (text += data).split("\0");
		text = parts.pop();
		for (const part of parts) {
			const m = JSON.parse(part);
			if (m.id) {
				const { yes, no } = waiting.get(m.id);
				waiting.delete(m.id);
				m.error ? no(new Error(m.error.message)) : yes(m.result);
			} else {
				listeners.forEach(f => f(m.method, m.params));
			}
		}
	});
	child.on("exit", () => waiting.forEach(w => w.no(new Error("the browser ended"))));
	const send = (method, params = {}, sessionId) => new Promise((yes, no) => {
		waiting.set(next, { yes, no });
		child.stdio[3].write(JSON.stringify({ id: next++, method, params, sessionId }) + "\0");
	});
	const { targetId } = await send("Target.createTarget", { url: "about:blank" });
	const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
	const call = (method, params) => send(method, params, sessionId);

	for (const domain of ["Page", "Runtime", "Network", "Log"])
		await call(domain + ".enable");
	return {
		call,
		on: f => listeners.push(f),
		close: () => new Promise(yes => {
			child.on("exit", yes);
			send("Browser.close").catch(() => 0);
		}),
		evaluate: async expression => {
			const r = await call("Runtime.evaluate", { expression, returnByValue: true });
			if (r.exceptionDetails)
				throw new Error(r.exceptionDetails.exception.description);
			return r.result.value;
		},
	};
};
