"""What an agent's log tells of his duties (JH-20): in time for each, and no time left unexplained. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import groupby

from gateway.desk.presence import Presence, Why
from gateway.desk.shifts import Duty, Shift, duties

BEFORE = timedelta(minutes=10)
"""JH-20: so long before the shift an agent logs in."""

LOOK_BACK = timedelta(days=1)
"""How long before a duty somebody may have logged in who has stayed since."""

GATEWAY_STOPPED = "gateway_stopped"
"""Why of an entry that no agent caused: the gateway did not run, and nobody knows who was there."""

NONE = timedelta()


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the log: from `at` (aware) on he was this. `why` is a Why's value, or GATEWAY_STOPPED."""

    at: datetime
    presence: Presence
    why: str = ""


@dataclass(frozen=True, slots=True)
class Spell:
    """A time in which nothing changed. `presence` None: nobody knows, the log begins later or nobody kept it."""

    begins: datetime
    ends: datetime
    presence: Presence | None
    why: str = ""

    @property
    def lasted(self) -> timedelta:
        """How long; never negative, if both moments are of the same zone, as `spells` makes them."""
        return self.ends - self.begins


@dataclass(frozen=True, slots=True)
class Allowed:
    """How long a state may last within a duty before it wants an explanation. JH-20 names no figures: these are
    a short break, the writing-up of one case, and a telephone that registers anew."""

    away: timedelta = timedelta(minutes=15)
    after_call: timedelta = timedelta(minutes=2)
    offline: timedelta = timedelta(seconds=30)

    def of(self, presence: Presence | None) -> timedelta | None:
        """The limit of a state; None for one that needs no explanation. That he calls somebody never does: the
        desk has him call for an open ticket alone, which tells why (JS-7)."""
        limits = {
            Presence.AWAY: self.away,
            Presence.AFTER_CALL: self.after_call,
            Presence.OFFLINE: self.offline,
        }
        return None if presence is None else limits.get(presence)


class LogIn(StrEnum):
    """How an agent came to a duty."""

    ON_TIME = "on_time"
    LATE = "late"
    ABSENT = "absent"
    """He has not come, or not yet."""
    UNKNOWN = "unknown"
    """The gateway did not run when he was due: only from after the begin on, or it found him there at once."""
    NOT_DUE = "not_due"
    """The duty is still more than BEFORE away."""


@dataclass(frozen=True, slots=True)
class Attendance:
    """One duty of an agent, as far as it has come. Moments are in UTC."""

    duty: Duty
    log_in: LogIn
    at: datetime | None
    """When he logged in for it; None: he has not, or it is not known."""
    late: timedelta
    """How long after BEFORE the duty's begin he came; nothing where he was on time, or has not come."""
    times: dict[Presence | None, timedelta]
    """How long he was what; None: not known. Together the duty, up to now."""
    outbound: timedelta
    """Of them, for call-backs."""
    unexplained: tuple[Spell, ...]


def spells(log: Iterable[Change], begins: datetime, ends: datetime) -> tuple[Spell, ...]:
    """The time from `begins` to `ends` (of one zone), cut at each entry of the log, without gap or overlap.

    The log may be in any order and reach further; of entries of the same moment the last counts.
    """
    found: list[Spell] = []
    at, presence, why = begins, None, ""
    for change in sorted(log, key=lambda entry: entry.at):
        until = min(max(change.at.astimezone(begins.tzinfo), begins), ends)
        if until > at:
            found.append(Spell(at, until, presence, why))
        at, why = until, change.why
        presence = None if change.why == GATEWAY_STOPPED else change.presence
    if ends > at:
        found.append(Spell(at, ends, presence, why))
    return tuple(found)


def times(during: Iterable[Spell]) -> dict[Presence | None, timedelta]:
    """How long he was what; what he never was is left out."""
    total: dict[Presence | None, timedelta] = {}
    for spell in during:
        total[spell.presence] = total.get(spell.presence, NONE) + spell.lasted
    return total


def attended(duty: Duty, log: Sequence[Change], now: datetime, allowed: Allowed | None = None) -> Attendance:
    """What the log tells of a duty at `now` (aware). The log must hold the last entry before the duty, too."""
    now = now.astimezone(duty.begins.tzinfo)
    until = max(duty.begins, min(duty.ends, now))
    during = spells(log, duty.begins, until)
    log_in, at = _log_in(duty, log, now)
    due = duty.begins - BEFORE
    return Attendance(
        duty,
        log_in,
        at,
        at - due if log_in is LogIn.LATE and at is not None else NONE,
        times(during),
        sum((spell.lasted for spell in during if spell.why == Why.CALL_BACK), NONE),
        tuple(_unexplained(during, allowed or Allowed())),
    )


def attendances(
    table: Sequence[Shift],
    agent: str,
    log: Iterable[Change],
    begins: datetime,
    now: datetime,
    zone: tzinfo,
    allowed: Allowed | None = None,
) -> tuple[Attendance, ...]:
    """The agent's duties of any part since `begins`, up to those for which he is due at `now`; all times aware.

    The log should begin a day before the first of them, else when he logged in for it may be told too late.
    """
    ordered = sorted(log, key=lambda entry: entry.at)
    moments = [change.at for change in ordered]

    def of(duty: Duty) -> Attendance:
        # A duty needs what was the day before it and during it: years of a log are not gone through for each.
        first = max(0, bisect_right(moments, duty.begins - LOOK_BACK) - 1)
        return attended(duty, ordered[first : bisect_right(moments, duty.ends)], now, allowed)

    return tuple(of(duty) for duty in duties(table, agent, begins, now + BEFORE, zone))


def _log_in(duty: Duty, log: Sequence[Change], now: datetime) -> tuple[LogIn, datetime | None]:
    due = duty.begins - BEFORE
    if now < due:
        return LogIn.NOT_DUE, None
    # One microsecond more: he is there at the very moment that he is due.
    around = spells(log, due, max(min(duty.ends, now), due) + timedelta.resolution)
    known = next((spell for spell in around if spell.presence is not None), None)
    if known is None or known.begins > duty.begins:
        return LogIn.UNKNOWN, None
    first = next((spell for spell in around if _there(spell.presence)), None)
    if first is around[0]:
        return LogIn.ON_TIME, _logged_in_since(log, due)
    if first is known:
        return LogIn.UNKNOWN, None
    return (LogIn.ABSENT, None) if first is None else (LogIn.LATE, first.begins)


def _logged_in_since(log: Iterable[Change], due: datetime) -> datetime | None:
    since: datetime | None = None
    for change in sorted(log, key=lambda entry: entry.at):
        if change.at > due:
            break
        if not _there(change.presence):
            since = None
        elif since is None:
            since = change.at.astimezone(due.tzinfo)
    return since


def _there(presence: Presence | None) -> bool:
    return presence not in (None, Presence.OFFLINE)


def _unexplained(during: Iterable[Spell], allowed: Allowed) -> Iterator[Spell]:
    """Each state that lasted longer than allowed; it is one however often its reason changed meanwhile."""
    for presence, same in groupby(during, key=lambda spell: spell.presence):
        stretch = tuple(same)
        whole = Spell(stretch[0].begins, stretch[-1].ends, presence, stretch[-1].why)
        limit = allowed.of(presence)
        if limit is not None and whole.lasted > limit:
            yield whole
