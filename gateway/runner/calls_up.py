"""Which calls are up, and which one is meant by its line or by its agent."""

from dataclasses import dataclass

from gateway.call.facts import (
    AgentAssigned,
    AgentConnected,
    CallAnswered,
    CallerIdentified,
    Dialled,
    Notice,
    Offered,
    Released,
)
from gateway.call.requests import RequestRefused


@dataclass(slots=True)
class _Up:
    line: str
    agent: str
    answered: bool = False
    number: str | None = None
    """The customer's, whole."""


class CallsUp:
    """Listens to all facts; knows each call from its offer to its release."""

    def __init__(self) -> None:
        self._calls: dict[str, _Up] = {}

    def __len__(self) -> int:
        """How many there are."""
        return len(self._calls)

    def receive(self, notice: Notice) -> None:
        """Keeps count."""
        if notice.call is None:
            return
        if isinstance(notice.fact, Offered):
            self._calls[notice.call] = _Up(notice.line, notice.fact.agent)
        elif isinstance(notice.fact, Released):
            self._calls.pop(notice.call, None)
        elif (up := self._calls.get(notice.call)) is not None:
            _update(up, notice.fact)

    def number_of(self, call: str) -> str | None:
        """The customer's whole number in a call that is up; None where it is not known. Raises RequestRefused."""
        if call not in self._calls:
            raise RequestRefused(f"no call {call!r} is up; the feed's line states name those that are")
        return self._calls[call].number

    def find(self, *, line: str | None = None, agent: str | None = None) -> str:
        """The one answered call on `line`, of `agent`, or (both named) of both.

        Raises RequestRefused where there is none, or more than one: a customer must never hear what was meant for
        another.
        """
        found = [
            call
            for call, up in self._calls.items()
            if up.answered and line in (None, up.line) and agent in (None, up.agent)
        ]
        if len(found) == 1:
            return found[0]
        where = " ".join([*([f"on line {line!r}"] if line else []), *([f"of agent {agent!r}"] if agent else [])])
        if not found:
            raise RequestRefused(f"no answered call {where}; the feed's line states name the calls that are up")
        raise RequestRefused(f"{len(found)} answered calls {where}: {', '.join(found)}; name one as call")


def _update(up: _Up, fact: object) -> None:
    match fact:
        case CallAnswered():
            up.answered = True
        case AgentAssigned(agent=agent) | AgentConnected(agent=agent):
            up.agent = agent
        case CallerIdentified(caller_id=caller_id):
            up.number = caller_id.number
        case Dialled(number=number):
            up.number = number
        case _:
            pass
