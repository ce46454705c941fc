"""A flood of requests is bounded: what is done, what is answered, what is logged, what is remembered."""

import asyncio
import json
import logging
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from gateway.feed.requests.answering import BURST, PER_SECOND, REFUSED_BURST, TOLD_BURST, Answering
from gateway.feed.requests.authority import Authority, signature
from gateway.feed.requests.rates import Bucket
from gateway.feed.requests.remembered import MOST_BYTES, REMEMBERED, Remembered

pytestmark = pytest.mark.unit

KEY = b"0123456789abcdef"


class Flooded:
    """Counts what is done. Time is what `now` says."""

    def __init__(self, key: bytes | None = None) -> None:
        self.now = 1_771_378_200.0
        self.done = 0
        self.answering = Answering({"do": self._do}, lambda: self.now, authority=Authority(key))

    def _do(self, _: Mapping[str, Any]) -> dict[str, Any]:
        self.done += 1
        return {"n": self.done}

    def asked(self, *payloads: bytes) -> list[Mapping[str, Any] | None]:
        async def ask() -> list[Mapping[str, Any] | None]:
            return [await self.answering.answer(payload) for payload in payloads]

        return asyncio.run(ask())

    def signed(self, request_id: int) -> bytes:
        request = {"id": request_id, "do": "do", "ts": int(self.now)}
        return json.dumps(request | {"sign": signature(request, KEY)}).encode()


def request(number: int, **more: Any) -> bytes:
    return json.dumps({"id": number, "do": "do", **more}).encode()


def test_so_many_at_once_and_then_so_many_a_second() -> None:
    flooded = Flooded()
    answers = flooded.asked(*(request(number) for number in range(10_000)))
    kinds = Counter("none" if a is None else "ok" if a["ok"] else "refused" for a in answers)
    assert kinds == {"ok": BURST, "refused": REFUSED_BURST, "none": 10_000 - BURST - REFUSED_BURST}
    assert flooded.answering.dropped == kinds["none"]
    assert "ask again in a second" in next(a["error"] for a in answers if a is not None and not a["ok"])
    flooded.now += 1
    answers = flooded.asked(*(request(number) for number in range(20_000, 20_100)))
    assert sum(a is not None and a["ok"] for a in answers) == PER_SECOND, "nobody waits for minutes"


def test_a_flood_of_forged_requests_locks_nobody_out() -> None:
    flooded = Flooded(KEY)
    forged = [request(number, ts=int(flooded.now), sign="0" * 64) for number in range(5000)]
    answers = flooded.asked(*forged)
    assert flooded.done == 0
    assert sum(a is not None for a in answers) == REFUSED_BURST
    (answer,) = flooded.asked(flooded.signed(1))
    assert answer == {"id": 1, "ok": True, "do": "do", "n": 1}


def test_a_flood_does_not_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    flooded = Flooded()
    flooded.asked(*[b"\xff" * 50] * 3000)
    assert len(caplog.records) == TOLD_BURST
    caplog.clear()
    flooded.now += 60
    flooded.asked(b"{}")
    assert f"({3000 - TOLD_BURST} more were refused)" in caplog.text
    caplog.clear()
    flooded.asked(b"{}")
    assert "more were" not in caplog.text


def test_a_replayed_flood_is_bounded_too() -> None:
    flooded = Flooded()
    answers = flooded.asked(*[request(1)] * 5000)
    assert flooded.done == 1
    assert sum(a is not None and a["ok"] for a in answers) == BURST


def test_bytes_in_megabytes_hold_nothing_up() -> None:
    flooded = Flooded(KEY)
    began = time.process_time()
    flooded.asked(*[b'{"a":' * 200_000] * 200, *[b"[" * 16_384] * 200, *[b'{"id":' + b"9" * 16_000 + b"}"] * 200)
    spent = time.process_time() - began
    # 600 of the worst; that a single one never takes tens of milliseconds is what is claimed.
    assert spent / 600 < 0.02


def test_what_is_remembered_is_forgotten_in_time_and_bounded_in_size() -> None:
    remembered = Remembered()
    for number in range(1000):
        remembered.begin(number, b"d", float(number))
        remembered.end(number, {"id": number, "ok": True, "text": "x" * 30_000})
    first, last = remembered.get(0), remembered.get(999)
    assert first is not None
    assert last is not None
    assert (first[0], first[1]["ok"]) == (b"d", False)
    assert "not kept any more" in first[1]["error"]
    assert last[1]["ok"]
    kept = sum(bool(found and found[1]["ok"]) for found in map(remembered.get, range(1000)))
    assert 100 <= kept <= MOST_BYTES // 30_000
    remembered.forget(REMEMBERED + 500.5)
    assert (remembered.get(500), len(remembered)) == (None, 499)
    remembered.forget(REMEMBERED * 10)
    assert len(remembered) == 0


def test_an_id_is_free_again_after_its_time() -> None:
    flooded = Flooded()
    (first,) = flooded.asked(request(1))
    (other,) = flooded.asked(request(1, text="another"))
    assert other is not None
    assert "another request's" in other["error"]
    flooded.now += REMEMBERED + 1
    (anew,) = flooded.asked(request(1, text="another"))
    assert first is not None
    assert anew == {**first, "n": 2}


def test_a_number_and_its_text_are_one_id() -> None:
    flooded = Flooded()
    flooded.asked(request(1), b'{"id":"1","do":"do"}')
    assert flooded.done == 1


def test_a_clock_that_is_set_back_fills_no_bucket_and_locks_nobody_out() -> None:
    bucket = Bucket(2, 1.0)
    assert [bucket.take(100.0) for _ in range(3)] == [True, True, False]
    assert not bucket.take(50.0)
    assert bucket.take(51.0)


def test_no_secret_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    flooded = Flooded(KEY)
    flooded.asked(flooded.signed(1), request(2, ts=int(flooded.now), sign="0" * 64))
    assert "unauthorised request 2 refused" in caplog.text
    assert KEY.decode() not in caplog.text
