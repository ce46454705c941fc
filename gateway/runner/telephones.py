"""The agents' telephones: who calls the gateway from one dials codes (JH-13, JH-14, JH-18), and is no customer."""

import logging
from collections.abc import Callable, Mapping

from drivers.line import CallerId
from gateway.call.agent_leg import AgentAsked, AgentLeg, AgentMisdialled
from gateway.call.facts import CallAnswered, Listener, Notice, Released
from gateway.call.requests import CallRequest, RequestRefused

log = logging.getLogger(__name__)

Ask = Callable[[str, CallRequest], str]
"""Has a request done in the call of the agent with this number; gives the call. Raises RequestRefused."""


class Telephones:
    """Knows the agents by their extensions, and the codes they dial."""

    def __init__(self, agents: Mapping[str, str], codes: Mapping[str, str], ask: Ask) -> None:
        """`agents`: the agent's number by the user part of his extension; `codes`: a phrase's key by its code."""
        self._agents = agents
        self._codes = codes
        self._ask = ask

    def agent_at(self, caller_id: CallerId) -> str | None:
        """The number of the agent who calls; None: a customer."""
        return None if caller_id.number is None else self._agents.get(caller_id.number)

    def engine(self, leg: str, now: float) -> AgentLeg:
        """What decides an agent's leg."""
        return AgentLeg(leg, self._codes, now=now)

    def listener(self, agent: str) -> Listener:
        """Who listens to the facts of this agent's leg."""
        return _Wishes(agent, self._ask)


class _Wishes:
    """Carries out what one agent dials. He hears nothing of it: what is refused stands in the log."""

    def __init__(self, agent: str, ask: Ask) -> None:
        self._agent = agent
        self._ask = ask

    def receive(self, notice: Notice) -> None:
        match notice.fact:
            case CallAnswered():
                log.info("line %s: agent %s is on the telephone", notice.line, self._agent)
            case AgentAsked(request=request):
                self._carry_out(request)
            case AgentMisdialled(dialled=dialled):
                log.warning("agent %s dialled *%s, no code of the dialplan's [phrases]", self._agent, dialled)
            case Released(cause=cause):
                log.info("line %s: agent %s has left the telephone: %s", notice.line, self._agent, cause)

    def _carry_out(self, request: CallRequest) -> None:
        try:
            call = self._ask(self._agent, request)
        except RequestRefused as refused:
            log.warning("agent %s asked by telephone for %s; refused: %s", self._agent, request, refused)
        else:
            log.info("call %s: agent %s asked by telephone for %s", call, self._agent, request)
