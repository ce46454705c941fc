"""What people ask of calls on the topic `command`: a phrase, a wait, its end (JH-8, JH-13, JH-14, JH-18). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from gateway.call.requests import CallRequest, EndWaiting, KeepWaiting, RequestRefused, SayPhrase
from gateway.feed.requests.commands import Command, CommandError

TARGETS = ("call", "line", "agent")
"""What names the call that is meant; exactly one of them."""


@dataclass(frozen=True, slots=True)
class PhraseListed:
    """One phrase as `phrases` lists it. `text` holds `{agent}` where the number of the call's agent is said."""

    phrase: str
    text: str
    clause: str
    code: str | None
    """What is dialled after `*` for it; None: by command only."""


class CallsToAsk(Protocol):
    """The calls that can be asked for something. Both methods may raise RequestRefused: nothing has changed."""

    def find(self, *, line: str | None = None, agent: str | None = None) -> str:
        """The one answered call on `line`, or of `agent`."""

    def request(self, call: str, request: CallRequest) -> None:
        """Have `request` done in `call`."""


def call_commands(calls: CallsToAsk, phrases: Sequence[PhraseListed]) -> dict[str, Command]:
    """The requests by the name that `do` gives them. What is refused is answered with the reason."""

    def asks(request: CallRequest, fields: Mapping[str, Any]) -> dict[str, Any]:
        try:
            call = call_named(calls, fields)
            calls.request(call, request)
        except RequestRefused as refused:
            raise CommandError(str(refused)) from None
        return {"call": call}

    def phrase(fields: Mapping[str, Any]) -> dict[str, Any]:
        key = text_of(fields, "phrase")
        return {"phrase": key, **asks(SayPhrase(key), fields)}

    def listed(_: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "phrases": [{"phrase": p.phrase, "text": p.text, "clause": p.clause, "code": p.code} for p in phrases]
        }

    return {
        "phrase": phrase,
        "wait": lambda fields: asks(KeepWaiting(), fields),
        "resume": lambda fields: asks(EndWaiting(), fields),
        "phrases": listed,
    }


def call_named(calls: CallsToAsk, fields: Mapping[str, Any]) -> str:
    """The id of the call that the request means. May raise RequestRefused."""
    named = [target for target in TARGETS if target in fields]
    if len(named) != 1:
        raise CommandError(f"name the call by one of {', '.join(TARGETS)}; this request has {len(named)} of them")
    name = text_of(fields, named[0])
    match named[0]:
        case "line":
            return calls.find(line=name)
        case "agent":
            return calls.find(agent=name)
        case _:
            return name


def text_of(fields: Mapping[str, Any], name: str) -> str:
    """A field that must hold words."""
    text = fields.get(name)
    if not isinstance(text, str) or not text:
        raise CommandError(f"{name}: a string is needed")
    return text
