"""The agents' telephones: who calls the gateway from one dials codes (JH-13, JH-14, JH-18, JH-20), and is no
customer."""

import logging
from collections.abc import Callable, Mapping

from drivers.line import CallerId
from gateway.call.agent_leg import AgentAsked, AgentLeg, AgentMisdialled
from gateway.call.facts import CallAnswered, Listener, Notice, Released
from gateway.call.requests import AgentWish, CallRequest, RequestRefused, Wanted

log = logging.getLogger(__name__)

Ask = Callable[[str, CallRequest], str]
"""Has a request done in the call of the agent with this number; gives the call. Raises RequestRefused."""
WishFor = Callable[[str, AgentWish], None]
"""Has the desk carry out what the agent with this number wishes. Raises RequestRefused."""


class Codes:
    """What agents dial, carried out. Nothing is heard of it: what is refused stands in the log."""

    def __init__(self, codes: Mapping[str, Wanted], ask: Ask, wish: WishFor) -> None:
        """`codes`: what each stands for, by its digits."""
        self.table = codes
        self._ask = ask
        self._wish = wish

    def renew(self, codes: Mapping[str, Wanted]) -> None:
        """Other codes from the next time on that a telephone calls."""
        self.table = codes

    def carry_out(self, agent: str, wanted: Wanted) -> None:
        """What `agent` has dialled the code of."""
        try:
            if isinstance(wanted, AgentWish):
                self._wish(agent, wanted)
                log.info("agent %s asked by telephone for %s", agent, wanted.wish)
            else:
                log.info("call %s: agent %s asked by telephone for %s", self._ask(agent, wanted), agent, wanted)
        except RequestRefused as refused:
            log.warning("agent %s asked by telephone for %s; refused: %s", agent, wanted, refused)

    def misdialled(self, agent: str, dialled: str) -> None:
        """`agent` has dialled what is no code."""
        log.warning("agent %s dialled *%s, no code of the dialplan's [phrases] or of [desk]", agent, dialled)


class Telephones:
    """Knows the agents by their extensions, and the codes they dial."""

    def __init__(self, agents: Mapping[str, str], codes: Codes) -> None:
        """`agents`: the agent's number by the user part of his extension."""
        self._agents = agents
        self._codes = codes

    def renew(self, agents: Mapping[str, str]) -> None:
        """Other agents, or other extensions, from the next call on (see __init__)."""
        self._agents = agents

    def agent_at(self, caller_id: CallerId) -> str | None:
        """The number of the agent who calls; None: a customer. An agent is who calls from the very extension."""
        own = caller_id.number is not None and not caller_id.qualified
        return self._agents.get(str(caller_id.number)) if own else None

    def engine(self, leg: str, now: float) -> AgentLeg:
        """What decides an agent's leg."""
        return AgentLeg(leg, self._codes.table, now=now)

    def listener(self, agent: str) -> Listener:
        """Who listens to the facts of this agent's leg."""
        return _AgentsCall(agent, self._codes)


class _AgentsCall:
    """Carries out what one agent dials."""

    def __init__(self, agent: str, codes: Codes) -> None:
        self._agent = agent
        self._codes = codes

    def receive(self, notice: Notice) -> None:
        match notice.fact:
            case CallAnswered():
                log.info("line %s: agent %s is on the telephone", notice.line, self._agent)
            case AgentAsked(request=request):
                self._codes.carry_out(self._agent, request)
            case AgentMisdialled(dialled=dialled):
                self._codes.misdialled(self._agent, dialled)
            case Released(cause=cause):
                log.info("line %s: agent %s has left the telephone: %s", notice.line, self._agent, cause)
