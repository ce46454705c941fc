/** The agents and what each does. */

import { duration } from "./clock.js";
import { byId, el, put } from "./dom.js";
import { putIcon } from "./icons.js";
import { byName } from "./model.js";
import { t, word } from "./words.js";
import { wholeRows } from "./whole_rows.js";

/** @typedef {import("./shapes.js").Agent} Agent */

const STATES = ["free", "ringing", "busy", "after_call", "away", "offline"];

const LONG = 4; // digits; of longer numbers fewer agents stand beside each other
const HOUR = 3600000; // ms

/** A duration, short: from an hour on minutes say nothing any more. @param {HTMLElement} element @param {number} ms */
const short = (element, ms) => put(element, ms < HOUR ? duration(ms) : t("agent.hours", Math.floor(ms / HOUR)));

class Shown {
  /** @param {string} number @param {import("./counters.js").Counters} counters */
  constructor(number, counters) {
    this.counters = counters;
    this.icon = el("span", { class: "call-icon" });
    this.word = el("span", { class: "agent-word" });
    this.time = el("span", { class: "time" });
    this.element = el("li", {}, this.icon, el("b", { class: "agent-number" }, number), this.word, this.time);
  }

  /** @param {Agent} agent */
  show(agent) {
    this.element.dataset.state = agent.state;
    putIcon(this.icon, agent.state);
    put(this.word, word("agent", agent.state));
    this.counters.run(this.time, agent.state === "offline" ? null : agent.since, short);
  }
}

export class Agents {
  /** @type {Map<string, Shown>} */
  #shown = new Map();

  /** @param {import("./counters.js").Counters} counters */
  constructor(counters) {
    this.counters = counters;
    this.list = byId("agents");
    this.fit = wholeRows(this.list, () => this.list.firstElementChild);
  }

  /** @param {Map<string, Agent>} agents */
  show(agents) {
    const names = [...agents.keys()].sort(byName);
    if (names.length !== this.#shown.size || names.some((name) => !this.#shown.has(name))) this.#seat(names);
    for (const [name, agent] of agents) this.#shown.get(name)?.show(agent);
    const states = [...agents.values()].map((agent) => agent.state);
    const counted = STATES.map((state) => [word("agent", state), states.filter((other) => other === state).length]);
    const told = counted.filter(([, count]) => Number(count) > 0).map(([name, count]) => `${name}\u00a0${count}`);
    put(byId("agents-count"), told.join(" · ") || t("agents.none"));
  }

  /** @param {string[]} names */
  #seat(names) {
    this.#shown = new Map(names.map((name) => [name, this.#shown.get(name) ?? new Shown(name, this.counters)]));
    this.list.dataset.long = String(names.some((name) => name.length > LONG));
    this.list.replaceChildren(...[...this.#shown.values()].map((shown) => shown.element));
    this.fit();
  }
}
