/** Who waits, the next one first: for how long, and when he is reassured next. */

import { byId, el, put } from "./dom.js";
import { t } from "./words.js";

/** @typedef {import("./shapes.js").Call & {line: string}} Waiting */

const MOST = 12; // customers that are shown; how many more there are is told

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
    put(this.line, [call.line, call.agent && t("call.agent", call.agent)].filter(Boolean).join(" · "));
    this.counters.run(this.waited, call.waitingSince ?? call.since);
    this.bar.hidden = call.nextReassurance === null;
    if (call.nextReassurance !== null) this.counters.run(this.next, call.nextReassurance, this.#left);
    else this.counters.run(this.next, null);
  }

  /** @param {HTMLElement} element @param {number} ms since the reassurance is due */
  #left = (element, ms) => {
    const seconds = Math.ceil(-ms / 1000);
    put(element, seconds > 0 ? t("queue.next", seconds) : t("queue.now"));
    this.bar.style.setProperty("--left", String(Math.min(1, Math.max(0, seconds / 15)))); // JH-8: every 15 s
  };
}

export class Queue {
  /** @type {Place[]} */
  #places = [];

  /** @param {import("./counters.js").Counters} counters */
  constructor(counters) {
    this.counters = counters;
    this.list = byId("queue");
    this.none = el("li", { class: "soft none" });
    this.more = el("li", { class: "soft none" });
  }

  /** @param {Waiting[]} waiting */
  show(waiting) {
    const shown = waiting.slice(0, MOST);
    while (this.#places.length > shown.length) this.#places.pop()?.element.remove();
    while (this.#places.length < shown.length) {
      const place = new Place(this.counters);
      this.#places.push(place);
      this.list.append(place.element);
    }
    shown.forEach((call, index) => this.#places[index].show(call));
    put(byId("queue-count"), waiting.length ? String(waiting.length) : "");
    this.#tail(waiting.length);
  }

  /** @param {number} count */
  #tail(count) {
    put(this.none, t("queue.none"));
    put(this.more, t("more", count - MOST));
    if (count === 0) this.list.append(this.none);
    else this.none.remove();
    if (count > MOST) this.list.append(this.more);
    else this.more.remove();
  }
}
