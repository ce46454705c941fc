/** The calls that ended last, by their end; each opens its timeline. */

import { duration } from "./clock.js";
import { byId, differ, el } from "./dom.js";
import { marks } from "./marks.js";
import { t, word } from "./words.js";
import { wholeRows } from "./whole_rows.js";

/** @typedef {import("./shapes.js").EndedCall} EndedCall */
/** @typedef {import("./clock.js").ServerClock} ServerClock */

const COLUMNS = ["ended", "line", "caller", "agent", "rings", "length", "outcome", "marks"];

/** @param {string} name @param {...(Node | string)} inside */
const cell = (name, ...inside) => el("td", { class: `calls-${name}` }, ...inside);

/** @param {EndedCall} call @param {ServerClock} clock */
function row(call, clock) {
  const length = call.endedAt !== null && call.offeredAt !== null ? duration(call.endedAt - call.offeredAt) : "–";
  const open = el("button", { type: "button", class: "open" }, clock.ofDayOrDate(call.endedAt));
  open.setAttribute("aria-label", t("calls.open", call.line, clock.ofDayOrDate(call.endedAt)));
  const made = el(
    "tr",
    {},
    cell("ended", open),
    cell("line", call.line),
    cell("caller", call.caller || t("call.unknown")),
    cell("agent", call.attendedBy || "–"),
    cell("rings", String(call.rings)),
    cell("length", length),
    cell("outcome", word("outcome", call.outcome)),
    cell("marks", ...marks(call)),
  );
  made.dataset.call = call.call;
  made.dataset.outcome = call.outcome;
  return made;
}

export class Calls {
  /** @type {string[]} */
  #ids = [];

  /** @param {ServerClock} clock @param {(call: EndedCall) => void} open */
  constructor(clock, open) {
    this.clock = clock;
    this.body = el("tbody");
    this.head = el("thead");
    /** @type {EndedCall[]} */
    this.calls = [];
    byId("calls").append(el("table", {}, this.head, this.body));
    this.fit = wholeRows(byId("calls"), () => this.body.firstElementChild, () => this.head);
    this.body.addEventListener("click", (event) => {
      const id = event.target instanceof Element ? event.target.closest("tr")?.dataset.call : undefined;
      const call = this.calls.find((other) => other.call === id);
      if (call !== undefined) open(call);
    });
  }

  /** @param {EndedCall[]} calls the last one first @param {boolean} anew the words may be others */
  show(calls, anew = false) {
    const ids = [this.clock.day(), ...calls.map((call) => JSON.stringify(call))];
    if (!anew && !differ(ids, this.#ids)) return;
    [this.calls, this.#ids] = [calls, ids];
    const focused = document.activeElement?.closest("tr")?.dataset.call;
    this.head.replaceChildren(el("tr", {}, ...COLUMNS.map((name) => el("th", { scope: "col", class: `calls-${name}` }, t(`calls.${name}`)))));
    this.body.replaceChildren(...calls.map((call) => row(call, this.clock)));
    if (calls.length === 0) this.body.append(el("tr", {}, el("td", { colspan: COLUMNS.length, class: "soft" }, t("calls.none"))));
    this.fit();
    const again = [...this.body.rows].find((other) => focused !== undefined && other.dataset.call === focused);
    again?.querySelector("button")?.focus({ preventScroll: true });
  }
}
