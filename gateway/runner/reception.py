"""Who greets a call and by which plan: asks the desk, where there is one, and what is known of the caller."""

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from drivers.line import CallerId
from gateway.call.facts import Notice, Offered, Released
from gateway.call.plan import Plan
from gateway.call.prompt import Prompt
from gateway.desk.terms import Offer
from gateway.dialplan import Call

Compile = Callable[[Call], Plan]


class AskedDesk(Protocol):
    """Who keeps an agent for a call, that his number may be greeted."""

    def offered(self, call: str) -> Offer:
        """A call is offered."""

    def identified(self, call: str, number: str | None, owner: str | None) -> Offer:
        """Its caller ID has come; `owner` keeps an open ticket of the number (WD-13)."""

    def has_menu(self, call: str) -> None:
        """The customer is first asked what he wants."""

    def at_work(self, agent: str) -> bool:
        """Whether he is there, be it that he is busy."""


@dataclass(frozen=True, slots=True)
class Known:
    """What others know. Each is asked on the event loop's thread and answers from memory."""

    owner_of: Callable[[str], str | None] = lambda number: None
    """Who keeps an open ticket of this number."""
    warned: Callable[[str], bool] = lambda number: False
    """Whether this number hears JH-13's words."""
    may_record: Callable[[], bool] = lambda: True
    """Whether the disk has room for a recording."""


class Reception:
    """Where a desk knows of an agent who can come, he greets. Else he who has not greeted for the longest does, of
    those without a call if there are any: who has two can be asked for nothing by his number.

    Listens to all facts, as the load decides on the greeting: more customers than agents is an overflow (JH-5).
    """

    def __init__(
        self,
        agents: tuple[str, ...],
        compile_plan: Compile,
        recordings: Path,
        *,
        trainees: Collection[str] = (),
        on_ring: int | None = None,
        overflows: bool = True,
        both_sides: bool = False,
        known: Known | None = None,
    ) -> None:
        """`overflows` is False where nobody said how many agents there are; `both_sides` has what the customer
        hears recorded, too."""
        if not agents:
            raise ValueError("a reception needs at least one agent's number")
        self._waiting = list(agents)
        self._compile = compile_plan
        self._recordings = recordings
        self._trainees = frozenset(trainees)
        self._on_ring = on_ring
        self._overflows = overflows
        self._both_sides = both_sides
        self._known = known or Known()
        self._up: dict[str, str] = {}
        """Who greeted each call."""
        self._calls: dict[str, Call] = {}
        """What the plan of each call that is up was compiled for."""
        self._compiled_by: dict[str, Compile] = {}
        """And by what: a call ends by the dialplan that it began with."""
        self._at_desk: set[str] = set()
        """Calls that the desk knows of."""
        self.desk: AskedDesk | None = None

    def renew(self, compile_plan: Compile, on_ring: int | None) -> None:
        """Compile by these the plans of the calls to come; those that are up keep theirs."""
        self._compile, self._on_ring = compile_plan, on_ring

    def renew_agents(self, agents: tuple[str, ...], trainees: Collection[str], *, overflows: bool) -> None:
        """These are the agents from now on, and those of them who are trainees (see __init__)."""
        kept = [agent for agent in self._waiting if agent in agents]
        self._waiting = [*kept, *(agent for agent in agents if agent not in kept)]
        self._trainees, self._overflows = frozenset(trainees), overflows

    def receive(self, notice: Notice) -> None:
        """Keeps count of the calls that are up."""
        if notice.call is None:
            return
        if isinstance(notice.fact, Offered):
            self._up[notice.call] = notice.fact.agent
        elif isinstance(notice.fact, Released):
            self._up.pop(notice.call, None)
            self._calls.pop(notice.call, None)
            self._compiled_by.pop(notice.call, None)
            self._at_desk.discard(notice.call)

    def receive_call(self, line: str, at: datetime, *, joins: bool = True) -> tuple[str, Plan]:
        """A new call's id (sorts by time; unique over all gateways of a site) and its plan. `at` is in the site's
        zone: its date decides on holiday and weekend. Where the line cannot be joined with an agent (`joins`),
        the desk is not asked: a message is taken."""
        name = self.name(line, at)
        desk = self.desk if joins else None
        offer = desk.offered(name) if desk is not None else None
        agent = self._next_agent(offer)
        call = Call(
            agent,
            trainee=agent in self._trainees,
            overflow=self._overflow(offer),
            at=at,
            on_ring=self._on_ring,
            recording=self._recording(name, at),
        )
        plan = self._plan(name, call)
        if desk is not None:
            self._at_desk.add(name)
        if desk is not None and plan.menu is not None:
            desk.has_menu(name)
        return name, plan

    def identify(self, call: str, caller_id: CallerId) -> Plan | None:
        """The plan of a call whose caller ID has come before the answer; None: the one it has."""
        before, number = self._calls.get(call), caller_id.number
        if before is None:
            return None
        after = replace(before, warned=number is not None and self._known.warned(number))
        if self.desk is not None and call in self._at_desk:
            offer = self.desk.identified(call, number, self._known.owner_of(number) if number else None)
            agent = offer.agent or before.agent
            after = replace(
                after, agent=agent, trainee=agent in self._trainees, overflow=self._overflow(offer, before)
            )
        return self._plan(call, after) if after != before else None

    def call_back(self, name: str, agent: str, at: datetime) -> Plan:
        """The plan of a call that we make, named by `name`: the agent talks from its beginning."""
        return self._plan(name, Call(agent, at=at, recording=self._recording(name, at)))

    def phrases(self, call: str, agent: str) -> Mapping[str, Prompt]:
        """What `agent` can have said in a call in which somebody else has greeted (JH-18 gives his own number)."""
        known = self._calls.get(call)
        return {} if known is None else self._compiled_by[call](replace(known, agent=agent)).phrases

    def name(self, line: str, at: datetime) -> str:
        """A new call's id."""
        return f"{at:%Y%m%d-%H%M%S}-{line}-{secrets.token_hex(3)}"

    def _plan(self, name: str, call: Call) -> Plan:
        self._calls[name] = call
        compile_plan = self._compiled_by.setdefault(name, self._compile)
        return replace(compile_plan(call), both_sides=self._both_sides)

    def _recording(self, name: str, at: datetime) -> str | None:
        return str(self._recordings / f"{at:%Y-%m-%d}" / f"{name}.wav") if self._known.may_record() else None

    def _overflow(self, offer: Offer | None, before: Call | None = None) -> bool:
        if offer is not None and offer.staffed:
            return offer.overflow
        if before is not None:
            return before.overflow
        return self._overflows and len(self._up) >= len(self._waiting)

    def _next_agent(self, offer: Offer | None) -> str:
        """Who is kept for the call; else somebody who is at work, if anybody is: he may be named as responsible
        for what the customer leaves (WD-13)."""
        engaged, waiting = set(self._up.values()), self._waiting
        if offer is not None and self.desk is not None and offer.staffed:
            waiting = [agent for agent in waiting if self.desk.at_work(agent)] or waiting
        kept = offer.agent if offer is not None else None
        agent = kept or next((agent for agent in waiting if agent not in engaged), waiting[0])
        self._waiting.remove(agent)
        self._waiting.append(agent)
        return agent
