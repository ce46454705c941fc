/** Light or dark: as the machine has it, until a button says otherwise. */

import { byId, put } from "./dom.js";
import { remember, remembered } from "./memory.js";
import { t } from "./words.js";

const dark = matchMedia("(prefers-color-scheme: dark)");

/** @returns {"dark" | "light"} */
function theme() {
  const chosen = remembered("theme");
  if (chosen === "dark" || chosen === "light") return chosen;
  return dark.matches ? "dark" : "light";
}

/** Show the theme, follow the machine's, and offer the other one in the page's tools. */
export function themeButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.id = "theme";
  const show = () => {
    document.documentElement.dataset.theme = theme();
    put(button, t(theme() === "dark" ? "tool.light" : "tool.dark"));
  };
  button.addEventListener("click", () => {
    remember("theme", theme() === "dark" ? "light" : "dark");
    show();
  });
  dark.addEventListener("change", show);
  document.addEventListener("language", show);
  show();
  byId("tools").append(button);
}
