/** The log-in: says why one is asked again, and how long one must wait. */

import { duration } from "./clock.js";
import { byId, put } from "./dom.js";
import { themeButton } from "./theme.js";
import { language, languageButton, t, translate } from "./words.js";

const asked = new URLSearchParams(location.search);
const locked = Math.min(Math.max(0, Math.ceil(Number(asked.get("locked")) || 0)), 86400);
const until = performance.now() + locked * 1000;
const button = /** @type {HTMLButtonElement} */ (byId("enter"));

/** What is to be said: nothing, that the password was wrong, or how long it takes until one may try again. */
function message() {
  if (locked) {
    const left = until - performance.now();
    return left > 0 ? t("login.locked", duration(Math.ceil(left / 1000) * 1000)) : t("login.unlocked");
  }
  return asked.has("failed") ? t("login.failed") : "";
}

function show() {
  document.title = t("login.title");
  put(byId("message"), message());
  byId("message").hidden = message() === "";
  button.disabled = locked > 0 && performance.now() < until;
  if (asked.has("lang") && button.form) button.form.action = `/login?lang=${language()}`;
}

translate();
languageButton();
themeButton();
show();
document.addEventListener("language", show);
if (locked) setInterval(show, 1000);
