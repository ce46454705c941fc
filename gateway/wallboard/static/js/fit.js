/** How large tiles may be, so that all lines are seen at once. Pure. */

/** Width and height in rem, the largest first. @type {ReadonlyArray<[string, number, number]>} */
export const SIZES = [
  ["xxl", 23, 17.4],
  ["xl", 18, 13.2],
  ["l", 14, 10.6],
  ["m", 11, 8.6],
  ["s", 8.6, 6.4],
  ["xs", 6.4, 4.3],
  ["xxs", 4.3, 2.5],
];
const GAP = 0.6; // rem
const SMALL_GAP = 0.35; // rem; from xs on, and of small chips
/** rem; an idle line among many, and among very many. */
const CHIP = [5.6, 2.5];
const SMALL_CHIP = [4.2, 1.7];
const VERY_MANY = 40; // idle lines
const CHIPS_TITLE = 2; // rem
const CALM_AFTER = 12000; // ms that there must be room for larger tiles before they grow: lines come and go

/** How many find room beside each other. @param {number} space @param {number} size @param {number} gap */
const many = (space, size, gap) => Math.max(1, Math.floor((space + gap) / (size + gap)));

/** How high so many are, in rows. @param {number} count @param {number} space @param {number[]} size @param {number} gap */
const height = (count, space, [width, high], gap) => Math.ceil(count / many(space, width, gap)) * (high + gap);

/** How chips of so many idle lines are. @param {number} idle */
export const chipSize = (idle) => (idle > VERY_MANY ? "small" : "normal");

/**
 * The largest size of which `tiles` find room above the chips of `idle` lines.
 * @param {{width: number, height: number}} room in rem
 * @param {number} tiles
 * @param {number} idle lines shown as chips
 */
export function sizeFor(room, tiles, idle) {
  const [chip, gap] = chipSize(idle) === "small" ? [SMALL_CHIP, SMALL_GAP] : [CHIP, GAP];
  const chips = idle ? height(idle, room.width, chip, gap) + CHIPS_TITLE : 0;
  const fits = SIZES.find(([name, ...size]) => {
    const between = name.endsWith("xs") ? SMALL_GAP : GAP;
    return height(tiles, room.width, size, between) - between <= room.height - chips;
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
