/**
 * What people are called for: troubles of the gateway and of its lines while they last, tickets that are overdue. How
 * many there are is always told; of many the gravest are named, as many as there is room for, and all in a dialog.
 */

import { closable, sheet } from "./dialogs.js";
import { byId, el, put } from "./dom.js";
import { gravestFirst } from "./gravity.js";
import { byName } from "./model.js";
import { t, word } from "./words.js";

/** @typedef {import("./shapes.js").Alert} Alert */
/** @typedef {import("./clock.js").ServerClock} ServerClock */

const DIALOG = "alerts-dialog";
const DETAILED = 2; // alerts that are shown with what is to be done; of more only the titles
const CARD = 19; // rem; a title is told from afar
const [TALL, SHORT] = [900, 500]; // px; rows of titles on a screen at least as high, and below
const ROOMY = 2;
const COLUMNS_FROM = 600; // px; a narrower screen is a telephone, on which titles stand above each other

/** @param {Alert} alert @param {ServerClock} clock @param {boolean} detailed */
function card(alert, clock, detailed) {
  const since = alert.since === null ? "" : t("alert.since", clock.ofDay(alert.since, false));
  const title = [el("b", { class: "alert-where" }, alert.line || t("alert.gateway")), el("strong", { class: "alert-what" }, word("alert", alert.code))];
  const rest = detailed ? [el("span", { class: "alert-detail" }, alert.detail), el("span", { class: "alert-since" }, since)] : [];
  return el("li", { title: [alert.detail, since].filter(Boolean).join(" · ") }, ...title, ...rest);
}

export class Alerts {
  /** @type {Alert[]} */
  #all = [];
  #open = false;
  #drawn = "";

  /** @param {ServerClock} clock */
  constructor(clock) {
    this.clock = clock;
    this.list = byId("alert-list");
    closable(DIALOG, () => (this.#open = false));
    byId("alerts-all").addEventListener("click", () => this.#openAll());
    this.more = el("button", { type: "button", class: "alerts-more" });
    this.more.addEventListener("click", () => this.#openAll());
    new ResizeObserver(() => this.#draw()).observe(document.documentElement);
  }

  /** @param {Map<string, Alert>} alerts by topic @param {Set<string>} overdue tickets */
  show(alerts, overdue) {
    const tickets = [...overdue].sort(byName).map((ticket) => `#${ticket}`).join(" ");
    const late = tickets ? [{ line: "", code: "tickets_overdue", detail: tickets, since: null }] : [];
    this.#all = gravestFirst([...alerts.values(), ...late]);
    this.#draw();
    if (this.#open) this.#fillDialog();
  }

  #draw() {
    const count = this.#all.length;
    const told = t(count === 1 ? "alerts.one" : "alerts.count", count);
    const room = this.#room();
    const drawn = JSON.stringify([room, told, this.#all]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const detailed = count <= DETAILED && innerHeight >= SHORT;
    const shown = this.#all.slice(0, count <= room ? count : room - 1);
    put(byId("alerts-count"), told);
    put(this.more, t("alerts.more", count - shown.length));
    this.list.dataset.detailed = String(detailed);
    this.list.replaceChildren(...shown.map((alert) => card(alert, this.clock, detailed)));
    if (shown.length < count) this.list.append(el("li", { class: "more-card" }, this.more));
    byId("alerts").hidden = count === 0;
  }

  /** How many cards find room. */
  #room() {
    if (innerHeight < SHORT) return ROOMY;
    if (innerWidth < COLUMNS_FROM) return ROOMY + 1;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const columns = Math.max(1, Math.floor(innerWidth / rem / CARD) - 1); // the heading has the place of one
    this.list.style.setProperty("--columns", String(columns));
    return columns * (innerHeight >= TALL ? ROOMY : 1);
  }

  #openAll() {
    this.#open = true;
    this.#fillDialog();
  }

  #fillDialog() {
    const cards = this.#all.map((alert) => card(alert, this.clock, true));
    const scrolled = byId(DIALOG).querySelector(".all-alerts")?.scrollTop ?? 0;
    const list = el("ul", { class: "all-alerts", tabindex: 0 }, ...cards);
    sheet(DIALOG, byId("alerts-count").textContent ?? "", list);
    list.scrollTop = scrolled;
  }
}
