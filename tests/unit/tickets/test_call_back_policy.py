"""When a customer is called back (JS-9): within the hours, at different times of day, never for ever, in virtual
time."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.tickets.hours import Hours, later
from gateway.tickets.policy import CallBackPolicy
from tests.unit.tickets.counter import HOURS, POLICY, ZONE

pytestmark = pytest.mark.unit

MONDAY = datetime(2026, 2, 23, tzinfo=ZONE)


def at(clock: str, day: int = 0) -> datetime:
    hour, minute = clock.split(":")
    return MONDAY + timedelta(days=day, hours=int(hour), minutes=int(minute))


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (at("08:29"), at("08:30")),
        (at("08:30"), at("08:30")),
        (at("20:29"), at("20:29")),
        (at("20:30"), at("08:30", 1)),
        (at("23:59"), at("08:30", 1)),
        (at("00:00"), at("08:30")),
    ],
)
def test_at_once_within_the_hours(now: datetime, due: datetime) -> None:
    assert POLICY.first(now) == due


def test_who_was_not_dialled_is_due_in_five_minutes_within_the_hours() -> None:
    assert POLICY.not_dialled(at("20:24")) == at("20:29")
    assert POLICY.not_dialled(at("20:25")) == at("08:30", 1)


def failing(policy: CallBackPolicy, now: datetime) -> list[datetime]:
    """When each attempt is made where each fails at once."""
    times = [policy.first(now)]
    for failed in itertools.count(1):
        due = policy.again(times[-1], failed)
        if due is None:
            return times
        times.append(due)
    raise AssertionError


def test_a_customer_who_is_never_there_is_tried_at_different_times_and_then_left_to_people() -> None:
    assert failing(POLICY, at("09:00")) == [
        at("09:00"),
        at("09:15"),
        at("10:15"),
        at("13:15"),
        at("10:30", 1),
        at("18:30", 2),
        at("14:30", 3),
        at("10:30", 4),
    ]


@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
    zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
    opens=st.integers(0, 23 * 60),
    length=st.integers(1, 24 * 60),
    retries=st.lists(st.floats(60, 7 * 86400), min_size=1, max_size=5),
    attempts=st.integers(1, 12),
    lasted=st.floats(0, 3600),
)
def test_every_attempt_is_within_the_hours_and_after_the_one_before(
    start: datetime, zone: str, opens: int, length: int, retries: list[float], attempts: int, lasted: float
) -> None:
    hours = Hours(opens, min(opens + length, 24 * 60), ZoneInfo(zone))
    policy = replace(POLICY, hours=hours, retry_after=tuple(retries), attempts=attempts)
    due: datetime | None = policy.first(start.replace(tzinfo=hours.zone))
    for failed in range(1, attempts + 1):
        assert due is not None
        assert hours.hold(due) or hours.hold(due.astimezone(UTC)), "a time that the clocks skip is told as it is"
        now = later(due, lasted)
        again = policy.not_dialled(now)
        assert again.astimezone(UTC) > now.astimezone(UTC)
        following = policy.again(now, failed)
        assert (following is None) == (failed == attempts)
        assert following is None or following.astimezone(UTC) > now.astimezone(UTC)
        due = following


def test_by_default_no_two_attempts_that_follow_one_another_are_at_the_same_time_of_day() -> None:
    for minute in range(8 * 60 + 30, 20 * 60 + 30, 7):
        times = failing(POLICY, MONDAY + timedelta(minutes=minute))
        of_day = [one.hour * 60 + one.minute for one in times]
        assert all(abs(one - two) >= 15 for one, two in itertools.pairwise(of_day))


def test_durations_are_by_the_clock_that_never_jumps() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 3, 29, 1, 30, tzinfo=berlin)
    assert later(before, 3600) == datetime(2026, 3, 29, 3, 30, tzinfo=berlin)


NO_HOURS = ("", "8:30-20:30", "08:30", "20:30-08:30", "08:30-08:30", "08:30-24:01", "08:30–20:30", "24:00-24:00")


@pytest.mark.parametrize("text", [*NO_HOURS, "０8:30-20:30"])
def test_hours_that_are_none_are_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"no hours of a day|no time of day"):
        Hours.parse(text, ZONE)


def test_hours_may_last_until_midnight() -> None:
    hours = Hours.parse("00:00-24:00", ZONE)
    assert hours.hold(at("00:00"))
    assert hours.hold(at("23:59"))
    assert not HOURS.hold(at("23:59"))
