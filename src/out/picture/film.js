"use strict";
(() => {
	const find = name => document.querySelector(name);
	const film = JSON.parse(find("#film").textContent);
	const steps = [...document.querySelectorAll("#steps > section")];
	const names = steps.map(section => section.id), screen = find("#screen"), slider = find("#slider"), button = find("#play");
	const flags = { ".": "g", ":": "w", "_": "c", "^": "k", "!": "d" };
	let at = 0, timer = 0;

	const part = (step, name) => steps[step].querySelector(name).textContent;
	const role = letter => film.roles[(letter >= "a" ? 26 - 32 : 0) + letter.charCodeAt(0) - 65];

	function drawRow(into, text, style) {
		let from = 0;
		for (const [, count, letter, more] of style.matchAll(/(\d+)([A-Za-z])([.:_^!]*)/g)) {
			const span = document.createElement("span");
			span.className = [role(letter), ...[...more].map(flag => flags[flag])].join(" ");
			span.textContent = text.slice(from, from + +count).padEnd(+count);
			into.append(span);
			from += +count;
		}
		into.append("\n");
	}

	function show(step) {
		at = Math.max(0, Math.min(steps.length - 1, step));
		const rows = part(at, "pre").split("\n"), drawn = document.createDocumentFragment();
		film.steps[at].forEach((style, row) => drawRow(drawn, rows[row] || "", film.styles[style]));
		screen.replaceChildren(drawn);
		for (const name of ["h2", "code", ".lines"])
			find("#told " + name).textContent = part(at, name);
		if (find("#words"))
			find("#words").textContent = steps[at].querySelector(".words")?.textContent || "";
		slider.value = at;
		slider.setAttribute("aria-valuetext", (part(at, "h2") + " " + part(at, "code")).trim());
		find("#place").textContent = at + 1 + " / " + steps.length;
		for (const [name, end] of [["#first", 0], ["#back", 0], ["#forward", steps.length - 1], ["#last", steps.length - 1]])
			find(name).setAttribute("aria-disabled", at === end);
		try {
			history.replaceState(null, "", "#" + names[at]);
		} catch {}
	}

	function play(on) {
		clearInterval(timer);
		timer = on ? setInterval(tick, film.pause) : 0;
		button.textContent = on ? button.dataset.pause : button.dataset.play;
	}

	function tick() {
		show(at + 1);
		if (at === steps.length - 1)
			play(false);
	}

	function toggle() {
		if (!timer && at === steps.length - 1)
			show(0);
		play(!timer && steps.length > 1);
	}

	function go(step) {
		play(false);
		show(step);
	}

	const acts = {
		first: () => go(0), back: () => go(at - 1), play: toggle,
		forward: () => go(at + 1), last: () => go(steps.length - 1),
	};
	const keys = {
		Home: "first", ArrowLeft: "back", PageUp: "back", " ": "play",
		ArrowRight: "forward", PageDown: "forward", End: "last",
	};

	function press(event) {
		const act = keys[event.key];
		if (!act || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey)
			return;
		if (event.target === screen || event.key === " " && event.target.closest("button, summary"))
			return;
		event.preventDefault();
		acts[act]();
	}

	function turn() {
		const root = document.documentElement.dataset;
		const dark = root.theme ? root.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
		root.theme = dark ? "light" : "dark";
	}

	function open() {
		go(Math.max(0, names.indexOf(location.hash.slice(1))));
	}

	for (const name in acts)
		find("#" + name).addEventListener("click", acts[name]);
	slider.addEventListener("input", () => go(slider.valueAsNumber));
	document.addEventListener("keydown", press);
	window.addEventListener("hashchange", open);
	if (find("#theme")) {
		find("#theme").addEventListener("click", turn);
		find("#theme").hidden = false;
	}
	for (const section of steps)
		section.removeAttribute("id"); // or Tab would start from there
	open();
})();
