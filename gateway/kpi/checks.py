"""The same figures by plain SQL, so that a supervisor can check the gateway's. Text only, written by hand.

docs/kpi.md shows it, and tests hold it against `Tally` and `TicketTally` on SQLite and on PostgreSQL.
"""

VIEWS = """\
CREATE TEMP VIEW every AS SELECT * FROM calls
  WHERE site = 'jinan' AND offered_at >= '2026-10-31 16:00+00' AND offered_at < '2026-11-30 16:00+00';
CREATE TEMP VIEW c AS SELECT * FROM every WHERE coalesce(direction, 'in') = 'in';
CREATE TEMP VIEW a AS SELECT * FROM c WHERE answered_at IS NOT NULL OR outcome = 'answered';
CREATE TEMP VIEW d AS SELECT (julianday(answered_at) - julianday(offered_at)) * 86400 AS delay FROM a
  WHERE answered_at >= offered_at;
CREATE TEMP VIEW t AS SELECT *, CURRENT_TIMESTAMP AS now FROM tickets
  WHERE site = 'jinan' AND opened_at >= '2026-10-31 16:00+00' AND opened_at < '2026-11-30 16:00+00';
"""
"""What the statements ask of: November 2026 in Shanghai, which is UTC + 8 hours. `every` call, the customers'
calls `c`, of these the answered ones `a` and their delays `d`, tickets `t`.

`+00` tells PostgreSQL that a time is in UTC, whatever zone it is set to. SQLite has times as text in UTC, and it
sorts there right before every one of its minute."""

SQLITE_DELAY = "(julianday(answered_at) - julianday(offered_at)) * 86400"
POSTGRESQL_DELAY = "extract(epoch FROM answered_at - offered_at)"
"""What PostgreSQL has in the place of SQLITE_DELAY: they differ in nothing else."""

CHECKS = """\
offered: SELECT count(*) FROM c
answered: SELECT count(*) FROM a
abandoned: SELECT count(*) FROM c WHERE outcome = 'abandoned'
failed: SELECT count(*) FROM c WHERE outcome = 'failed'
up: SELECT count(*) FROM c WHERE outcome IS NULL
answer_rate: SELECT 1.0 * (SELECT count(*) FROM a) / nullif(count(*), 0) FROM c
  WHERE answered_at IS NOT NULL OR outcome IS NOT NULL
within_rings: SELECT count(*) FROM a WHERE rings <= 3
within_rings_rate: SELECT 1.0 * (SELECT count(*) FROM a WHERE rings <= 3) / nullif(count(*), 0) FROM c
  WHERE answered_at IS NOT NULL OR outcome = 'answered' OR (outcome IS NOT NULL AND rings > 3)
rings_to_answer: SELECT rings, count(*) FROM a GROUP BY rings
abandoned_after_rings: SELECT rings, count(*) FROM c WHERE outcome = 'abandoned' GROUP BY rings
answer_delay_mean: SELECT avg(delay) FROM d
answer_delay_p95: SELECT min(delay) FROM (SELECT delay, cume_dist() OVER (ORDER BY delay) AS below FROM d) AS r
  WHERE below >= 0.95
waited: SELECT count(waited) FROM c
wait_mean: SELECT avg(waited) FROM c
wait_p95: SELECT min(waited) FROM
  (SELECT waited, cume_dist() OVER (ORDER BY waited) AS below FROM c WHERE waited IS NOT NULL) AS r
  WHERE below >= 0.95
wait_longest: SELECT max(waited) FROM c
attended: SELECT count(attended_by) FROM c
talk_mean: SELECT avg(talked) FROM c
talk_total: SELECT coalesce(sum(talked), 0) FROM c
released_by: SELECT released_by, count(*) FROM a WHERE released_by IS NOT NULL GROUP BY released_by
customer_first_rate: SELECT avg(CASE WHEN released_by = 'customer' THEN 1.0 ELSE 0.0 END) FROM a
  WHERE released_by NOT IN ('standard', 'handset')
heard: SELECT count(*) FROM c WHERE heard <> ''
silent_share: SELECT avg(CASE WHEN heard = 'silent' THEN 1.0 ELSE 0.0 END) FROM c WHERE heard <> ''
noisy_share: SELECT avg(CASE WHEN heard LIKE '%noisy%' THEN 1.0 ELSE 0.0 END) FROM c WHERE heard <> ''
faint_share: SELECT avg(CASE WHEN heard LIKE '%faint%' THEN 1.0 ELSE 0.0 END) FROM c WHERE heard <> ''
loud_share: SELECT avg(CASE WHEN heard LIKE '%loud%' THEN 1.0 ELSE 0.0 END) FROM c WHERE heard <> ''
judged: SELECT count(*) FROM every WHERE kept <> '' OR broken <> ''
quality: SELECT avg(CASE WHEN broken = '' THEN 1.0 ELSE 0.0 END) FROM every WHERE kept <> '' OR broken <> ''
clauses: SELECT sum(CASE WHEN ' ' || kept || ' ' LIKE '% JH-1 %' THEN 1 ELSE 0 END),
  sum(CASE WHEN ' ' || broken || ' ' LIKE '% JH-1 %' THEN 1 ELSE 0 END) FROM every
call_backs_made: SELECT count(*) FROM every WHERE direction = 'out'
call_backs_reached: SELECT count(*) FROM every WHERE direction = 'out' AND outcome = 'answered'
tickets: SELECT count(*) FROM t
wrong_tickets: SELECT count(*) FROM t WHERE wrong
missed_tickets: SELECT count(*) FROM t WHERE coalesce(answered_at, now) > deadline
call_backs_owed: SELECT count(*) FROM t WHERE call_back IS NOT NULL
call_backs_kept: SELECT count(*) FROM t WHERE call_back IS NOT NULL AND answered_at <= deadline
call_backs_overdue: SELECT count(*) FROM t WHERE call_back IS NOT NULL AND coalesce(answered_at, now) > deadline
call_backs_kept_rate: SELECT avg(CASE WHEN answered_at <= deadline THEN 1.0 ELSE 0.0 END) FROM t
  WHERE call_back IS NOT NULL AND (answered_at IS NOT NULL OR now > deadline)
replied: SELECT count(answered_at) FROM t
replied_rate: SELECT avg(CASE WHEN answered_at IS NOT NULL THEN 1.0 ELSE 0.0 END) FROM t
  WHERE answered_at IS NOT NULL OR now > deadline
complaints_replied_rate: SELECT avg(CASE WHEN answered_at IS NOT NULL THEN 1.0 ELSE 0.0 END) FROM t
  WHERE kind IN ('complaint', 'serious_complaint') AND (answered_at IS NOT NULL OR now > deadline)
enquiries_replied_rate: SELECT avg(CASE WHEN answered_at IS NOT NULL THEN 1.0 ELSE 0.0 END) FROM t
  WHERE kind = 'enquiry' AND (answered_at IS NOT NULL OR now > deadline)
"""
"""A statement for each figure of calls and of tickets, its key before it. 3 is the standard's last ring."""


def checks() -> dict[str, str]:
    """Each figure's statement by its key."""
    found: dict[str, str] = {}
    key = ""
    for line in CHECKS.splitlines():
        if line.startswith("  "):
            found[key] += "\n" + line
        else:
            key, _, found_sql = line.partition(": ")
            found[key] = found_sql
    return found
