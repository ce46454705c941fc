"""What the feed shows of agents, queues, call-backs, tickets and troubles."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from drivers.line import LineRestored
from gateway.call import facts
from gateway.call.facts import CallFact, Notice, NumberSource
from gateway.call.plan import Part, Prompt
from gateway.call.states import CallState
from gateway.feed import TicketCall, TicketShown
from gateway.feed.board import Board
from gateway.feed.desk_board import DeskBoard
from gateway.feed.encoding import Message
from gateway.feed.outbox import Outbox
from gateway.feed.topics import Topics
from tests.service.told import MORNING, Told, called_back, not_reached
from tests.unit.feed.moments import told_to

pytestmark = pytest.mark.unit

TOPICS = Topics("sansheng", "jinan")
NUMBER = "13900001111"


def board(*, show_numbers: bool = False) -> Board:
    board = Board(TOPICS, [("sip1", "sip")], MORNING, show_numbers=show_numbers)
    board.receive(Notice(MORNING, "sip1", None, LineRestored()))
    return board


def shown(told: Told, *, show_numbers: bool = False) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The events of a call, without what is the same in all, and the states with a call."""
    on_board = board(show_numbers=show_numbers)
    messages = list(told_to(on_board, told.notices))
    events = [json.loads(m.payload) for m in messages if m.topic == TOPICS.line_event("sip1")]
    head = ("seq", "ts", "line", "call")
    states = [json.loads(m.payload) for m in messages if m.topic == TOPICS.line_state("sip1")]
    events = [{key: value for key, value in event.items() if key not in head} for event in events]
    return events, [state["calls"][0] for state in states if state["calls"]]


@pytest.mark.parametrize(
    ("fact", "event"),
    [
        (facts.AgentRinging("802"), {"event": "agent_ringing", "agent": "802"}),
        (facts.AgentMissed("802", "no_answer"), {"event": "agent_missed", "agent": "802", "why": "no_answer"}),
        (facts.AgentConnected("802"), {"event": "agent_connected", "agent": "802"}),
        (facts.AgentLeft("802", "hung_up"), {"event": "agent_left", "agent": "802", "why": "hung_up"}),
        (facts.MessageTaken(), {"event": "message"}),
        (
            facts.CallBackAsked(NUMBER, NumberSource.KEYED, confirmed=True),
            {"event": "call_back", "number": "139****1111", "source": "keyed", "confirmed": True},
        ),
        (
            facts.CallBackAsked(None, None, confirmed=False),
            {"event": "call_back", "number": None, "source": None, "confirmed": False},
        ),
        (facts.CustomerRings(), {"event": "customer_ringing"}),
        (facts.DialUnanswered("busy"), {"event": "not_reached", "why": "busy"}),
        (facts.WaitBegan(3), {"event": "waiting", "position": 3}),
        (facts.WaitMoved(2), {"event": "waiting", "position": 2}),
    ],
)
def test_each_fact_of_the_desk_is_an_event(fact: CallFact, event: dict[str, Any]) -> None:
    assert shown(Told().rings(1).tell(fact))[0][-1] == event


def test_who_talks_is_the_lines_agent() -> None:
    told = Told().rings(2).tell(facts.AgentAssigned("803")).answered()
    assert shown(told)[1][-1]["agent"] == "803", "whose customer he is"
    told.tell(facts.AgentRinging("803"), facts.AgentMissed("803", "no_answer"), facts.AgentRinging("802"))
    assert shown(told)[1][-1]["agent"] == "803", "rung is not there yet"
    told.tell(facts.AgentConnected("802"), facts.StateEntered(CallState.TALKING))
    assert {key: shown(told)[1][-1][key] for key in ("state", "agent")} == {"state": "talking", "agent": "802"}


def test_a_place_in_the_queue_is_shown_while_he_waits() -> None:
    told = Told().rings(2).answered().tell(facts.StateEntered(CallState.WAITING), facts.WaitBegan(2))
    told.tell(facts.WaitMoved(1))
    assert [call["position"] for call in shown(told)[1]][-2:] == [2, 1]
    talks = facts.WaitEnded(20.0, overdue=False), facts.StateEntered(CallState.LISTENING)
    assert shown(replace(told, notices=[*told.notices]).tell(*talks))[1][-1]["position"] is None
    assert shown(told.tell(facts.AgentConnected("801")))[1][-1]["position"] is None


def test_a_call_of_ours_is_never_shown_as_one_that_rings() -> None:
    states = shown(called_back())[1]
    assert list(dict.fromkeys(state["state"] for state in states)) == ["dialling", "talking", "released"]
    assert {(state["ticket"], state["caller"]) for state in states} == {(12, "138****5678")}
    assert [event["event"] for event in shown(not_reached())[0]] == ["customer_ringing", "not_reached", "released"]


