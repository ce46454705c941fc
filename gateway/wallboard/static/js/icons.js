/** A shape for every state: what is told by colour is told by shape and word, too. */

import { svg } from "./dom.js";

/** Paths on a field of 24 × 24, drawn as lines. @type {Record<string, string>} */
const PATHS = {
  idle: "M12 5a7 7 0 1 0 0 14a7 7 0 0 0 0-14",
  offline: "M12 4a8 8 0 1 0 0 16a8 8 0 0 0 0-16M6.500 6.500l11 11",
  ringing: "M6 17V11a6 6 0 0 1 12 0v6l1.500 1.500h-15zM10 21h4M12 5V3M2.500 9a9 9 0 0 1 2.500-5M21.500 9a9 9 0 0 0-2.500-5",
  dialling: "M6 3h3l2 5-2.500 1.500a11 11 0 0 0 5 5L15 12l5 2v4a2 2 0 0 1-2 2A15 15 0 0 1 4 5a2 2 0 0 1 2-2M15 9l6-6M16.500 3H21v4.500",
  greeting: "M4 5h16v11h-8l-5 4v-4H4zM8 9h8M8 12h5",
  prompting: "M4 9.500v5h4l5 4v-13l-5 4zM16 9a4.500 4.500 0 0 1 0 6M18.500 6.500a8 8 0 0 1 0 11",
  listening: "M8 20a3 3 0 0 0 5-1c.6-2.500 4.500-4 4.500-9a6 6 0 0 0-12 0M9 11a3 3 0 0 1 6-1c0 3-3 2.500-3 5",
  waiting: "M6 3h12M6 21h12M7 3v3.500L12 12l5-5.500V3M7 21v-3.500L12 12l5 5.500V21",
  talking: "M6 3h3l2 5-2.500 1.500a11 11 0 0 0 5 5L15 12l5 2v4a2 2 0 0 1-2 2A15 15 0 0 1 4 5a2 2 0 0 1 2-2M14 4a6 6 0 0 1 6 6M14 7.500a2.500 2.500 0 0 1 2.500 2.500",
  closing: "M3 14c0-5 18-5 18 0v2.500l-5-1v-3M3 14v2.500l5-1v-3M12 3v5M9.500 5.500L12 8l2.500-2.500",
  released: "M6 12h12",
  free: "M5 12.500l4.500 4.500L19 7",
  busy: "M6 3h3l2 5-2.500 1.500a11 11 0 0 0 5 5L15 12l5 2v4a2 2 0 0 1-2 2A15 15 0 0 1 4 5a2 2 0 0 1 2-2",
  after_call: "M5 20l1-4L16 6l3 3L9 19zM14 8l3 3",
  away: "M5 8h11v6a4 4 0 0 1-4 4H9a4 4 0 0 1-4-4zM16 9h2a2 2 0 0 1 0 5h-2M8 5V3M12 5V3",
  agent: "M12 4.500a3.800 3.800 0 1 0 0 7.600a3.800 3.800 0 0 0 0-7.600M4.500 20.500c0-9 15-9 15 0",
  kept: "M5 12.500l4.500 4.500L19 7",
  broken: "M6 6l12 12M18 6L6 18",
  not_applicable: "M6 12h12",
  alert: "M12 3.500L22 20H2zM12 10v5M12 17.500v.500",
  live: "M12 6a6 6 0 1 0 0 12a6 6 0 0 0 0-12",
  stale: "M12 3.500L22 20H2zM12 10v5M12 17.500v.500",
};

/**
 * A picture that says nothing by itself to who cannot see it: a word stands beside it.
 * @param {string} name
 */
export function icon(name) {
  const path = svg("path", { d: Object.hasOwn(PATHS, name) ? PATHS[name] : PATHS.idle });
  return svg("svg", { class: `icon icon-${/^[a-z_]+$/.test(name) ? name : "idle"}`, viewBox: "0 0 24 24", "aria-hidden": "true" }, path);
}

/**
 * An element's icon, changed only where it is another one.
 * @param {HTMLElement} element holds the icon alone
 * @param {string} name
 */
export function putIcon(element, name) {
  if (element.dataset.icon === name) return;
  element.dataset.icon = name;
  element.replaceChildren(icon(name));
}
