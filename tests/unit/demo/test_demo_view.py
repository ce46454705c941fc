"""What the demo shows of agents, and when its desk is left."""

import io

import pytest
from rich.console import Console

from gateway.demo.cast import AT_THE_DESK
from gateway.demo.desk import Desk
from gateway.demo.table import LiveTable
from gateway.demo.words import event_in_words, presence_in_words

pytestmark = pytest.mark.unit

TS = "2026-11-22T09:00:01.250+08:00"
ONE, OTHER = AT_THE_DESK
RESULT, STATE = "sansheng/demo/command/result", "sansheng/demo/agent/{}/state"


def event(name: str, **more: object) -> dict[str, object]:
    return {"seq": 1, "ts": TS, "line": "sip2", "call": "c1", "event": name, **more}


def state(agent: str, shown: str, why: str | None = None) -> dict[str, object]:
    return {"agent": agent, "state": shown, "since": TS, "why": why, "call": None}


def line(call_state: str) -> dict[str, object]:
    call = {"call": "c1", "state": call_state, "rings": 2, "caller": "053*****0005", "agent": "801"}
    return {"line": "sip2", "driver": "sip", "state": call_state, "calls": [call]}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (event("agent_ringing", agent="809"), "809 rings"),
        (event("agent_missed", agent="809", why="no_answer"), "809 did not come"),
        (event("agent_connected", agent="809"), "talks to 809"),
        (event("agent_left", agent="809", why="hung_up"), "809 has hung up"),
        (event("agent_left", agent="809", why="failed"), "809 has left"),
        (event("ring", rings=1), None),
    ],
)
def test_what_becomes_of_the_agent_of_a_call_is_told_in_words(told: dict[str, object], words: str | None) -> None:
    assert event_in_words(told) == words


def test_what_an_agent_does_is_told_in_words() -> None:
    assert presence_in_words(state("809", "busy")) == "809 talks"
    assert presence_in_words(state("809", "offline", "log_out")) == "809 has logged out"
    assert presence_in_words(state("809", "offline", "unreachable")) == "809 is not there"


def test_the_table_shows_who_talks_and_who_is_at_the_desk() -> None:
    table = LiveTable("mqtt://127.0.0.1", "sansheng/demo", Console(file=io.StringIO(), force_terminal=True))
    table.take("sansheng/demo/line/sip2/state", line("talking"))
    table.take("sansheng/demo/line/sip2/event", event("agent_connected", agent=ONE))
    table.take(STATE.format(ONE), state(ONE, "busy"))
    table.take(STATE.format("801"), state("801", "offline"))
    shown = Console(file=io.StringIO(), width=160)
    shown.print(table.draw())
    text = shown.file.getvalue()
    assert f"talks to {ONE}" in text
    assert "put through" in text
    assert f"At the desk: {ONE} talks" in text
    assert "801" not in text


def test_without_a_terminal_each_is_a_line() -> None:
    console = Console(file=io.StringIO(), width=120)
    table = LiveTable("mqtt://127.0.0.1", "sansheng/demo", console)
    table.take("sansheng/demo/line/sip2/event", event("agent_left", agent=ONE, why="hung_up"))
    table.take("sansheng/demo/line/sip2/alert/answer_rate_day", {"line": "sip2", "code": "answer_rate_day"})
    table.take(STATE.format(ONE), state(ONE, "offline", "log_out"))
    assert [" ".join(line.split()) for line in console.file.getvalue().splitlines()] == [
        f"09:00:01.250 sip2 agent_left {ONE} has hung up",
        f"09:00:01.250 desk agent {ONE} has logged out",
    ]


def test_each_agent_is_logged_out_once_he_talks_and_the_others_call_when_all_are() -> None:
    desk = Desk("mqtt://127.0.0.1", "sansheng/demo", AT_THE_DESK)
    assert desk.take(STATE.format(ONE), state(ONE, "free")) is None
    assert not desk.free.is_set()
    assert desk.take(STATE.format(OTHER), state(OTHER, "free")) is None
    assert desk.free.is_set()
    assert desk.take(STATE.format(ONE), state(ONE, "ringing")) is None
    request = desk.take(STATE.format(ONE), state(ONE, "busy"))
    assert request == {"id": request["id"], "do": "agent", "agent": ONE, "state": "log_out"}
    again = desk.take(STATE.format(OTHER), state(OTHER, "busy"))
    desk.take(RESULT, {"id": "another's", "ok": True})
    desk.take(RESULT, {"id": again["id"], "ok": True})
    desk.take(RESULT, {"id": request["id"], "ok": False, "error": "no"})
    assert not desk.engaged.is_set()
    desk.take(RESULT, {"id": request["id"], "ok": True})
    assert desk.engaged.is_set()
    assert desk.take(STATE.format(ONE), state(ONE, "busy")) is None
