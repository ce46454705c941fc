/** Everything that counts seconds, on one timer. What has left the page is forgotten by itself. */

import { duration } from "./clock.js";
import { put } from "./dom.js";

/** @typedef {import("./clock.js").ServerClock} ServerClock */
/** @typedef {(element: HTMLElement, ms: number) => void} Show what it does with the time since `from` */

const HOUR = 3600000; // ms

/** From an hour on it is longer, and is written smaller. @type {Show} */
function asDuration(element, ms) {
  put(element, duration(ms));
  if (element.classList.contains("long") !== ms >= HOUR) element.classList.toggle("long");
}

export class Counters {
  /** @type {Map<HTMLElement, {from: number, show: Show}>} */
  #running = new Map();

  /** @param {ServerClock} clock */
  constructor(clock) {
    this.clock = clock;
  }

  /**
   * Let an element count from a moment on; null: it stops, and is empty.
   * @param {HTMLElement} element
   * @param {number | null} from ms since 1970
   * @param {Show} show
   */
  run(element, from, show = asDuration) {
    if (from === null) {
      this.#running.delete(element);
      put(element, "");
      return;
    }
    this.#running.set(element, { from, show });
    show(element, this.clock.now() - from);
  }

  /** A second has passed. */
  tick() {
    const now = this.clock.now();
    for (const [element, { from, show }] of this.#running) {
      if (element.isConnected) show(element, now - from);
      else this.#running.delete(element);
    }
  }
}

/**
 * Call `work` at the beginning of each of the gateway's seconds.
 * @param {ServerClock} clock
 * @param {() => void} work
 */
export function everySecond(clock, work) {
  const next = () => {
    setTimeout(next, 1000 - (clock.now() % 1000));
    work();
  };
  next();
}
