/** Walking over the tiles with the arrow keys: one of them is reached by Tab, the others from it. */

const STEPS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);

/** The tile above or below: of those in another row the nearest. @param {HTMLElement[]} tiles @param {HTMLElement} from @param {number} way */
function inNextRow(tiles, from, way) {
  const here = from.getBoundingClientRect();
  const boxes = tiles.map((tile) => ({ tile, box: tile.getBoundingClientRect() }));
  const beyond = boxes.filter(({ box }) => (box.top - here.top) * way > 1);
  const row = Math.min(...beyond.map(({ box }) => Math.abs(box.top - here.top)));
  const next = beyond.filter(({ box }) => Math.abs(Math.abs(box.top - here.top) - row) < 2);
  next.sort((a, b) => Math.abs(a.box.left - here.left) - Math.abs(b.box.left - here.left));
  return next[0]?.tile;
}

/** @param {HTMLElement[]} tiles @param {HTMLElement} from @param {string} key */
function target(tiles, from, key) {
  const index = tiles.indexOf(from);
  if (key === "Home") return tiles[0];
  if (key === "End") return tiles[tiles.length - 1];
  if (key === "ArrowLeft") return tiles[index - 1];
  if (key === "ArrowRight") return tiles[index + 1];
  return inNextRow(tiles, from, key === "ArrowDown" ? 1 : -1);
}

/** @param {HTMLElement} tile */
function onlyReachable(tile) {
  for (const other of document.querySelectorAll('.tile[tabindex="0"]')) other.setAttribute("tabindex", "-1");
  tile.setAttribute("tabindex", "0");
}

/** Let the keys work on whatever tiles are in this element. @param {HTMLElement} room */
export function walkable(room) {
  room.addEventListener("keydown", (event) => {
    const from = event.target instanceof Element ? event.target.closest(".tile") : null;
    if (!(from instanceof HTMLElement) || !STEPS.has(event.key)) return;
    event.preventDefault();
    const tiles = /** @type {HTMLElement[]} */ ([...room.querySelectorAll(".tile")]);
    target(tiles, from, event.key)?.focus();
  });
  room.addEventListener("focusin", (event) => {
    if (event.target instanceof HTMLElement && event.target.matches(".tile")) onlyReachable(event.target);
  });
}
