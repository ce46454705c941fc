"""What the desk tells a call: who is rung for it, who has come, who has gone. Never refused, at worst too late."""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.call.prompt import Prompt


@dataclass(frozen=True, slots=True)
class DeskNews:
    """Any news from the desk."""


@dataclass(frozen=True, slots=True)
class AgentsExpected(DeskNews):
    """Whether an agent may come to this customer at all. Until told otherwise none is expected: the line takes a
    message by itself."""

    expected: bool


@dataclass(frozen=True, slots=True)
class AgentRings(DeskNews):
    """The agent's telephone is being rung for this customer."""

    agent: str


@dataclass(frozen=True, slots=True)
class AgentMisses(DeskNews):
    """He did not come; another one is looked for. The customer must be told to wait."""

    agent: str
    why: str


@dataclass(frozen=True, slots=True)
class AgentAnswers(DeskNews):
    """The agent is on the telephone. His leg is joined from `peer` to `socket`; ours is to be joined the other way
    round: Join(leg, socket, peer)."""

    agent: str
    socket: str
    peer: str
    phrases: Mapping[str, Prompt] | None = None
    """What he can have said, where it is not what the plan has: he is not the one who greeted, and gives his own
    number (JH-18)."""


@dataclass(frozen=True, slots=True)
class AgentGoes(DeskNews):
    """The agent's leg has ended, however."""

    agent: str
    why: str


@dataclass(frozen=True, slots=True)
class AgentHolds(DeskNews):
    """The agent has put the customer on hold with his telephone's own key (`held`), or is back."""

    held: bool


@dataclass(frozen=True, slots=True)
class QueueMoved(DeskNews):
    """The customer's place in the queue, from 1."""

    position: int
