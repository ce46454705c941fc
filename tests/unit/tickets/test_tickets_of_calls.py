"""Which calls make a ticket, and what it knows: at once on disk, enriched by later facts, one for each call."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from drivers.line import CallerId, Verdict
from gateway.call import facts
from gateway.call.facts import NumberSource, ReleasedBy
from gateway.call.plan import Choice, Flow, Menu, Message, Prompt, Question
from gateway.records import Records, Store
from gateway.tickets import CallBackState, TicketRefused, TicketsConfig, TicketState, kinds_of
from gateway.tickets.draft import folded
from gateway.tickets.entering import enriched
from tests.service.told import Told, given_up, noisy, silent, talker
from tests.unit.tickets.counter import MORNING, NUMBER, SOON, asks, gateway, hears, only, ticket, tickets_config

pytestmark = pytest.mark.unit


@pytest.fixture
def config(tmp_path: Path) -> TicketsConfig:
    return tickets_config(tmp_path)


def talked(agent: str = "802") -> Told:
    """Greeted by 801, talks to `agent`."""
    return Told().rings(2).answered().says("greeting").tell(facts.AgentConnected(agent))


def question(key: str) -> Question:
    return Question(key, Prompt(key, f"请问{key}?", "JS-3", (f"{key}.wav",), 2.0), 8.0, f"{key}-answer.wav")


def answers(told: Told) -> Told:
    told.tell(facts.QuestionAnswered(question("name"), True, None), after=3.0)
    told.tell(facts.QuestionAnswered(question("telephone"), False, NUMBER), after=3.0)
    return told.tell(facts.QuestionAnswered(question("lamps"), False, None), after=3.0)


OWED_NOTHING = {
    "silent": silent(),
    "noisy": noisy(),
    "abandoned": given_up(),
    "talks": talker(),
    "served": talked().hung_up(),
    "served, then left": talked().tell(facts.AgentLeft("802", "hung_up")).says("further", "farewell").hung_up(),
    "has chosen": talked().tell(facts.KindChosen("enquiry", "1", "TT-1")).hung_up(),
    "gave up": Told().rings(2).answered().tell(facts.WaitBegan(1), facts.WaitEnded(20.0, False)).hung_up(),
    "told, then served": answers(Told().rings(2).answered()).tell(facts.AgentConnected("802")).hung_up(),
    "called back": Told().rings(1).tell(facts.Dialled(7, NUMBER), facts.AgentConnected("801")).hung_up(),
}


def test_who_is_owed_nothing_has_no_ticket(config: TicketsConfig, caplog: pytest.LogCaptureFixture) -> None:
    with gateway(config) as book:
        for name, told in OWED_NOTHING.items():
            hears(book, Told(notices=[replace(notice, call=name) for notice in told.notices]))
    assert [one.call for one in book.tickets()] == []
    assert not caplog.records, "nothing was tried"


def test_a_call_back_is_owed_from_the_moment_it_is_asked_for(config: TicketsConfig) -> None:
    with gateway(config) as book:
        hears(book, asks())
    one = only(book)
    assert (one.state, one.kind, one.owner, one.call) == (TicketState.OPEN, "enquiry", "801", "c0ffee01")
    assert (one.number, one.source, one.confirmed) == (NUMBER, NumberSource.CALLER_ID, True)
    assert one.deadline - one.opened_at == timedelta(hours=24)
    assert (one.call_back, one.due_at) == (CallBackState.OWED, None), "he is still on the line"
    assert [entry.what for entry in book.history(one.id)] == ["opened", "call-back owed"]


def test_a_message_is_answered_by_people(config: TicketsConfig) -> None:
    told = Told().rings(2).answered().tell(facts.RecordingStarted("call.wav"), facts.MessageTaken()).hung_up()
    with gateway(config) as book:
        hears(book, told)
    one = only(book)
    assert (one.kind, one.recording, one.number, one.call_back) == ("message", "call.wav", NUMBER, None)
    assert book.due_call_backs(SOON) == []


def test_an_alert_is_a_ticket_at_once_whoever_serves_him(config: TicketsConfig) -> None:
    told = Told().rings(2).answered().tell(facts.KindChosen("equipment_fault", "3", "TT-1"))
    told.tell(facts.AlertRaised("equipment_fault", "TT-1"))
    with gateway(config) as book:
        hears(book, told)
    assert only(book).kind == "equipment_fault"
    with gateway(config) as book:
        hears(book, told.tell(facts.AgentConnected("802")).hung_up())
    assert (only(book).owner, only(book).state) == ("802", TicketState.OPEN)


def test_the_answers_are_there_in_order(config: TicketsConfig) -> None:
    with gateway(config) as book:
        hears(book, answers(Told().rings(2).answered()).tell(facts.MessageTaken()).hung_up())
    found = only(book).answers
    assert [(one.question, one.spoken, one.digits, one.recording) for one in found] == [
        ("name", True, None, "name-answer.wav"),
        ("telephone", False, NUMBER, "telephone-answer.wav"),
        ("lamps", False, None, "lamps-answer.wav"),
    ]
    assert found[0].text == "请问name?"


def test_who_hangs_up_in_the_middle_of_the_questions_has_told_his_case(config: TicketsConfig) -> None:
    with gateway(config) as book:
        hears(book, answers(Told().rings(2).answered()).hung_up())
    one = only(book)
    assert (one.kind, len(one.answers)) == ("message", 3)
    assert book.history(1)[0].why == "questions answered"


def test_who_answers_nothing_has_told_nothing(config: TicketsConfig) -> None:
    told = Told().rings(2).answered().tell(facts.QuestionAnswered(question("name"), False, None))
    with gateway(config) as book:
        hears(book, told.hung_up())
    assert book.tickets() == []


def test_it_stays_with_the_agent_who_took_the_call(config: TicketsConfig) -> None:
    """WD-13: the one who talked to him last, else the one who was to greet, be it by the caller ID."""
    greeted = Told(call="a").rings(2).tell(facts.AgentAssigned("802")).answered().tell(facts.MessageTaken())
    talked_to = Told(call="b").rings(2).answered()
    talked_to.tell(facts.AgentConnected("802"), facts.AgentLeft("802", "failed"), facts.AgentConnected("803"))
    with gateway(config) as book:
        hears(book, greeted.hung_up(), talked_to.tell(facts.MessageTaken()).hung_up())
    assert {one.call: one.owner for one in book.tickets()} == {"a": "802", "b": "803"}


def test_one_ticket_a_call_with_what_was_said_last(config: TicketsConfig) -> None:
    told = asks("12345").tell(facts.MessageTaken(), facts.AlertRaised("serious_complaint", "TT-1"))
    told.tell(facts.CallBackAsked("13912345678", NumberSource.KEYED, True), facts.AgentConnected("802"))
    with gateway(config) as book:
        hears(book, told.hung_up())
    one = only(book)
    assert (one.kind, one.owner) == ("serious_complaint", "802")
    assert (one.number, one.source) == ("13912345678", NumberSource.KEYED)
    assert one.call_back is CallBackState.OWED
    assert one.due_at is not None


def test_who_keys_in_a_number_that_may_not_be_called_is_peoples(config: TicketsConfig) -> None:
    told = asks().tell(facts.CallBackAsked("0012125550123", NumberSource.KEYED, True))
    with gateway(config) as book:
        hears(book, asks())
    assert only(book).call_back is CallBackState.OWED
    with gateway(config) as book:
        hears(book, told.hung_up())
    one = only(book)
    assert (one.call_back, one.due_at, one.number) == (CallBackState.PEOPLE, None, "0012125550123")


def test_without_a_number_people_look_for_him(config: TicketsConfig) -> None:
    with gateway(config) as book:
        hears(book, asks(None, caller=None).hung_up())
    assert (only(book).number, only(book).call_back) == (None, CallBackState.PEOPLE)
    assert book.history(1)[-1].why == "he gave no number"


def test_an_agent_may_ask_for_one(config: TicketsConfig) -> None:
    told = talked()
    with gateway(config) as book:
        hears(book, told)
        book.request("c0ffee01", "802", told.at, kind="complaint", text="煤气表走得快", call_back=True)
        hears(book, replace(told, notices=[]).hung_up())
        with pytest.raises(TicketRefused, match="no call 'c0ffee01' is up"):
            book.request("c0ffee01", "802", told.at)
    one = only(book)
    assert (one.kind, one.text, one.owner) == ("complaint", "煤气表走得快", "802")
    assert (one.number, one.call_back) == (NUMBER, CallBackState.OWED)
    assert book.history(1)[0].why == "asked for by agent 802"


def test_what_is_told_later_is_added(config: TicketsConfig) -> None:
    """Nothing that somebody wrote is replaced, and the history tells who added what, each once."""
    told = talked().tell(facts.KindChosen("enquiry", "1", "TT-1"))
    with gateway(config) as book:
        hears(book, told)
        book.request("c0ffee01", "802", told.at, text="煤气表走得快")
        book.request("c0ffee01", "802", told.at, text="煤气表走得快")
    with gateway(config) as book:
        later = told.at + timedelta(seconds=9)
        hears(book, told)
        book.request("c0ffee01", "802", told.at, text="煤气表走得快")
        book.request("c0ffee01", "802", later, kind="complaint", text="还漏气", call_back=True)
        book.request("c0ffee01", "foreman", later, kind="serious_complaint")
        hears(book, replace(told, notices=[]).hung_up())
    one = only(book)
    assert (one.text, one.kind) == ("煤气表走得快\n还漏气", "serious_complaint")
    assert [(entry.who, entry.what, entry.why) for entry in book.history(one.id)] == [
        ("gateway", "opened", "asked for by agent 802"),
        ("802", "added to the case", ""),
        ("802", "kind changed from enquiry to complaint", ""),
        ("802", "added to the case", ""),
        ("foreman", "kind changed from complaint to serious_complaint", ""),
        ("gateway", "call-back owed", ""),
    ]


def test_a_kind_that_the_call_changes_stands_in_the_history(config: TicketsConfig) -> None:
    told = asks()
    with gateway(config) as book:
        hears(book, told)
    with gateway(config) as book:
        hears(book, told.tell(facts.AlertRaised("equipment_fault", "TT-1")).hung_up())
    changed = [entry for entry in book.history(1) if entry.what.startswith("kind")]
    assert [(entry.who, entry.what) for entry in changed] == [
        ("gateway", "kind changed from enquiry to equipment_fault")
    ]


def test_what_is_told_of_a_ticket_that_people_have_closed_is_kept(config: TicketsConfig) -> None:
    told = asks()
    with gateway(config) as book:
        hears(book, told)
    book.answer(1, "802", "told at the counter", SOON)
    book.shut(1, "802", SOON)
    with gateway(config) as book:
        hears(book, told)
        book.request("c0ffee01", "801", SOON, kind="complaint", text="还漏气")
    one = only(book)
    assert (one.state, one.kind, one.text) == (TicketState.CLOSED, "enquiry", "还漏气")
    assert [(entry.who, entry.what) for entry in book.history(1)][-2:] == [
        ("801", "kind changed from enquiry to complaint"),
        ("801", "added to the case"),
    ]


def test_what_people_have_done_stands(config: TicketsConfig) -> None:
    """While the call goes on the ticket is given to another agent and answered."""
    told = asks()
    with gateway(config) as book:
        hears(book, told)
    book.assign(1, "802", "root", "801 is ill", SOON)
    book.answer(1, "802", "told at the counter", SOON)
    with gateway(config) as book:
        hears(book, told.tell(facts.AgentConnected("801")).hung_up())
    one = only(book)
    assert (one.owner, one.state, one.reply) == ("802", TicketState.ANSWERED, "told at the counter")
    assert (one.call_back, one.due_at) == (CallBackState.PEOPLE, None)
    assert book.due_call_backs(SOON) == []


def test_a_number_stands_while_it_is_being_called() -> None:
    draft = None
    for notice in asks("13912345678").notices:
        draft = folded(draft, notice)
    assert draft is not None
    for stands, number in ((CallBackState.CALLING, NUMBER), (CallBackState.OWED, "13912345678")):
        assert enriched(ticket(call_back=stands), draft, SOON, refusal=None, due_at=SOON).ticket.number == number


def test_after_a_crash_in_mid_call_the_ticket_is_there_and_he_is_called(config: TicketsConfig) -> None:
    """The row is written with the wish itself; the end of the call is never told."""
    with gateway(config) as book:
        hears(book, asks())
    later = MORNING + timedelta(hours=2)
    with gateway(config, now=later) as book:
        pass
    assert only(book).due_at == later
    assert [one.ticket for one in book.due_call_backs(later)] == [1]


def test_an_attempt_that_died_with_the_gateway_is_counted_and_made_again(config: TicketsConfig) -> None:
    with gateway(config) as book:
        hears(book, asks().hung_up())
    permit = book.permit(1, SOON)
    book.dial(permit, SOON)
    assert only(book).call_back is CallBackState.CALLING
    with gateway(config, now=SOON) as book:
        pass
    one = only(book)
    assert (one.call_back, one.attempts, one.due_at) == (CallBackState.OWED, 1, SOON + timedelta(minutes=15))
    assert book.history(1)[-1].why == "died"
    reached = book.attempt_ended(permit, "reached", SOON)
    assert reached.call_back is CallBackState.REACHED, "he was reached all the same"


def test_an_attempt_that_nobody_ends_is_not_under_way_for_ever(config: TicketsConfig) -> None:
    with gateway(config) as book:
        hears(book, asks().hung_up())
    book.permit(1, SOON)
    assert book.due_call_backs(SOON + timedelta(minutes=59)) == []
    assert only(book).call_back is CallBackState.CALLING
    assert book.due_call_backs(SOON + timedelta(minutes=61)) == []
    assert only(book).call_back is CallBackState.OWED
    assert [one.ticket for one in book.due_call_backs(SOON + timedelta(hours=2))] == [1]


def test_the_end_of_an_attempt_told_twice_counts_once(config: TicketsConfig) -> None:
    with gateway(config) as book:
        hears(book, asks().hung_up())
    permit = book.permit(1, SOON)
    book.dial(permit, SOON)
    for result in ("busy", "busy", "reached", "no_answer"):
        after = book.attempt_ended(permit, result, SOON)
        assert (after.attempts, after.call_back) == (1, CallBackState.OWED)
    assert [entry.what for entry in book.history(1)].count("not reached") == 1


def test_tickets_lie_beside_the_call_records(config: TicketsConfig) -> None:
    records = Records(config.records)
    told = asks().hung_up()
    with gateway(config) as book:
        records.start()
        for notice in told.notices:
            records.receive(notice)
            book.receive(notice)
        records.stop()
    with Store(config.records) as store:
        assert [one.call for one in store.calls()] == [only(book).call]


def test_other_facts_are_none_of_its_business(config: TicketsConfig) -> None:
    told = Told().rings(1).hears(Verdict.SPEECH).tell(facts.CallerIdentified(CallerId(None)))
    with gateway(config) as book:
        hears(book, Told(notices=told.notices[1:]), told.released(ReleasedBy.FAULT, "modem"))
        hears(book, asks(call="after").hung_up())
    assert [one.call for one in book.tickets()] == ["after"]


def test_the_kinds_that_can_be_asked_for_are_every_hotlines_and_the_menus() -> None:
    every = ("enquiry", "complaint", "equipment_fault", "serious_complaint", "message")
    assert kinds_of(None) == every
    said = Prompt("menu", "请按键", "TT-1", ("menu.wav",), 2.0)
    flow = Flow("default", Message(4.0, 60.0))
    choices = {digit: Choice(digit, kind, flow) for digit, kind in (("1", "complaint"), ("2", "meter"))}
    assert kinds_of(Menu("TT-1", said, 5.0, 2, choices, choices["1"])) == (*every, "meter")
