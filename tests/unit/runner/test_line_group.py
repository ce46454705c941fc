"""Lines that are added, changed and taken away while calls are up on them."""

import asyncio
from collections.abc import Callable

import pytest

from drivers.line import Answer, LegReleased, LineFault, LineRestored, Release
from drivers.line.scripted import ScriptedLine
from drivers.line.vocabulary import FaultCode
from gateway.call.facts import Notice
from gateway.call.requests import KeepWaiting, RequestRefused
from gateway.config import FxoLineConfig, LineConfig
from gateway.runner.line_group import LineGroup
from gateway.runner.line_runner import LineRunner
from tests.unit.runner.bench import at, rings, runner

pytestmark = pytest.mark.unit


def line(line_id: str, port: str = "/dev/ttyACM0") -> LineConfig:
    return FxoLineConfig(id=line_id, driver="fxo", port=port)


class Group:
    """A group, and the lines made for it, the newest of each id last."""

    def __init__(self, *lines: LineConfig) -> None:
        self.made: list[tuple[LineConfig, ScriptedLine]] = []
        self.added: list[str] = []
        self.removed: list[str] = []
        self.group = LineGroup(
            lines, self._make, added=lambda line, _: self.added.append(line), removed=self.removed.append
        )

    def _make(self, config: LineConfig) -> LineRunner:
        scripted = ScriptedLine(config.id)
        self.made.append((config, scripted))
        return runner(scripted)

    def newest(self, line_id: str) -> ScriptedLine:
        return next(scripted for config, scripted in reversed(self.made) if config.id == line_id)

    async def until(self, holds: Callable[[], bool]) -> None:
        for _ in range(1000):  # turns of the event loop: nothing here waits for anything else
            if holds():
                return
            await asyncio.sleep(0)
        raise AssertionError("it never came about")


async def test_a_line_that_is_changed_goes_on_until_its_call_is_over() -> None:
    here = Group(line("fxo1"), line("fxo2", "/dev/ttyACM1"))
    await here.group.open()
    before = here.newest("fxo1")
    rings(before)
    words = here.group.change([line("fxo1", "/dev/ttyACM7"), line("fxo2", "/dev/ttyACM1")])
    assert words == ["line fxo1 changes as soon as no call is up on it"]
    for _ in range(20):
        await asyncio.sleep(0)
    assert Answer("1") in before.commands
    assert not before.closed
    before.report(LegReleased("1"))
    await here.until(lambda: here.newest("fxo1") is not before)
    assert before.closed
    assert Release("1") not in before.commands
    assert here.made[-1][0] == line("fxo1", "/dev/ttyACM7")
    assert (here.added, here.removed) == (["fxo1"], [])
    assert len(here.made) == 3, "the other line was left alone"
    await here.group.drain(0.0)


async def test_a_line_taken_away_keeps_its_call_and_takes_no_other() -> None:
    here = Group(line("fxo1"))
    await here.group.open()
    away = here.newest("fxo1")
    rings(away)
    here.group.change([line("fxo2", "/dev/ttyACM1")])
    await here.until(lambda: "fxo2" in here.added)
    rings(away, "2")
    assert Release("2") in away.commands, "refused"
    assert not away.closed
    away.report(LegReleased("1"))
    await here.until(lambda: here.removed == ["fxo1"])
    assert away.closed
    assert here.group.cannot_dial("fxo1") == "line fxo1 is not there at present; see [[lines]]"
    await here.group.drain(0.0)


async def test_what_is_wanted_last_holds() -> None:
    here = Group(line("fxo1"))
    await here.group.open()
    before = here.newest("fxo1")
    rings(before)
    here.group.change([line("fxo1", "/dev/ttyACM7")])
    here.group.change([line("fxo1", "/dev/ttyACM8")])
    before.report(LegReleased("1"))
    await here.until(lambda: here.newest("fxo1") is not before)
    assert [config for config, _ in here.made] == [line("fxo1"), line("fxo1", "/dev/ttyACM8")]
    await here.group.drain(0.0)


async def test_a_change_that_was_taken_back_changes_nothing() -> None:
    here = Group(line("fxo1"))
    await here.group.open()
    before = here.newest("fxo1")
    rings(before)
    here.group.change([line("fxo1", "/dev/ttyACM7")])
    here.group.change([line("fxo1")])
    before.report(LegReleased("1"))
    for _ in range(20):
        await asyncio.sleep(0)
    assert here.newest("fxo1") is before
    assert not before.closed
    await here.group.drain(0.0)


async def test_a_line_taken_away_and_wanted_again_comes_back_after_its_call() -> None:
    here = Group(line("fxo1"))
    await here.group.open()
    before = here.newest("fxo1")
    rings(before)
    here.group.change([])
    await asyncio.sleep(0)
    here.group.change([line("fxo1")])
    before.report(LegReleased("1"))
    await here.until(lambda: here.newest("fxo1") is not before)
    assert here.removed == []
    await here.group.drain(0.0)


