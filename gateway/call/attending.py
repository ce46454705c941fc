"""Which agent is with the customer, and whether one may come at all."""

from collections.abc import Mapping

from drivers.line import Join, Part
from gateway.call.desk_news import AgentAnswers
from gateway.call.prompt import Prompt


class Attending:
    """The desk's side of one call, as far as the call must know it."""

    def __init__(self, leg: str) -> None:
        self._leg = leg
        self._with: AgentAnswers | None = None
        self.expected = False
        """Whether an agent may come; else the line does what it can by itself."""
        self.held = False
        """Whether the agent has put the customer on hold with his telephone."""
        self.position: int | None = None
        """The customer's place in the queue, where he has one."""

    @property
    def agent(self) -> str | None:
        """Who is with him, be it that he keeps him waiting."""
        return None if self._with is None else self._with.agent

    @property
    def phrases(self) -> Mapping[str, Prompt]:
        """What he can have said, as far as it is not the plan's."""
        return {} if self._with is None else self._with.phrases or {}

    @property
    def awaited(self) -> bool:
        """Whether an agent may come, and none is there."""
        return self.expected and self._with is None

    def joins(self, news: AgentAnswers) -> Join:
        """An agent is on the telephone; nobody else is with the customer any more. Another may come if he goes."""
        self._with, self.position, self.held, self.expected = news, None, False, True
        return self.joined()

    def joined(self) -> Join:
        """The order that lets the two hear each other."""
        assert self._with is not None, "no agent is there"
        return Join(self._leg, self._with.socket, self._with.peer)

    def parted(self) -> Part:
        """The order that keeps them from hearing each other."""
        return Part(self._leg)

    def leaves(self, agent: str) -> bool:
        """An agent's leg has ended; True where it is he who is with the customer."""
        if self._with is None or self._with.agent != agent:
            return False
        self._with, self.held = None, False
        return True
