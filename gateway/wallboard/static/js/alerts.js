/** What people are called for: troubles of the gateway and of its lines while they last, tickets that are overdue. */

import { byId, el, put } from "./dom.js";
import { icon } from "./icons.js";
import { byName } from "./model.js";
import { t, word } from "./words.js";

/** @typedef {import("./shapes.js").Alert} Alert */
/** @typedef {import("./clock.js").ServerClock} ServerClock */

class Shown {
  constructor() {
    this.where = el("b", { class: "alert-where" });
    this.what = el("strong", { class: "alert-what" });
    this.detail = el("span", { class: "alert-detail" });
    this.since = el("span", { class: "alert-since" });
    this.element = el("li", {}, icon("alert"), this.where, this.what, this.detail, this.since);
  }

  /** @param {Alert} alert @param {ServerClock} clock */
  show(alert, clock) {
    put(this.where, alert.line || t("alert.gateway"));
    put(this.what, word("alert", alert.code));
    put(this.detail, alert.detail);
    put(this.since, alert.since === null ? "" : t("alert.since", clock.ofDay(alert.since, false)));
  }
}

export class Alerts {
  /** @type {Map<string, Shown>} */
  #shown = new Map();

  /** @param {ServerClock} clock */
  constructor(clock) {
    this.clock = clock;
  }

  /** @param {Map<string, Alert>} alerts by topic @param {Set<string>} overdue tickets */
  show(alerts, overdue) {
    const all = new Map(alerts);
    const tickets = [...overdue].sort(byName).map((ticket) => `#${ticket}`).join(" ");
    if (tickets) all.set("tickets", { line: "", code: "tickets_overdue", detail: tickets, since: null });
    for (const [topic, shown] of this.#shown) {
      if (all.has(topic)) continue;
      shown.element.remove();
      this.#shown.delete(topic);
    }
    for (const [topic, alert] of all) this.#one(topic).show(alert, this.clock);
    byId("alerts").hidden = all.size === 0;
  }

  /** @param {string} topic */
  #one(topic) {
    const known = this.#shown.get(topic);
    if (known !== undefined) return known;
    const made = new Shown();
    this.#shown.set(topic, made);
    byId("alert-list").append(made.element);
    return made;
  }
}
