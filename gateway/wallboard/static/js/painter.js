/**
 * Draws what has changed, a little with each frame of the screen: however much changes at once, the page stays smooth,
 * and every line is drawn as it is by then. What has waited the longest comes first.
 */

/** @typedef {import("./model.js").Part} Part */
/** @typedef {{line: (name: string) => void, arrange: () => void, parts: (parts: Set<Part>) => void}} Drawing */

const MOST = 4; // ms of a frame for drawing lines; the browser's own work on them takes two or three times that
const LEAST = 0.5; // ms; at least one line is drawn in any case
const SLOW = 34; // ms between two frames (two of 60 a second) from which on less is drawn with each
const PARTS_EVERY = 250; // ms between two drawings of what sums up the lines

export class Painter {
  /** @type {Set<string>} */
  #lines = new Set();
  /** @type {Set<Part>} */
  #parts = new Set();
  #partsAt = -Infinity;
  #due = false;
  #budget = MOST;
  /** When the frame before this one began, if it was drawn in, too: ms. @type {number | null} */
  #before = null;

  /** @param {import("./model.js").Model} model @param {Drawing} drawing */
  constructor(model, drawing) {
    this.model = model;
    this.drawing = drawing;
  }

  /** The model has changed. */
  soon() {
    if (this.#due) return;
    this.#due = true;
    requestAnimationFrame((began) => this.#frame(began));
  }

  /** @param {number} began ms */
  #frame(began) {
    this.#due = false;
    this.#adapt(began);
    const { parts, lines } = this.model.changes();
    for (const name of lines) this.#lines.add(name);
    for (const part of parts) this.#parts.add(part);
    const now = performance.now();
    if (this.#parts.size && now - this.#partsAt >= PARTS_EVERY) this.#drawParts(now);
    else this.#drawLines(now + this.#budget);
    const more = this.#lines.size > 0 || this.#parts.size > 0;
    this.#before = more ? began : null;
    if (more) this.soon();
  }

  /** Less with each frame where frames take long, and slowly more again. @param {number} began ms */
  #adapt(began) {
    if (this.#before === null) return;
    const slow = began - this.#before > SLOW;
    this.#budget = Math.min(MOST, Math.max(LEAST, this.#budget * (slow ? 0.7 : 1.05)));
  }

  /** @param {number} now */
  #drawParts(now) {
    const parts = this.#parts;
    this.#parts = new Set();
    this.#partsAt = now;
    this.drawing.parts(parts);
  }

  /** @param {number} end ms */
  #drawLines(end) {
    if (this.#lines.size === 0) return;
    for (const name of this.#lines) {
      this.#lines.delete(name);
      this.drawing.line(name);
      if (performance.now() >= end) break;
    }
    this.drawing.arrange();
  }
}
