"""A page is made to be passed on: the customer's numbers and name are not in it, unless asked for (WD-11)."""

from dataclasses import replace

import pytest

from gateway.records import CallRecord
from gateway.records.noted import AnswerNoted, CallBackNoted
from gateway.records.store import Event
from gateway.reports.call_page import call_html
from gateway.reports.call_page.hidden import hidden
from tests.service.told import MORNING
from tests.unit.reports.drawn import KeptCall, intake, kept, keyed_in, silent

pytestmark = pytest.mark.unit

CALLER = "13812345678"
KEYED = "13912340987"
TAXPAYER = "370102198712345"


def keys_of(events: list[Event]) -> str:
    return "".join(event.data["digit"] for event in events if event.fact == "digit_dialled")


def everywhere() -> KeptCall:
    """His number in every text that a record has."""
    record, events = kept(silent())
    spoken = f"您的电话号码是{CALLER}。"
    named = {"number": CALLER, "name": f"Wang {KEYED}", "presentation": "allowed"}
    asked = {"number": CALLER, "source": "caller_id", "confirmed": True}
    told = [
        replace(event, data={"caller_id": named}) if event.fact == "caller_identified" else event
        for event in events
    ]
    told.insert(9, Event(told[9].at, "call_back_asked", asked))
    told.insert(9, Event(told[9].at, "dialled", {"number": f"+86{CALLER}", "ticket": 7}))
    told.insert(9, Event(told[9].at, "recording_started", {"path": f"/r/{CALLER}.wav"}))
    answer = AnswerNoted("telephone", "?", "JS-3", f"/r/{CALLER}.wav", CALLER, False, MORNING)
    record = replace(
        record,
        caller=f"+86{CALLER}",
        caller_name=f"Wang {KEYED}",
        cause=f"sip:{CALLER}@pbx",
        recording=f"/r/{CALLER}.wav",
        digits=f"{CALLER}#",
        prompts=tuple(replace(said, text=spoken) for said in record.prompts),
        answers=(answer,),
        call_backs=(CallBackNoted(MORNING, CALLER, "caller_id", True),),
        compliance=tuple(replace(found, evidence=spoken) for found in record.compliance),
    )
    return record, told


def test_a_number_that_stands_everywhere_is_nowhere_in_the_page() -> None:
    html = call_html(*everywhere())
    for secret in (CALLER, CALLER[3:], KEYED, "Wang"):
        assert secret not in html
    assert "138****5678" in html
    assert "您的电话号码是138****5678。" in html
    assert "hidden (WD-11)" in html


def test_of_files_the_names_alone_are_told() -> None:
    record, events = everywhere()
    asked = {"key": "case", "text": "?", "clause": "JS-3", "recording": "/srv/var/recordings/answer.wav"}
    answered = {"question": asked, "digits": "", "spoken": True}
    events.insert(9, Event(events[9].at, "question_answered", answered))
    events.insert(9, Event(events[9].at, "recording_started", {"path": "/srv/var/recordings/call.wav"}))
    record = replace(record, recording="/srv/var/recordings/call.wav")
    html = call_html(record, events)
    assert "/srv" not in html
    assert html.count("call.wav") >= 2
    assert "answer.wav" in html
    assert answered["question"] == asked | {"recording": "/srv/var/recordings/answer.wav"}, "the fact is as it was"
    assert "/srv/var/recordings/call.wav" in call_html(record, events, show_numbers=True)


def test_whoever_asks_for_numbers_gets_them_and_is_warned() -> None:
    html = call_html(*everywhere(), show_numbers=True)
    assert f"+86{CALLER} (Wang {KEYED})" in html
    assert f"您的电话号码是{CALLER}。" in html
    assert "not to be passed on" in html


def test_a_number_keyed_in_one_by_one_is_hidden_with_what_he_keyed_by_mistake() -> None:
    record, events = kept(keyed_in())
    assert record.digits == f"113912*{KEYED}#1"
    veiled, told = hidden(record, events)
    assert keys_of(told) == veiled.digits == "••••12*139••••0987#1"
    html = call_html(record, events)
    assert KEYED not in html
    assert "139****0987" in html, "where he is to be called back"
    assert keys_of(events) == record.digits, "the record is as it was"


def test_keys_that_answer_a_question_are_hidden_from_seven_on() -> None:
    record, events = kept(intake())
    assert TAXPAYER in [answer.digits for answer in record.answers]
    html = call_html(record, events)
    assert TAXPAYER not in html
    assert "keys 370********2345" in html


def test_choices_by_key_are_shown() -> None:
    record, events = kept(silent())
    pressed = [Event(MORNING, "digit_dialled", {"digit": key}) for key in "1*20"]
    veiled, told = hidden(replace(record, digits="1*20"), [*events, *pressed])
    assert veiled.digits == keys_of(told) == "1*20"


def test_an_extension_is_masked_where_it_stands_and_an_agents_number_is_not() -> None:
    record, events = kept(silent())
    veiled, _ = hidden(replace(record, caller="801"), events)
    assert veiled.caller == "***"
    assert veiled.prompts[0].text == record.prompts[0].text
    assert "801" in veiled.prompts[0].text


def test_nobody_is_hidden_where_nobody_is_known() -> None:
    record, events = kept(silent())
    nobody: CallRecord = replace(record, caller=None, recording=None)
    unknown = {"caller_id": {"number": None, "name": None, "presentation": "restricted"}}
    told = [replace(e, data=unknown) if e.fact == "caller_identified" else e for e in events]
    told = [event for event in told if event.fact != "recording_started"]
    assert hidden(nobody, told) == (nobody, told)
    assert "not given" in call_html(nobody, told)


def test_a_number_that_was_erased_is_not_told_as_one_that_never_came() -> None:
    record, events = kept(silent())
    erased = {"caller_id": {"number": None, "name": None, "presentation": "allowed"}}
    told = [replace(e, data=erased) if e.fact == "caller_identified" else e for e in events]
    html = call_html(replace(record, caller=None), told)
    assert "来电显示:已删除" in html
    assert "caller ID: erased" in html
    assert not [text for text in ("未送号码", "允许显示", "caller ID: allowed", "not given") if text in html]
