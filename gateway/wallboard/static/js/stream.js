/**
 * The stream of the feed, kept up: connected anew by itself whenever it breaks, with growing pauses.
 * By `fetch` and not EventSource, which tells no status: 401 leads to the log-in, 503 says when to come again.
 */

import { EventReader } from "./sse.js";

/** @typedef {{onEvent: (event: string, data: any) => void, onLost: () => void, onRefused: () => void}} Listener */

const PAUSES = [500, 1000, 2000, 4000, 8000]; // ms between attempts; a restarted gateway is back after a few seconds
const SILENT = 15000; // ms without a word, after which the connection is taken for dead: alive comes every 2 s
const LONGEST = 60; // s; of a Retry-After

/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export class Stream {
  #failures = 0;
  /** Wakes who pauses before the next attempt. */
  #wake = () => {};

  /** @param {string} url @param {Listener} listener */
  constructor(url, listener) {
    this.url = url;
    this.listener = listener;
    addEventListener("online", () => this.#wake());
  }

  /** Listen until the log-in is asked for. */
  async run() {
    for (;;) {
      const asked = await this.#once().catch(() => null);
      if (asked === "refused") return;
      this.listener.onLost();
      const before = PAUSES[Math.min(this.#failures++, PAUSES.length - 1)] * (1 + Math.random() / 2);
      const woken = new Promise((done) => (this.#wake = () => done(undefined)));
      await Promise.race([pause(typeof asked === "number" ? asked * 1000 : before), woken]);
    }
  }

  /**
   * One connection, until it ends: null. "refused": log in first; a number: come again after so many seconds.
   * @returns {Promise<"refused" | number | null>}
   */
  async #once() {
    const control = new AbortController();
    let watch = setTimeout(() => control.abort(), SILENT);
    try {
      const answer = await fetch(this.url, {
        headers: { Accept: "text/event-stream" },
        cache: "no-store",
        signal: control.signal,
      });
      if (answer.status === 401 || (answer.redirected && new URL(answer.url).pathname === "/login")) {
        this.listener.onRefused();
        return "refused";
      }
      if (!answer.ok || answer.body === null) return this.#later(answer);
      const text = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      const events = new EventReader();
      for (let part = await text.read(); !part.done; part = await text.read()) {
        clearTimeout(watch);
        watch = setTimeout(() => control.abort(), SILENT);
        this.#tell(events.read(part.value));
      }
      return null;
    } finally {
      clearTimeout(watch);
      control.abort();
    }
  }

  /** @param {Response} answer */
  #later(answer) {
    const seconds = Number(answer.headers.get("Retry-After") ?? NaN);
    return seconds > 0 ? Math.min(seconds, LONGEST) : null;
  }

  /** @param {import("./sse.js").ServerEvent[]} events */
  #tell(events) {
    for (const { event, data } of events) {
      this.#failures = 0;
      this.listener.onEvent(event, JSON.parse(data));
    }
  }
}