async def test_shutting_down_in_the_middle_of_a_change_releases_and_closes() -> None:
    here = Group(line("fxo1"), line("fxo2", "/dev/ttyACM1"))
    await here.group.open()
    first, second = here.newest("fxo1"), here.newest("fxo2")
    rings(first)
    rings(second)
    here.group.change([line("fxo1", "/dev/ttyACM7")])
    await asyncio.sleep(0)
    await here.group.drain(0.0)
    assert Release("1") in first.commands
    assert Release("1") in second.commands
    assert first.closed
    assert second.closed
    assert len(here.made) == 2, "nothing is opened any more"


async def test_a_line_without_a_call_turns_callers_away_until_the_last_call_on_the_others_is_over() -> None:
    here = Group(line("fxo1"), line("fxo2", "/dev/ttyACM1"))
    await here.group.open()
    busy, quiet = here.newest("fxo1"), here.newest("fxo2")
    rings(busy)
    draining = asyncio.create_task(here.group.drain(60.0))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not quiet.takes_calls
    assert not quiet.closed, "a port that nobody has says nothing to a dispatcher"
    busy.report(LegReleased("1"))
    await draining
    assert quiet.closed
    assert busy.closed


class Stuck(ScriptedLine):
    """A line that does not close as it should."""

    async def close(self) -> None:
        raise OSError("stuck")


async def test_a_line_that_does_not_end_as_it_should_keeps_no_other_from_its_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nor what comes after the lines: the records' end."""
    good = ScriptedLine("fxo2")
    lines = {"fxo1": Stuck("fxo1"), "fxo2": good}
    group = LineGroup(map(line, lines), lambda config: runner(lines[config.id]))
    await group.open()
    await group.drain(0.0)
    assert good.closed
    assert "line fxo1 did not end as it should" in caplog.text


async def test_a_change_that_fails_is_told_and_tried_again_by_the_next_reading(
    caplog: pytest.LogCaptureFixture,
) -> None:
    made: list[str] = []

    def make(config: LineConfig) -> LineRunner:
        made.append(str(config.port) if isinstance(config, FxoLineConfig) else "")
        if made == ["/dev/ttyACM0", "/dev/ttyACM7"]:
            raise OSError("not now")
        return runner(ScriptedLine(config.id))

    group = LineGroup([line("fxo1")], make)
    await group.open()
    for _ in range(2):
        group.change([line("fxo1", "/dev/ttyACM7")])
        for _ in range(20):
            await asyncio.sleep(0)
    assert caplog.text.count("line fxo1 could not be changed") == 1
    assert made == ["/dev/ttyACM0", "/dev/ttyACM7", "/dev/ttyACM7"]
    assert group.told == "1 lines in service, 0 faulty"
    await group.drain(0.0)


async def test_faulty_lines_are_counted_while_they_are_there() -> None:
    here = Group(line("fxo1"), line("fxo2", "/dev/ttyACM1"))
    await here.group.open()
    here.group.receive(Notice(at(), "fxo1", None, LineFault(FaultCode.PORT_MISSING, "gone")))
    assert here.group.told == "1 lines in service, 1 faulty"
    here.group.receive(Notice(at(), "fxo1", None, LineRestored()))
    assert here.group.told == "2 lines in service, 0 faulty"
    await here.group.drain(0.0)


def test_a_request_for_a_call_that_is_not_up() -> None:
    with pytest.raises(RequestRefused, match="no call 'x' is up"):
        Group(line("fxo1")).group.request("x", KeepWaiting())


async def test_a_line_of_another_name_waits_for_its_port_until_the_call_there_is_over() -> None:
    here = Group(line("fxo1"), line("fxo2", "/dev/ttyACM1"))
    await here.group.open()
    before, other = here.newest("fxo1"), here.newest("fxo2")
    rings(before)
    here.group.change([line("office"), line("hall", "/dev/ttyACM1")])
    await here.until(lambda: "hall" in here.added)
    assert other.closed, "nobody was on it"
    for _ in range(20):
        await asyncio.sleep(0)
    assert "office" not in here.added, "it would find its port taken"
    before.report(LegReleased("1"))
    await here.until(lambda: "office" in here.added)
    assert before.closed
    assert here.newest("office").report is not None
    await here.group.drain(0.0)


async def test_lines_that_swap_their_ports_do_not_wait_for_one_another() -> None:
    here = Group(line("fxo1"), line("fxo2", "/dev/ttyACM1"))
    await here.group.open()
    first, second = here.newest("fxo1"), here.newest("fxo2")
    here.group.change([line("fxo1", "/dev/ttyACM1"), line("fxo2")])
    await here.until(lambda: sorted(here.added) == ["fxo1", "fxo2"])
    assert first.closed
    assert second.closed
    await here.group.drain(0.0)


async def test_a_line_that_waits_for_a_port_is_forgotten_when_it_is_no_more_wanted() -> None:
    here = Group(line("fxo1"))
    await here.group.open()
    rings(before := here.newest("fxo1"))
    here.group.change([line("office")])
    for _ in range(20):
        await asyncio.sleep(0)
    here.group.change([])
    for _ in range(20):
        await asyncio.sleep(0)
    before.report(LegReleased("1"))
    await here.until(lambda: here.removed == ["fxo1"])
    assert here.added == []
    await here.group.drain(0.0)
