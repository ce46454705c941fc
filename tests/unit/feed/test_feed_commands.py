"""Requests: every one is answered, none breaks anything."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.feed.answering import Answering
from gateway.feed.commands import LARGEST, CommandError
from gateway.feed.config import BrokerAddress, FeedError

pytestmark = pytest.mark.unit


def _refuse(_: Mapping[str, Any]) -> None:
    raise CommandError("not today")


def _break(_: Mapping[str, Any]) -> None:
    raise RuntimeError("a fault of ours")


COMMANDS = {"refresh": lambda _: None, "count": lambda request: {"n": len(request)}, "refuse": _refuse}


def answer(payload: bytes, **more: Any) -> dict[str, Any]:
    return asyncio.run(Answering({**COMMANDS, **more}, now=lambda: 0.0).answer(payload))


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({"id": "7", "do": "refresh"}, {"id": "7", "ok": True, "do": "refresh"}),
        ({"id": 7, "do": "count"}, {"id": 7, "ok": True, "do": "count", "n": 2}),
        ({"id": 7, "do": "refuse"}, {"id": 7, "ok": False, "error": "not today"}),
        (
            {"id": "7", "do": "reboot"},
            {"id": "7", "ok": False, "error": "do: unknown; allowed: count, refresh, refuse"},
        ),
    ],
)
def test_requests_are_answered(request_: dict[str, Any], expected: dict[str, Any]) -> None:
    assert answer(json.dumps(request_).encode()) == expected


@pytest.mark.parametrize(
    "payload",
    [b"", b"\xff\xfe", b"[1]", b"null", b'{"do":"refresh"}', b'{"id":true,"do":"refresh"}', b"[" * 9000,
     b'{"id":"1","do":["refresh"]}', b" " * (LARGEST + 1)],
)  # fmt: skip
def test_what_is_no_request_is_refused_in_words(payload: bytes) -> None:
    result = answer(payload)
    assert result["ok"] is False
    assert result["error"]


def test_a_fault_of_ours_is_an_answer_too(caplog: pytest.LogCaptureFixture) -> None:
    result = answer(b'{"id":"7","do":"break"}', **{"break": _break})
    assert result == {"id": "7", "ok": False, "error": "break failed; the gateway's log has the details"}
    assert "a fault of ours" in caplog.text


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(deadline=None)
@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_get_an_answer(payload: bytes) -> None:
    result = answer(payload)
    assert isinstance(result["ok"], bool)
    assert json.dumps(result)


def test_a_brokers_address() -> None:
    assert BrokerAddress.parse("mqtt://127.0.0.1") == BrokerAddress("127.0.0.1", 1883, tls=False)
    assert BrokerAddress.parse("mqtts://u:p%40ss@hub") == BrokerAddress("hub", 8883, True, "u", "p@ss")


@pytest.mark.parametrize(
    "url", ["", "hub", "http://hub", "mqtt://", "mqtt://hub:x", "mqtt://hub:99999", "mqtt://h/t"]
)
def test_what_is_no_brokers_address_is_refused(url: str) -> None:
    with pytest.raises(FeedError, match="mqtt://host:1883"):
        BrokerAddress.parse(url)
