/** One call on a tile: state, rings and seconds large; who calls, who talks with him, what is heard. */

import { attribute, el, put } from "./dom.js";
import { icon, putIcon } from "./icons.js";
import { t, word } from "./words.js";

/** @typedef {import("./shapes.js").Call} Call */
/** @typedef {import("./counters.js").Counters} Counters */

const ODD = new Set(["silent", "noisy", "faint", "loud"]);

/** The words for who calls, or whom we call. @param {Call} call */
export const whoCalls = (call) => call.caller || t("call.unknown");

/**
 * When what is counted on the tile began: a wait from its beginning, through every reassurance; ringing from the
 * offer; any other state from its own.
 * @param {Call} call
 */
export function countedFrom(call) {
  if (call.state === "waiting") return call.waitingSince ?? call.since;
  return call.state === "ringing" ? (call.offeredAt ?? call.since) : call.since;
}

const TAKEN = new Set(["talking", "waiting"]);
const GREETED = new Set(["greeting", "listening", "prompting"]);

/** Whether his agent talks with him or is being called for him; before, the agent's number is what the greeting names.
 * @param {Call} call */
export const hasAgent = (call) => TAKEN.has(call.state) && call.position === null;

export class CallRow {
  /** @param {Counters} counters */
  constructor(counters) {
    this.counters = counters;
    this.icon = el("span", { class: "call-icon" });
    this.word = el("span", { class: "call-word" });
    this.rings = el("b", { class: "rings-count" });
    this.ringsWord = el("span", { class: "rings-word" });
    this.ringsBox = el("span", { class: "rings" }, this.rings, this.ringsWord);
    this.time = el("span", { class: "time" });
    this.who = el("span", { class: "who" });
    this.agent = el("span", { class: "agent-number" });
    this.agentBox = el("span", { class: "agent" }, icon("agent"), this.agent);
    this.greets = el("span", { class: "greets" });
    this.verdict = el("span", { class: "verdict" });
    this.place = el("span", { class: "place" });
    this.element = el(
      "span",
      { class: "call" },
      el("span", { class: "call-state" }, this.icon, this.word),
      el("span", { class: "figures" }, this.ringsBox, this.time),
      this.who,
      el("span", { class: "facts" }, this.place, this.agentBox, this.greets, this.verdict),
    );
  }

  /** @param {Call} call */
  show(call) {
    this.element.dataset.state = call.state;
    putIcon(this.icon, call.state);
    put(this.word, word("state", call.state));
    attribute(this.icon, { title: word("state", call.state) }); // where there is no room for the word
    this.ringsBox.hidden = call.state !== "ringing";
    put(this.rings, String(call.rings));
    put(this.ringsWord, t(call.rings === 1 ? "call.ring" : "call.rings"));
    this.counters.run(this.time, countedFrom(call));
    put(this.who, whoCalls(call));
    this.#showAgent(call);
    const place = call.position === null ? "" : t("call.position", call.position);
    put(this.place, call.ticket ? t("call.ticket", call.ticket) : place);
    put(this.verdict, call.verdict && word("verdict", call.verdict));
    this.verdict.classList.toggle("odd", ODD.has(call.verdict));
  }

  /** @param {Call} call */
  #showAgent(call) {
    const its = call.agent !== "" && hasAgent(call);
    put(this.agent, its ? call.agent : "");
    this.agentBox.hidden = !its;
    put(this.greets, call.agent && GREETED.has(call.state) ? t("call.greets", call.agent) : "");
  }
}
