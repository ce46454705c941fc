/** How large tiles may be, so that all lines are seen at once. Pure. */

/** Width and height in rem, the largest first. @type {ReadonlyArray<[string, number, number]>} */
export const SIZES = [
  ["xl", 18, 13.2],
  ["l", 14, 10.6],
  ["m", 11, 8.6],
  ["s", 8.6, 6.4],
  ["xs", 6.6, 4.6],
  ["xxs", 5, 3.1],
];
const GAP = 0.6; // rem
const CHIP = [5.6, 2.5]; // rem; an idle line among many
const CHIPS_TITLE = 2; // rem
const CALM_AFTER = 12000; // ms that there must be room for larger tiles before they grow: lines come and go

/** @param {number} space @param {number} size */
const many = (space, size) => Math.max(1, Math.floor((space + GAP) / (size + GAP)));

/**
 * The largest size of which `tiles` find room above the chips of `idle` lines.
 * @param {{width: number, height: number}} room in rem
 * @param {number} tiles
 * @param {number} idle lines shown as chips
 */
export function sizeFor(room, tiles, idle) {
  const chips = idle ? Math.ceil(idle / many(room.width, CHIP[0])) * (CHIP[1] + GAP) + CHIPS_TITLE : 0;
  const fits = SIZES.find(([, width, height]) => {
    const rows = Math.ceil(tiles / many(room.width, width));
    return rows * (height + GAP) - GAP <= room.height - chips;
  });
  return (fits ?? SIZES[SIZES.length - 1])[0];
}

/** Shrinks the tiles at once, and lets them grow again only when there has been room for a while. */
export class CalmSize {
  #size = SIZES[0][0];
  /** @type {number | null} */
  #roomSince = null;
  #first = true;

  /** @param {string} wanted @param {number} now ms */
  next(wanted, now) {
    const rank = (/** @type {string} */ name) => SIZES.findIndex(([size]) => size === name);
    const grows = rank(wanted) < rank(this.#size);
    if (!grows) this.#roomSince = null;
    else this.#roomSince ??= now;
    const calm = this.#roomSince !== null && now - this.#roomSince >= CALM_AFTER;
    if (this.#first || !grows || calm) {
      this.#size = wanted;
      this.#roomSince = null;
    }
    this.#first = false;
    return this.#size;
  }

  /** The room itself has changed: the next size is taken at once. */
  resized() {
    this.#first = true;
  }
}
