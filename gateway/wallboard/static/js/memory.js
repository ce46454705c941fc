/** What this browser remembers of the viewer's choice; nothing, where it must not. */

const PREFIX = "sansheng.";

/** @param {string} name @returns {string | null} */
export function remembered(name) {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null; // storage is switched off
  }
}

/** @param {string} name @param {string} value */
export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // storage is switched off: the choice holds until the page is left
  }
}
