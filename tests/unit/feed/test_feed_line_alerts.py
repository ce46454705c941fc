"""The alerts of lines: raised with what is wrong, gone with its cure, in whatever order things happen."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.line import FaultCode, LineFault, LineNews, LineRestored, LineTrouble, LineTroubleOver, TroubleCode
from gateway.call.facts import Notice
from gateway.feed import Feed, FeedConfig
from gateway.feed.encoding import Message
from gateway.feed.kpi import Kpi
from gateway.feed.line_alerts import LineAlerts
from gateway.feed.topics import Topics
from gateway.kpi.alarm import Goal
from tests.examples import examples
from tests.service.told import MORNING, given_up, record_of, talker

pytestmark = pytest.mark.unit

TOPICS = Topics("sansheng", "jinan")
NOW = "2026-02-18T09:30:00.000+08:00"
Read = tuple[str, dict[str, Any] | None, bool]


def told(alerts: LineAlerts, *news: LineNews) -> list[Read]:
    return [read(message) for one in news for message in alerts.receive(Notice(MORNING, "fxo1", None, one))]


def read(message: Message) -> Read:
    payload = json.loads(message.payload) if message.payload else None
    return message.topic.removeprefix("sansheng/jinan/"), payload, message.retained


@pytest.mark.parametrize("code", FaultCode)
def test_a_fault_is_an_alert_until_the_line_is_back(code: FaultCode) -> None:
    alerts = LineAlerts(TOPICS)
    begun = told(alerts, LineFault(code, "what is wrong; the cure"))
    (topic, standing, retained), (on, event, event_retained) = begun
    assert (topic, retained, on, event_retained) == (f"line/fxo1/alert/{code}", True, "alert", False)
    assert standing is not None
    assert set(standing) == {"line", "code", "detail", "ts"}
    assert (standing["line"], standing["code"], standing["ts"]) == ("fxo1", code.value, NOW)
    assert standing["detail"].startswith("what is wrong; the cure")
    assert event == {"event": "trouble", **standing}
    assert told(alerts, LineFault(code, "what is wrong; the cure")) == [], "told already"
    gone, (_, over, _) = told(alerts, LineRestored())
    assert gone == (topic, None, True)
    assert over == {"event": "trouble_over", **standing, "detail": "the line is in service again"}
    assert told(alerts, LineRestored()) == []


def test_where_the_line_knows_no_cure_people_are_told_one() -> None:
    (_, standing, _), _ = told(
        LineAlerts(TOPICS), LineFault(FaultCode.WORKER_DIED, "the worker ended by signal 9")
    )
    assert standing is not None
    assert standing["detail"].startswith("the worker ended by signal 9; the line's worker is restarting by itself")


def test_another_fault_takes_the_place_of_the_first() -> None:
    alerts = LineAlerts(TOPICS)
    lost, missing = LineFault(FaultCode.PORT_LOST, "gone"), LineFault(FaultCode.PORT_MISSING, "no such device")
    after = told(alerts, lost, missing)[2:]
    assert [(topic, payload and payload.get("event")) for topic, payload, _ in after] == [
        ("line/fxo1/alert/port_lost", None),
        ("alert", "trouble_over"),
        ("line/fxo1/alert/port_missing", None),
        ("alert", "trouble"),
    ]


def test_other_words_for_the_same_fault_are_shown_and_ring_no_bell() -> None:
    alerts = LineAlerts(TOPICS)
    refused = [LineFault(FaultCode.REGISTRATION_FAILED, why) for why in ("SIP 403", "no answer")]
    ((topic, standing, _),) = told(alerts, *refused)[2:]
    assert topic == "line/fxo1/alert/registration_failed"
    assert standing is not None
    assert standing["detail"] == "no answer"


def test_troubles_of_a_line_in_service_stand_beside_each_other_and_beside_a_fault() -> None:
    alerts = LineAlerts(TOPICS)
    troubles = [LineTrouble(code, "why") for code in TroubleCode]
    assert len(told(alerts, *troubles, *troubles)) == 2 * len(TroubleCode)
    told(alerts, LineFault(FaultCode.PORT_LOST, "gone"), LineRestored())
    over = told(alerts, *(LineTroubleOver(code, "dial tone again") for code in TroubleCode))
    assert [payload["detail"] for topic, payload, _ in over if payload] == ["dial tone again"] * len(TroubleCode)


def test_no_trouble_has_the_code_of_a_fault() -> None:
    assert not {code.value for code in FaultCode} & {code.value for code in TroubleCode}


def test_jh_21_each_line_has_its_own_answer_rate() -> None:
    kpi = Kpi(MORNING, goal=Goal(rate=0.5, from_calls=2))
    for story in (talker(call="a"), given_up(call="b", line="fxo1"), talker(call="c", line="fxo1")):
        for notice in story.notices:
            kpi.receive(notice)
    assert kpi.line_alerts() == [], "one of two is the goal"
    for notice in given_up(call="d", line="fxo1").notices:
        kpi.receive(notice)
    ((line, alert),) = kpi.line_alerts()
    assert (line, alert.code, alert.raised) == ("fxo1", "answer_rate_day", True)
    assert alert.words == "answer rate of line fxo1 today: 1 of 3 calls answered, 33.33%, goal 50% (JH-21)"
    assert kpi.line_alerts() == [], "told"
    kpi.turn_to(MORNING + timedelta(days=1))
    assert [(line, alert.raised) for line, alert in kpi.line_alerts()] == [("fxo1", False)], "gone at midnight"


def test_a_line_that_the_config_has_no_more_alarms_nobody() -> None:
    heard = Heard()
    heard.feed.seed(record_of(given_up(line=line, call=f"{line}-{n}")) for line in ("old", "sip1") for n in (1, 2))
    assert {topic for topic in heard.standing if topic.startswith("line/")} == {"line/sip1/alert/answer_rate_day"}


class Heard:
    """A feed, the troubles that its retained messages show, and whether each was told in turn."""

    def __init__(self) -> None:
        self.at = MORNING
        config = FeedConfig(
            site="jinan",
            lines=(("sip1", "sip"), ("fxo1", "fxo")),
            answer_rate_goal=0.6,
            alarm_from_calls=2,
        )
        self.feed = Feed(config, now=lambda: self.at)
        self.standing: set[str] = set()
        self._told: set[tuple[str | None, str]] = set()
        self.feed.watch(self._take)

    def _take(self, message: Message) -> None:
        topic, payload, retained = read(message)
        if "alert/" in topic:
            assert retained
            (self.standing.add if payload else self.standing.discard)(topic)
        elif topic == "alert":
            assert payload is not None
            assert not retained
            one = (payload["line"], payload["code"])
            assert (one in self._told) == (payload["event"] == "trouble_over"), "each ends before it begins again"
            self._told ^= {one}

    @property
    def told(self) -> set[str]:
        """The topics of the troubles that have been told and not told as over."""
        return {f"line/{line}/alert/{code}" if line else f"alert/{code}" for line, code in self._told}


class Model:
    """What must stand."""

    def __init__(self) -> None:
        self.faults: dict[str, str] = {}
        self.troubles: set[str] = set()
        self.offered: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()

    @property
    def standing(self) -> set[str]:
        missed = {
            f"line/{line}/alert/answer_rate_day"
            for line, calls in self.offered.items()
            if calls >= 2 and self.answered[line] / calls < 0.6
        }
        return missed | self.troubles | {f"line/{line}/alert/{code}" for line, code in self.faults.items()}


LINES = st.sampled_from(["sip1", "fxo1"])
WORDS = st.sampled_from(["", "gone; plug it in", "<b>其他</b>"])
STEPS = st.one_of(
    st.tuples(st.just("fault"), LINES, st.sampled_from(FaultCode), WORDS),
    st.tuples(st.just("restored"), LINES),
    st.tuples(st.just("trouble"), LINES, st.sampled_from(TroubleCode), WORDS),
    st.tuples(st.just("over"), LINES, st.sampled_from(TroubleCode)),
    st.tuples(st.just("call"), LINES, st.booleans()),
    st.tuples(st.just("own"), st.sampled_from(["records_lost", "site_taken"]), WORDS, st.booleans()),
    st.tuples(st.just("midnight")),
)


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(STEPS, max_size=25))
def test_what_is_retained_is_what_stands_and_each_trouble_is_told_and_told_as_over(steps) -> None:
    heard, model = Heard(), Model()
    for number, step in enumerate(steps):
        heard.at += timedelta(minutes=1)
        taken(heard, model, number, step)
        assert {topic for topic in heard.standing if "answer_rate_hour" not in topic} >= model.standing
        assert {topic for topic in heard.standing if topic.startswith("line/")} == {
            topic for topic in model.standing if topic.startswith("line/")
        }
        assert heard.told == heard.standing


def taken(heard: Heard, model: Model, number: int, step: tuple[Any, ...]) -> None:
    """Do a step to both."""
    match step:
        case ("fault", line, code, words):
            model.faults[line] = code.value
            news(heard, line, LineFault(code, words))
        case ("restored", line):
            model.faults.pop(line, None)
            news(heard, line, LineRestored())
        case ("trouble", line, code, words):
            model.troubles.add(f"line/{line}/alert/{code}")
            news(heard, line, LineTrouble(code, words))
        case ("over", line, code):
            model.troubles.discard(f"line/{line}/alert/{code}")
            news(heard, line, LineTroubleOver(code, ""))
        case ("call", line, answered):
            model.offered[line] += 1
            model.answered[line] += answered
            story = (talker if answered else given_up)(call=f"call-{number}", line=line, at=heard.at)
            receive(heard, story.notices)
        case ("own", code, words, raised):
            (model.troubles.add if raised else model.troubles.discard)(f"alert/{code}")
            heard.feed.alert(code, words, raised)
        case ("midnight",):
            model.offered.clear()
            model.answered.clear()
            heard.at = datetime.combine(heard.at.date() + timedelta(days=1), MORNING.timetz())
            news(heard, "sip1", LineTroubleOver(TroubleCode.NOT_ANSWERING, ""))
            model.troubles.discard(f"line/sip1/alert/{TroubleCode.NOT_ANSWERING}")


def news(heard: Heard, line: str, told: LineNews) -> None:
    receive(heard, [Notice(heard.at, line, None, told)])


def receive(heard: Heard, notices: Iterable[Notice]) -> None:
    for notice in notices:
        heard.feed.receive(notice)
    heard.feed.flush()
