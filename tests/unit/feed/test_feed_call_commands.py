"""Requests that calls are asked for: who is meant, what is refused, and in which words."""

import asyncio
import json
from typing import Any

import pytest

from gateway.call.requests import CallRequest, EndWaiting, KeepWaiting, RequestRefused, SayPhrase
from gateway.feed import PhraseListed, call_commands
from gateway.feed.requests.answering import Answering
from tests.conforming import conforming_answer

pytestmark = pytest.mark.unit

PHRASES = (
    PhraseListed("nuisance", "如果您没有其它服务需求,请挂机,谢谢!", "JH-13", "13"),
    PhraseListed("number_only", "我的工号是{agent}号。", "JH-18", None),
)


class Calls:
    """Call c1 of agent 801 on sip1, and c2 and c3 on sip2; c2 refuses everything."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, CallRequest]] = []

    def find(self, *, line: str | None = None, agent: str | None = None) -> str:
        if line == "sip1" or agent == "801":
            return "c1"
        raise RequestRefused("2 answered calls: c2, c3; name one as call")

    def request(self, call: str, request: CallRequest) -> None:
        if call != "c1":
            raise RequestRefused("the call is not answered yet")
        self.asked.append((call, request))


def asked(**request: Any) -> tuple[dict[str, Any], list[tuple[str, CallRequest]]]:
    calls = Calls()
    answering = Answering(call_commands(calls, PHRASES), now=lambda: 0.0)
    request = {"id": "7", **request}
    return conforming_answer(request, asyncio.run(answering.answer(json.dumps(request).encode()))), calls.asked


@pytest.mark.parametrize("where", [{"call": "c1"}, {"line": "sip1"}, {"agent": "801"}])
@pytest.mark.parametrize(
    ("fields", "request_"),
    [
        ({"do": "phrase", "phrase": "nuisance"}, SayPhrase("nuisance")),
        ({"do": "wait"}, KeepWaiting()),
        ({"do": "resume"}, EndWaiting()),
    ],
)
def test_a_call_is_asked(where: dict[str, str], fields: dict[str, str], request_: CallRequest) -> None:
    result, done = asked(**fields, **where)
    assert result == {"id": "7", "ok": True, "call": "c1", **fields}
    assert done == [("c1", request_)]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"do": "wait"}, "name the call by one of call, line, agent; this request has 0 of them"),
        (
            {"do": "wait", "call": "c1", "line": "sip1"},
            "name the call by one of call, line, agent; this request has 2 of them",
        ),
        ({"do": "wait", "call": "c2"}, "the call is not answered yet"),
        ({"do": "wait", "line": "sip2"}, "2 answered calls: c2, c3; name one as call"),
        ({"do": "wait", "agent": 801}, "agent: a string is needed"),
        ({"do": "wait", "call": None}, "call: a string is needed"),
        ({"do": "phrase", "call": "c1"}, "phrase: a string is needed"),
        ({"do": "phrase", "call": "c1", "phrase": 13}, "phrase: a string is needed"),
        ({"do": "sing"}, "do: unknown; allowed: phrase, phrases, resume, wait"),
    ],
)
def test_what_cannot_be_is_refused_in_words(fields: dict[str, Any], error: str) -> None:
    result, done = asked(**fields)
    assert result == {"id": "7", "ok": False, "error": error}
    assert not done


def test_phrases_are_listed() -> None:
    result, _ = asked(do="phrases")
    assert result["phrases"] == [
        {
            "phrase": "nuisance",
            "text": "如果您没有其它服务需求,请挂机,谢谢!",
            "clause": "JH-13",
            "code": "13",
        },
        {"phrase": "number_only", "text": "我的工号是{agent}号。", "clause": "JH-18", "code": None},
    ]
