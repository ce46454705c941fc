"""Payloads are the contract's, for any fact; numbers are masked."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.line import CallerId, FaultCode, LineFault, LineRestored
from drivers.line.masking import masked
from gateway.call import facts
from gateway.call.facts import Notice
from gateway.call.plan import Part, Prompt, Question
from gateway.feed.config import FeedError
from gateway.feed.encoding import encode, rfc3339
from gateway.feed.events import event_fields
from gateway.feed.topics import Topics
from tests.service.told import MORNING, prompt

pytestmark = pytest.mark.unit

ASKED = Prompt("question-telephone", "请问您的电话号码是多少?", "JS-3", ("t.wav",), 2.0, part=Part.QUESTION)
TELEPHONE = Question("telephone", ASKED, 6.0, "/r/c1-telephone.wav")
TOLD = {
    "event": "answer",
    "question": "telephone",
    "text": "请问您的电话号码是多少?",
    "clause": "JS-3",
    "recording": "/r/c1-telephone.wav",
}


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812345678", "138****5678"),
        ("053188001234", "053*****1234"),
        ("+8613812345678", "+86*******5678"),
        ("88001234", "****1234"),
        ("8801", "****"),
        ("801", "***"),
        ("", ""),
    ],
)
def test_numbers_are_masked(number: str, shown: str) -> None:
    assert masked(number) == shown


@settings(deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_a_mask_keeps_the_length_and_hides_at_least_four(number: str) -> None:
    shown = masked(number)
    assert len(shown) == len(number)
    kept = sum(a == b for a, b in zip(shown, number, strict=True) if b != "*")
    assert kept <= max(0, len(number) - 4)


def test_times_have_offset_and_milliseconds() -> None:
    assert rfc3339(datetime(2026, 2, 18, 9, 30, 0, 250_400, ZoneInfo("Asia/Shanghai"))) == (
        "2026-02-18T09:30:00.250+08:00"
    )


@pytest.mark.parametrize(
    ("fact", "fields"),
    [
        (facts.Rang(2), {"event": "ring", "rings": 2}),
        (facts.CallAnswered(2, 5.2), {"event": "answered", "rings": 2, "waited_ms": 5200}),
        (
            facts.CallerIdentified(CallerId("13812345678")),
            {"event": "caller_id", "caller": "138****5678", "presentation": "allowed"},
        ),
        (
            facts.PromptStarted(prompt("silent-1")),
            {"event": "prompt_started", "prompt": "silent-1", "text": "您的电话已接通。", "clause": "JH-6"},
        ),
        (
            facts.PromptFinished(prompt("silent-1"), facts.CutReason.BARGE_IN),
            {"event": "prompt_finished", "prompt": "silent-1", "complete": False, "cut": "barge_in"},
        ),
        (
            facts.PromptFailed(prompt("silent-1")),
            {"event": "prompt_failed", "prompt": "silent-1", "clause": "JH-6"},
        ),
        (
            LineFault(FaultCode.PORT_LOST, "ttyACM0 is gone"),
            {"event": "line_fault", "code": "port_lost", "detail": "ttyACM0 is gone"},
        ),
        (LineRestored(), {"event": "line_restored"}),
        (
            facts.KindChosen("complaint", "2", "TT-1"),
            {"event": "kind", "kind": "complaint", "digit": "2", "clause": "TT-1"},
        ),
        (facts.AlertRaised("fault", "TT-1"), {"event": "alert", "kind": "fault", "clause": "TT-1"}),
        (
            facts.QuestionAnswered(TELEPHONE, False, "13812345678"),
            {**TOLD, "spoken": False, "digits": "138****5678"},
        ),
        (facts.QuestionAnswered(TELEPHONE, True, None), {**TOLD, "spoken": True, "digits": None}),
        (facts.WaitBegan(), {"event": "waiting", "position": None}),
        (
            facts.WaitEnded(31.5, overdue=True),
            {"event": "wait_ended", "waited_ms": 31500, "overdue": True, "chosen": False},
        ),
        (facts.MediaLost(), {"event": "media_lost"}),
        (facts.MediaRestored(), {"event": "media_restored"}),
        (facts.HandsetLifted(), {"event": "handset_lifted"}),
        (
            facts.Released(facts.ReleasedBy.HANDSET, "parallel telephone"),
            {"event": "released", "by": "handset", "cause": "parallel telephone"},
        ),
        (facts.RecordingStarted("a.wav"), None),
    ],
)
def test_each_fact_has_its_event(fact: object, fields: dict[str, object] | None) -> None:
    assert event_fields(Notice(MORNING, "sip1", "c1", fact), show_numbers=False) == fields  # type: ignore[arg-type]


def test_the_whole_number_only_where_it_is_wanted() -> None:
    notice = Notice(MORNING, "sip1", "c1", facts.CallerIdentified(CallerId("13812345678")))
    shown = event_fields(notice, show_numbers=True)
    assert shown is not None
    assert shown["caller"] == "13812345678"


@pytest.mark.parametrize(
    ("digits", "hidden"),
    [
        ("2", False),
        ("202602", False),
        ("8800123", True),
        ("053188001234", True),
        ("0531*88001234", True),
        ("*#*#*#*#", False),
    ],
)
def test_keys_that_may_be_a_telephone_number_are_masked(digits: str, hidden: bool) -> None:
    notice = Notice(MORNING, "sip1", "c1", facts.QuestionAnswered(TELEPHONE, False, digits))
    shown, whole = (event_fields(notice, show_numbers=show) for show in (False, True))
    assert shown is not None
    assert whole is not None
    assert shown["digits"] == (masked(digits) if hidden else digits)
    assert whole["digits"] == digits


ANY_FACT = st.one_of(*(st.from_type(kind) for kind in facts.CallFact.__subclasses__()), st.from_type(LineFault))


@settings(deadline=None)
@given(ANY_FACT)
def test_any_fact_is_valid_json(fact: object) -> None:
    fields = event_fields(Notice(MORNING, "sip1", "c1", fact), show_numbers=True)  # type: ignore[arg-type]
    if fields is not None:
        assert json.loads(encode(fields))["event"] == fields["event"]


@pytest.mark.parametrize("name", ["", "a/b", "a+", "#"])
def test_a_name_that_is_no_topic_level_is_refused(name: str) -> None:
    with pytest.raises(FeedError, match="MQTT topic"):
        Topics("sansheng", name)
