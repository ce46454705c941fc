/**
 * All lines: few stand still in their places; of many, the idle ones stand aside as chips. They change places once a
 * second at most, and a line stays for a moment after its call: whoever looks finds it, and nothing jumps about.
 */

import { byId, put } from "./dom.js";
import { CalmSize, chipSize, sizeFor } from "./fit.js";
import { gravestFirst } from "./gravity.js";
import { byName } from "./model.js";
import { Tile } from "./tile.js";
import { t } from "./words.js";

/** @typedef {import("./model.js").Model} Model */

const VERY_FEW = 4; // tiles that share the whole breadth
const FEW = 24; // lines that all have a tile of their own
const CALLS_ROOM = 15; // rem that the last calls need below the tiles
const CALLS_ROOM_CROWDED = 11.2; // rem, where lines are many
const TITLE = 2.6; // rem; above the tiles, and the gap below
const CROWD = 60; // lines
const WALL = matchMedia("(min-width: 1200px) and (min-height: 700px)"); // where nothing scrolls: see layout.css
const LINGER = 3000; // ms for which a line that has become idle keeps its place
const LINE_STATES = new Set(["idle", "offline"]);

export class Tiles {
  /** @type {Map<string, Tile>} */
  #tiles = new Map();
  /** @type {string[]} */
  #names = [];
  /** Since when lines without a call have none: ms. @type {Map<string, number>} */
  #calmSince = new Map();
  #size = new CalmSize();
  #room = { width: 0, height: 0 };

  /** @param {Model} model @param {import("./counters.js").Counters} counters */
  constructor(model, counters) {
    this.model = model;
    this.counters = counters;
    this.busy = byId("busy");
    this.idle = byId("idle");
    new ResizeObserver(([entry]) => this.#resized(entry.contentRect)).observe(byId("main-column"));
  }

  /** Draw a line again. @param {string} name */
  draw(name) {
    if (!this.model.lines.has(name)) this.#forget(name);
    else if (!this.#tiles.has(name)) this.#add(name);
    this.#show(name);
  }

  /** Draw all lines again. */
  redraw() {
    for (const name of this.#names) this.#show(name);
    this.arrange();
  }

  /** @param {string} name */
  #add(name) {
    this.#tiles.set(name, new Tile(name, this.counters));
    const before = this.#names.findLastIndex((other) => byName(other, name) < 0);
    this.#names.splice(before + 1, 0, name);
    this.#placeAgain();
  }

  /** @param {string} name */
  #forget(name) {
    this.#tiles.get(name)?.element.remove();
    this.#tiles.delete(name);
    this.#calmSince.delete(name);
    this.#names = this.#names.filter((other) => other !== name);
    this.#placeAgain();
  }

  /** There are few lines, or many: all have their places anew. */
  #placeAgain() {
    const many = this.#names.length > FEW;
    if (this.busy.dataset.many === String(many)) return;
    this.busy.dataset.many = String(many);
    const placed = this.#names.filter((name) => this.#tiles.get(name)?.element.parentElement);
    for (const name of placed) this.#place(name, performance.now() + LINGER);
  }

  /** A second has passed: lines go where they belong by now. */
  settle() {
    const now = performance.now();
    for (const name of this.#names) this.#place(name, now);
    this.arrange();
  }

  /** @param {string} name */
  #show(name) {
    const [line, tile] = [this.model.lines.get(name), this.#tiles.get(name)];
    if (line === undefined || tile === undefined) return;
    tile.show(line, gravestFirst(this.model.alertsOf(name)));
    const calm = line.calls.length === 0 && LINE_STATES.has(line.state);
    if (!calm) this.#calmSince.delete(name);
    else if (!this.#calmSince.has(name)) this.#calmSince.set(name, performance.now());
    if (tile.element.parentElement === null) this.#place(name, performance.now() + LINGER);
  }

  /** A tile in the list where it belongs, before the next of its kind. @param {string} name @param {number} now ms */
  #place(name, now) {
    const tile = this.#tiles.get(name);
    if (tile === undefined) return;
    const calm = now - (this.#calmSince.get(name) ?? Infinity);
    const chip = this.#names.length > FEW && (calm >= LINGER || (calm >= 0 && tile.element.parentElement === this.idle));
    const list = chip ? this.idle : this.busy;
    if (tile.element.parentElement === list) return;
    const focused = tile.button === document.activeElement;
    list.insertBefore(tile.element, this.#after(name, list));
    if (focused) tile.button.focus({ preventScroll: true });
  }

  /** The first tile in this list that comes after a name. @param {string} name @param {HTMLElement} list */
  #after(name, list) {
    for (let index = this.#names.indexOf(name) + 1; index < this.#names.length; index++) {
      const other = this.#tiles.get(this.#names[index])?.element;
      if (other?.parentElement === list) return other;
    }
    return null;
  }

  /** @param {DOMRectReadOnly} box */
  #resized(box) {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.#room = { width: box.width / rem, height: box.height / rem };
    this.#size.resized();
    this.arrange();
  }

  /** Choose how large tiles are, by the room and how many there are. */
  arrange() {
    const [all, chips] = [this.#names.length, this.idle.childElementCount];
    this.#sizes(all, chips);
    this.busy.dataset.few = String(all - chips <= VERY_FEW ? all - chips : 0);
    document.body.dataset.crowd = String(all > CROWD);
    const title = byId("idle-title");
    title.hidden = chips === 0;
    put(title, t("lines.idle"));
    put(byId("lines-count"), all ? t("lines.active", this.#busyLines(), all) : t("lines.none"));
    this.#keepReachable();
  }

  /** @param {number} all lines @param {number} chips of them */
  #sizes(all, chips) {
    const below = all > CROWD ? CALLS_ROOM_CROWDED : CALLS_ROOM;
    const room = { width: this.#room.width, height: this.#room.height - below - TITLE };
    const fitting = this.#size.next(sizeFor(room, all - chips, chips), performance.now());
    const size = WALL.matches ? fitting : all > CROWD ? "s" : "m";
    if (this.busy.dataset.size !== size) this.busy.dataset.size = size;
    if (this.idle.dataset.size !== chipSize(chips)) this.idle.dataset.size = chipSize(chips);
  }

  #busyLines() {
    return [...this.model.lines.values()].filter((line) => line.calls.length > 0).length;
  }

  /** One tile can be reached with Tab; the others from there with the arrow keys. */
  #keepReachable() {
    if (document.querySelector('.tile[tabindex="0"]') !== null) return;
    document.querySelector(".tile")?.setAttribute("tabindex", "0");
  }
}
