/** What the feed says now: folds snapshots and changes, topic by topic. Knows nothing of the page. */

import * as shapes from "./shapes.js";

/** @typedef {"line" | "agent" | "alert" | "kpi" | "calls" | "site"} Part of the board */

const order = new Intl.Collator("en", { numeric: true });

/** Names as people order them: sip2 before sip10. @param {string} a @param {string} b */
export const byName = (a, b) => order.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);

export class Model {
  site = "";
  /** @type {Map<string, shapes.Line>} */
  lines = new Map();
  /** @type {Map<string, shapes.Agent>} */
  agents = new Map();
  /** By topic. @type {Map<string, shapes.Alert>} */
  alerts = new Map();
  /** @type {Set<string>} */
  overdueTickets = new Set();
  kpi = shapes.kpi(null);
  /** @type {shapes.EndedCall[]} */
  calls = [];
  /** What has changed since it was last asked: parts of the board, and lines by name. */
  #parts = /** @type {Set<Part>} */ (new Set());
  #lines = /** @type {Set<string>} */ (new Set());

  /** Everything anew. @param {{site?: unknown, messages?: unknown}} frame */
  snapshot(frame) {
    for (const name of this.lines.keys()) this.#lines.add(name);
    this.site = typeof frame.site === "string" ? frame.site : this.site;
    this.lines.clear();
    this.agents.clear();
    this.alerts.clear();
    this.overdueTickets.clear();
    this.kpi = shapes.kpi(null);
    this.calls = [];
    for (const part of /** @type {Part[]} */ (["line", "agent", "alert", "kpi", "calls", "site"])) this.#parts.add(part);
    this.change(frame);
  }

  /** The newest of some topics; null: the topic is gone. @param {{messages?: unknown}} frame */
  change(frame) {
    for (const [topic, payload] of Object.entries(frame.messages ?? {})) this.#take(topic, payload);
  }

  /** What is to be drawn again. */
  changes() {
    const found = { parts: this.#parts, lines: this.#lines };
    this.#parts = new Set();
    this.#lines = new Set();
    return found;
  }

  /** The customers who wait, the next one first. */
  waiting() {
    const all = [...this.lines.values()].flatMap((line) => line.calls.map((call) => ({ line: line.line, ...call })));
    const waiting = all.filter((call) => call.state === "waiting" || call.waitingSince !== null);
    const place = (/** @type {shapes.Call} */ call) => call.position ?? Infinity;
    const since = (/** @type {shapes.Call} */ call) => call.waitingSince ?? call.since ?? Infinity;
    return waiting.sort((a, b) => (place(a) === place(b) ? since(a) - since(b) || 0 : place(a) - place(b)));
  }

  /** The alerts of one line. @param {string} line */
  alertsOf(line) {
    return [...this.alerts.values()].filter((alert) => alert.line === line);
  }

  /** @param {string} topic @param {unknown} payload */
  #take(topic, payload) {
    const levels = topic.split("/");
    const [room, name] = levels;
    if (topic === "kpi") this.#whole("kpi", () => (this.kpi = shapes.kpi(payload)));
    else if (topic === "calls") this.#whole("calls", () => (this.calls = shapes.endedCalls(payload)));
    else if (room === "line" && levels[2] === "state") this.#line(name, payload);
    else if (room === "line" && levels[2] === "alert") this.#alert(topic, name, levels[3] ?? "", payload);
    else if (room === "alert" && levels.length === 2) this.#alert(topic, "", name, payload);
    else if (room === "agent" && levels[2] === "state") this.#agent(name, payload);
    else if (room === "ticket" && levels[2] === "state") this.#ticket(name, payload);
  }

  /** @param {Part} part @param {() => void} take */
  #whole(part, take) {
    this.#parts.add(part);
    take();
  }

  /** @param {string} name @param {unknown} payload */
  #line(name, payload) {
    this.#parts.add("line");
    this.#lines.add(name);
    if (payload === null) this.lines.delete(name);
    else this.lines.set(name, shapes.line(name, payload));
  }

  /** @param {string} topic @param {string} line @param {string} code @param {unknown} payload */
  #alert(topic, line, code, payload) {
    this.#parts.add("alert");
    if (line) this.#lines.add(line);
    if (payload === null) this.alerts.delete(topic);
    else this.alerts.set(topic, shapes.alert(line, code, payload));
  }

  /** @param {string} name @param {unknown} payload */
  #agent(name, payload) {
    this.#parts.add("agent");
    if (payload === null) this.agents.delete(name);
    else this.agents.set(name, shapes.agent(name, payload));
  }

  /** @param {string} name @param {unknown} payload */
  #ticket(name, payload) {
    const before = this.overdueTickets.size;
    if (payload !== null && shapes.overdue(payload)) this.overdueTickets.add(name);
    else this.overdueTickets.delete(name);
    if (this.overdueTickets.size !== before) this.#parts.add("alert");
  }
}
