"""Who the agents are, changed while calls are up: named anew, or no more, or at another telephone."""

from collections.abc import Sequence
from typing import Protocol

from gateway.config import AgentConfig
from gateway.desk.presence import Presence
from gateway.desk.terms import Agent
from gateway.runner.reachability import Reachability
from gateway.runner.reception import Reception
from gateway.runner.switchboard import Switchboard


class AgentsShown(Protocol):
    """Where agents are shown."""

    def agent_added(self, number: str) -> None:
        """One more; he is offline."""

    def agent_removed(self, number: str) -> None:
        """One who is no more."""


class AgentsNamed(Protocol):
    """Where agents are known by their numbers."""

    def renew_agents(self, numbers: tuple[str, ...]) -> None:
        """These are all."""


class Roster:
    """The agents of one gateway, by their numbers."""

    def __init__(
        self,
        agents: Sequence[AgentConfig],
        extensions: dict[str, str],
        reception: Reception,
        switchboard: Switchboard,
        reachability: Reachability,
        shown: AgentsShown,
        named: AgentsNamed,
    ) -> None:
        """`extensions`: the SIP address by the number of who is rung. It is changed here, and read by who rings
        and asks telephones."""
        self._agents = {agent.number: agent for agent in agents}
        self._extensions = extensions
        self._reception = reception
        self._switchboard = switchboard
        self._reachability = reachability
        self._shown = shown
        self._named = named

    def renew(self, agents: Sequence[AgentConfig], *, overflows: bool) -> None:
        """These are the agents from now on. Who is no more among them serves the customer he has, and no other.
        `overflows` as for Reception."""
        before, self._agents = self._agents, {agent.number: agent for agent in agents}
        numbers = tuple(self._agents)
        trainees = [agent.number for agent in agents if agent.trainee]
        self._reception.renew_agents(numbers, trainees, overflows=overflows)
        self._named.renew_agents(numbers)
        for number in before.keys() - self._agents.keys():
            if before[number].extension is not None:
                self._dismiss(number)
            else:
                self._shown.agent_removed(number)
        for agent in agents:
            self._renew(agent, before.get(agent.number))

    def presence_changed(self, number: str, presence: Presence) -> None:
        """He stands elsewhere: one who is no more an agent is shown no more once he has no customer."""
        if number not in self._agents and presence is Presence.OFFLINE:
            self._shown.agent_removed(number)

    def _renew(self, agent: AgentConfig, before: AgentConfig | None) -> None:
        if before is None:
            self._shown.agent_added(agent.number)
        if agent == before:
            return
        if agent.extension is None:
            if before is not None and before.extension is not None:
                self._dismiss(agent.number)
            return
        self._extensions[agent.number] = agent.extension
        self._switchboard.engage(Agent(agent.number, trainee=agent.trainee))
        self._reachability.ask(agent.number)

    def _dismiss(self, number: str) -> None:
        """Nobody is rung there any more. His address stays: his telephone may ring at this moment."""
        self._reachability.ask_no_more(number)
        if self._switchboard.dismiss(number) is Presence.OFFLINE:
            self.presence_changed(number, Presence.OFFLINE)
