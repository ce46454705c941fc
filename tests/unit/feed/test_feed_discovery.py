"""What Home Assistant is told of a gateway, and what it makes of what the gateway then publishes."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.line import FaultCode, LineFault, LineRestored, LineTrouble, LineTroubleOver, TroubleCode, Verdict
from gateway.call import facts
from gateway.call.facts import Notice
from gateway.call.states import CallState
from gateway.desk.presence import Presence
from gateway.feed import Feed, FeedConfig, FeedError
from gateway.feed.discovery import with_discovery
from gateway.feed.discovery.devices import discovery_messages
from gateway.feed.discovery.names import Names
from gateway.feed.encoding import Message
from gateway.feed.requests.commands import id_of, request_of
from gateway.feed.topics import Topics
from tests.service.told import MORNING, Told, given_up, prompt, talker
from tests.unit.feed.home_assistant import TOPIC, Shown

pytestmark = pytest.mark.unit

TOPICS = Topics("sansheng", "jinan")
CONFIG = FeedConfig(site="jinan", lines=(("sip1", "sip"), ("fxo1", "fxo")), agents=("801",), phrases=("nuisance",))
WISHES = {"log_in", "log_out", "away", "back", "after_call"}
LEVEL = st.from_regex(r"[A-Za-z0-9_-]{1,12}", fullmatch=True)


def devices(config: FeedConfig = CONFIG) -> dict[str, Shown]:
    """Each device by its name in the topic."""
    messages = discovery_messages(config, Topics(config.base_topic, config.site), "1.2.3")
    return {message.topic.split("/")[-2]: Shown(message) for message in messages}


def published(config: FeedConfig, tell: Callable[[Feed], Any]) -> dict[str, list[Message]]:
    """What a feed publishes from its beginning to the end of what it is told, by topic below the site."""
    feed = Feed(config, now=lambda: MORNING)
    heard: list[Message] = []
    heard += feed.watch(heard.append)
    tell(feed)
    found: dict[str, list[Message]] = {}
    for message in heard:
        found.setdefault(message.topic.removeprefix("sansheng/jinan/"), []).append(message)
    return found


def of_line(*notices: Notice) -> list[Message]:
    def tell(feed: Feed) -> None:
        for notice in (Notice(MORNING, "sip1", None, LineRestored()), *notices):
            feed.receive(notice)
            feed.flush()

    return published(CONFIG, tell)["line/sip1/state"]


def line_shows(key: str, messages: Iterable[Message]) -> list[str]:
    device = devices()["line-sip1"]
    return [device.shows(key, message) for message in messages]


def test_a_device_for_the_gateway_and_one_for_each_line_and_agent_of_it() -> None:
    found = devices()
    assert list(found) == ["gateway", "line-sip1", "line-fxo1", "agent-801"]
    gateway, *others = found.values()
    gateway.check()
    for device in others:
        device.check()
        assert device.fields["dev"]["via_device"] == gateway.fields["dev"]["ids"][0]
    assert gateway.fields["dev"]["sw"] == "1.2.3"
    assert "cu" not in gateway.fields["dev"]
    with_wallboard = devices(replace(CONFIG, wallboard_url="http://192.168.1.5:8080"))["gateway"]
    with_wallboard.check()
    assert with_wallboard.fields["dev"]["cu"] == "http://192.168.1.5:8080"


def test_what_the_gateway_is_not_there_for_is_unavailable_but_its_connection() -> None:
    there = [{"t": "sansheng/jinan/status", "pl_avail": "online", "pl_not_avail": "offline"}]
    for device in devices().values():
        assert device.fields["avty"] == there
    connection = devices()["gateway"].entities["connectivity"]
    assert connection["avty"] == [], "it tells that the gateway is not there"
    assert (connection["stat_t"], connection["pl_on"], connection["pl_off"]) == (
        there[0]["t"],
        "online",
        "offline",
    )


@given(
    st.sets(
        st.tuples(st.lists(LEVEL, min_size=2, max_size=3), LEVEL).map(lambda of: ("/".join(of[0]), of[1])),
        min_size=2,
        max_size=2,
    )
)
def test_no_two_lines_of_gateways_at_one_broker_are_named_alike(lines: set[tuple[str, str]]) -> None:
    named = set()
    for root, line in lines:
        base, _, site = root.rpartition("/")
        names = Names(Topics(base, site))
        assert TOPIC.fullmatch(names.config(names.line(line)))
        named |= {names.config(names.line(line)), names.identifier(names.line(line))}
    assert len(named) == 4


def test_no_two_entities_have_one_name() -> None:
    ids = [entity["uniq_id"] for device in devices().values() for entity in device.entities.values()]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(("one", "other"), [("sip1-1", "sip1_1"), ("a_b", "a__b"), ("a_5fb", "a_b"), ("线", "綫")])
def test_names_that_look_alike_are_kept_apart(one: str, other: str) -> None:
    found = devices(FeedConfig(site="jinan", lines=((one, "sip"), (other, "sip"))))
    assert len(found) == 3


def test_states_and_words_of_every_kind_are_among_the_options() -> None:
    line, agent = devices()["line-sip1"], devices()["agent-801"]
    assert set(line.entities["state"]["ops"]) == {"idle", "offline", *CallState}
    assert set(line.entities["verdict"]["ops"]) == set(Verdict)
    assert set(agent.entities["state"]["ops"]) == set(Presence)


def test_a_line_from_its_start_to_the_end_of_a_call() -> None:
    messages = of_line(*talker().notices)
    states = line_shows("state", messages)
    assert states[:3] == ["offline", "idle", "ringing"]
    assert states[-1] == "idle"
    assert {"greeting"} <= set(states)
    assert set(line_shows("caller", messages)) == {"None", "138****5678"}
    assert set(line_shows("rings", messages)) == {"0", "1", "2"}
    assert set(line_shows("verdict", messages)) == {"None", "speech", "silent"}
    assert set(line_shows("prompt", messages)) == {"None", "greeting", "further", "farewell"}
    assert set(line_shows("calls", messages)) == {"0", "1"}
    assert line_shows("since", messages)[0] == "2026-02-18T09:30:00.000+08:00"
    attributes = [devices()["line-sip1"].attributes("state", message) for message in messages]
    assert all(attribute["driver"] == "sip" for attribute in attributes)
    assert attributes[-1]["calls"] == []
    assert attributes[-2]["calls"][0]["caller"] == "138****5678"


def test_of_several_calls_on_a_line_the_first_is_shown() -> None:
    first, second = Told(call="first").rings(2, "13900001111"), Told(call="second").rings(1, None)
    second.answered(1).tell(facts.AgentAssigned("802"), facts.PromptStarted(prompt("greeting")))
    message = of_line(*first.notices, *second.notices)[-1]
    assert line_shows("calls", [message]) == ["2"]
    assert line_shows("caller", [message]) == ["139****1111"]
    assert line_shows("state", [message]) == ["ringing"]
    assert line_shows("agent", [message]) == ["801"]


def test_a_line_out_of_service_or_with_an_alert_is_a_problem() -> None:
    fault = Notice(MORNING, "sip1", None, LineFault(FaultCode.PORT_LOST, "gone"))
    back = Notice(MORNING, "sip1", None, LineRestored())
    trouble = Notice(MORNING, "sip1", None, LineTrouble(TroubleCode.NO_DIAL_TONE, "quiet"))
    over = Notice(MORNING, "sip1", None, LineTroubleOver(TroubleCode.NO_DIAL_TONE, "heard"))
    messages = of_line(fault, back, trouble, over)
    shown = list(zip(line_shows("state", messages), line_shows("problem", messages), strict=True))
    assert set(shown[:2]) == {("offline", "ON"), ("idle", "OFF")}, "before it began and after"
    assert shown[2] == ("offline", "ON")
    assert shown[-3:] == [("idle", "OFF"), ("idle", "ON"), ("idle", "OFF")]
    alerts = [devices()["line-sip1"].attributes("state", message)["alerts"] for message in messages]
    assert alerts[-3:] == [[], ["no_dial_tone"], []]


def test_what_an_agent_does() -> None:
    messages = published(CONFIG, lambda feed: feed.agent("801", "busy", MORNING, "call", "c1"))["agent/801/state"]
    agent = devices()["agent-801"]
    assert [agent.shows("state", message) for message in messages] == ["offline", "busy"]
    assert agent.attributes("state", messages[-1])["call"] == "c1"


def figures(*calls: Told) -> Message:
    def tell(feed: Feed) -> None:
        for told in calls:
            for notice in told.notices:
                feed.receive(notice)

    return published(CONFIG, tell)["kpi"][-1]


def test_todays_figures() -> None:
    gateway = devices()["gateway"]
    none, some = figures(), figures(talker(call="1"), given_up(call="2"), given_up(call="3"))
    assert [gateway.shows(key, none) for key in ("answer_rate", "answer_rate_hour", "offered")] == [
        "None",
        "None",
        "0",
    ]
    assert gateway.shows("answer_rate_problem", none) == "OFF"
    assert gateway.shows("answer_rate", some) == "33.33"
    assert gateway.shows("answer_rate_hour", some) == "33.33"
    assert [gateway.shows(key, some) for key in ("offered", "answered", "abandoned", "failed")] == [
        "3",
        "1",
        "2",
        "0",
    ]
    assert gateway.attributes("answer_rate", some)["goal"] == 98.0
    assert gateway.attributes("answer_rate_hour", some)["abandoned"] == 2


@pytest.mark.parametrize(("from_calls", "problem"), [(1, "ON"), (3, "ON"), (4, "OFF")])
def test_the_answer_rate_is_a_problem_when_its_alarm_rings(from_calls: int, problem: str) -> None:
    calls = talker(call="1"), given_up(call="2"), given_up(call="3")
    gateway = devices(replace(CONFIG, alarm_from_calls=from_calls))["gateway"]
    assert gateway.shows("answer_rate_problem", figures(*calls)) == problem
    assert gateway.shows("answer_rate_problem", figures(talker(call="1"))) == "OFF"


def test_lines_in_service_are_believed_for_three_heartbeats() -> None:
    gateway = devices()["gateway"]
    beat = Message(
        TOPICS.heartbeat, b'{"session":1,"ts":"","uptime_s":10,"lines":2,"in_service":1,"calls":3}', False
    )
    assert (gateway.shows("lines_in_service", beat), gateway.shows("calls", beat)) == ("1", "3")
    assert gateway.entities["lines_in_service"]["exp_aft"] == 30


def test_each_press_is_a_request_of_its_own() -> None:
    found = devices()
    pressed = {
        (name, key): [request_of(device.press(key)) for _ in range(10)]
        for name, device in found.items()
        for key, entity in device.entities.items()
        if entity["p"] == "button"
    }
    assert pressed.keys() >= {("agent-801", wish) for wish in WISHES}
    ids = [id_of(request) for requests in pressed.values() for request in requests]
    assert len(set(ids)) > 0.9 * len(ids), "be they at one and the same time"
    asked = {where: {k: v for k, v in requests[0].items() if k != "id"} for where, requests in pressed.items()}
    assert asked["gateway", "refresh"] == {"do": "refresh"}
    assert asked["line-fxo1", "wait"] == {"do": "wait", "line": "fxo1"}
    assert asked["line-sip1", "resume"] == {"do": "resume", "line": "sip1"}
    assert asked["line-sip1", "phrase_nuisance"] == {"do": "phrase", "phrase": "nuisance", "line": "sip1"}
    assert asked["agent-801", "away"] == {"do": "agent", "agent": "801", "state": "away"}
    assert found["line-sip1"].fields["cmd_t"] == TOPICS.command


@pytest.mark.parametrize(
    ("changes", "there"),
    [
        ({}, True),
        ({"url": "mqtt://broker", "username": "gateway"}, True),
        ({"url": "mqtt://broker"}, False),
        ({"command_key": b"0123456789abcdef"}, False),
    ],
)
def test_buttons_are_there_where_what_they_ask_is_done(changes: dict[str, Any], there: bool) -> None:
    buttons = [
        e for d in devices(replace(CONFIG, **changes)).values() for e in d.entities.values() if e["p"] == "button"
    ]
    assert buttons
    assert all((len(button) > 1) is there for button in buttons), "else they are taken away"


def test_without_a_prefix_nothing_is_told_and_what_was_told_is_looked_for() -> None:
    assert discovery_messages(replace(CONFIG, discovery_prefix=""), TOPICS, "1") == []
    for prefix, where in (("", "homeassistant"), ("homeassistant", "homeassistant"), ("ha/site", "ha/site")):
        assert f"{where}/device/sansheng__jinan/+/config" in with_discovery(TOPICS, prefix).passing
    with pytest.raises(FeedError, match="home\\+assistant"):
        with_discovery(TOPICS, "home+assistant")


def test_who_watches_the_feed_does_not_hear_of_it() -> None:
    assert all(topic.startswith("sansheng/jinan/") for topic in (m.topic for m in Feed(CONFIG).watch(print)))


def test_two_hundred_lines_are_no_message_that_a_broker_refuses() -> None:
    lines = tuple((f"sip1-{number}", "sip") for number in range(1, 201))
    found = devices(replace(CONFIG, lines=lines, phrases=tuple(f"phrase{n}" for n in range(10))))
    assert max(device.size for device in found.values()) < 8192
    assert sum(device.size for device in found.values()) < 1_500_000
    assert not re.search("[^ -~]", json.dumps([device.fields for device in found.values()], ensure_ascii=False))
