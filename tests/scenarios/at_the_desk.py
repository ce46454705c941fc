"""The desk's side of a story: agents who are rung, answer, put the customer on hold, hang up."""

from collections.abc import Mapping

from gateway.call.desk_news import (
    AgentAnswers,
    AgentGoes,
    AgentHolds,
    AgentMisses,
    AgentRings,
    AgentsExpected,
    DeskNews,
)
from gateway.call.engine import CallEngine, Effects
from gateway.call.plan import Prompt
from gateway.call.requests import CallRequest, EndWaiting, KeepWaiting, SayPhrase

SOCKET, PEER = "customer.sock", "agent.sock"


class AtTheDesk:
    """What agents do in one call, by themselves or by key."""

    engine: CallEngine
    now: float

    def desk(self, news: DeskNews) -> None:
        """The desk has something to tell."""
        self._carry_out(self.engine.news(news, now=self.now))

    def is_offered_to(self, agent: str) -> None:
        """Agents are there, and this one's telephone is rung."""
        self.desk(AgentsExpected(True))
        self.desk(AgentRings(agent))

    def nobody_is_there_any_more(self) -> None:
        self.desk(AgentsExpected(False))

    def agent_answers(self, agent: str = "801", *, phrases: Mapping[str, Prompt] | None = None) -> None:
        self.desk(AgentAnswers(agent, SOCKET, PEER, phrases))

    def agent_misses(self, agent: str = "801", why: str = "no_answer") -> None:
        """He does not come; the next one is looked for."""
        self.desk(AgentMisses(agent, why))

    def agent_hangs_up(self, agent: str = "801", why: str = "hung_up") -> None:
        self.desk(AgentGoes(agent, why))

    def agent_holds(self) -> None:
        """By his telephone's own key."""
        self.desk(AgentHolds(True))

    def agent_is_back(self) -> None:
        self.desk(AgentHolds(False))

    def is_asked(self, request: CallRequest) -> None:
        """Somebody asks something of the call. Raises RequestRefused."""
        self._carry_out(self.engine.request(request, now=self.now))

    def agent_has_said(self, phrase: str) -> None:
        self.is_asked(SayPhrase(phrase))

    def customer_must_wait(self) -> None:
        self.is_asked(KeepWaiting())

    def somebody_has_time(self) -> None:
        self.is_asked(EndWaiting())

    def _carry_out(self, effects: Effects) -> None:
        raise NotImplementedError  # Story's own
