/** On a small screen the page's buttons stand in a menu: lines come first. */

import { byId } from "./dom.js";

export function toolsMenu() {
  const [button, tools] = [byId("menu"), byId("tools")];
  const open = (/** @type {boolean} */ opened) => {
    button.setAttribute("aria-expanded", String(opened));
    tools.classList.toggle("opened", opened);
  };
  button.addEventListener("click", () => open(button.getAttribute("aria-expanded") !== "true"));
  document.addEventListener("click", (event) => {
    const inside = event.target instanceof Node && (button.contains(event.target) || tools.contains(event.target));
    if (!inside) open(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || button.getAttribute("aria-expanded") !== "true") return;
    open(false);
    button.focus();
  });
}
