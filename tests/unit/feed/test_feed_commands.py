"""Requests: every one is answered, none breaks anything."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.feed.config import BrokerAddress, FeedError
from gateway.feed.encoding import encode
from gateway.feed.requests.answering import Answering
from gateway.feed.requests.authority import Authority
from gateway.feed.requests.commands import LARGEST, CommandError

pytestmark = pytest.mark.unit


def _refuse(_: Mapping[str, Any]) -> None:
    raise CommandError("not today")


def _break(_: Mapping[str, Any]) -> None:
    raise RuntimeError("a fault of ours")


COMMANDS = {"refresh": lambda _: None, "count": lambda request: {"n": len(request)}, "refuse": _refuse}


def answer(payload: bytes, **more: Any) -> dict[str, Any]:
    given = asyncio.run(Answering({**COMMANDS, **more}, now=lambda: 0.0).answer(payload))
    assert given is not None
    return dict(given)


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
     b'{"id":"1","do":["refresh"]}', b" " * (LARGEST + 1), b'{"id":"1","do":"refresh"' + b" " * 1_000_000 + b"}",
     b'{"id":"1","do":"refresh","do":"count"}', b'{"id":"1","do":"count","n":NaN}',
     b'{"id":"1","do":"count","n":-Infinity}', b'{"id":"1","do":"count","n":1e999}',
     b'{"id":"1","do":"count","n":' + b"9" * 5000 + b"}", b'{"id":' + b"9" * 200 + b',"do":"count"}',
     b'{"id":"' + b"x" * 129 + b'","do":"count"}', b'{"id":"1","do":"count","n":"\\ud800"}',
     b'{"id":"1","do":"count","n":[]}', b'{"id":"1","do":"count","n":' + b'{"a":' * 3000,
     '{"id":"1","do":"refresh"}'.encode("utf-16"), b'\xef\xbb\xbf{"id":"1","do":"refresh"}',
     b'{"id":"1","do":"count","n":"\xed\xa0\x80"}', b'{"id":1.0,"do":"refresh"}'],
)  # fmt: skip
def test_what_is_no_request_is_refused_in_words(payload: bytes) -> None:
    result = answer(payload)
    assert result["ok"] is False
    assert result["error"]
    assert len(json.dumps(result)) < 500, "it is no echo of what was sent"


def test_a_fault_of_ours_is_an_answer_too(caplog: pytest.LogCaptureFixture) -> None:
    result = answer(b'{"id":"7","do":"break"}', **{"break": _break})
    assert result == {"id": "7", "ok": False, "error": "break failed; the gateway's log has the details"}
    assert "a fault of ours" in caplog.text


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
REQUESTS = st.fixed_dictionaries(
    {"id": JSON, "do": st.sampled_from([*COMMANDS, "reboot"])}, optional={"ts": JSON, "sign": JSON, "text": JSON}
)


@settings(deadline=None)
@given(
    st.binary(max_size=200)
    | (JSON | REQUESTS).map(lambda value: json.dumps(value).encode())
    | REQUESTS.map(lambda value: json.dumps(value).encode("utf-8")[:-3])
)
@pytest.mark.parametrize("key", [None, b"0123456789abcdef"])
def test_any_bytes_get_an_answer_that_can_be_published(key: bytes | None, payload: bytes) -> None:
    answering = Answering(COMMANDS, now=lambda: 0.0, authority=Authority(key))
    result = asyncio.run(answering.answer(payload))
    assert result is not None
    assert json.loads(encode(result)) == result
    assert not (key and result["ok"])


def test_a_brokers_address() -> None:
    assert BrokerAddress.parse("mqtt://127.0.0.1") == BrokerAddress("127.0.0.1", 1883, tls=False)
    assert BrokerAddress.parse("mqtts://u:p%40ss@hub") == BrokerAddress("hub", 8883, True, "u", "p@ss")


@pytest.mark.parametrize(
    "url", ["", "hub", "http://hub", "mqtt://", "mqtt://hub:x", "mqtt://hub:99999", "mqtt://h/t"]
)
def test_what_is_no_brokers_address_is_refused(url: str) -> None:
    with pytest.raises(FeedError, match="mqtt://host:1883"):
        BrokerAddress.parse(url)
