"""Shifts in the site's time, and what an agent's log tells of them (JH-20)."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.desk.attendance import (
    GATEWAY_STOPPED,
    Allowed,
    Attendance,
    Change,
    LogIn,
    attendances,
    attended,
    spells,
    times,
)
from gateway.desk.presence import Presence, Why
from gateway.desk.shifts import Duty, Shift, duties

pytestmark = pytest.mark.unit

JINAN = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FREE, BUSY, AWAY, OFFLINE = Presence.FREE, Presence.BUSY, Presence.AWAY, Presence.OFFLINE


MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def shift(days: Iterable[int], begins: str, ends: str, *agents: str) -> Shift:
    return Shift(agents or ("801",), frozenset(days), time.fromisoformat(begins), time.fromisoformat(ends))


def shown(found: tuple[Duty, ...], zone: ZoneInfo) -> list[tuple[str, str]]:
    return [tuple(f"{at.astimezone(zone):%m-%d %H:%M}" for at in (d.begins, d.ends)) for d in found]  # type: ignore[misc]  # pairs


def week(day: int, days: int = 1, zone: ZoneInfo = JINAN, month: int = 3) -> tuple[datetime, datetime]:
    begins = datetime(2026, month, day, tzinfo=zone)
    return begins, datetime(2026, month, day + days, tzinfo=zone)


def test_duties_of_a_week_are_its_agents_own() -> None:
    table = [shift((MON, TUE, WED, THU, FRI), "08:30", "17:30"), shift((TUE, SAT), "12:00", "20:00", "802")]
    assert shown(duties(table, "802", *week(2, 7), JINAN), JINAN) == [
        ("03-03 12:00", "03-03 20:00"),
        ("03-07 12:00", "03-07 20:00"),
    ]
    assert len(duties(table, "801", *week(2, 7), JINAN)) == 5
    assert duties(table, "803", *week(2, 7), JINAN) == ()


def test_a_night_shift_belongs_to_the_day_on_which_it_begins() -> None:
    table = [shift([FRI], "22:00", "06:00")]
    assert shown(duties(table, "801", *week(7), JINAN), JINAN) == [("03-06 22:00", "03-07 06:00")]
    assert duties(table, "801", *week(8), JINAN) == ()


def test_shifts_that_touch_are_one_duty() -> None:
    table = [shift([MON], "08:00", "12:00"), shift([MON], "11:00", "14:00"), shift([MON], "14:00", "16:00")]
    table.append(shift([MON], "17:00", "18:00"))
    assert shown(duties(table, "801", *week(2), JINAN), JINAN) == [
        ("03-02 08:00", "03-02 16:00"),
        ("03-02 17:00", "03-02 18:00"),
    ]


@pytest.mark.parametrize(("day", "month", "hours"), [(28, 3, 7), (24, 10, 9), (21, 3, 8)])
def test_a_night_in_which_the_clock_is_moved(day: int, month: int, hours: int) -> None:
    (duty,) = duties([shift([SAT], "22:00", "06:00")], "801", *week(day, 1, BERLIN, month), BERLIN)
    assert duty.ends - duty.begins == hours * HOUR


def test_a_shift_in_the_hour_left_out_is_none() -> None:
    assert duties([shift([SUN], "02:10", "02:50")], "801", *week(29, 1, BERLIN), BERLIN) != ()
    assert duties([shift([SUN], "02:30", "03:10")], "801", *week(29, 1, BERLIN), BERLIN) == ()


def test_a_shift_round_the_clock() -> None:
    (duty,) = duties([shift([MON], "08:00", "08:00")], "801", *week(2), JINAN)
    assert duty.ends - duty.begins == 24 * HOUR


BEGINS = datetime(2026, 3, 2, 8, 30, tzinfo=JINAN)
DUTY = Duty(BEGINS.astimezone(UTC), (BEGINS + 9 * HOUR).astimezone(UTC))


def log(*entries: tuple[float, Presence, str]) -> list[Change]:
    """Entries so many minutes after the duty's begin."""
    return [Change(BEGINS + minutes * MINUTE, presence, why) for minutes, presence, why in entries]


def report(*entries: tuple[float, Presence, str], now: float = 24 * 60) -> Attendance:
    return attended(DUTY, log(*entries), BEGINS + now * MINUTE)


@pytest.mark.parametrize(
    ("entries", "log_in", "at", "late"),
    [
        ([(-10, FREE, "")], LogIn.ON_TIME, -10, 0),
        ([(-60, FREE, ""), (-50, OFFLINE, ""), (-40, FREE, ""), (-20, BUSY, "")], LogIn.ON_TIME, -40, 0),
        ([(-11, FREE, ""), (-5, OFFLINE, "")], LogIn.ON_TIME, -11, 0),
        ([(-60, OFFLINE, ""), (-9, FREE, "")], LogIn.LATE, -9, 1),
        ([(-60, OFFLINE, ""), (30, AWAY, "")], LogIn.LATE, 30, 40),
        ([(-60, OFFLINE, "")], LogIn.ABSENT, None, 0),
        ([(-60, FREE, ""), (-20, OFFLINE, ""), (541, FREE, "")], LogIn.ABSENT, None, 0),
        ([], LogIn.UNKNOWN, None, 0),
        ([(30, FREE, "")], LogIn.UNKNOWN, None, 0),
        ([(-60, FREE, ""), (-20, OFFLINE, GATEWAY_STOPPED), (-5, FREE, "")], LogIn.UNKNOWN, None, 0),
        ([(-20, OFFLINE, GATEWAY_STOPPED), (-5, OFFLINE, ""), (5, FREE, "")], LogIn.LATE, 5, 15),
        ([(0, OFFLINE, "")], LogIn.ABSENT, None, 0),
        ([(1, OFFLINE, ""), (5, FREE, "")], LogIn.UNKNOWN, None, 0),
        ([(400, OFFLINE, "")], LogIn.UNKNOWN, None, 0),
    ],
)
def test_jh20_logged_in_ten_minutes_before(
    entries: list[tuple[float, Presence, str]], log_in: LogIn, at: float | None, late: float
) -> None:
    found = report(*entries)
    assert found.log_in is log_in
    assert found.at == (None if at is None else BEGINS + at * MINUTE)
    assert found.late == late * MINUTE


