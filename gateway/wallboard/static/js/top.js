/** The head of the page: how many do what, whether it is live, the time. */

import { duration } from "./clock.js";
import { byId, el, put } from "./dom.js";
import { icon, putIcon } from "./icons.js";
import { t } from "./words.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./liveness.js").Liveness} Liveness */
/** @typedef {import("./clock.js").ServerClock} ServerClock */

/** What is summed up, its icon, and the states of calls that count. @type {Array<[string, string, string[]]>} */
const SUMS = [
  ["ringing", "ringing", ["ringing", "dialling"]],
  ["waiting", "waiting", ["waiting"]],
  ["talking", "talking", ["talking"]],
  ["busy", "greeting", ["greeting", "listening", "prompting", "closing"]],
];

export class Sums {
  /** @type {Map<string, {item: HTMLElement, count: HTMLElement, word: HTMLElement}>} */
  #shown = new Map();

  constructor() {
    for (const [name, shape] of [...SUMS, ["idle", "idle"], ["offline", "offline"]]) {
      const [count, label] = [el("b"), el("span")];
      const item = el("li", { class: "sum" }, icon(String(shape)), count, label);
      item.dataset.state = String(shape);
      this.#shown.set(String(name), { item, count, word: label });
      byId("sums").append(item);
    }
  }

  /** @param {Model} model */
  show(model) {
    const lines = [...model.lines.values()];
    const states = lines.flatMap((line) => line.calls.map((call) => call.state));
    for (const [name, , counted] of SUMS) this.#one(name, states.filter((state) => counted.includes(state)).length);
    for (const name of ["idle", "offline"]) this.#one(name, lines.filter((line) => line.state === name).length);
  }

  /** @param {string} name @param {number} count */
  #one(name, count) {
    const shown = this.#shown.get(name);
    if (shown === undefined) return;
    put(shown.count, String(count));
    put(shown.word, t(`sum.${name}`));
    shown.item.classList.toggle("zero", count === 0);
    shown.item.hidden = name === "offline" && count === 0;
  }
}

/** Says whether the page is live; and if not, of when it is. */
export class LiveSign {
  /** @param {ServerClock} clock @param {Liveness} liveness */
  constructor(clock, liveness) {
    this.clock = clock;
    this.liveness = liveness;
    this.icon = el("span", { class: "call-icon" });
    this.word = el("span");
    byId("live").append(this.icon, this.word);
    this.what = el("span");
    this.ago = el("b", { "aria-hidden": "true" });
    byId("stale").append(icon("stale"), this.what, this.ago);
  }

  /** @returns {boolean} whether it is live */
  show() {
    const { state, known } = this.liveness;
    document.body.dataset.live = state;
    putIcon(this.icon, state === "live" ? "live" : "stale");
    put(this.word, t(`live.${state}`));
    const stale = state !== "live";
    byId("stale").hidden = !stale;
    put(this.what, stale ? t(`stale.${state}`, this.clock.ofDay(known)) : "");
    put(this.ago, stale && known !== null ? t("stale.ago", duration(this.clock.now() - known)) : "");
    return !stale;
  }
}
