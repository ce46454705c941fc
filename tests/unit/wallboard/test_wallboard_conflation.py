"""Newest wins, and nothing is lost for good."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.feed.encoding import Message, encode
from gateway.wallboard.conflation import AT_ONCE, Conflation

pytestmark = pytest.mark.unit

ROOT = "sansheng/jinan"


def message(topic: str, value: Any, *, retained: bool = True) -> Message:
    payload = b"" if value is None else encode({"value": value})
    return Message(f"{ROOT}/{topic}", payload, retained=retained)


def read(frame: bytes) -> dict[str, Any]:
    assert frame.endswith(b"\n")
    assert frame.count(b"\n") == 1
    told: dict[str, Any] = json.loads(frame)["messages"]
    return told


@given(
    st.lists(
        st.one_of(
            st.tuples(
                st.sampled_from(["line/a/state", "line/b/state", "alert/x", "kpi"]), st.none() | st.integers(0, 3)
            ),
            st.sampled_from(["frame", "anew"]),
        )
    )
)
def test_whatever_happens_the_process_ends_up_with_what_is_retained(steps: list[Any]) -> None:
    conflation, retained, theirs = Conflation(ROOT), {}, {}
    for step in [*steps, "frame"]:
        match step:
            case "anew":
                conflation.anew()
                theirs = {}
            case "frame":
                for topic, payload in read(conflation.frame("now")).items():
                    theirs[topic] = payload
                assert not conflation.dirty
            case (topic, value):
                conflation.put(message(topic, value))
                retained[topic] = None if value is None else {"value": value}
    shown = {topic: payload for topic, payload in theirs.items() if payload is not None}
    assert shown == {topic: payload for topic, payload in retained.items() if payload is not None}


def test_a_topic_that_changes_often_is_sent_once() -> None:
    conflation = Conflation(ROOT)
    for value in range(100):
        assert conflation.put(message("line/a/state", value))
    assert read(conflation.frame("now")) == {"line/a/state": {"value": 99}}
    assert not conflation.put(message("line/a/state", 99)), "it is known"
    assert read(conflation.frame("now")) == {}


def test_a_frame_has_its_most_and_the_rest_comes_next() -> None:
    conflation = Conflation(ROOT)
    conflation.begin(message(f"line/{n}/state", n) for n in range(AT_ONCE + 1))
    assert len(read(conflation.frame("now"))) == AT_ONCE
    assert read(conflation.frame("now")) == {f"line/{AT_ONCE}/state": {"value": AT_ONCE}}


@pytest.mark.parametrize(
    "told",
    [
        message("line/a/event", 1, retained=False),
        message("status", 1),
        message("command/result", 1),
        Message("homeassistant/device/x/config", b"{}", retained=True),
    ],
    ids=lambda told: told.topic,
)
def test_what_no_page_shows_is_not_sent(told: Message) -> None:
    conflation = Conflation(ROOT)
    assert not conflation.put(told)
    assert not conflation.dirty
