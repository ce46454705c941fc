/** How a call kept its standard: a shape and a word each for kept and broken, the broken clauses by name. */

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./words.js";

const MOST = 3; // broken clauses that are named in a row

/** @param {string} kind @param {string} told @param {string[]} clauses all of them, for who points at it */
function mark(kind, told, clauses) {
  const words = `${t(`mark.${kind}`)} ${told}`.trim();
  return el("span", { class: `mark mark-${kind}`, title: clauses.join(", ") }, icon(kind), el("span", {}, words));
}

/** @param {import("./shapes.js").EndedCall} call @returns {HTMLElement[]} */
export function marks(call) {
  const { kept, broken } = call;
  const more = broken.length > MOST ? ` ${t("more", broken.length - MOST)}` : "";
  const all = [
    broken.length && mark("broken", broken.slice(0, MOST).join(" ") + more, broken),
    kept.length && mark("kept", String(kept.length), kept),
  ].filter((found) => found !== 0);
  return all.length ? all : [el("span", { class: "mark soft" }, icon("not_applicable"), el("span", {}, t("mark.unjudged")))];
}
