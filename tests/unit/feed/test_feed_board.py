"""The board: what each line does, from any sequence of facts."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.line import FaultCode, LineFault, LineRestored, Verdict
from gateway.call import facts
from gateway.call.facts import Notice, ReleasedBy
from gateway.call.plan import Part, Prompt, Question
from gateway.call.states import CallState
from gateway.feed.board import Board
from gateway.feed.encoding import Message
from gateway.feed.topics import Topics
from tests.legal_facts import legal
from tests.service.told import MORNING, Told, talker
from tests.unit.feed.moments import told_to

pytestmark = pytest.mark.unit

TOPICS = Topics("sansheng", "jinan")


def board() -> Board:
    return Board(TOPICS, [("sip1", "sip"), ("fxo1", "fxo")], MORNING)


def told(board: Board, *notices: Notice) -> list[tuple[str, dict[str, Any]]]:
    messages = told_to(board, notices)
    return [(message.topic.removeprefix("sansheng/jinan/"), json.loads(message.payload)) for message in messages]


def restored(line: str = "sip1") -> Notice:
    return Notice(MORNING, line, None, LineRestored())


def test_before_its_first_notice_a_line_is_offline() -> None:
    states = [json.loads(message.payload) for message in board().states()]
    assert [(s["line"], s["driver"], s["state"], s["calls"], s["seq"]) for s in states] == [
        ("sip1", "sip", "offline", [], 0),
        ("fxo1", "fxo", "offline", [], 0),
    ]
    assert all(message.retained for message in board().states())


def test_a_fault_and_its_end() -> None:
    fault = Notice(MORNING, "fxo1", None, LineFault(FaultCode.PORT_LOST, "gone"))
    on_board = board()
    (_, restored_event), (_, idle), (topic, event), (_, offline) = told(on_board, restored("fxo1"), fault)
    assert (restored_event["event"], idle["state"]) == ("line_restored", "idle")
    assert topic == "line/fxo1/event"
    assert (event["event"], event["code"], event["call"], event["seq"]) == ("line_fault", "port_lost", None, 2)
    assert (offline["state"], offline["seq"]) == ("offline", 2)
    (_, again), (_, still) = told(on_board, fault)
    assert (again["seq"], still) == (3, offline | {"seq": 3}), "each event is followed by a state that includes it"
    assert on_board.changes() == [], "a state that has not changed is not published again"


def test_a_call_is_seen_from_its_offer_to_its_end() -> None:
    messages = told(board(), restored(), *talker().notices)
    states = [payload for topic, payload in messages if topic == "line/sip1/state"]
    events = [payload for topic, payload in messages if topic == "line/sip1/event"]
    assert list(dict.fromkeys(state["state"] for state in states)) == ["idle", "ringing", "greeting", "released"]
    assert states[-1]["state"] == "idle"
    assert states[-1]["calls"] == []
    greeting = next(s for s in states if s["calls"] and s["calls"][0]["prompt"] == "greeting")
    assert greeting["calls"] == [
        {
            "call": "c0ffee01",
            "state": "greeting",
            "since": "2026-02-18T09:30:05.200+08:00",
            "offered_at": "2026-02-18T09:30:00.000+08:00",
            "rings": 2,
            "caller": "138****5678",
            "agent": "801",
            "verdict": None,
            "prompt": "greeting",
            "kind": None,
            "position": None,
            "waiting_since": None,
            "next_reassurance": None,
            "ticket": None,
        }
    ]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[-1]["event"] == "released"


def at_once(board: Board, *notices: Notice) -> list[dict[str, Any]]:
    """The states of sip1 that a moment in which all of these are told leads to, after its events."""
    for notice in notices:
        assert all(not message.retained for message in board.receive(notice)), "its state is not told yet"
    return [json.loads(message.payload) for message in board.changes()]


TO_WAIT = (facts.StateEntered(CallState.WAITING), facts.WaitBegan(2), facts.AgentRinging("802"))
TO_TALK = (facts.WaitEnded(3.0, overdue=False), facts.StateEntered(CallState.TALKING), facts.AgentConnected("802"))


def test_what_is_told_in_one_moment_is_one_state() -> None:
    on_board, story = board(), Told().rings(2).answered()
    assert [state["state"] for state in at_once(on_board, restored(), *story.notices)] == ["greeting"]
    story.notices.clear()
    (waiting,) = at_once(on_board, *story.tell(*TO_WAIT).notices)
    (call,) = waiting["calls"]
    assert (call["state"], call["position"]) == ("waiting", 2)
    assert call["waiting_since"] == call["since"]
    story.notices.clear()
    (talking,) = at_once(on_board, *story.tell(*TO_TALK).notices)
    (call,) = talking["calls"]
    assert (call["state"], call["agent"], call["waiting_since"]) == ("talking", "802", None)
    assert talking["seq"] == waiting["seq"] + 2
    assert on_board.changes() == []


def test_a_call_that_is_over_is_shown_released_once_and_waits_for_nothing() -> None:
    on_board, story = board(), Told().rings(2).answered().tell(*TO_WAIT)
    at_once(on_board, restored(), *story.notices)
    story.notices.clear()
    over = story.released(ReleasedBy.CUSTOMER, "bye").notices
    released, idle = at_once(on_board, *over)
    assert on_board.lines()["sip1"] == ("idle", 0)
    (call,) = released["calls"]
    assert (released["state"], call["state"]) == ("released", "released")
    assert {call["position"], call["waiting_since"], call["next_reassurance"], call["prompt"]} == {None}
    assert (idle["state"], idle["calls"], idle["seq"]) == ("idle", [], released["seq"])
    assert released["since"] == call["since"] == idle["since"] == over[-1].at.isoformat(timespec="milliseconds")


def test_a_call_that_is_over_is_not_up_though_it_has_not_been_shown_so_yet() -> None:
    on_board = board()
    for notice in (restored(), *talker().notices):
        on_board.receive(notice)
    assert on_board.lines()["sip1"][1] == 0


def test_a_fault_of_ours_ends_a_call_in_the_state_released() -> None:
    on_board, story = board(), Told().rings(2).answered()
    at_once(on_board, restored(), *story.notices)
    story.notices.clear()
    story.tell(facts.Released(ReleasedBy.FAULT, "internal"))
    assert [state["state"] for state in at_once(on_board, *story.notices)] == ["released", "idle"]


def test_an_alert_is_shown_with_what_it_is_of() -> None:
    on_board = board()
    on_board.receive(Notice(MORNING, "sip1", None, LineFault(FaultCode.WORKER_DIED, "killed")))
    on_board.alerted("sip1", ["worker_died"])
    assert [(state["state"], state["alerts"]) for state in at_once(on_board)] == [("offline", ["worker_died"])]
    on_board.receive(restored())
    on_board.alerted("sip1", [])
    assert [(state["state"], state["alerts"]) for state in at_once(on_board)] == [("idle", [])]


def test_since_tells_when_the_state_began() -> None:
    story = Told().rings(3)
    states = [p for topic, p in told(board(), restored(), *story.notices) if topic == "line/sip1/state"]
    assert states[-1]["calls"][0]["rings"] == 3
    assert states[-1]["since"] == "2026-02-18T09:30:00.000+08:00", "ringing began with the offer"


def test_the_first_of_several_calls_gives_the_state() -> None:
    first = Told(call="a").rings(2).answered()
    second = Told(call="b").rings(1)
    on_board = board()
    state = told(on_board, restored(), *first.notices, *second.notices)[-1][1]
    assert (state["state"], [call["call"] for call in state["calls"]]) == ("greeting", ["a", "b"])
    first.notices.clear()
    state = told(on_board, *first.released(ReleasedBy.CUSTOMER, "bye").notices)[-1][1]
    assert (state["state"], [call["call"] for call in state["calls"]]) == ("ringing", ["b"])


ALERT = facts.AlertRaised("fault", "TT-1")


def test_tt_1_an_alert_is_an_event_and_goes_to_who_listens_for_alerts_alone() -> None:
    story = Told().rings(2).answered().tell(facts.KindChosen("fault", "3", "TT-1"), ALERT)
    told_ = told(board(), restored(), *story.notices)
    alerts = [payload for topic, payload in told_ if topic == "alert"]
    events = [payload for topic, payload in told_ if topic == "line/sip1/event" and payload["event"] == "alert"]
    assert alerts == events
    assert len(alerts) == 1
    shown = {key: alerts[0][key] for key in ("call", "line", "kind", "clause", "caller", "agent")}
    assert shown == {
        "call": "c0ffee01",
        "line": "sip1",
        "kind": "fault",
        "clause": "TT-1",
        "caller": "138****5678",
        "agent": "801",
    }
    assert [p["calls"][0]["kind"] for t, p in told_ if t.endswith("state") and p["calls"]][-1] == "fault"


def test_an_alert_is_not_retained_and_masks_its_caller_only_where_it_must() -> None:
    on_board = Board(TOPICS, [("sip1", "sip")], MORNING, show_numbers=True)
    story = Told().rings(2).answered().tell(ALERT)
    messages = told_to(on_board, story.notices)
    (alert,) = [message for message in messages if message.topic == TOPICS.alert]
    assert not alert.retained
    assert json.loads(alert.payload)["caller"] == "13812345678"


def test_jh_8_a_waiting_customer_is_seen_to_wait() -> None:
    waits = (facts.StateEntered(CallState.WAITING), facts.WaitBegan())
    goes_on = (facts.WaitEnded(31.5, overdue=False), facts.StateEntered(CallState.LISTENING))
    story = Told().rings(2).answered().tell(*waits).tell(*goes_on, after=31.5)
    told_ = told(board(), restored(), *story.notices)
    states = [payload["state"] for topic, payload in told_ if topic == "line/sip1/state"]
    assert list(dict.fromkeys(states)) == ["idle", "ringing", "greeting", "waiting", "listening"]
    events = [payload["event"] for topic, payload in told_ if topic == "line/sip1/event"]
    assert events[-2:] == ["waiting", "wait_ended"]


@pytest.mark.parametrize("show_numbers", [False, True])
def test_wd_11_keys_of_an_answer_are_not_told_one_by_one(show_numbers: bool) -> None:
    asked = Prompt("question-telephone", "请问您的电话号码是多少?", "JS-3", ("t.wav",), 2.0, part=Part.QUESTION)
    question = Question("telephone", asked, 6.0)
    keys = [facts.DigitDialled(digit) for digit in "13900001"]
    story = Told().rings(2).answered().tell(facts.DigitDialled("1"), facts.PromptStarted(asked), *keys)
    story.tell(facts.QuestionAnswered(question, False, "13900001"), facts.DigitDialled("6"))
    on_board = Board(TOPICS, [("sip1", "sip")], MORNING, show_numbers=show_numbers)
    events = [payload for topic, payload in told(on_board, *story.notices) if topic == "line/sip1/event"]
    digits = [event["digit"] for event in events if event["event"] == "dtmf"]
    assert digits == ["1", *("139000016" if show_numbers else [None] * 9)], "a key that comes late is his number's"
    assert ("13900001" in json.dumps(events)) is show_numbers


FACTS = st.one_of(
    st.just(facts.Offered("jinan", "sip1", "sip", "jihua-gas", "801")),
    *(
        legal(kind)
        for kind in (
            facts.StateEntered,
            facts.Rang,
            facts.CallerIdentified,
            facts.PromptStarted,
            facts.PromptFinished,
            facts.VerdictGiven,
            facts.DigitDialled,
            facts.KindChosen,
            facts.AlertRaised,
            facts.QuestionAnswered,
            facts.WaitBegan,
            facts.WaitEnded,
            facts.Released,
        )
    ),
)
NOTICES = st.one_of(
    st.builds(Notice, st.just(MORNING), st.sampled_from(["sip1", "fxo1"]), st.sampled_from("abc"), FACTS),
    st.builds(
        Notice, st.just(MORNING), st.just("sip1"), st.none(), st.from_type(LineFault) | st.just(LineRestored())
    ),
)
STATES = {"idle", "offline", *(state.value for state in CallState)}


@settings(deadline=None)
@given(st.lists(NOTICES, max_size=40))
def test_whatever_happens_each_payload_is_the_contracts(notices: list[Notice]) -> None:
    on_board = board()
    seen = {"sip1": 0, "fxo1": 0}
    for message in told_to(on_board, notices):
        _check(message, seen)


@settings(deadline=None)
@given(st.lists(st.lists(NOTICES, max_size=6), max_size=8))
def test_each_event_is_followed_by_a_state_that_includes_it(moments: list[list[Notice]]) -> None:
    on_board = board()
    newest = {"sip1": 0, "fxo1": 0}
    for moment in moments:
        told_now = [json.loads(message.payload) for one in moment for message in on_board.receive(one)]
        newest |= {event["line"]: event["seq"] for event in told_now}
        shown = {state["line"]: state for m in on_board.changes() for state in [json.loads(m.payload)]}
        assert {event["line"] for event in told_now} <= set(shown)
        for line, state in shown.items():
            assert state["seq"] == newest[line]
            assert not [call for call in state["calls"] if call["state"] == "released" and call["waiting_since"]]


def _check(message: Message, seen: dict[str, int]) -> None:
    payload = json.loads(message.payload)
    if message.topic == TOPICS.alert:
        assert payload["event"] == "alert"
        assert payload["seq"] == seen[payload["line"]], "the event's own number"
        return
    assert message.topic in (TOPICS.line_event(payload["line"]), TOPICS.line_state(payload["line"]))
    if message.retained:
        assert set(payload) == {"line", "driver", "state", "since", "seq", "calls", "alerts"}
        assert payload["state"] in STATES
        assert payload["seq"] == seen[payload["line"]]
        if payload["calls"]:
            assert payload["state"] == payload["calls"][0]["state"]
    else:
        assert {"seq", "ts", "line", "call", "event"} <= set(payload)
        assert payload["seq"] == seen[payload["line"]] + 1
        seen[payload["line"]] += 1


def test_a_loss_is_an_event_and_the_state_keeps_the_verdict() -> None:
    story = Told().rings(2).answered().tell(facts.VerdictGiven(Verdict.SPEECH, -22.0, 25.0), facts.MediaLost())
    messages = told(board(), restored(), *story.notices)
    events = [payload for topic, payload in messages if topic == "line/sip1/event"]
    states = [payload for topic, payload in messages if topic == "line/sip1/state"]
    assert (events[-1]["event"], events[-1]["call"]) == ("media_lost", "c0ffee01")
    assert states[-1]["calls"][0]["verdict"] == "speech"
