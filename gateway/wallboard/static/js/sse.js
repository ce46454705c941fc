/** Server-sent events out of text as it arrives (HTML standard, 9.2.6), as far as the wallboard needs them. */

/** @typedef {{event: string, data: string}} ServerEvent */

const MOST = 8_000_000; // characters of one event: 200 lines make 200 000

export class EventReader {
  #rest = "";
  #event = "";
  /** @type {string[]} */
  #data = [];

  /**
   * The events that are whole with this text. Throws RangeError for one without end.
   * @param {string} text
   * @returns {ServerEvent[]}
   */
  read(text) {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    if (this.#rest.length > MOST) throw new RangeError("an event without end");
    return lines.flatMap((line) => this.#line(line));
  }

  /** @param {string} line @returns {ServerEvent[]} */
  #line(line) {
    if (line === "") return this.#whole();
    const colon = line.indexOf(":");
    const [name, value] = colon < 0 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
    if (name === "event") this.#event = value;
    else if (name === "data") this.#data.push(value);
    return [];
  }

  /** @returns {ServerEvent[]} */
  #whole() {
    const found = this.#data.length ? [{ event: this.#event || "message", data: this.#data.join("\n") }] : [];
    this.#event = "";
    this.#data = [];
    return found;
  }
}
