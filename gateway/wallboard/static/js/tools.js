/** Buttons for the whole screen and for leaving. */

import { byId, el, put } from "./dom.js";
import { t } from "./words.js";

/** @param {string} id @param {string} key @param {Element} inside */
function named(id, key, inside) {
  inside.id = id;
  const label = () => put(inside, t(key));
  document.addEventListener("language", label);
  label();
}

export function fullScreenButton() {
  if (!document.fullscreenEnabled) return;
  const button = el("button", { type: "button" });
  named("full", "tool.full", button);
  button.addEventListener("click", () => {
    const done = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
    done.catch(() => {}); // the browser does not want it: nothing is lost
  });
  byId("tools").append(button);
}

/** Where one has to log in, a way out: a form, as leaving changes something on the server. */
export async function leaveButton() {
  const answer = await fetch("/login", { method: "HEAD", redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return; // it leads back here: nobody has to log in
  const button = el("button", { type: "submit" });
  named("leave", "tool.leave", button);
  byId("tools").append(el("form", { method: "post", action: "/logout" }, button));
}
