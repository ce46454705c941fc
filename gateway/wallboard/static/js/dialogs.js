/** What is shown on a press: a call's timeline, a line in full. Escape closes either. */

import { byId, el } from "./dom.js";
import { language, t } from "./words.js";

/** @param {string} id of the dialog @param {string} title @param {...Node} body */
export function sheet(id, title, ...body) {
  const dialog = /** @type {HTMLDialogElement} */ (byId(id));
  const focused = dialog.open && (document.activeElement?.classList.contains("close") ?? false);
  const close = el("button", { type: "button", class: "close" }, t("tool.close"));
  close.addEventListener("click", () => dialog.close());
  dialog.replaceChildren(el("header", {}, el("h2", { id: `${id}-title` }, title), close), ...body);
  if (!dialog.open) dialog.showModal();
  if (focused) close.focus();
  return dialog;
}

/** Pressing beside a dialog closes it; what it held is let go. @param {string} id @param {() => void} closed */
export function closable(id, closed = () => {}) {
  const dialog = /** @type {HTMLDialogElement} */ (byId(id));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    dialog.replaceChildren();
    closed();
  });
}

/** The timeline of a call, as the server draws it: a page of its own, which may run nothing. @param {import("./shapes.js").EndedCall} call */
export function showCall(call) {
  const source = `/call/${encodeURIComponent(call.call)}?lang=${language()}`;
  const title = `${t("calls.timeline")} · ${call.line} · ${call.caller || t("call.unknown")}`;
  sheet("call-dialog", title, el("iframe", { src: source, title: t("calls.timeline"), sandbox: "allow-same-origin" }));
}
