/** The gateway's time: the clock of a television set may be wrong, and in another zone. */

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const SLACK = 2000; // ms; frames are late by less, so a greater difference is a clock that was set

/**
 * A moment in ms since 1970; null for what is none.
 * @param {unknown} text
 * @returns {number | null}
 */
export function moment(text) {
  if (typeof text !== "string" || !RFC3339.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

/** Minutes east of Greenwich. @param {string} text RFC 3339 */
function zoneOf(text) {
  const zone = RFC3339.exec(text)?.[1] ?? "Z";
  if (zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return zone.startsWith("-") ? -minutes : minutes;
}

/** @param {number} value */
const two = (value) => String(value).padStart(2, "0");

/**
 * A duration as `0:07`, `12:40` or `1:02:03`; never below zero.
 * @param {number} ms
 */
export function duration(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Tells the gateway's time from the frames it sent and the time passed since. */
export class ServerClock {
  #ahead = Date.now() - performance.now();
  #zone = -new Date().getTimezoneOffset();
  #heard = false;

  /** A frame was made at this time (RFC 3339); it may have been on its way for a while. @param {unknown} at */
  hear(at) {
    const ms = moment(at);
    if (ms === null) return;
    const ahead = ms - performance.now();
    const set = !this.#heard || Math.abs(ahead - this.#ahead) > SLACK;
    this.#ahead = set ? ahead : Math.max(ahead, this.#ahead);
    this.#zone = zoneOf(/** @type {string} */ (at));
    this.#heard = true;
  }

  /** Whether the gateway's time is known. */
  get known() {
    return this.#heard;
  }

  /** ms since 1970. */
  now() {
    return performance.now() + this.#ahead;
  }

  /**
   * A moment as the clocks at the site show it: `09:31:07`, or `09:31`.
   * @param {number | null} ms
   * @param {boolean} seconds
   */
  ofDay(ms, seconds = true) {
    if (ms === null) return "–";
    const local = new Date(ms + this.#zone * 60000);
    const minutes = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`;
    return seconds ? `${minutes}:${two(local.getUTCSeconds())}` : minutes;
  }

  /** The day at the site, as `11-21`. @param {number} ms since 1970 */
  day(ms = this.now()) {
    return new Date(ms + this.#zone * 60000).toISOString().slice(5, 10);
  }

  /** As `ofDay`, and of another day with the date: `11-21 23:59`. @param {number | null} ms */
  ofDayOrDate(ms) {
    return ms === null || this.day(ms) === this.day() ? this.ofDay(ms) : `${this.day(ms)} ${this.ofDay(ms, false)}`;
  }

  /** The hour of the day at the site, 0 to 23. */
  hour() {
    return new Date(this.now() + this.#zone * 60000).getUTCHours();
  }
}
