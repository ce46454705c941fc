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
     b'{"id":"1","do":"count","n":"\xed\xa0\x80"}', b'{"id":1.0,"do":"refresh"}',
     b'{"' + b"x" * 9000 + b'":[],"id":"1"}'],
)  # fmt: skip
def test_what_is_no_request_is_refused_in_words(payload: bytes) -> None:
    result = answer(payload)
    assert result["ok"] is False
    assert result["error"]
    assert len(json.dumps(result)) < 500, "it is no echo of what was sent"


@pytest.mark.parametrize(
    ("payload", "id_", "said"),
    [
        (b'{"id":"a6","do":"count","phrase":["x"],"line":"sip1"}', "a6", "phrase: a request is flat"),
        (b'{"id":"m4","do":["refresh"]}', "m4", "do: a request is flat"),
        (b'{"id":"n","do":"count","n":NaN}', "n", "n: NaN and Infinity are no JSON"),
        (b'{"id":7,"do":"count","n":1e999}', 7, "n: NaN"),
        (b'{"id":"2","do":"refresh","do":"count"}', "2", "do: a request names each field once"),
        (b'{"id":"2","id":"3","do":"count"}', None, "id: a request names each field once"),
        (b'{"id":"2","id":"2","do":["count"]}', None, "do: a request is flat"),
        (b'{"id":"1","do":"count","n":"\\ud800"}', "1", "half of a character"),
        (b'{"id":"\\ud800","do":"count"}', None, "half of a character"),
        (b'{"id":"1","do":"count","n":{"a":1,"a":2}}', "1", "n: a request is flat"),
        (b'\xef\xbb\xbf{"id":"1","do":"refresh"}', None, "byte order mark"),
        (b'{"id":"1","do":"count","n":' + b'{"a":' * 3000, None, "nested"),
        (b'{"id":"1","do":"count"', None, "not JSON: Expecting ',' delimiter, at character 23"),
        (b'{"id":"1","do":"count","n":' + b"9" * 5000 + b"}", None, "too many digits"),
        (b"\xff\xfe", None, "not UTF-8"),
        (b"[1]", None, "not an array"),
        (b'{"id":"","do":"refresh"}', None, "id: it must have 1 to 128"),
        (b'{"id":1.0,"do":"refresh"}', None, "id: a string or a whole number"),
        (b'{"id":[],"do":"refresh"}', None, "id: a request is flat"),
    ],
)
def test_a_refusal_names_what_is_wrong_and_whose_it_is(payload: bytes, id_: str | int | None, said: str) -> None:
    result = answer(payload)
    assert (result["id"], result["ok"]) == (id_, False)
    assert said in result["error"]
    turned_away = Answering(COMMANDS, now=lambda: 0.0).too_many(payload)
    assert turned_away is not None
    assert turned_away["id"] == id_


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
