"""What the load's figures are reckoned from, on packets, tables and records made for the purpose."""

from typing import Any

import numpy as np
import pytest

from benchmarks.load import tables
from benchmarks.load.judging import Goal, served
from benchmarks.load.packets import Heard, Spread, gaps, lost, of_greeting, seconds_within
from benchmarks.load.processes import dropped, pss_of
from benchmarks.load.sipp import Caller

pytestmark = pytest.mark.unit

SECOND = 1_000_000_000
PACKET = SECOND // 50


def every_20_ms(count: int, loud_from: int = 0) -> Heard:
    stamps = np.arange(count, dtype=np.int64) * PACKET
    return Heard(stamps, np.arange(count, dtype=np.uint16), np.arange(count) >= loud_from, sent=count)


def test_a_late_packet_is_a_long_gap_and_a_short_one() -> None:
    heard = every_20_ms(100)
    heard.stamps[50] += 30_000_000
    found = gaps(heard.stamps)
    assert sorted(found)[0] == pytest.approx(-10)
    assert Spread.of(found) == Spread(20.0, 50.0, 50.0)


@pytest.mark.parametrize(("late", "p99"), [(1, 20.0), (2, 44.0)])
def test_p99_is_the_worst_but_for_one_in_a_hundred(late: int, p99: float) -> None:
    assert Spread.of([20.0] * (100 - late) + [44.0] * late).most_of_them == p99


def test_of_nothing_there_is_no_figure_and_no_goal_is_met() -> None:
    nothing = Spread.of([])
    assert np.isnan(nothing.largest)
    assert not Goal("p99", nothing.most_of_them, 22.0, "ms").met


def test_the_greeting_begins_with_the_first_sound_and_pauses_are_part_of_it() -> None:
    heard = every_20_ms(500, loud_from=100)
    heard.loud[120:140] = False
    stamps = of_greeting(heard, 3.0)
    assert (stamps[0], len(stamps)) == (100 * PACKET, 151)
    heard.loud[:] = False
    assert not len(of_greeting(heard, 3.0))


@pytest.mark.parametrize(
    ("numbers", "missing"),
    [
        ([1, 2, 3], 0),
        ([1, 2, 5, 6], 2),
        ([65534, 65535, 0, 2], 1),
        ([1, 3, 2, 4], 0),  # out of order
        ([1, 2, 2, 3], 0),  # double
        ([5], 0),
        ([], 0),
    ],
)
def test_numbers_that_are_missing_are_lost_packets(numbers: list[int], missing: int) -> None:
    assert lost(np.array(numbers, dtype=np.uint16)) == missing


@pytest.mark.parametrize(("began", "ended", "seconds"), [(0, 10, 2.0), (1, 10, 1.0), (0.5, 1, 0.5), (3, 9, 0)])
def test_a_call_counts_for_as_long_as_it_was_up(began: float, ended: float, seconds: float) -> None:
    stamps = np.array([0, SECOND, 2 * SECOND], dtype=np.int64)
    assert seconds_within(stamps, int(began * SECOND), int(ended * SECOND)) == seconds
    assert seconds_within(stamps[:0], 0, SECOND) == 0


ROLLUP = """5583e4d36000-7ffd9a5f5000 ---p 00000000 00:00 0     [rollup]
Rss:               31728 kB
Pss:               14000 kB
Pss_Dirty:          9000 kB
SwapPss:              10 kB
"""


def test_the_proportional_share_is_read() -> None:
    assert pss_of(ROLLUP) == pytest.approx(14.336)
    with pytest.raises(ValueError, match="no Pss"):
        pss_of("Rss:  31728 kB\n")


def test_dropped_packets_are_those_of_our_sockets() -> None:
    row = (
        "  157: 0100007F:174A 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 {} 2 00b5 {}"
    )
    table = "\n".join(["  sl  local_address", row.format(41, 3), row.format(42, 100), row.format(43, 4), ""])
    assert dropped(table, {"41", "43"}) == 7


TALKS, NOISE = Caller("13800000000", 25062, 30000, "talks"), Caller("13800000001", 25063, 30002, "noise")


def record(caller: Caller, verdict: str, number: str | None = None, **other: Any) -> dict[str, Any]:
    return {
        "caller": number or caller.number,
        "outcome": "answered",
        "rings": 2,
        "verdicts": [{"verdict": "silent"}, {"verdict": verdict}],
        "prompts": [{"part": "greeting", "complete": True}, {"part": "ladder", "complete": False}],
        "compliance": [{"clause": "JH-1", "kept": True}, {"clause": "JH-2", "kept": False}],
        **other,
    }


def judged(talks: dict[str, Any], *more: dict[str, Any]) -> tuple[int, int, int, int]:
    found = served([TALKS, NOISE], [talks, record(NOISE, "noisy"), *more])
    return found.missing, found.late, found.cut, found.misheard


def test_calls_that_were_served() -> None:
    of_another = record(Caller("1390", 1, 2, "talks"), "noisy", rings=9)
    assert judged(record(TALKS, "speech"), of_another) == (0, 0, 0, 0)
    assert served([TALKS], [record(TALKS, "speech")]).verdicts == {"silent": 1, "speech": 1}


@pytest.mark.parametrize(
    ("spoilt", "found"),
    [
        ({"outcome": "abandoned"}, (1, 0, 0, 0)),
        ({"number": "1391"}, (1, 0, 0, 0)),
        ({"rings": 4}, (0, 1, 0, 0)),
        ({"compliance": [{"clause": "JH-1", "kept": False}]}, (0, 1, 0, 0)),
        ({"compliance": []}, (0, 1, 0, 0)),
        ({"prompts": [{"part": "greeting", "complete": False}]}, (0, 0, 1, 0)),
        ({"prompts": []}, (0, 0, 1, 0)),
        ({"verdicts": [{"verdict": "noisy"}]}, (0, 0, 0, 1)),
    ],
)
def test_calls_that_were_not(spoilt: dict[str, Any], found: tuple[int, ...]) -> None:
    assert judged(record(TALKS, "speech", **spoilt)) == found


@pytest.mark.parametrize(
    ("failed", "cpu", "code", "words"),
    [
        (0, 0.9, 0, "all goals met"),
        (0, 1.1, 0, "1 goals missed, 0 of them hard"),
        (1, 0.9, 1, "1 goals missed, 1 of them hard"),
    ],
)
def test_a_hard_goal_that_is_missed_fails_the_run(
    failed: int, cpu: float, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    goals = [Goal("calls failed", failed, 0, "", hard=True), Goal("CPU a call", cpu, 1.0, "% of a core")]
    assert tables.goals(goals) == code
    assert words in capsys.readouterr().out
