/** How grave an alert is: what loses calls before what loses records, the answer rate last. */

import { byName } from "./model.js";

/** @typedef {import("./shapes.js").Alert} Alert */

/** Codes of the feed, the gravest first; one that is not known stands where the star is. */
const ORDER = [
  ...["not_answering", "internal", "registration_failed", "answer_failed", "port_lost", "port_missing", "port_denied"],
  ...["port_busy", "modem_silent", "modem_unfit", "no_dial_tone", "worker_died", "modem_stuck"],
  ...["records_lost", "database_corrupt", "records_unwritten", "*", "recordings_stopped", "records_shared", "site_taken"],
  ...["config_wrong", "source_banned", "tickets_overdue", "wallboard_down", "restart_needed", "unknown_source"],
  ...["answer_rate_hour", "answer_rate_day"],
];
const RANKS = new Map(ORDER.map((code, rank) => [code, rank]));
const UNKNOWN = ORDER.indexOf("*");

/** @param {Alert} alert */
const rank = (alert) => RANKS.get(alert.code) ?? UNKNOWN;

/** The gravest first, of equal ones by line. @param {Alert[]} alerts */
export const gravestFirst = (alerts) => [...alerts].sort((a, b) => rank(a) - rank(b) || byName(a.line, b.line));
