/** Lists that show whole rows alone: nothing is cut through, and a television cannot be scrolled. */

/**
 * Hide what would be seen of a row for whose whole there is no room; scrolled to, it is seen. What is hidden takes its room
 * still, so that nothing else on the page moves.
 * @param {HTMLElement} list that scrolls
 * @param {() => Element | null | undefined} row any of its rows: all are as high
 * @param {() => Element | null | undefined} head what stands in the list above its rows
 * @returns {() => void} to be called when its rows are others
 */
export function wholeRows(list, row, head = () => null) {
  const fit = () => {
    const gap = parseFloat(getComputedStyle(row()?.parentElement ?? list).rowGap) || 0;
    const above = head()?.getBoundingClientRect().height ?? 0;
    const high = (row()?.getBoundingClientRect().height ?? 0) + gap;
    const room = list.clientHeight - above + gap;
    const cut = high > gap && list.scrollHeight > list.clientHeight + 1 ? room % high : 0;
    list.style.clipPath = cut > 1 ? `inset(0 0 ${cut}px 0)` : "";
  };
  new ResizeObserver(fit).observe(list);
  return fit;
}
