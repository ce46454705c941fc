/** One line in full, and kept up while it is open: where tiles are small, not everything finds room on them. */

import { countedFrom, hasAgent, whoCalls } from "./call_row.js";
import { closable, sheet } from "./dialogs.js";
import { el, put } from "./dom.js";
import { icon } from "./icons.js";
import { gravestFirst } from "./gravity.js";
import { reassurance } from "./queue.js";
import { t, word } from "./words.js";

/** @typedef {import("./shapes.js").Call} Call */

export class LineDialog {
  /** @type {string | null} */
  #open = null;

  /** @param {import("./model.js").Model} model @param {import("./counters.js").Counters} counters */
  constructor(model, counters) {
    this.model = model;
    this.counters = counters;
    closable("line-dialog", () => (this.#open = null));
  }

  /** @param {string} name */
  open(name) {
    const line = this.model.lines.get(name);
    if (line === undefined) return;
    this.#open = name;
    const alerts = gravestFirst(this.model.alertsOf(name)).map((alert) => el("p", { class: "line-alert" }, icon("alert"), el("b", {}, word("alert", alert.code)), ` ${alert.detail}`));
    const calls = line.calls.map((call) => this.#call(call));
    const none = el("p", { class: "call-head" }, icon(line.state), el("b", {}, word("state", line.state)));
    const body = el("div", { class: "line-detail" }, ...alerts, ...(calls.length ? calls : [none]));
    sheet("line-dialog", `${t("line.detail", name)} · ${word("driver", line.driver)}`, body);
  }

  /** This line has changed. @param {string} name */
  changed(name) {
    if (this.#open === name) this.open(name);
  }

  /** @param {Call} call */
  #call(call) {
    const time = el("span", { class: "time" });
    const body = el("dl", {}, ...this.#facts(call).flatMap(([name, value]) => [el("dt", {}, t(`detail.${name}`)), el("dd", {}, value)]));
    const made = el("section", {}, el("h3", { class: "call-head" }, icon(call.state), el("b", {}, word("state", call.state)), time), body);
    this.counters.run(time, countedFrom(call));
    return made;
  }

  /** @param {Call} call @returns {Array<[string, string | Node]>} */
  #facts(call) {
    const counting = (/** @type {number | null} */ from, /** @type {any} */ show) => {
      const element = el("span");
      this.counters.run(element, from, show);
      return element;
    };
    const due = (/** @type {HTMLElement} */ element, /** @type {number} */ ms) => {
      const { words, late } = reassurance(ms);
      put(element, words);
      element.classList.toggle("late", late);
    };
    /** @type {Array<[string, string | Node | false]>} */
    const all = [
      ["caller", whoCalls(call)],
      [hasAgent(call) ? "agent" : "greets", call.agent],
      ["rings", String(call.rings)],
      ["verdict", call.verdict && word("verdict", call.verdict)],
      ["prompt", call.prompt],
      ["kind", call.kind && word("kind", call.kind)],
      ["ticket", call.ticket],
      ["position", call.position === null ? "" : String(call.position)],
      ["waited", call.waitingSince !== null && counting(call.waitingSince, undefined)],
      ["next", call.nextReassurance !== null && counting(call.nextReassurance, due)],
      ["offered", this.counters.clock.ofDay(call.offeredAt)],
      ["call", call.call],
    ];
    return /** @type {Array<[string, string | Node]>} */ (all.filter(([, value]) => value));
  }
}
