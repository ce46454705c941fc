/**
 * Payloads as the page needs them. What comes over the stream is believed in nothing: a value of another kind than
 * promised becomes the nearest that can be shown.
 */

import { moment } from "./clock.js";

/**
 * @typedef {{call: string, state: string, since: number | null, offeredAt: number | null, rings: number,
 *   caller: string, agent: string, verdict: string, prompt: string, kind: string, position: number | null,
 *   waitingSince: number | null, nextReassurance: number | null, ticket: string}} Call
 * @typedef {{line: string, driver: string, state: string, since: number | null, calls: Call[]}} Line
 * @typedef {{agent: string, state: string, since: number | null, why: string}} Agent
 * @typedef {{line: string, code: string, detail: string, since: number | null}} Alert
 * @typedef {{offered: number, answered: number, lost: number, rate: number | null}} Figures
 * @typedef {Figures & {goal: number, hours: Map<number, Figures>}} Kpi
 * @typedef {{call: string, line: string, caller: string, attendedBy: string, offeredAt: number | null,
 *   endedAt: number | null, rings: number, outcome: string, releasedBy: string, kept: string[],
 *   broken: string[]}} EndedCall
 */

/** @param {unknown} value @returns {Record<string, unknown>} */
const fields = (value) =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? /** @type {any} */ (value) : {};

/** @param {unknown} value */
const list = (value) => (Array.isArray(value) ? value : []);

/** @param {unknown} value */
const text = (value) => (typeof value === "string" || typeof value === "number" ? String(value) : "");

/** @param {unknown} value @returns {number | null} */
const number = (value) => (typeof value === "number" && Number.isFinite(value) ? value : null);

/** @param {unknown} value */
const count = (value) => Math.max(0, Math.floor(number(value) ?? 0));

/** @param {unknown} value */
const texts = (value) => list(value).map(text);

/** @param {unknown} value @returns {Call} */
function call(value) {
  const its = fields(value);
  return {
    call: text(its.call),
    state: text(its.state),
    since: moment(its.since),
    offeredAt: moment(its.offered_at),
    rings: count(its.rings),
    caller: text(its.caller),
    agent: text(its.agent),
    verdict: text(its.verdict),
    prompt: text(its.prompt),
    kind: text(its.kind),
    position: number(its.position),
    waitingSince: moment(its.waiting_since),
    nextReassurance: moment(its.next_reassurance),
    ticket: text(its.ticket),
  };
}

/** @param {string} name @param {unknown} value @returns {Line} */
export function line(name, value) {
  const its = fields(value);
  return {
    line: name,
    driver: text(its.driver),
    state: text(its.state),
    since: moment(its.since),
    calls: list(its.calls).map(call),
  };
}

/** @param {string} name @param {unknown} value @returns {Agent} */
export function agent(name, value) {
  const its = fields(value);
  return { agent: name, state: text(its.state), since: moment(its.since), why: text(its.why) };
}

/** @param {string} line empty: the gateway's own @param {string} code @param {unknown} value @returns {Alert} */
export function alert(line, code, value) {
  const its = fields(value);
  return { line, code, detail: text(its.detail), since: moment(its.since) ?? moment(its.ts) };
}

/** @param {unknown} value @returns {Figures} */
function figures(value) {
  const its = fields(value);
  return { offered: count(its.offered), answered: count(its.answered), lost: count(its.abandoned) + count(its.failed), rate: number(its.answer_rate) };
}

/** @param {unknown} value @returns {Kpi} */
export function kpi(value) {
  const its = fields(value);
  const hours = new Map(list(its.by_hour).map((hour) => [count(Number(fields(hour).hour)), figures(hour)]));
  return { ...figures(its), goal: number(its.answer_rate_goal) ?? 0.98, hours };
}

/** @param {unknown} value @returns {EndedCall[]} */
export function endedCalls(value) {
  return list(fields(value).calls).map((ended) => {
    const its = fields(ended);
    return {
      call: text(its.call),
      line: text(its.line),
      caller: text(its.caller),
      attendedBy: text(its.attended_by),
      offeredAt: moment(its.offered_at),
      endedAt: moment(its.ended_at),
      rings: count(its.rings),
      outcome: text(its.outcome),
      releasedBy: text(its.released_by),
      kept: texts(its.kept),
      broken: texts(its.broken),
    };
  });
}

/** A ticket whose deadline has passed. @param {unknown} value */
export const overdue = (value) => fields(value).overdue === true;
