/** The wallboard: the stream folded into a model, drawn where it has changed. */

import { Agents } from "./agents.js";
import { Alerts } from "./alerts.js";
import { Calls } from "./calls.js";
import { ServerClock, moment } from "./clock.js";
import { Counters, everySecond } from "./counters.js";
import { closable, showCall } from "./dialogs.js";
import { byId, put } from "./dom.js";
import { Gauge } from "./gauge.js";
import { Hours } from "./hours.js";
import { LineDialog } from "./line_dialog.js";
import { Liveness } from "./liveness.js";
import { toolsMenu } from "./menu.js";
import { Model } from "./model.js";
import { Painter } from "./painter.js";
import { Queue } from "./queue.js";
import { Stream } from "./stream.js";
import { themeButton } from "./theme.js";
import { Tiles } from "./tiles.js";
import { fullScreenButton, leaveButton } from "./tools.js";
import { LiveSign, Sums } from "./top.js";
import { walkable } from "./walk.js";
import { languageButton, t, translate } from "./words.js";

const model = new Model();
const clock = new ServerClock();
const counters = new Counters(clock);
const liveness = new Liveness();

translate();
languageButton();
themeButton();
fullScreenButton();
leaveButton();
toolsMenu();

const tiles = new Tiles(model, counters);
const queue = new Queue(counters);
const gauge = new Gauge();
const hours = new Hours();
const alerts = new Alerts(clock);
const agents = new Agents(counters);
const calls = new Calls(clock, showCall);
const sums = new Sums();
const sign = new LiveSign(clock, liveness);
const lineDialog = new LineDialog(model, counters);
closable("call-dialog");
walkable(byId("main-column"));

/** @param {Set<import("./model.js").Part>} parts */
function drawParts(parts) {
  if (parts.has("site")) drawSite();
  if (parts.has("line")) drawSums();
  if (parts.has("kpi")) drawKpi();
  if (parts.has("alert")) alerts.show(model.alerts, model.overdueTickets);
  if (parts.has("agent")) agents.show(model.agents);
  if (parts.has("calls")) calls.show(model.calls);
}

const painter = new Painter(model, {
  line: (name) => {
    tiles.draw(name);
    lineDialog.changed(name);
  },
  arrange: () => tiles.arrange(),
  parts: drawParts,
});

function drawSite() {
  put(byId("site"), model.site);
  document.title = t("title", model.site);
  drawSums();
  drawClock();
}

function drawSums() {
  sums.show(model);
  queue.show(model.waiting());
}

function drawClock() {
  put(byId("clock"), clock.known ? clock.ofDay(clock.now()) : "");
}

function drawKpi() {
  gauge.show(model.kpi);
  hours.show(model.kpi, clock.hour());
}

/** Draw everything: the words are others. */
function redraw() {
  tiles.redraw();
  drawSite();
  drawKpi();
  alerts.show(model.alerts, model.overdueTickets);
  agents.show(model.agents);
  calls.show(model.calls, true);
  sign.show();
}

/** @param {string} event @param {any} frame */
function take(event, frame) {
  clock.hear(frame.at);
  if (event === "stale") liveness.gatewayGone(moment(frame.since));
  else liveness.heard(moment(frame.at));
  if (event === "snapshot") model.snapshot(frame);
  if (event === "change") model.change(frame);
  sign.show();
  painter.soon();
}

function second() {
  if (sign.show()) {
    counters.tick();
    tiles.settle();
    calls.show(model.calls); // a day may have begun
  }
  drawClock();
}

document.addEventListener("language", redraw);
document.addEventListener("click", (event) => {
  const tile = event.target instanceof Element ? event.target.closest(".tile") : null;
  if (tile instanceof HTMLElement && tile.dataset.line !== undefined) lineDialog.open(tile.dataset.line);
});
new Stream("/stream", {
  onEvent: take,
  onLost: () => {
    liveness.lost();
    sign.show();
  },
  onRefused: () => location.assign("/login"),
}).run();
redraw();
everySecond(clock, second);
