/** Who waits: how many and the longest for how long, then the next ones, and when each is reassured next. */

import { byId, el, put } from "./dom.js";
import { duration } from "./clock.js";
import { t } from "./words.js";

/** @typedef {import("./shapes.js").Call & {line: string}} Waiting */

const MOST = 24; // customers that are shown where there is room; how many more there are is told
const ROOMY = 3; // customers that have high rows
const [HEAD, HIGH, LOW] = [7, 3.7, 2.1]; // rem; the panel but for its rows, a row of few, a row of many: see panels.css
const PADDING = 1.4; // rem, of that head
const ON_TELEPHONE = 6; // rows, where the page scrolls: the lines come soon after
const WALL = matchMedia("(min-width: 1200px) and (min-height: 700px)"); // where nothing scrolls: see layout.css
const EVERY = 15; // s between two reassurances (JH-8)
const LATE = 3; // s by which a reassurance may be late before that is said: it begins where the one before it ends

/** @param {Waiting} call */
const waitsSince = (call) => call.waitingSince ?? call.since;

/**
 * What is said of the next reassurance, `ms` after it is due.
 * @param {number} ms
 * @returns {{words: string, late: boolean}}
 */
export function reassurance(ms) {
  const seconds = Math.ceil(-ms / 1000);
  if (seconds > 0) return { words: t("queue.next", seconds), late: false };
  const late = ms > LATE * 1000;
  return { words: late ? t("queue.overdue", Math.floor(ms / 1000)) : t("queue.now"), late };
}

class Place {
  /** @param {import("./counters.js").Counters} counters */
  constructor(counters) {
    this.counters = counters;
    this.position = el("b", { class: "position" });
    this.who = el("span", { class: "who" });
    this.line = el("span", { class: "soft" });
    this.waited = el("b", { class: "waited" });
    this.next = el("span", { class: "next" });
    this.bar = el("span", { class: "bar", "aria-hidden": "true" });
    const names = el("span", { class: "names" }, this.who, this.line);
    const times = el("span", { class: "times" }, this.waited, this.next);
    this.element = el("li", {}, this.position, names, times, this.bar);
  }

  /** @param {Waiting} call */
  show(call) {
    put(this.position, call.position === null ? "–" : String(call.position));
    put(this.who, call.caller || t("call.unknown"));
    const assigned = call.position === null ? call.agent : ""; // who has a place has been given to nobody yet
    put(this.line, [call.line, assigned && t("call.agent", assigned)].filter(Boolean).join(" · "));
    this.counters.run(this.waited, waitsSince(call));
    this.bar.hidden = call.nextReassurance === null;
    this.element.classList.remove("late");
    this.counters.run(this.next, call.nextReassurance, this.#left);
  }

  /** @param {HTMLElement} element @param {number} ms since the reassurance is due */
  #left = (element, ms) => {
    const { words, late } = reassurance(ms);
    put(element, words);
    this.element.classList.toggle("late", late);
    this.bar.style.setProperty("--left", String(Math.min(1, Math.max(0, -ms / 1000 / EVERY))));
  };
}

export class Queue {
  /** @type {Place[]} */
  #places = [];
  /** @type {Waiting[]} */
  #waiting = [];
  #height = 0; // rem, of the panel without its padding
  #wanted = "";

  /** @param {import("./counters.js").Counters} counters */
  constructor(counters) {
    this.counters = counters;
    this.list = byId("queue");
    this.none = el("li", { class: "soft none" });
    this.more = el("li", { class: "soft more-waiting" });
    this.count = el("b", { class: "queue-count" });
    this.longest = el("b", { class: "queue-longest" });
    this.words = [el("span"), el("span")];
    const figure = (/** @type {HTMLElement} */ value, /** @type {HTMLElement} */ words) => el("span", { class: "queue-figure" }, value, words);
    this.figures = byId("queue-figures");
    this.figures.append(figure(this.count, this.words[0]), figure(this.longest, this.words[1]));
    this.panel = /** @type {HTMLElement} */ (this.list.parentElement);
    new ResizeObserver(([entry]) => {
      this.#height = entry.contentRect.height / parseFloat(getComputedStyle(document.documentElement).fontSize);
      this.#draw();
    }).observe(this.panel);
  }

  /** @param {Waiting[]} waiting */
  show(waiting) {
    this.#waiting = waiting;
    const count = waiting.length;
    this.figures.hidden = count === 0;
    put(this.count, String(count));
    put(this.words[0], t("queue.count"));
    put(this.words[1], t("queue.longest"));
    this.counters.run(this.longest, this.#longest(waiting));
    const rows = Math.min(count, MOST) * (count > ROOMY ? LOW : HIGH);
    this.#wants(`${HEAD + rows}rem`, count === 0 ? "none" : count > ROOMY ? "many" : "few");
    this.#draw();
  }

  /** Since when who has waited the longest waits. @param {Waiting[]} waiting */
  #longest(waiting) {
    const since = waiting.map(waitsSince).filter((from) => from !== null);
    return since.length ? Math.min(...since) : null;
  }

  /** @param {string} height that it takes where there is room @param {string} waiting how many, in a word */
  #wants(height, waiting) {
    if (this.#wanted === height) return;
    this.#wanted = height;
    this.panel.style.setProperty("--wanted", height);
    document.body.dataset.waiting = waiting;
  }

  /** How many rows find room. */
  #room() {
    if (!WALL.matches) return ON_TELEPHONE;
    const high = this.#waiting.length > ROOMY ? LOW : HIGH;
    return Math.min(MOST, Math.max(2, Math.floor((this.#height - HEAD + PADDING + 0.1) / high)));
  }

  #draw() {
    const count = this.#waiting.length;
    const room = this.#room();
    const shown = this.#waiting.slice(0, count <= room ? count : Math.max(1, room - 1));
    while (this.#places.length > shown.length) this.#places.pop()?.element.remove();
    while (this.#places.length < shown.length) this.#places.push(new Place(this.counters));
    shown.forEach((call, index) => this.#places[index].show(call));
    this.#tail(this.#waiting.slice(shown.length));
  }

  /** @param {Waiting[]} hidden customers for whom there is no room */
  #tail(hidden) {
    const tail = this.#waiting.length === 0 ? [this.none] : hidden.length ? [this.more] : [];
    const wanted = [...this.#places.map((place) => place.element), ...tail];
    if (wanted.length !== this.list.childElementCount || wanted.some((one, index) => one !== this.list.children[index])) {
      this.list.replaceChildren(...wanted);
    }
    put(this.none, t("queue.none"));
    if (hidden.length) this.counters.run(this.more, this.#longest(hidden), (element, ms) => put(element, t("queue.more", hidden.length, duration(ms))));
    else this.counters.run(this.more, null);
  }
}
