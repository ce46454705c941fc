/** One line as a tile: a button that names the line and what it does, and shows more on being pressed. */

import { CallRow, hasAgent, whoCalls } from "./call_row.js";
import { el, put } from "./dom.js";
import { icon, putIcon } from "./icons.js";
import { t, word } from "./words.js";

/** @typedef {import("./shapes.js").Line} Line */
/** @typedef {import("./shapes.js").Alert} Alert */

const MOST = 4; // calls that a tile has room for; how many more there are is told

/** A tile for those who hear the page: without what counts. @param {Line} line @param {Alert[]} alerts */
function inWords(line, alerts) {
  const calls = line.calls.map((call) => {
    const said = [word("state", call.state), whoCalls(call), call.agent && t(hasAgent(call) ? "call.agent" : "call.greets", call.agent)];
    return [...said, call.verdict && word("verdict", call.verdict)].filter(Boolean).join(", ");
  });
  const doing = calls.length ? calls : [word("state", line.state)];
  return [line.line, ...doing, ...alerts.map((alert) => word("alert", alert.code))].join("; ");
}

export class Tile {
  /** @type {CallRow[]} */
  #rows = [];

  /** @param {string} name @param {import("./counters.js").Counters} counters */
  constructor(name, counters) {
    this.name = name;
    this.counters = counters;
    this.calm = el("span", { class: "calm" });
    this.calmIcon = el("span", { class: "call-icon" });
    this.calmWord = el("span", { class: "call-word" });
    this.calmTime = el("span", { class: "time" });
    this.calm.append(this.calmIcon, this.calmWord, this.calmTime);
    this.alertsMore = el("span");
    this.alert = el("span", { class: "tile-alert", hidden: true }, icon("alert"), this.alertsMore);
    this.alertWord = el("span", { class: "tile-alert-word" });
    this.more = el("span", { class: "more" });
    this.rows = el("span", { class: "rows" });
    const head = el("span", { class: "tile-head" }, el("span", { class: "tile-name" }, name), this.more, this.alert, this.alertWord);
    this.button = el("button", { class: "tile", type: "button", tabindex: -1 }, head, this.calm, this.rows);
    this.button.dataset.line = name;
    this.element = el("li", {}, this.button);
  }

  /** @param {Line} line @param {Alert[]} alerts */
  show(line, alerts) {
    const calm = line.calls.length === 0;
    this.button.dataset.state = line.state;
    this.button.dataset.calls = String(Math.min(line.calls.length, MOST));
    this.calm.hidden = !calm;
    this.rows.hidden = calm;
    if (calm) this.#showCalm(line);
    this.#showCalls(line.calls.slice(0, MOST));
    put(this.more, line.calls.length > 1 ? t("tile.calls", line.calls.length) : "");
    this.alert.hidden = alerts.length === 0;
    this.button.dataset.alerts = String(alerts.length);
    put(this.alertsMore, alerts.length > 1 ? `+${alerts.length - 1}` : "");
    put(this.alertWord, alerts.length ? word("alert", alerts[0].code) : "");
    this.button.setAttribute("aria-label", inWords(line, alerts));
  }

  /** @param {Line} line */
  #showCalm(line) {
    putIcon(this.calmIcon, line.state);
    put(this.calmWord, word("state", line.state));
    this.counters.run(this.calmTime, line.state === "offline" ? line.since : null);
  }

  /** @param {Line["calls"]} calls */
  #showCalls(calls) {
    while (this.#rows.length > calls.length) this.#rows.pop()?.element.remove();
    for (const [index, call] of calls.entries()) {
      const row = (this.#rows[index] ??= new CallRow(this.counters));
      if (row.element.parentElement === null) this.rows.append(row.element);
      row.show(call);
    }
  }
}
