/** Today by the hour: how many calls, and how many of them were lost. */

import { percent } from "./gauge.js";
import { byId, el, put } from "./dom.js";
import { t } from "./words.js";

const [FIRST, LAST] = [8, 18]; // hours that always have their place; others get one with their first call

class Hour {
  /** @param {number} hour */
  constructor(hour) {
    this.hour = hour;
    this.rate = el("span", { class: "hour-rate", "aria-hidden": "true" });
    this.lost = el("span", { class: "hour-lost" });
    this.answered = el("span", { class: "hour-answered" });
    const bar = el("span", { class: "hour-bar", "aria-hidden": "true" }, this.rate, this.lost, this.answered);
    this.name = el("span", { class: "hour-name", "aria-hidden": "true" }, String(hour));
    this.told = el("span", { class: "unseen" });
    this.element = el("li", {}, bar, this.name, this.told);
  }

  /** @param {import("./shapes.js").Figures} figures @param {number} goal @param {number} most calls of an hour */
  show(figures, goal, most) {
    const below = figures.rate !== null && figures.rate < goal;
    this.answered.style.setProperty("--share", String(figures.answered / most));
    this.lost.style.setProperty("--share", String(figures.lost / most));
    put(this.rate, below && figures.rate !== null ? String(Math.floor(figures.rate * 100)) : "");
    this.element.classList.toggle("below", below);
    const rate = figures.rate === null ? "" : `, ${percent(figures.rate)}`;
    put(this.told, t("hours.told", this.hour, figures.answered, figures.answered + figures.lost) + rate);
  }
}

export class Hours {
  /** @type {Hour[]} */
  #hours = [];

  /** @param {import("./shapes.js").Kpi} kpi @param {number} now the hour of the day */
  show(kpi, now) {
    const all = [...kpi.hours.keys(), FIRST, LAST, now].filter((hour) => hour < 24);
    const [first, last] = [Math.min(...all), Math.max(...all)];
    if (this.#hours[0]?.hour !== first || this.#hours.at(-1)?.hour !== last) this.#span(first, last);
    const none = { answered: 0, lost: 0, rate: null };
    const most = Math.max(1, ...[...kpi.hours.values()].map((hour) => hour.answered + hour.lost));
    for (const hour of this.#hours) {
      hour.show(kpi.hours.get(hour.hour) ?? none, kpi.goal, most);
      hour.element.classList.toggle("now", hour.hour === now);
    }
  }

  /** @param {number} first @param {number} last */
  #span(first, last) {
    this.#hours = Array.from({ length: last - first + 1 }, (_, index) => new Hour(first + index));
    byId("hours").replaceChildren(...this.#hours.map((hour) => hour.element));
  }
}
