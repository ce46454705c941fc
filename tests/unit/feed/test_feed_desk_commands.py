"""Requests for the desk: what is done, what is refused, in which words, and what of a number is told."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.call.requests import AgentWish, RequestRefused
from gateway.feed import DeskToAsk, desk_commands
from gateway.feed.requests.answering import Answering
from gateway.feed.requests.desk_commands import LONGEST_TEXT, MOST_LISTED, WISHES
from tests.conforming import conforming_answer
from tests.service.told import MORNING

pytestmark = pytest.mark.unit

NUMBER = "13812345678"
SHOWN = {
    "ticket": 7,
    "kind": "complaint",
    "owner": "801",
    "state": "open",
    "deadline": "2026-02-19T09:30:00.000+08:00",
    "number": "138****5678",
    "overdue": False,
    "call_back": "owed",
    "due_at": None,
    "attempts": 1,
}


class Refused(Exception):
    """What a room of the desk refuses with."""


@dataclass
class Ticket:
    changed: dict[str, Any] = field(default_factory=dict)

    def fields(self, now: datetime, *, show_numbers: bool) -> dict[str, Any]:
        assert now == MORNING
        number = NUMBER if show_numbers else SHOWN["number"]
        return {"site": "jinan", "text": "漏气", **SHOWN, "number": number, **self.changed}


class Desk:
    """Call c1 of agent 801, its customer's number known, and c2, where it is not; everything else is refused."""

    def __init__(self) -> None:
        self.done: list[tuple[object, ...]] = []
        self.tickets = [Ticket(), Ticket({"ticket": 8, "owner": "802", "number": None})]

    def find(self, *, line: str | None = None, agent: str | None = None) -> str:
        if agent == "801":
            return "c1"
        raise RequestRefused("no answered call; the feed's line states name those that are")

    def number_of(self, call: str) -> str | None:
        return {"c1": NUMBER, "c2": None}[call]

    def wish(self, agent: str, wish: AgentWish) -> None:
        if agent != "801":
            raise RequestRefused(f"no agent {agent!r}")
        self.done.append((agent, wish))

    def request(self, call: str, *what: object, **how: object) -> None:
        self.done.append((call, *what, how))

    def open_tickets(self) -> list[Ticket]:
        return self.tickets

    def answer(self, ticket: int, who: str, reply: str, now: datetime) -> Ticket:
        return self._changed(ticket, {"state": "answered"}, who, reply, now)

    def shut(self, ticket: int, who: str, now: datetime) -> Ticket:
        return self._changed(ticket, {"state": "closed"}, who, now)

    def assign(self, ticket: int, agent: str, who: str, why: str, now: datetime) -> Ticket:
        return self._changed(ticket, {"owner": agent}, who, why, now)

    def warn(self, text: str, *, note: str | None, by: str, at: datetime) -> None:
        self.done.append(("warn", text, note, by, at))

    def clear(self, text: str) -> None:
        self.done.append(("clear", text))

    def _changed(self, ticket: int, change: dict[str, str], *how: object) -> Ticket:
        if ticket != 7:
            raise Refused(f"no ticket {ticket}")
        self.done.append((*change.values(), *how))
        return Ticket(dict(change))


def answering(desk: Desk, **options: bool) -> Answering:
    to_ask = DeskToAsk(
        desk, desk, desk, desk, ("enquiry", "complaint"), lambda: MORNING, refusals=(Refused,), **options
    )
    answering = Answering({}, lambda: 0.0)
    answering.obey(desk_commands(to_ask))
    return answering


def asked(*, show_numbers: bool = False, **request: Any) -> tuple[dict[str, Any], list[tuple[object, ...]]]:
    desk = Desk()
    asking = answering(desk, show_numbers=show_numbers)
    request = {"id": "7", **request}
    return conforming_answer(request, asyncio.run(asking.answer(json.dumps(request).encode()))), desk.done


NO_MORE_SAID = {"kind": None, "text": None, "call_back": False}