def test_wd_11_keys_of_a_number_to_call_back_are_not_told_one_by_one() -> None:
    ask = Prompt("call-back-ask", "请输入您的电话号码", "JH-19", ("a.wav",), 2.0, part=Part.CALL_BACK)
    keys = [facts.DigitDialled(digit) for digit in NUMBER]
    waits = Told().rings(2).answered().tell(facts.DigitDialled("7"), facts.StateEntered(CallState.WAITING))
    waits.tell(facts.DigitDialled("1"), keys[0], facts.PromptStarted(ask), *keys[1:])
    waits.tell(facts.CallBackAsked(NUMBER, NumberSource.KEYED, confirmed=True))
    for show_numbers in (False, True):
        events = shown(waits, show_numbers=show_numbers)[0]
        digits = [event["digit"] for event in events if event["event"] == "dtmf"]
        assert digits == ["7", "1", *(NUMBER if show_numbers else [None] * 11)]
        assert (NUMBER in json.dumps(events)) is show_numbers


def test_wd_11_nor_where_he_was_asked_outside_a_wait() -> None:
    ask = Prompt("call-back-ask", "请输入您的电话号码", "JH-19", ("a.wav",), 2.0, part=Part.CALL_BACK)
    told = Told().rings(2).answered().tell(facts.PromptStarted(ask), facts.DigitDialled("1"))
    assert shown(told)[0][-1] == {"event": "dtmf", "digit": None}


# -- the desk's own topics ---------------------------------------------------------------------------------------

TICKET = TicketShown(7, "complaint", "801", "open", MORNING + timedelta(hours=24), NUMBER)
SHOWN = {
    "ticket": 7,
    "kind": "complaint",
    "owner": "801",
    "state": "open",
    "deadline": "2026-02-19T09:30:00.000+08:00",
    "number": "139****1111",
    "overdue": False,
    "call": None,
    "call_back": None,
    "due_at": None,
    "attempts": 0,
}


def desk(**options: bool) -> DeskBoard:
    return DeskBoard(TOPICS, ("801", "802"), MORNING, **options)


def read(message: Message) -> tuple[str, Any, bool]:
    payload = json.loads(message.payload) if message.payload else None
    return message.topic.removeprefix(TOPICS.root + "/"), payload, message.retained


def test_agents_are_offline_until_the_desk_tells_otherwise() -> None:
    first, second = desk().states()
    since = "2026-02-18T09:30:00.000+08:00"
    state = {"agent": "801", "state": "offline", "since": since, "why": None, "call": None}
    assert read(first) == ("agent/801/state", state, True)
    assert read(second)[0] == "agent/802/state"
    busy = desk().agent("801", "busy", MORNING, "call", "c1")
    assert read(busy) == ("agent/801/state", state | {"state": "busy", "why": "call", "call": "c1"}, True)


def test_a_ticket_is_shown_masked_while_it_is_open_and_goes_when_it_is_not() -> None:
    assert read(desk().ticket(TICKET)) == ("ticket/7/state", SHOWN, True)
    assert read(desk(show_numbers=True).ticket(TICKET))[1]["number"] == NUMBER
    closed = desk().ticket(replace(TICKET, state="closed", open=False))
    assert (closed.topic, closed.payload, closed.retained) == (TOPICS.ticket_state(7), b"", True)


@pytest.mark.parametrize("what", list(TicketCall))
def test_people_are_called_for_a_ticket(what: TicketCall) -> None:
    late = replace(TICKET, overdue=True, call="c1", call_back="owed", due_at=MORNING, attempts=2)
    now = "2026-02-18T09:30:00.000+08:00"
    changed = {"overdue": True, "call": "c1", "call_back": "owed", "due_at": now, "attempts": 2}
    fields = {"ts": now, "event": f"ticket_{what}", **SHOWN, **changed}
    assert read(desk().ticket_call(late, what, MORNING)) == ("alert", fields, False)


def test_a_trouble_is_there_while_it_lasts_and_told_when_it_begins_and_ends() -> None:
    on_board = desk()
    assert on_board.trouble("recordings", "", MORNING, raised=False) == [], "none has begun"
    fields = {"code": "recordings", "detail": "disk full", "ts": "2026-02-18T09:30:00.000+08:00"}
    begun = [read(message) for message in on_board.trouble("recordings", "disk full", MORNING, raised=True)]
    assert begun == [
        ("alert/recordings", fields, True),
        ("alert", {"event": "trouble", "line": None, **fields}, False),
    ]
    assert on_board.trouble("recordings", "disk full", MORNING, raised=True) == []
    (other,) = on_board.trouble("recordings", "no folder", MORNING, raised=True)
    assert read(other) == ("alert/recordings", {**fields, "detail": "no folder"}, True), "it has begun already"
    over = [read(message) for message in on_board.trouble("recordings", "12 GB free", MORNING, raised=False)]
    assert over == [
        ("alert/recordings", None, True),
        ("alert", {"event": "trouble_over", "line": None, **fields, "detail": "12 GB free"}, False),
    ]
    assert on_board.trouble("recordings", "12 GB free", MORNING, raised=False) == []


def test_a_topic_that_was_given_up_is_cleared_at_the_broker_and_then_forgotten() -> None:
    outbox = Outbox(limit=10)
    gone = desk().ticket(replace(TICKET, open=False))
    outbox.put(desk().ticket(TICKET))
    outbox.put(gone)
    outbox.connected()
    assert list(iter(outbox.take, None)) == [gone]
    outbox.disconnected()
    outbox.connected()
    assert list(iter(outbox.take, None)) == [gone], "the broker may still hold the ticket"
    outbox.acknowledged(gone)
    outbox.disconnected()
    outbox.connected()
    assert outbox.take() is None