def test_jh20_a_duty_that_has_only_begun() -> None:
    there = [(-60.0, FREE, "")]
    assert report(*there, now=-11).log_in is LogIn.NOT_DUE
    assert report(*there, now=-10).log_in is LogIn.ON_TIME
    assert report((-60.0, OFFLINE, ""), now=-10).log_in is LogIn.ABSENT
    assert report(*there, now=-11).times == {}
    assert report(*there, now=60).times == {FREE: HOUR}


def test_jh20_time_that_nothing_explains() -> None:
    found = report(
        (-10, FREE, "log_in"),
        (60, AWAY, Why.BY_HIMSELF),
        (75, FREE, Why.BACK),
        (100, AWAY, Why.BY_HIMSELF),
        (110, AWAY, Why.MISSED_CALLS),
        (116, FREE, Why.BACK),
        (200, Presence.AFTER_CALL, Why.CALL_ENDED),
        (202, FREE, Why.TIME_UP),
        (210, Presence.AFTER_CALL, Why.NEEDS_TIME),
        (213, OFFLINE, Why.UNREACHABLE),
        (213.5, BUSY, Why.CALL),
        (300, OFFLINE, GATEWAY_STOPPED),
        (400, BUSY, Why.CALL_BACK),
        (430, OFFLINE, Why.LOG_OUT),
    )
    at = [
        (spell.presence, spell.why, (spell.begins - BEGINS) / MINUTE, spell.lasted / MINUTE)
        for spell in found.unexplained
    ]
    assert at == [
        (AWAY, "missed_calls", 100, 16),
        (Presence.AFTER_CALL, "needs_time", 210, 3),
        (OFFLINE, "log_out", 430, 110),
    ]
    assert found.outbound == 30 * MINUTE
    assert found.times[None] == 100 * MINUTE


def test_what_is_allowed_is_the_houses_own() -> None:
    entries = log((-10, FREE, ""), (60, AWAY, ""), (65, FREE, ""))
    strict = Allowed(away=timedelta(minutes=1))
    assert attended(DUTY, entries, DUTY.ends).unexplained == ()
    assert len(attended(DUTY, entries, DUTY.ends, strict).unexplained) == 1


moments = st.integers(-3000, 3000).map(lambda minutes: BEGINS + minutes * MINUTE)
changes = st.builds(Change, moments, st.sampled_from(Presence), st.sampled_from(["", GATEWAY_STOPPED, *Why]))


@given(st.lists(changes), moments, moments)
def test_times_add_up_to_the_range_whatever_the_log(entries: list[Change], one: datetime, other: datetime) -> None:
    begins, ends = sorted((one, other))
    found = spells(entries, begins, ends)
    assert sum(times(found).values(), timedelta()) == ends - begins
    assert all(spell.lasted > timedelta() for spell in found)
    assert [spell.begins for spell in found[1:]] == [spell.ends for spell in found[:-1]]


@given(st.lists(changes), moments)
def test_a_report_of_any_log_is_one_of_the_duty(entries: list[Change], now: datetime) -> None:
    found = attended(DUTY, entries, now)
    assert sum(found.times.values(), timedelta()) == max(timedelta(), min(DUTY.ends, now) - DUTY.begins)
    assert all(DUTY.begins <= spell.begins < spell.ends <= DUTY.ends for spell in found.unexplained)
    assert (found.late > timedelta()) == (found.log_in is LogIn.LATE)
    assert found.at is None or found.at <= DUTY.ends


def test_every_duty_of_a_range_as_its_own_part_of_the_log_tells() -> None:
    table = [shift((MON, TUE, WED), "08:30", "17:30")]
    entries = log((-30, FREE, ""), (540, OFFLINE, ""), (1440 - 5, FREE, ""), (1440 + 560, OFFLINE, ""))
    found = attendances(table, "801", reversed(entries), BEGINS, BEGINS + 2 * 24 * HOUR - 10 * MINUTE, JINAN)
    assert [(each.log_in, each.at and (each.at - BEGINS) / MINUTE) for each in found] == [
        (LogIn.ON_TIME, -30),
        (LogIn.LATE, 1435),
    ]
    assert [len(each.unexplained) for each in found] == [0, 0]
    due = attendances(table, "801", entries, BEGINS, BEGINS + 2 * 24 * HOUR - 9 * MINUTE, JINAN)
    assert due[2].log_in is LogIn.ABSENT
    assert attendances(table, "802", entries, BEGINS, DUTY.ends, JINAN) == ()


clock = st.times().map(lambda at: at.replace(second=0, microsecond=0))
rows = st.builds(Shift, st.just(("801",)), st.frozensets(st.integers(0, 6)), clock, clock)


@given(st.lists(rows, max_size=6), st.integers(0, 364))
def test_duties_never_overlap(table: list[Shift], day: int) -> None:
    begins = datetime(2026, 1, 1, tzinfo=BERLIN) + timedelta(days=day)
    found = duties(table, "801", begins, begins + timedelta(days=7), BERLIN)
    assert all(duty.begins < duty.ends for duty in found)
    assert all(one.ends < other.begins for one, other in pairwise(found))