@pytest.mark.parametrize(
    ("request_", "answer", "done"),
    [
        *(
            (
                {"do": "agent", "agent": "801", "state": wish},
                {"agent": "801", "state": wish},
                ("801", AgentWish(wish)),
            )
            for wish in WISHES
        ),
        ({"do": "ticket", "agent": "801"}, {"call": "c1"}, ("c1", "801", MORNING, NO_MORE_SAID)),
        (
            {
                "do": "ticket",
                "call": "c9",
                "text": " 漏气 ",
                "kind": "complaint",
                "call_back": True,
                "by": "foreman",
            },
            {"call": "c9"},
            ("c9", "foreman", MORNING, {"kind": "complaint", "text": "漏气", "call_back": True}),
        ),
        (
            {"do": "ticket_answer", "ticket": 7, "text": "已修好"},
            SHOWN | {"state": "answered"},
            ("answered", "command", "已修好", MORNING),
        ),
        (
            {"do": "ticket_close", "ticket": 7, "by": "802"},
            SHOWN | {"state": "closed"},
            ("closed", "802", MORNING),
        ),
        (
            {"do": "ticket_assign", "ticket": 7, "agent": "802", "why": "TT-6"},
            SHOWN | {"owner": "802"},
            ("802", "command", "TT-6", MORNING),
        ),
        (
            {"do": "warn_number", "agent": "801", "why": "闲聊"},
            {"number": "138****5678"},
            ("warn", NUMBER, "闲聊", "command", MORNING),
        ),
        (
            {"do": "warn_number", "number": "138-1234 5678"},
            {"number": "138****5678"},
            ("warn", NUMBER, None, "command", MORNING),
        ),
        (
            {"do": "clear_number", "number": "+8613812345678"},
            {"number": "+86*******5678"},
            ("clear", "+8613812345678"),
        ),
    ],
)
def test_what_is_asked_is_done(request_: dict[str, Any], answer: dict[str, Any], done: tuple[object, ...]) -> None:
    result, deeds = asked(**request_)
    assert result == {"id": "7", "ok": True, "do": request_["do"], **answer}
    assert deeds == [done]


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ({"do": "agent", "agent": "899", "state": "away"}, "no agent '899'"),
        ({"do": "agent", "state": "away"}, "agent: a string is needed"),
        (
            {"do": "agent", "agent": "801", "state": "free"},
            "state: allowed: log_in, log_out, away, back, after_call",
        ),
        ({"do": "ticket"}, "name the call by one of call, line, agent; this request has 0 of them"),
        ({"do": "ticket", "agent": "802"}, "no answered call; the feed's line states name those that are"),
        ({"do": "ticket", "call": "c1", "call_back": "yes"}, "call_back: true or false"),
        ({"do": "ticket", "call": "c1", "kind": "rumour"}, "kind: allowed: enquiry, complaint"),
        ({"do": "ticket", "call": "c1", "kind": 3}, "kind: a string is needed"),
        ({"do": "ticket", "call": "c1", "text": "  "}, f"text: 1 to {LONGEST_TEXT} characters are needed, not 0"),
        ({"do": "ticket_answer", "ticket": 7}, "text: what the customer was told is needed"),
        (
            {"do": "ticket_answer", "ticket": 7, "text": "x" * 2001},
            f"text: 1 to {LONGEST_TEXT} characters are needed, not 2001",
        ),
        ({"do": "ticket_close", "ticket": 9}, "no ticket 9"),
        ({"do": "ticket_close", "ticket": "7"}, "ticket: its number is needed, a whole one"),
        ({"do": "ticket_close", "ticket": True}, "ticket: its number is needed, a whole one"),
        ({"do": "ticket_close", "ticket": 1 << 63}, "ticket: its number is needed, a whole one"),
        ({"do": "ticket_assign", "ticket": 7}, "agent: a string is needed"),
        ({"do": "warn_number", "call": "c2"}, "this customer shows no number"),
        (
            {"do": "warn_number", "call": "c1", "number": NUMBER},
            "name the customer by number or by one of call, line, agent, not by both",
        ),
        ({"do": "clear_number", "number": "1381234567x"}, "number: 3 to 15 digits are needed, with or without +"),
        ({"do": "clear_number", "number": "١٢٣٤٥"}, "number: 3 to 15 digits are needed, with or without +"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_done(request_: dict[str, Any], error: str) -> None:
    result, done = asked(**request_)
    assert result == {"id": "7", "ok": False, "error": error}
    assert not done


def test_open_tickets_are_listed_masked_and_by_agent() -> None:
    result, _ = asked(do="tickets")
    assert result["tickets"] == [SHOWN, SHOWN | {"ticket": 8, "owner": "802", "number": None}]
    assert [ticket["ticket"] for ticket in asked(do="tickets", agent="802")[0]["tickets"]] == [8]
    assert asked(do="tickets", show_numbers=True)[0]["tickets"][0]["number"] == NUMBER


def test_a_long_list_is_cut_and_counted() -> None:
    desk = Desk()
    desk.tickets = [Ticket()] * (MOST_LISTED + 50)
    result = asyncio.run(answering(desk).answer(b'{"id":1,"do":"tickets"}'))
    assert (len(result["tickets"]), result["count"]) == (MOST_LISTED, MOST_LISTED + 50)


FIELDS = st.sampled_from(["agent", "state", "call", "line", "text", "ticket", "number", "by", "why"])
VALUES = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["801", "away", "c1", 7])
)
COMMANDS = st.sampled_from(["agent", "ticket", "tickets", "ticket_answer", "ticket_close", "ticket_assign"])


@given(COMMANDS, st.dictionaries(FIELDS, VALUES))
def test_whatever_the_fields_hold_there_is_an_answer(do: str, fields: dict[str, Any]) -> None:
    result, done = asked(do=do, **fields)
    assert result["ok"] or (result["error"] and not done)
    assert "failed" not in result.get("error", "")
