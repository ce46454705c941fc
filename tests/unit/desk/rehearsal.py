"""A desk in virtual time whose effects are told in short words, so that a test reads like a story."""

from collections.abc import Mapping
from typing import Any

from gateway.call.desk_news import (
    AgentAnswers,
    AgentGoes,
    AgentHolds,
    AgentMisses,
    AgentRings,
    AgentsExpected,
    DeskNews,
    QueueMoved,
)
from gateway.desk import Agent, Desk, DeskEffect, DeskRule, DropAgent, PresenceChanged, RingAgent, TellCall


def _news(news: DeskNews) -> str:
    match news:
        case AgentsExpected(expected=expected):
            return "expect an agent" if expected else "expect nobody"
        case AgentRings(agent=agent):
            return f"{agent} rings"
        case AgentMisses(agent=agent, why=why):
            return f"{agent} misses: {why}"
        case AgentAnswers(agent=agent, socket=socket, peer=peer):
            return f"{agent} answers {socket} {peer}"
        case AgentGoes(agent=agent, why=why):
            return f"{agent} goes: {why}"
        case AgentHolds(held=held):
            return "held" if held else "resumed"
        case QueueMoved(position=position):
            return f"place {position}"
    raise AssertionError(news)


def _word(effect: DeskEffect) -> str:
    match effect:
        case RingAgent(agent=agent, call=call):
            return f"ring {agent} for {call}"
        case DropAgent(agent=agent):
            return f"drop {agent}"
        case PresenceChanged(agent=agent, presence=presence, why=why):
            return f"{agent} {presence}: {why}"
        case TellCall(call=call, news=news):
            return f"{call}, {_news(news)}"
    raise AssertionError(effect)


class Rehearsal:
    """Agents who can be reached, unless `reachable` says otherwise. Ranks by the calling number."""

    def __init__(
        self,
        *agents: str,
        rule: DeskRule | None = None,
        ranks: Mapping[str, int] | None = None,
        reachable: bool = True,
    ) -> None:
        self.now = 0.0
        staff = [Agent(number, trainee=number.startswith("9")) for number in agents]
        self.desk = Desk(staff, rule or DeskRule(), (ranks or {}).get, now=0.0)
        if reachable:
            for number in agents:
                self.desk.reached(number, True, 0.0)

    def does(self, name: str, *args: Any, **more: Any) -> list[str]:
        """Tell the desk something now; what it does."""
        return [_word(effect) for effect in getattr(self.desk, name)(*args, now=self.now, **more)]

    def till(self, when: float) -> list[str]:
        """Let time pass until `when`; what the desk does by itself, each with its time."""
        told: list[str] = []
        while (due := self.desk.next_deadline()) is not None and due <= when:
            self.now = max(due, self.now)
            told += [f"{self.now:g}: {word}" for word in self.does("fire_timers")]
        self.now = when
        return told

    def comes(self, call: str, number: str | None = None, owner: str | None = None) -> list[str]:
        """A call is offered, identified and answered."""
        self.desk.offered(call, self.now)
        self.desk.identified(call, number, owner, self.now)
        return self.does("answered", call)

    def takes(self, agent: str) -> list[str]:
        """The agent picks up."""
        return self.does("leg_answered", agent, socket=f"{agent}.in", peer=f"{agent}.out")

    def leaves(self, agent: str, why: str = "hung_up") -> list[str]:
        """The agent's leg ends."""
        return self.does("leg_ended", agent, why)
