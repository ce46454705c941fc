"""What a client of the feed knows of a gateway is what its board shows; and how `sansheng top` draws it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from drivers.line import LineRestored, Verdict
from gateway.call.facts import Notice, StateEntered, WaitBegan
from gateway.call.states import CallState
from gateway.cli.top_drawn import Screen, drawn
from gateway.feed import Feed
from gateway.feed.board import Board
from gateway.feed.config import FeedConfig
from gateway.feed.encoding import Message, encode
from gateway.feed.picture import Picture, calls_of
from gateway.feed.topics import Topics
from tests.examples import examples
from tests.service.told import MORNING, Told

pytestmark = pytest.mark.unit

TOPICS = Topics("sansheng", "jinan")
ROOT = len(TOPICS.root) + 1


def of(*messages: Message, online: bool = True) -> Picture:
    picture = Picture()
    picture.take("status", b"online" if online else b"offline")
    for message in messages:
        picture.take(message.topic[ROOT:], message.payload)
    return picture


def lines_of(*told: Told) -> Picture:
    """Lines sip1 to sip9 in service, and what the calls told of them."""
    names = [f"sip{n}" for n in range(1, 10)]
    board = Board(TOPICS, [(name, "sip") for name in names], MORNING, reassure_every=15.0)
    notices = [Notice(MORNING, name, None, LineRestored()) for name in names]
    notices += [notice for one in told for notice in one.notices]
    for notice in notices:
        board.receive(notice)
    return of(*board.states())


def text(
    picture: Picture, *, height: int = 40, problem: str | None = None, after: float = 0.0, width: int = 110
) -> str:
    console = Console(width=width, height=height, force_terminal=False)
    now = MORNING + timedelta(seconds=after)
    with console.capture() as capture:
        console.print(drawn(picture, "jinan", now, Screen(width, height, problem)))
    return capture.get()


def test_a_call_is_seen_as_the_board_shows_it() -> None:
    call = Told(line="sip3").rings(2).answered().hears(Verdict.NOISY)
    picture = lines_of(call)
    assert [name for name, _ in picture.busy().items()] == ["sip3"]
    assert calls_of(picture.lines["sip3"])[0]["caller"] == "138****5678"
    shown = text(picture, after=12.0)
    row = next(line for line in shown.splitlines() if line.startswith("sip3"))
    assert row.split() == ["sip3", "greeting", "0:06", "2", "138****5678", "801", "noisy", "–"]
    assert "1381234" not in shown
    assert "all lines idle" in text(lines_of(call.hung_up()))


def test_who_waits_stands_in_a_queue_with_the_seconds_to_his_reassurance() -> None:
    calls = []
    for place, line in ((2, "sip1"), (1, "sip2")):
        call = Told(call=f"c-{line}", line=line).rings(1).answered(1)
        calls.append(call.tell(StateEntered(CallState.WAITING), WaitBegan(place), after=1.0))
    picture = lines_of(*calls)
    assert [one.line for one in picture.waiting()] == ["sip2", "sip1"]
    queue = [line.split() for line in text(picture, after=5.2).splitlines() if "138****5678" in line][2:]
    assert queue == [
        ["1", "sip2", "138****5678", "0:04", "in", "11", "s"],
        ["2", "sip1", "138****5678", "0:04", "in", "11", "s"],
    ]


def test_what_is_gone_is_shown_no_more() -> None:
    alert = Message(TOPICS.trouble("records_lost"), encode({"code": "records_lost", "detail": "3 facts"}), True)
    of_line = Message(
        TOPICS.line_alert("sip1", "port_lost"), encode({"code": "port_lost", "detail": "gone"}), True
    )
    picture = of(alert, of_line)
    assert "! records_lost: 3 facts" in text(picture)
    assert "! sip1: port_lost: gone" in text(picture)
    for message in (alert, of_line):
        picture.take(message.topic[ROOT:], b"")
    assert "!" not in text(picture)


@pytest.mark.parametrize(
    ("online", "heard", "problem", "told"),
    [
        (True, 0.0, None, "online"),
        (False, 0.0, None, "STALE since 09:30:00: the gateway is offline"),
        (None, 0.0, None, "no gateway has told"),
        (True, 60.0, None, "STALE since 09:30:00: the gateway has been silent for 60 s"),
        (True, 0.0, "MQTT broker is not reached", "STALE since 09:30:00: MQTT broker is not reached"),
    ],
)
def test_what_is_not_so_any_more_is_said(
    online: bool | None, heard: float, problem: str | None, told: str
) -> None:
    picture = lines_of()
    picture.online, picture.heard_at = online, MORNING
    assert told in text(picture, problem=problem, after=heard).splitlines()[0]


@given(st.integers(10, 60), st.integers(0, 9), st.integers(0, 30))
def test_it_fits_the_terminal(height: int, busy: int, alerts: int) -> None:
    told = [Told(call=f"c{n}", line=f"sip{n}").rings(2).answered() for n in range(1, busy + 1)]
    picture = lines_of(*told)
    picture.calls = tuple({"call": str(n), "line": "sip1", "kept": ["JH-1"], "broken": []} for n in range(20))
    picture.alerts = {f"alert/{n}": {"code": "x", "detail": "y"} for n in range(alerts)}
    assert len(text(picture, height=height).splitlines()) <= height


@pytest.mark.parametrize(
    ("rate", "shown"),
    [
        (0.9799, "97.9% < 98%"),
        (0.98, "98% ≥ 98%"),
        (1.0, "100% ≥ 98%"),
        (0, "0% < 98%"),
        (float("nan"), "none answered or lost yet"),
        (1e9, "none answered or lost yet"),
        ("x", "none answered or lost yet"),
    ],
)
def test_the_answer_rate_is_never_rounded_up_to_its_goal(rate: object, shown: str) -> None:
    assert shown in text(Picture(online=True, kpi={"answer_rate": rate, "answer_rate_goal": 0.98}))


def test_before_anything_is_known_nothing_is_said() -> None:
    console = Console(width=80, height=24)
    with console.capture() as capture:
        console.print(drawn(Picture(), "jinan", MORNING, Screen(80, 24, connecting=True)))
    assert capture.get().split() == ["三声", "jinan", "09:30:00", "connecting", "…"]
    assert text(Picture(), problem="the broker is away").count("\n") == 1, "no zeros where nothing is known"


def test_in_eighty_columns_a_long_line_id_gives_way_first() -> None:
    name = "a-line-whose-id-tells-its-whole-story-and-more"
    calls = [{"state": "talking", "since": "2026-02-18T09:29:00.000+08:00", "rings": 2, "caller": "138****5678"}]
    picture = of(Message(TOPICS.line_state(name), encode({"state": "talking", "calls": calls}), True))
    picture.calls = (
        {"line": name, "offered_at": "2026-02-18T09:29:00", "caller": "138****5678", "outcome": "answered"},
    )
    picture.kpi = {"answer_rate": 0.5, "answer_rate_goal": 0.98, "offered": 999, "answered": 999, "failed": 99}
    shown = text(picture, width=80)
    for word in ("talking", "1:00", "138****5678", "09:29:00", "answered", "failed 99"):
        assert word in shown


@pytest.mark.parametrize(("after", "told"), [(5.0, "in 10 s"), (16.0, "in 0 s"), (20.0, "5 s late")])
def test_a_reassurance_that_is_late_does_not_look_like_service(after: float, told: str) -> None:
    call = Told(line="sip1").rings(1).answered(1).tell(StateEntered(CallState.WAITING), WaitBegan(1))
    assert told in text(lines_of(call), after=after + 0.2)


def test_the_marks_of_the_last_calls() -> None:
    picture = Picture(
        online=True,
        calls=({"line": "sip1", "kept": ["JH-1"], "broken": ["JH-8"]}, {"line": "sip2", "kept": [1, 2]}),
    )
    shown = text(picture)
    assert "✗ JH-8" in shown
    assert "✓ 2 clauses" in shown


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.dictionaries(
    st.sampled_from(
        ["state", "calls", "since", "waiting_since", "position", "answer_rate", "code", "detail", "ts"]
    ),
    ANYTHING
    | st.lists(st.dictionaries(st.sampled_from(["state", "since", "waiting_since", "position"]), ANYTHING)),
)
SUFFIXES = [
    "status",
    "line/a/state",
    "agent/8/state",
    "kpi",
    "calls",
    "alert/x",
    "line/a/alert/x",
    "heartbeat",
    "",
    "x",
]


@settings(max_examples=examples(15))
@given(
    st.lists(st.tuples(st.sampled_from(SUFFIXES), st.binary(max_size=20) | FIELDS.map(json.dumps).map(str.encode)))
)
def test_whatever_comes_it_is_drawn(messages: list[tuple[str, bytes]]) -> None:
    picture = Picture()
    for suffix, payload in messages:
        picture.take(suffix, payload)
    text(picture)


def test_a_caller_gives_the_terminal_no_orders() -> None:
    hostile: dict[str, Any] = {
        "state": "ringing",
        "calls": [{"state": "ringing", "caller": "\x1b]0;\x07\r[red]"}],
    }
    picture = of(Message(TOPICS.line_state("sip1"), json.dumps(hostile).encode(), True))
    shown = text(picture)
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "[red]" in shown


async def test_all_that_the_feed_retains_makes_a_picture() -> None:
    feed = Feed(FeedConfig(site="jinan", lines=(("sip1", "sip"),), agents=("801",)), lambda: MORNING)
    picture = of(*feed.watch(lambda _: None))
    assert picture.lines["sip1"]["state"] == "offline"
    assert picture.agents["801"]["state"] == "offline"
    assert picture.kpi["offered"] == 0
