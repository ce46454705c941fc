"""Requests on the topic `command`: whatever comes is answered in JSON, once, and in the same words again."""

import asyncio
import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from gateway.call.requests import AgentWish, RequestRefused
from gateway.feed import DeskToAsk, PhraseListed, desk_commands
from gateway.feed.encoding import encode
from gateway.feed.requests.answering import Answering
from gateway.feed.requests.authority import Authority, signature
from gateway.feed.requests.call_commands import call_commands
from gateway.feed.requests.desk_commands import LISTED
from tests.fuzz.target import Bits, Target

KEY = b"0123456789abcdef"
NOW = 1_771_293_000.0
FAULT = "the gateway's log has the details"
"""What an answer says where something of ours has failed."""
_loop = asyncio.new_event_loop()


class Office:
    """Refuses what is not there, as the real rooms do."""

    def find(self, *, line: str | None = None, agent: str | None = None) -> str:
        if (line or agent) not in ("fxo1", "801"):
            raise RequestRefused("no answered call")
        return "c1"

    def request(self, call: str, *_: object, **__: object) -> None:
        if call != "c1":
            raise RequestRefused(f"no call {call}")

    def number_of(self, _: str) -> str | None:
        return "13812345678"

    def wish(self, agent: str, _: AgentWish) -> None:
        if agent != "801":
            raise RequestRefused(f"no agent {agent!r}")

    def open_tickets(self) -> list[Any]:
        return [_ticket()]

    def answer(self, ticket: int, *_: object) -> Any:
        return self._known(ticket)

    shut = assign = answer

    def warn(self, text: str, *, note: str | None, by: str, at: datetime) -> None:
        pass

    def clear(self, text: str) -> None:
        pass

    def _known(self, ticket: int) -> Any:
        if ticket != 7:
            raise RequestRefused(f"no ticket {ticket}")
        return _ticket()


def _ticket() -> Any:
    return SimpleNamespace(fields=lambda now, *, show_numbers: dict.fromkeys(LISTED) | {"ticket": 7})


def _answering(authority: Authority) -> Answering:
    office = Office()
    desk = DeskToAsk(
        office, office, office, office, ("enquiry", "complaint"), lambda: datetime(2026, 2, 17, tzinfo=UTC)
    )
    phrases = [PhraseListed("transfer", "请您稍等", "ET-2", "22")]
    return Answering(
        {**call_commands(office, phrases), **desk_commands(desk), "refresh": lambda _: None},
        lambda: NOW,
        authority=authority,
    )


def attempt(data: bytes) -> None:
    bits = Bits(data)
    signed = bool(bits.below(2))
    payload = bits.rest()
    if signed:
        payload = _signed(payload)
    _loop.run_until_complete(_asked(payload, Authority(KEY) if signed else Authority()))


async def _asked(payload: bytes, authority: Authority) -> None:
    answering = _answering(authority)
    first = await answering.answer(payload)
    assert first is not None, "one request is no flood"
    written = json.loads(encode(first))
    assert isinstance(written["ok"], bool)
    assert FAULT not in str(written.get("error")), written["error"]
    assert written["ok"] or written["error"]
    again = await answering.answer(payload)
    assert again == first, "the same request has the same answer"
    refused = answering.too_many(payload)
    assert refused is not None
    encode(refused)


def _signed(payload: bytes) -> bytes:
    try:
        request = json.loads(payload)
        request["ts"] = int(NOW)
        request["sign"] = signature(request, KEY)
        return json.dumps(request).encode()
    except Exception:  # noqa: BLE001  what cannot be signed goes in unsigned
        return payload


def _seed(**fields: object) -> bytes:
    return json.dumps({"id": "1", **fields}, ensure_ascii=False).encode()


TARGET = Target(
    "commands",
    "MQTT commands, signed and not",
    attempt,
    [
        head + _seed(**fields)
        for head in (b"\0", b"\1")
        for fields in (
            {"do": "refresh"},
            {"do": "phrase", "phrase": "transfer", "agent": "801"},
            {"do": "wait", "line": "fxo1"},
            {"do": "agent", "agent": "801", "state": "away"},
            {"do": "ticket", "call": "c1", "kind": "complaint", "text": "漏气", "call_back": True},
            {"do": "tickets"},
            {"do": "ticket_answer", "ticket": 7, "text": "好了", "by": "801"},
            {"do": "ticket_assign", "ticket": 7, "agent": "801", "why": "x"},
            {"do": "warn_number", "number": "+86 138-1234-5678", "note": "x"},
            {"do": "clear_number", "number": "13812345678"},
        )
    ],
    (
        b'"do":',
        b'"id":1',
        b"\\ud800",
        b"1e999",
        b"[[[[",
        b'{"a":',
        b"null",
        b"9" * 5000,
        b"\xef\xbb\xbf",
        b'"ticket":',
        b"true",
    ),
    longest=8192,
)
