"""A leg whose line fails at an order: it goes on all the same."""

import logging
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from drivers.line import (
    Answer,
    Answered,
    CallOffered,
    LegEvent,
    LegReleased,
    LineCommand,
    Play,
    Release,
)
from gateway.call.desk_news import DeskNews
from gateway.call.engine import Effects
from gateway.call.facts import Notice, Released, ReleasedBy
from gateway.call.requests import CallRequest
from gateway.runner.leg import Leg
from tests.unit.runner.bench import ZONE

pytestmark = pytest.mark.unit

GREETED = Play("1", 1, ("greeting.wav",))


class Greets:
    """Answers at once and greets who is answered."""

    def receive(self, event: LegEvent, *, now: float) -> Effects:
        match event:
            case CallOffered():
                return (Answer("1"),)
            case Answered():
                return (GREETED,)
            case LegReleased():
                return (Released(ReleasedBy.CUSTOMER, "bye"),)
        return ()

    def next_deadline(self) -> float | None:
        return None

    def fire_timers(self, *, now: float) -> Effects:
        return ()

    def request(self, request: CallRequest, *, now: float) -> Effects:
        return ()

    def news(self, news: DeskNews, *, now: float) -> Effects:
        return ()

    def shut_down(self, *, now: float) -> Effects:
        return (Release("1"), Released(ReleasedBy.SHUTDOWN, "shutdown"))


class Trunk:
    """Takes orders; fails at those in `fails`. Reports an answer from within the order to answer."""

    def __init__(self, *fails: type[LineCommand], at: datetime = datetime(2026, 3, 4, 10, tzinfo=ZONE)) -> None:
        self.orders: list[LineCommand] = []
        self.told: list[Notice] = []
        self._fails = fails
        self.leg = Leg(
            "1",
            "c0ffee",
            Greets(),
            line="fxo1",
            at=at,
            now=0.0,
            execute=self.execute,
            tell=self.told.append,
        )

    def execute(self, command: LineCommand) -> None:
        self.orders.append(command)
        if isinstance(command, Answer):
            self.leg.receive(Answered("1"), 1.0)
        if isinstance(command, self._fails):
            raise OSError("the port is gone")


@pytest.mark.parametrize("fails", [Answer, Play])
def test_a_line_that_fails_at_an_order_leaves_the_leg_hearing(
    fails: type[LineCommand], caplog: pytest.LogCaptureFixture
) -> None:
    trunk = Trunk(fails)
    trunk.leg.receive(CallOffered("1"), 0.0)
    assert trunk.orders == [Answer("1"), GREETED], "what was reported meanwhile is not lost"
    trunk.leg.receive(LegReleased("1"), 2.0)
    assert [notice.fact for notice in trunk.told] == [Released(ReleasedBy.CUSTOMER, "bye")]
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert f"call c0ffee: {fails.__name__} was not carried out" in record.getMessage()


def test_a_call_is_over_though_its_line_fails_to_release_it(caplog: pytest.LogCaptureFixture) -> None:
    trunk = Trunk(Release)
    trunk.leg.shut_down(3.0)
    assert [notice.fact for notice in trunk.told] == [Released(ReleasedBy.SHUTDOWN, "shutdown")]
    trunk.leg.receive(LegReleased("1"), 4.0)
    assert len(trunk.told) == 1


def test_summer_time_that_ends_in_a_call_makes_it_no_shorter() -> None:
    """At 03:00 the clocks of Berlin go back to 02:00."""
    offered = datetime(2026, 10, 25, 2, 59, 50, tzinfo=ZoneInfo("Europe/Berlin"))
    trunk = Trunk(at=offered)
    trunk.leg.shut_down(30.0)
    (notice,) = trunk.told
    assert notice.at.astimezone(UTC) - offered.astimezone(UTC) == timedelta(seconds=30)
    assert f"{notice.at:%H:%M:%S %z}" == "02:00:20 +0100"


def test_what_is_told_late_is_stamped_as_it_happened_and_time_never_goes_back() -> None:
    offered = datetime(2026, 3, 4, 10, tzinfo=ZONE)
    for before, stamped in (((), 5.0), ((20.0,), 20.0)):
        trunk = Trunk(at=offered)
        for now in before:
            trunk.leg.fire_timers(now)
        trunk.leg.receive(LegReleased("1"), 5.0)
        assert [notice.at - offered for notice in trunk.told] == [timedelta(seconds=stamped)]
