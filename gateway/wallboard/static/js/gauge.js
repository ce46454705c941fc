/** Today's answer rate against its goal. */

import { byId, el, put, svg } from "./dom.js";
import { putIcon } from "./icons.js";
import { t } from "./words.js";

/** @typedef {import("./shapes.js").Kpi} Kpi */

const LOWEST = 0.8; // the scale begins here, always; a rate below stands at its beginning
const STUB = 2; // per cent of the arc: as little is seen of a rate below the scale
const [MIDDLE, RADIUS, FOOT] = [120, 96, 116];

/** A rate in per cent, as it is told: never rounded up to 100 or to the goal. @param {number} rate */
export const percent = (rate) => `${Math.floor(rate * 1000 + 1e-6) / 10}%`;

/** Where a rate stands on the scale: 0 left, 1 right. @param {number} rate */
const share = (rate) => Math.min(1, Math.max(0, (rate - LOWEST) / (1 - LOWEST)));

/** A point on the arc. @param {number} share 0 left, 1 right @param {number} radius */
function point(share, radius) {
  const angle = Math.PI * (1 - share);
  return [MIDDLE + radius * Math.cos(angle), FOOT - radius * Math.sin(angle)].map((value) => value.toFixed(2));
}

/** @param {Kpi} kpi */
function counted(kpi) {
  if (kpi.rate !== null) return t("gauge.of", kpi.answered, kpi.answered + kpi.lost);
  return t(kpi.offered > 0 ? "gauge.open" : "gauge.none");
}

const ARC = `M${MIDDLE - RADIUS} ${FOOT}A${RADIUS} ${RADIUS} 0 0 1 ${MIDDLE + RADIUS} ${FOOT}`;

export class Gauge {
  constructor() {
    const arc = (/** @type {string} */ name) => svg("path", { class: name, d: ARC, pathLength: 100, fill: "none" });
    this.value = arc("gauge-value");
    this.goal = svg("line", { class: "gauge-goal" });
    const label = (/** @type {number} */ x) => svg("text", { class: "gauge-label", x, y: FOOT + 20, "text-anchor": "middle" });
    [this.low, this.high] = [label(MIDDLE - RADIUS), label(MIDDLE + RADIUS)];
    this.drawing = svg("svg", { class: "gauge", viewBox: "-12 0 264 142", role: "img" }, arc("gauge-ground"), this.value, this.goal, this.low, this.high);
    this.rate = el("strong", { class: "rate" });
    this.icon = el("span", { class: "call-icon" });
    this.word = el("span");
    this.of = el("span", { class: "soft" });
    this.against = el("span", { class: "soft" });
    this.verdict = el("span", { class: "goal" }, this.icon, this.word);
    byId("gauge").append(this.drawing, el("div", { class: "gauge-words" }, this.rate, this.verdict, this.against, this.of));
  }

  /** @param {Kpi} kpi */
  show(kpi) {
    const { rate, goal } = kpi;
    const met = rate === null || rate >= goal;
    const below = rate !== null && rate < LOWEST;
    this.value.setAttribute("stroke-dasharray", `${rate === null ? 0 : Math.max(STUB, share(rate) * 100)} 200`);
    this.#goalAt(share(goal));
    put(this.low, `${below ? "‹ " : ""}${percent(LOWEST)}`);
    put(this.high, "100%");
    put(this.rate, rate === null ? t("none") : percent(rate));
    const box = byId("gauge");
    box.dataset.met = String(met);
    this.verdict.hidden = rate === null;
    putIcon(this.icon, met ? "kept" : "broken");
    put(this.word, t(met ? "gauge.reached" : "gauge.missed"));
    put(this.against, t("gauge.goal", percent(goal)));
    put(this.of, counted(kpi));
    this.drawing.setAttribute("aria-label", `${t("today")}: ${this.rate.textContent}, ${t("gauge.goal", percent(goal))}`);
  }

  /** @param {number} share */
  #goalAt(share) {
    const [[x1, y1], [x2, y2]] = [point(share, RADIUS - 15), point(share, RADIUS + 15)];
    for (const [name, value] of Object.entries({ x1, y1, x2, y2 })) this.goal.setAttribute(name, value);
  }
}
