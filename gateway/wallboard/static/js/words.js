/** The page's words in the language chosen: by ?lang=, by the button, remembered; else the browser's. */

import { EN } from "./words/en.js";
import { ZH } from "./words/zh.js";
import { byId, put } from "./dom.js";
import { remember, remembered } from "./memory.js";

/** @typedef {"zh" | "en"} Language */

const WORDS = { zh: ZH, en: EN };
const TAGS = { zh: "zh-CN", en: "en" };

/** @param {unknown} text @returns {Language | null} */
const known = (text) => (text === "zh" || text === "en" ? text : null);

/** @type {Language} */
let chosen =
  known(new URLSearchParams(location.search).get("lang")) ??
  known(remembered("language")) ??
  (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");

/** The language that is shown. */
export const language = () => chosen;

/** Show the other language from now on. */
export function otherLanguage() {
  chosen = chosen === "zh" ? "en" : "zh";
  remember("language", chosen);
}

/**
 * Words by their key, what is filled in instead of {0}, {1} …
 * @param {string} key
 * @param {...(string | number)} filled
 */
export function t(key, ...filled) {
  const words = WORDS[chosen][key] ?? key;
  return words.replace(/\{(\d)\}/g, (_, index) => String(filled[Number(index)] ?? ""));
}

/**
 * The words for a value of the feed; one that is not known, of another version, stands for itself.
 * @param {string} group as `state`
 * @param {string} value
 */
export function word(group, value) {
  const key = `${group}.${value}`;
  return Object.hasOwn(WORDS[chosen], key) ? WORDS[chosen][key] : value.replaceAll("_", " ");
}

/** Put the words into what the page itself holds. */
export function translate() {
  document.documentElement.lang = TAGS[chosen];
  for (const element of document.querySelectorAll("[data-t]")) put(element, t(element.getAttribute("data-t") ?? ""));
  for (const element of document.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", t(element.getAttribute("data-t-label") ?? ""));
  }
}

/** A button of the page's tools that changes what is seen. */
export function languageButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.id = "language";
  const label = () => {
    put(button, t("tool.language"));
    button.lang = chosen === "zh" ? TAGS.en : TAGS.zh;
  };
  button.addEventListener("click", () => {
    otherLanguage();
    translate();
    document.dispatchEvent(new Event("language"));
  });
  document.addEventListener("language", label);
  label();
  byId("tools").append(button);
}
