"""Whose requests are done, and how often."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.feed import Feed, FeedConfig, FeedError
from gateway.feed.requests.answering import Answering
from gateway.feed.requests.authority import WINDOW, Authority, Unauthorised, canonical, signature
from gateway.feed.requests.commands import CommandError
from gateway.feed.requests.remembered import REMEMBERED

pytestmark = pytest.mark.unit

KEY = b"0123456789abcdef0123456789abcdef"
NOW = 1_771_378_200.0
"""2026-02-18T09:30:00+08:00"""


class Desk:
    """Counts what is done; `refuse` never is. Time is what `now` says."""

    def __init__(self, key: bytes | None = KEY, *, known: bool = True) -> None:
        self.now = NOW
        self.done: list[Mapping[str, Any]] = []
        self._answering = Answering(
            {"phrase": self._do},
            lambda: self.now,
            authority=Authority(key, known, began=NOW - 300.5),
        )
        self._answering.obey({"agent": self._do, "refuse": self._refuse})

    def _do(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        self.done.append(fields)
        return {"n": len(self.done)}

    def _refuse(self, fields: Mapping[str, Any]) -> None:
        self.done.append(fields)
        raise CommandError("not today")

    def asked(self, **request: Any) -> dict[str, Any]:
        answer = asyncio.run(self._answering.answer(json.dumps(request).encode()))
        assert answer is not None
        return dict(answer)

    def asked_signed(self, key: bytes = KEY, **request: Any) -> dict[str, Any]:
        request = {"ts": int(self.now), **request}
        return self.asked(**request, sign=signature(request, key))


AWAY = {"id": "1", "do": "agent", "agent": "801", "state": "away"}


def test_the_canonical_form_is_lines_in_the_order_of_their_bytes() -> None:
    request = {"text": "你好=a", "sign": "x", "id": 7, "do": "agent", "a": None, "b": True, "ab": "é"}
    assert canonical(request).decode() == "a=null\nab=é\nb=true\ndo=agent\nid=7\ntext=你好=a\n"


def test_what_is_signed_is_done() -> None:
    desk = Desk()
    assert desk.asked_signed(**AWAY) == {"id": "1", "ok": True, "do": "agent", "n": 1}
    assert desk.asked_signed(**AWAY | {"id": "2", "ts": "2026-02-18T09:30:59.000+08:00"})["ok"]
    assert len(desk.done) == 2


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"state": "back"}, "sign: wrong"),
        ({"id": "2"}, "sign: wrong"),
        ({"ts": int(NOW) + 1}, "sign: wrong"),
        ({"more": 1}, "sign: wrong"),
        ({"sign": None}, "sign: it is not signed"),
        ({"sign": 5}, "sign: it is not signed"),
        ({"sign": "é"}, "sign: wrong"),
        ({"sign": ""}, "sign: wrong"),
        ({"text": "a\nb=c"}, "text: a signed request holds strings without line breaks"),
        ({"text": ["a"]}, "fields hold strings"),
        ({"text": 1.5}, "text: a signed request holds strings"),
        ({"a=b": "c"}, "names of small letters"),
        ({"text": "\ud800"}, "half of a character"),
    ],
)
def test_what_was_changed_since_is_refused(change: dict[str, Any], error: str) -> None:
    desk = Desk()
    request = {"ts": int(NOW), **AWAY}
    result = desk.asked(**{**request, "sign": signature(request, KEY), **change})
    assert (result["ok"], desk.done) == (False, [])
    assert error in result["error"]


def test_another_key_is_refused_and_the_log_holds_none(caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk()
    assert "another key" in desk.asked_signed(b"f" * 32, **AWAY)["error"]
    assert not desk.done
    assert "request '1' refused: sign: wrong" in caplog.text
    assert KEY.decode() not in caplog.text


@pytest.mark.parametrize("off", [WINDOW, -WINDOW, WINDOW + 1, -WINDOW - 1])
def test_a_time_outside_the_window_is_refused(off: int) -> None:
    desk = Desk()
    result = desk.asked_signed(**AWAY | {"ts": int(NOW) + off})
    assert result["ok"] is (abs(off) <= WINDOW)
    assert len(desk.done) == result["ok"]
    assert (
        result["ok"] or f"{WINDOW + 1} s too {'early' if off > 0 else 'old'}, 60 s are allowed" in result["error"]
    )


@pytest.mark.parametrize("ts", [None, True, "soon", "2026-02-18T09:30:00", "", 10**400])
def test_what_is_no_time_is_refused(ts: object) -> None:
    desk = Desk()
    assert "ts: whole seconds since 1970" in desk.asked_signed(**AWAY | {"ts": ts})["error"]
    assert not desk.done


def test_what_was_signed_before_the_gateway_began_may_have_been_done_already() -> None:
    desk = Desk()
    desk.now = NOW - 300.0
    assert desk.asked_signed(**AWAY | {"ts": int(NOW) - 300})["ok"], "in its first second"
    assert "before the gateway began" in desk.asked_signed(**AWAY | {"id": 2, "ts": int(NOW) - 302})["error"]


def test_a_fast_clock_does_not_let_what_was_done_before_the_gateway_began_come_again() -> None:
    desk = Desk()
    desk.now = NOW - 290.0
    assert "just begun" in desk.asked_signed(**AWAY | {"ts": int(desk.now) + 30})["error"]
    assert desk.asked_signed(**AWAY | {"ts": int(desk.now) + 2})["ok"], "a clock's usual error"
    desk.now = NOW
    assert desk.asked_signed(**AWAY | {"id": "2", "ts": int(NOW) + 30})["ok"], "what it did itself it remembers"


@pytest.mark.parametrize(("first", "then"), [(68063001, "68063001"), ("68063001", 68063001)])
def test_a_signed_request_is_not_done_again_under_an_id_that_is_signed_alike(first: object, then: object) -> None:
    desk = Desk()
    request = {**AWAY, "id": first, "ts": int(desk.now)}
    assert desk.asked(**request, sign=signature(request, KEY))["ok"]
    assert "another request's" in desk.asked(**request | {"id": then}, sign=signature(request, KEY))["error"]
    assert len(desk.done) == 1


def test_with_a_key_whatever_is_asked_must_be_signed() -> None:
    desk = Desk()
    assert "sign" in desk.asked(id="1", do="phrase")["error"]
    assert desk.asked_signed(id="1", do="phrase")["ok"]


@pytest.mark.parametrize("signed", [True, False])
def test_what_comes_again_is_not_done_again(signed: bool) -> None:
    desk = Desk(KEY if signed else None)
    ask = desk.asked_signed if signed else desk.asked
    first = ask(**AWAY)
    desk.now += 30
    assert ask(**AWAY) == first
    assert "was another request's" in ask(**AWAY | {"state": "back"})["error"]
    assert "was another request's" in ask(**AWAY | {"agent": 801})["error"]
    assert len(desk.done) == 1
    refused = ask(id="r", do="refuse")
    assert refused == {"id": "r", "ok": False, "error": "not today"}
    assert ask(id="r", do="refuse") == refused
    assert len(desk.done) == 2


def test_a_replay_gets_the_first_answer_and_after_the_window_none() -> None:
    desk = Desk()
    request = {"ts": int(NOW), **AWAY}
    replay = {**request, "sign": signature(request, KEY)}
    first = desk.asked(**replay)
    assert desk.asked(**replay) == first
    desk.now += WINDOW + 1
    assert "too old" in desk.asked(**replay)["error"]
    desk.now += REMEMBERED
    assert "too old" in desk.asked(**replay)["error"]
    assert len(desk.done) == 1


def test_who_has_no_key_learns_no_answer() -> None:
    desk = Desk()
    desk.asked_signed(**AWAY)
    assert "n" not in desk.asked(**AWAY, ts=int(NOW), sign="0" * 64)


def test_what_was_cut_short_by_a_lost_broker_is_not_done_again() -> None:
    begun = asyncio.Event()

    async def stand_still(_: Mapping[str, Any]) -> None:
        begun.set()
        await asyncio.Event().wait()

    async def lose_the_broker() -> Mapping[str, Any] | None:
        answering = Answering({}, lambda: NOW)
        answering.obey({"stand": stand_still})
        request = b'{"id":"1","do":"stand"}'
        asked = asyncio.create_task(answering.answer(request))
        await begun.wait()
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
        return await answering.answer(request)

    result = asyncio.run(lose_the_broker())
    assert result is not None
    assert not result["ok"]
    assert "look whether it was" in result["error"]


def test_without_a_key_the_brokers_access_list_decides() -> None:
    trusted, open_to_all = Desk(None, known=True), Desk(None, known=False)
    assert trusted.asked(**AWAY)["ok"]
    for request in (AWAY, {"id": "2", "do": "phrase"}, {"id": "3", "do": "reboot"}):
        refused = open_to_all.asked(**request)["error"]
        assert "[mqtt] command_key_file" in refused
        assert "password_file" in refused
        assert "certificate_file" in refused
    assert not open_to_all.done


@pytest.mark.parametrize(
    ("config", "known"),
    [
        ({}, True),
        ({"url": "mqtt://127.0.0.1:1883"}, False),
        ({"url": "mqtt://gateway:secret@hub"}, True),
        ({"url": "mqtt://hub", "username": "gateway"}, True),
    ],
)
def test_which_brokers_let_nobody_in_whom_they_do_not_know(config: dict[str, str], known: bool) -> None:
    assert FeedConfig(site="jinan", **config).known_to_broker is known  # type: ignore[arg-type]  # a row of the table


def test_a_key_that_can_be_guessed_is_refused_and_none_is_shown() -> None:
    with pytest.raises(FeedError, match=r"key of 5 bytes, at least 16 .* openssl rand -hex 32"):
        Feed(FeedConfig(site="jinan", command_key=b"guess"))
    assert "0123456789" not in repr(FeedConfig(site="jinan", command_key=KEY))


NAMES = st.text("abc_", min_size=1, max_size=3)
VALUES = st.one_of(st.text("a=b\n,", max_size=4), st.integers(0, 3), st.none(), st.booleans())
REQUESTS = st.dictionaries(NAMES, VALUES, max_size=3)


@given(REQUESTS, REQUESTS)
def test_no_two_requests_of_unlike_words_have_one_form(one: dict[str, Any], other: dict[str, Any]) -> None:
    try:
        same = canonical(one) == canonical(other)
    except Unauthorised:
        return
    words = {True: "true", False: "false", None: "null"}

    def as_words(request: dict[str, Any]) -> dict[str, str]:
        return {k: words[v] if v is None or isinstance(v, bool) else str(v) for k, v in request.items()}

    assert same is (as_words(one) == as_words(other))
