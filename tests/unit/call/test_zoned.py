"""Local times that are reckoned with: summer time ends, and begins, in between."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.call.zoned import before, zoned

pytestmark = pytest.mark.unit

BERLIN = ZoneInfo("Europe/Berlin")
CHANGES = (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC))

moments = st.builds(
    lambda change, seconds: change + timedelta(seconds=seconds),
    st.sampled_from(CHANGES),
    st.floats(-7200, 7200).map(lambda seconds: round(seconds, 3)),
)


@given(moments, moments)
def test_they_are_as_far_apart_as_their_moments(one: datetime, other: datetime) -> None:
    first, second = zoned(one, BERLIN), zoned(other.astimezone(BERLIN))
    assert first - second == one - other
    assert (first < second) is (one < other)
    assert f"{first:%H:%M:%S %z}" == f"{one.astimezone(BERLIN):%H:%M:%S %z}"


@given(moments, st.floats(0, 7200).map(lambda seconds: round(seconds, 3)))
def test_so_long_before_is_a_moment_and_no_time_of_the_wall_clock(at: datetime, seconds: float) -> None:
    found = before(at.astimezone(BERLIN), seconds)
    assert found.tzinfo is BERLIN
    assert found.astimezone(UTC) == at - timedelta(seconds=seconds)


def test_what_has_no_zone_stays_as_it_is() -> None:
    assert zoned(datetime(2026, 10, 25, 2)) == datetime(2026, 10, 25, 2)
