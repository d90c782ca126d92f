"use strict";
// Walks through a lesson that was recorded. Everything about the kernel stands in the page: this shows it in its order,
// keeps what was predicted, and compares that with what the page says.
(() => {
	const root = document.documentElement;
	let main, words, nav, stops = [], at = 0, warned = false;

	root.className = "js";
	addEventListener("error", () => { root.className = ""; }); // then all of it is read, as without a script
	document.addEventListener("DOMContentLoaded", begin);

	function make(name, properties, ...children) {
		const element = Object.assign(document.createElement(name), properties);
		element.append(...children);
		return element;
	}

	function say(text, ...values) {
		return values.reduce((said, value, i) => said.replace(`{${i + 1}}`, value), text);
	}

	// "a:0-9, b:2" as a:0, a:1 ... b:2
	function pagesOf(ranges) {
		const pages = new Set();
		for (const [, name, first, last] of ranges.matchAll(/([a-i]):(\d+)(?:[-–](\d+))?/g))
			for (let page = Number(first); page <= Number(last || first); page++)
				pages.add(`${name}:${page}`);
		return pages;
	}

	function same(one, other) {
		return one.size === other.size && [...one].every(item => other.has(item));
	}

	// The cells of pages, by their label: a:2, or a:0–4095 where a row stands for many.
	function cellsOf(table) {
		const names = [...table.tHead.rows[0].cells].map(cell => (cell.querySelector("b") || cell).textContent);
		const cells = [];
		for (const row of table.tBodies[0].rows)
			for (const cell of [...row.cells].slice(1))
				if (!cell.matches(".file, .gone"))
					cells.push([`${names[cell.cellIndex]}:${row.cells[0].textContent.trim()}`, cell]);
		return cells;
	}

	// A question

	class Question {
		constructor(section) {
			const answer = section.querySelector(".answer");
			this.section = section;
			this.text = section.querySelector(".text");
			this.verdict = section.querySelector(".verdict");
			this.items = [...section.querySelectorAll(".choices > li")];
			this.right = new Set(this.items.flatMap((item, i) => "right" in item.dataset ? [i] : []));
			this.points = section.dataset.changed !== undefined;
			this.chosen = new Set();
			this.nothing = this.judged = false;
			answer.firstElementChild.remove();
			answer.replaceWith(make("div", {className: "answer"}, ...answer.childNodes));
			this.inputs = this.items.map((item, i) => this.input(item, i));
			this.said = make("p", {className: "judged"});
			this.verdict.prepend(this.said);
			if (this.points)
				this.offerNothing();
			else
				this.offerVote();
		}

		input(item, i) {
			const input = make("input", {type: this.right.size > 1 ? "checkbox" : "radio", name: `q${stops.length}`});
			const label = make("label", {}, input, make("span", {}, ...item.childNodes));
			input.addEventListener("change", () => this.take());
			item.append(label);
			return input;
		}

		take() {
			this.chosen = new Set(this.inputs.flatMap((input, i) => input.checked ? [i] : []));
			hint("");
		}

		choose(i) {
			if (!this.inputs[i] || this.judged)
				return;
			this.inputs[i].checked = this.inputs[i].type === "radio" || !this.inputs[i].checked;
			this.take();
		}

		// A class votes, and once more after the discussion: how many chose each answer.

		offerVote() {
			this.votes = [];
			this.voter = make("button", {type: "button", className: "voter"}, words.vote);
			this.voter.addEventListener("click", () => this.vote());
			this.text.append(this.voter);
		}

		vote() {
			const counts = this.items.map(item => item.querySelector(".count"));
			if (!counts[0]) {
				this.offerCounts();
				return;
			}
			this.votes.length = Math.min(this.votes.length, 1); // a third takes the place of the second
			this.votes.push(counts.map(input => Math.min(99999, Math.max(0, Math.trunc(Number(input.value) || 0)))));
			counts.forEach(input => input.remove());
			this.voter.textContent = words.again;
			this.voter.focus();
			this.drawVotes();
			hint("");
		}

		// Enter leads from one to the next.
		offerCounts() {
			const counts = this.items.map((item, i) => make("input", {
				type: "number", className: "count", min: 0, max: 99999, inputMode: "numeric", ariaLabel: say(words.votes, i + 1)}));
			counts.forEach((input, i) => {
				this.items[i].append(input);
				input.addEventListener("keydown", event => {
					if (event.key !== "Enter")
						return;
					event.preventDefault();
					if (counts[i + 1])
						counts[i + 1].focus();
					else
						this.vote();
				});
			});
			counts[0].focus();
			this.voter.textContent = words.done;
		}

		drawVotes() {
			this.items.forEach((item, i) => {
				for (const old of item.querySelectorAll(".votes"))
					old.remove();
				for (const votes of this.votes) {
					const all = votes.reduce((sum, count) => sum + count, 0), bar = make("span", {className: "bar"});
					bar.style.width = `${all ? Math.round(100 * votes[i] / all) : 0}%`;
					item.append(make("p", {className: "votes"}, make("span", {className: "track"}, bar), say(words.voted, votes[i], all)));
				}
			});
		}

		offerNothing() {
			this.none = make("button", {type: "button", className: "none"}, words.nothing);
			this.none.addEventListener("click", () => this.mark(null));
			this.text.append(this.none);
			this.refresh();
		}

		// label null: no page
		mark(label) {
			if (label === null) {
				this.nothing = !this.nothing;
				this.chosen.clear();
			} else {
				this.nothing = false;
				this.chosen[this.chosen.has(label) ? "delete" : "add"](label);
			}
			hint("");
			this.refresh();
		}

		refresh() {
			this.none.setAttribute("aria-pressed", this.nothing);
			for (const button of main.querySelectorAll(".pick"))
				button.setAttribute("aria-pressed", this.chosen.has(button.dataset.label));
		}

		// Buttons over the cells, one of which Tab reaches, arrows the others.
		offerPages(figure) {
			const cells = cellsOf(openTable(figure));
			for (const [label, cell] of cells) {
				const button = make("button", {type: "button", className: "pick", tabIndex: -1});
				const [name, page] = label.split(":");
				button.dataset.label = label;
				button.setAttribute("aria-label", say(words.page, page, name));
				button.addEventListener("click", () => this.mark(label));
				button.addEventListener("keydown", walk);
				cell.append(button);
			}
			if (cells.length)
				cells[0][1].lastElementChild.tabIndex = 0;
			this.refresh();
		}

		begun() {
			return this.chosen.size > 0 || this.nothing || Boolean(this.votes && this.votes.length);
		}

		predicted() {
			if (this.nothing)
				return words.nothing;
			return [...this.chosen].map(item => this.points ? item : item + 1).sort().join(", ");
		}

		judge(figure) {
			const answered = this.chosen.size > 0 || this.nothing, pages = pagesOf([...this.chosen].join(" "));
			this.good = answered && (this.points ? same(pages, pagesOf(this.section.dataset.changed)) : same(this.chosen, this.right));
			this.answered = answered;
			this.judged = true;
			this.said.textContent = answered
				? `${this.good ? words.right : words.wrong} ${say(words.predicted, this.predicted())}` : words.open;
			this.section.classList.add(answered ? this.good ? "good" : "bad" : "open");
			for (const input of this.inputs)
				input.disabled = true;
			for (const reason of this.verdict.querySelectorAll("[data-answer]"))
				reason.classList.toggle("mine", this.chosen.has(reason.dataset.answer - 1));
			(this.none || this.voter).remove();
			if (this.points && figure)
				this.compare(figure, pages);
		}

		compare(figure, pages) {
			for (const table of figure.querySelectorAll("table"))
				for (const [label, cell] of cellsOf(table))
					if (pages.has(label))
						cell.classList.add(cell.matches(".c") ? "hit" : "off");
		}
	}

	function walk(event) {
		const cell = event.target.parentElement, row = cell.parentElement;
		const [down, right] = {ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1]}[event.key] || [0, 0];
		const other = down || right ? row.parentElement.rows[row.sectionRowIndex + down]?.cells[cell.cellIndex + right] : null;
		const button = other?.querySelector(".pick");
		if (down || right)
			event.preventDefault();
		if (!button)
			return;
		event.target.tabIndex = -1;
		button.tabIndex = 0;
		button.focus();
	}

	// A figure of several commands shows the table of one.

	function openTable(figure) {
		return figure.querySelector(".steps > li.on table") || figure.querySelector("table");
	}

	function openStep(figure, item) {
		for (const other of figure.querySelectorAll(".steps > li")) {
			other.classList.toggle("on", other === item);
			const button = other.querySelector("button.step");
			if (button)
				button.setAttribute("aria-expanded", other === item);
		}
	}

	function offerSteps(figure) {
		const items = [...figure.querySelectorAll(".steps > li")].filter(item => item.querySelector("table"));
		if (items.length > 1)
			for (const item of items) {
				const button = make("button", {type: "button", className: "step"}, item.firstElementChild);
				button.addEventListener("click", () => openStep(figure, item));
				item.prepend(button);
			}
		if (items.length)
			openStep(figure, items[items.length - 1]);
	}

	// The way: what is told, asked, shown

	function addStops() {
		let figure = null, waits = null;
		for (const section of [...main.children]) {
			const own = section.querySelector("figure");
			if (waits && section.matches(".block") && own) {
				stops.push(waits);
				waits = null;
			}
			if (section.matches(".block")) {
				figure = own || figure;
				waits = own ? {section, figure} : waits;
				continue;
			}
			waits = null;
			if (section.matches(".ask")) {
				const question = new Question(section);
				stops.push({section, figure, question, asks: true});
				figure = own || figure;
				stops.push({section, figure, question, shows: true});
			} else {
				stops.push({section, figure});
			}
		}
		if (waits)
			stops.push(waits);
	}

	function hint(text) {
		nav.querySelector("#hint").textContent = text;
		warned = text !== "";
	}

	function place() {
		const questions = new Set(stops.map(stop => stop.question).filter(question => question && question.judged && question.answered));
		const good = [...questions].filter(question => question.good).length;
		const parts = [`${at + 1} / ${stops.length}`];
		if (questions.size)
			parts.push(say(words.score, good, questions.size));
		nav.querySelector("#place").textContent = parts.join(" · ");
		nav.querySelector("#back").disabled = at === 0;
		nav.querySelector("#next").disabled = at === stops.length - 1;
		nav.querySelector("#next").textContent = stops[at].asks ? words.show : words.next;
	}

	function show(focus) {
		const stop = stops[at];
		for (const button of main.querySelectorAll(".pick"))
			button.remove();
		for (const section of main.children)
			section.classList.remove("now", "beside", "shown");
		for (const figure of main.querySelectorAll("figure"))
			figure.classList.toggle("seen", figure === stop.figure);
		stop.section.classList.add("now");
		stop.section.classList.toggle("shown", Boolean(stop.shows));
		if (stop.figure)
			stop.figure.closest("section").classList.add("beside");
		if (stop.asks && stop.question.points && stop.figure)
			stop.question.offerPages(stop.figure);
		document.querySelector("header p").hidden = at > 0;
		place();
		hint(at === stops.length - 1 ? words.over : "");
		warned = false;
		if (focus)
			look(stop);
	}

	function look(stop) {
		const target = stop.section.querySelector(stop.shows ? ".verdict" : ".text") || stop.figure;
		if (!target)
			return;
		target.tabIndex = -1;
		target.focus({preventScroll: true});
		if (stop.shows)
			target.scrollIntoView({block: "nearest"});
		else
			scrollTo(0, 0);
	}

	function forward() {
		const stop = stops[at], question = stop.question;
		if (at === stops.length - 1)
			return;
		if (stop.asks && !question.begun() && !warned) {
			hint(question.points ? words.mark : words.choose);
			return;
		}
		if (stop.asks)
			question.judge(stops[at + 1].figure);
		at++;
		skip(1);
		show(true);
	}

	function back() {
		if (at === 0)
			return;
		at--;
		skip(-1);
		show(true);
	}

	// A question that was judged is not asked again: what it came to is shown.
	function skip(step) {
		while (stops[at].asks && stops[at].question.judged && stops[at + step])
			at += step;
	}

	const keys = {
		ArrowRight: forward, PageDown: forward, " ": forward, Enter: forward, n: forward,
		ArrowLeft: back, PageUp: back, Backspace: back, p: back,
	};

	function press(event) {
		const on = event.target.closest("button, summary, input");
		const act = keys[event.key], stop = stops[at];
		if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.defaultPrevented)
			return;
		if (on && on.matches("[type=number]") && event.key !== "PageDown" && event.key !== "PageUp")
			return;
		if (event.key === "ArrowDown" && !event.target.matches(".pick") && main.querySelector(".pick")) {
			event.preventDefault();
			main.querySelector(".pick[tabindex='0']").focus();
			return;
		}
		if (stop.asks && event.key === "v" && stop.question.voter) {
			event.preventDefault();
			stop.question.vote();
			return;
		}
		if (stop.asks && /^[1-9]$/.test(event.key)) {
			stop.question.choose(event.key - 1);
			return;
		}
		if (!act || on && event.key === " ")
			return;
		if (event.key === "Enter" && on && !on.matches("input"))
			return;
		event.preventDefault();
		act();
	}

	function begin() {
		main = document.querySelector("main");
		words = main.dataset;
		nav = document.querySelector("nav");
		for (const figure of main.querySelectorAll("figure"))
			offerSteps(figure);
		addStops();
		nav.querySelector("#next").addEventListener("click", forward);
		nav.querySelector("#back").addEventListener("click", back);
		document.addEventListener("keydown", press);
		nav.hidden = document.querySelector("#keys").hidden = false;
		show(false);
	}
})();
