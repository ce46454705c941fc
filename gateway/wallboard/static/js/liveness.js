/**
 * Whether what is shown is live. It is so only while the gateway is heard: anything else is stale, and said to be.
 */

/** @typedef {"connecting" | "live" | "gateway" | "lost" | "silent"} Live */

const SILENCE = 5000; // ms; a word comes every 2 s

export class Liveness {
  #connected = false;
  /** When the gateway fell silent, as the server has told. @type {number | null} */
  #gatewaySince = null;
  /** The time of the last frame that told how things are. @type {number | null} */
  #known = null;
  #heardAt = [0, 0];

  /** Both clocks of this machine: one may stand still while it sleeps, the other may be set. */
  #passed() {
    return Math.max(performance.now() - this.#heardAt[0], Date.now() - this.#heardAt[1]);
  }

  /** A frame of the gateway has come, made at `at` (ms since 1970). @param {number | null} at */
  heard(at) {
    this.#connected = true;
    this.#gatewaySince = null;
    this.#known = at ?? this.#known;
    this.#heardAt = [performance.now(), Date.now()];
  }

  /** The server has told that the gateway is silent since then. @param {number | null} since */
  gatewayGone(since) {
    this.#connected = true;
    this.#gatewaySince = since ?? this.#known ?? Date.now();
    this.#known = this.#gatewaySince;
    this.#heardAt = [performance.now(), Date.now()];
  }

  /** The connection has broken. */
  lost() {
    this.#connected = false;
  }

  /** The time of what is shown, in ms since 1970; null: nothing is shown yet. */
  get known() {
    return this.#known;
  }

  /** @returns {Live} */
  get state() {
    if (this.#known === null) return "connecting";
    if (!this.#connected) return "lost";
    if (this.#gatewaySince !== null) return "gateway";
    return this.#passed() > SILENCE ? "silent" : "live";
  }
}
