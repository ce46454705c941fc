/** Today by the hour: how many calls were offered, how many of them were lost, which hours are below the goal. */

import { percent } from "./gauge.js";
import { byId, el, put } from "./dom.js";
import { t } from "./words.js";

/** @typedef {import("./shapes.js").Figures} Figures */

const DAY = 24;
const NAMED_EVERY = 3; // hours
const WORST = 3; // hours whose rate is written above them
const APART = 3; // hours between two of them, so that what is written does not run together
const NONE = { offered: 0, answered: 0, lost: 0, rate: null };

class Hour {
  /** @param {number} hour */
  constructor(hour) {
    this.hour = hour;
    this.rate = el("span", { class: "hour-rate", "aria-hidden": "true" });
    this.lost = el("span", { class: "hour-lost" });
    this.answered = el("span", { class: "hour-answered" });
    const bar = el("span", { class: "hour-bar", "aria-hidden": "true" }, this.rate, this.lost, this.answered);
    const name = el("span", { class: "hour-name", "aria-hidden": "true" }, hour % NAMED_EVERY ? "" : String(hour));
    this.told = el("span", { class: "unseen" });
    this.element = el("li", {}, bar, name, this.told);
  }

  /** @param {Figures} figures @param {boolean} below the goal @param {boolean} named @param {number} most calls of an hour */
  show(figures, below, named, most) {
    this.answered.style.setProperty("--share", String(figures.answered / most));
    this.lost.style.setProperty("--share", String(figures.lost / most));
    put(this.rate, named && figures.rate !== null ? `${Math.floor(figures.rate * 100)}%` : "");
    this.element.classList.toggle("below", below);
    const rate = figures.rate === null ? "" : `, ${percent(figures.rate)}`;
    put(this.told, t("hours.told", this.hour, figures.answered, figures.answered + figures.lost) + rate);
  }
}

/** The worst hours of those below the goal that stand apart. @param {Array<[number, Figures]>} below */
function worst(below) {
  /** @type {number[]} */
  const found = [];
  for (const [hour] of below.sort(([, a], [, b]) => (a.rate ?? 1) - (b.rate ?? 1))) {
    if (found.length < WORST && found.every((other) => Math.abs(other - hour) >= APART)) found.push(hour);
  }
  return new Set(found);
}

export class Hours {
  #hours = Array.from({ length: DAY }, (_, hour) => new Hour(hour));

  constructor() {
    byId("hours").append(...this.#hours.map((hour) => hour.element));
  }

  /** @param {import("./shapes.js").Kpi} kpi @param {number} now the hour of the day */
  show(kpi, now) {
    const most = Math.max(1, ...[...kpi.hours.values()].map((hour) => hour.answered + hour.lost));
    const below = [...kpi.hours].filter(([, figures]) => figures.rate !== null && figures.rate < kpi.goal);
    const named = worst(below);
    for (const hour of this.#hours) {
      const is = below.some(([other]) => other === hour.hour);
      hour.show(kpi.hours.get(hour.hour) ?? NONE, is, named.has(hour.hour), most);
      hour.element.classList.toggle("now", hour.hour === now);
    }
    const few = byId("hours-caption");
    put(few, t(below.length ? "hours.caption_below" : "hours.caption", most, percent(kpi.goal)));
    few.hidden = kpi.hours.size === 0;
  }
}
