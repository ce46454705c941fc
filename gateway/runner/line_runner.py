"""The adapter between one Line and its call engines: a leg each, one timer for all of them.

Where the caller ID comes with the offer, a leg is first asked whose it is: an agent who dials codes is no customer
and makes no call that anybody is told of.
"""

import asyncio
import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import count
from typing import Protocol
from zoneinfo import ZoneInfo

from drivers.line import (
    CallerId,
    CallerIdReceived,
    CallOffered,
    LegEvent,
    LegFailed,
    LegReleased,
    Line,
    LineEvent,
    LineFault,
    LineNews,
    LineTrouble,
    LineTroubleOver,
)
from gateway.call.desk_news import AgentAnswers, DeskNews
from gateway.call.engine import CallEngine
from gateway.call.facts import Dialled, Listener, Notice, Offered
from gateway.call.plan import Plan
from gateway.call.requests import CallRequest, RequestRefused
from gateway.call.zoned import before
from gateway.runner.leg import Engine, Leg, earliest
from gateway.runner.telephones import Telephones
from gateway.tickets import Dialable

log = logging.getLogger(__name__)

ON_HOOK_LIMIT = 4.0
"""How long closing waits for released legs to be on-hook: a BYE without answer is given up by then, and a modem
has had its first recovery step (v253 figures: ATH answers within 1.5 s where it answers at all)."""


class Reception(Protocol):
    """Who greets a new call, and by which plan."""

    def receive_call(self, line: str, at: datetime, *, joins: bool) -> tuple[str, Plan]:
        """A new call's id, unique for ever, and its plan. `joins` tells whether an agent can be joined with the
        customer. Never raises."""

    def identify(self, call: str, caller_id: CallerId) -> Plan | None:
        """The plan of a call whose caller ID has come before the answer; None: the one it has. Never raises."""


@dataclass(frozen=True, slots=True)
class DialOrder:
    """A customer to be called back, and the agent who is on the telephone for it."""

    call: str
    """The new call's id."""
    plan: Plan
    ticket: int
    number: Dialable
    """The customer's."""
    address: str
    """What the line dials of it."""
    shown: str | None
    agent: AgentAnswers


@dataclass(frozen=True, slots=True)
class _Offer:
    """A leg of which nothing is known yet, and when it was offered."""

    event: CallOffered
    at: datetime
    now: float


class LineRunner:
    """Runs one line for as long as the gateway lives."""

    def __init__(
        self,
        line: Line,
        driver: str,
        *,
        site: str,
        zone: ZoneInfo,
        reception: Reception,
        listeners: Sequence[Listener],
        telephones: Telephones | None = None,
    ) -> None:
        """`telephones`: the agents', who may call this line to dial codes; None: all callers are customers."""
        self._line = line
        self._driver = driver
        self._site = site
        self._zone = zone
        self._reception = reception
        self._listeners = listeners
        self._telephones = telephones
        self._offers: dict[str, _Offer] = {}
        self._legs: dict[str, Leg] = {}
        self._engines: dict[str, CallEngine] = {}
        """Those of customers who have called."""
        self._dialled = count(1)
        self._agents: set[str] = set()
        """Which of the legs are agents'."""
        self._timer: asyncio.TimerHandle | None = None
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._draining = False
        self._hurry = asyncio.Event()

    async def open(self) -> None:
        """Put the line in service; returns once it is, or is reported faulty and being retried."""
        await self._line.open(self._report)

    @property
    def line_id(self) -> str:
        """The line's."""
        return self._id

    async def quiet(self) -> None:
        """Until no call is up. Who goes on without waiting for anything finds the line so."""
        while not self._quiet.is_set():
            await self._quiet.wait()

    async def drain(self, seconds: float) -> None:
        """End service: `wind_down`, then `close`."""
        await self.wind_down(seconds)
        await self.close()

    async def wind_down(self, seconds: float) -> None:
        """No new call: whoever sends one is told so. Live ones may end by themselves for `seconds`, which may be
        infinite, then all are released."""
        self._draining = True
        self._line.take_no_more()
        self._dismiss_agents()
        quiet = asyncio.ensure_future(self._quiet.wait())
        hurry = asyncio.ensure_future(self._hurry.wait())
        limit = None if math.isinf(seconds) else seconds
        try:
            await asyncio.wait((quiet, hurry), timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        finally:
            quiet.cancel()
            hurry.cancel()
        if not self._quiet.is_set():
            await self._shut_down_legs()

    async def close(self) -> None:
        """Close the line, on which no call is up."""
        if self._timer is not None:
            self._timer.cancel()
        await self._line.close()

    def has(self, call: str) -> bool:
        """Whether the call with this id is up on the line."""
        return any(leg.call == call for leg in self._legs.values())

    def request(self, call: str, request: CallRequest) -> None:
        """What people ask of a call that the line has. Raises RequestRefused, and then nothing has changed."""
        self._leg_of(call).request(request, self._now())
        self._arm()

    def news(self, call: str, news: DeskNews) -> None:
        """The desk has something to tell a call that the line has."""
        self._leg_of(call).news(news, self._now())
        self._arm()

    def dial(self, order: DialOrder) -> None:
        """Call a customer back. What becomes of it its facts tell, to all listeners. Raises RequestRefused where
        `cannot_dial`."""
        if (why := self.cannot_dial()) is not None:
            raise RequestRefused(why)
        if type(order.number) is not Dialable or order.number not in order.address:
            raise RequestRefused(f"ticket {order.ticket}: no permit was used for what is to be dialled")
        dialled, address = Dialled(order.ticket, str(order.number)), str(order.address)
        now = self._now()
        leg_id = f"out-{next(self._dialled)}"
        offered = Offered(self._site, self._id, self._driver, order.plan.dialplan, order.plan.agent)
        engine = CallEngine(order.plan, leg_id, offered, now=now, dials=dialled)
        at = _Offer(CallOffered(leg_id), datetime.now(self._zone), now)
        leg = self._legs[leg_id] = self._leg(leg_id, order.call, engine, at, self._listeners)
        self._quiet.clear()
        leg.begin(lambda at: engine.dial(address, order.shown, now=at), now)
        leg.begin(lambda at: engine.news(order.agent, now=at), now)
        self._arm()

    def cannot_dial(self) -> str | None:
        """Why the line calls no customer: it cannot, or nobody could talk to him on it; None: it does."""
        able = self._line.capabilities
        if self._draining:
            return f"line {self._id} is being closed; it calls nobody any more"
        if not able.dials:
            return f"line {self._id} cannot dial; name another one as call_backs.line"
        if not able.joins:
            return f"line {self._id} is half-duplex: nobody can talk on it; name another one as call_backs.line"
        return None

    def hurry(self) -> None:
        """Cut a running drain short."""
        self._hurry.set()

    async def _shut_down_legs(self) -> None:
        now = self._now()
        for leg_id in list(self._offers):
            self._admit(leg_id, None)
        for leg in list(self._legs.values()):
            leg.shut_down(now)
        try:
            async with asyncio.timeout(ON_HOOK_LIMIT):
                await self._quiet.wait()
        except TimeoutError:
            log.warning("line %s: %d legs not confirmed on-hook; closing all the same", self._id, len(self._legs))

    def _report(self, event: LineEvent) -> None:
        if isinstance(event, LegEvent):
            self._leg_event(event)
        elif isinstance(event, LineNews):
            self._log(event)
            self._tell(self._listeners, Notice(datetime.now(self._zone), self._id, None, event))

    def _log(self, news: LineNews) -> None:
        match news:
            case LineFault(code=fault, detail=detail):
                log.warning("line %s out of service: %s: %s", self._id, fault, detail)
            case LineTrouble(code=trouble, detail=detail):
                log.warning("line %s: %s: %s", self._id, trouble, detail)
            case LineTroubleOver(code=trouble, detail=detail):
                log.info("line %s: %s is over: %s", self._id, trouble, detail)
            case _:
                log.info("line %s in service", self._id)

    def _leg_event(self, event: LegEvent) -> None:
        if isinstance(event, CallOffered) and event.leg not in self._legs:
            self._offer(event)
        else:
            self._leg_goes_on(event)
        self._arm()

    def _offer(self, event: CallOffered) -> None:
        now, seen = self._now(), self._seen(event)
        self._offers[event.leg] = _Offer(event, before(datetime.now(self._zone), now - seen), seen)
        self._quiet.clear()
        if self._telephones is None or not self._line.capabilities.caller_id_first:
            self._admit(event.leg, None)

    def _leg_goes_on(self, event: LegEvent) -> None:
        if event.leg in self._offers:
            self._admit(event.leg, event.caller_id if isinstance(event, CallerIdReceived) else None)
        leg = self._legs.get(event.leg)
        if leg is None:
            return
        if isinstance(event, CallerIdReceived):
            self._identify(leg, event.caller_id)
        leg.receive(event, self._seen(event))
        if isinstance(event, LegReleased | LegFailed):
            del self._legs[event.leg]
            self._engines.pop(event.leg, None)
            self._agents.discard(event.leg)
            self._dismiss_agents()
            if not self._legs and not self._offers:
                self._quiet.set()

    def _admit(self, leg_id: str, caller_id: CallerId | None) -> None:
        """It is known whose leg it is: a customer's, unless the caller ID is an agent's."""
        offer = self._offers.pop(leg_id)
        agent = self._telephones.agent_at(caller_id) if self._telephones and caller_id else None
        leg = self._customer(leg_id, offer) if agent is None else self._agent(leg_id, agent, offer)
        self._legs[leg_id] = leg
        leg.receive(offer.event, offer.now)
        if self._draining:
            leg.shut_down(self._now())

    def _customer(self, leg_id: str, offer: _Offer) -> Leg:
        call, plan = self._reception.receive_call(self._id, offer.at, joins=self._line.capabilities.joins)
        offered = Offered(self._site, self._id, self._driver, plan.dialplan, plan.agent)
        engine = self._engines[leg_id] = CallEngine(plan, leg_id, offered, now=offer.now)
        return self._leg(leg_id, call, engine, offer, self._listeners)

    def _identify(self, leg: Leg, caller_id: CallerId) -> None:
        """Whose customer he is may change who greets him."""
        engine = self._engines.get(leg.leg)
        plan = self._reception.identify(leg.call, caller_id) if engine is not None else None
        if engine is not None and plan is not None:
            now = self._now()
            leg.begin(lambda at: engine.assign(plan, now=at), now)

    def _leg_of(self, call: str) -> Leg:
        return next(leg for leg in self._legs.values() if leg.call == call)

    def _agent(self, leg_id: str, agent: str, offer: _Offer) -> Leg:
        assert self._telephones is not None
        self._agents.add(leg_id)
        engine = self._telephones.engine(leg_id, offer.now)
        return self._leg(leg_id, f"agent {agent}", engine, offer, (self._telephones.listener(agent),))

    def _leg(self, leg_id: str, call: str, engine: Engine, offer: _Offer, listeners: Sequence[Listener]) -> Leg:
        execute, tell = self._line.execute, partial(self._tell, listeners)
        return Leg(leg_id, call, engine, line=self._id, at=offer.at, now=offer.now, execute=execute, tell=tell)

    def _dismiss_agents(self) -> None:
        """When service ends, an agent who has no customer left on the line keeps nobody waiting."""
        if self._draining and not self._offers and self._agents.issuperset(self._legs):
            for leg in list(self._legs.values()):
                leg.shut_down(self._now())

    def _arm(self) -> None:
        """One timer for all legs, re-armed only when the earliest deadline has moved."""
        due = earliest(self._legs.values())
        if self._timer is not None:
            if due == self._timer.when():
                return
            self._timer.cancel()
        self._timer = None if due is None else asyncio.get_running_loop().call_at(due, self._fire)

    def _fire(self) -> None:
        self._timer = None
        now = self._now()
        for leg in list(self._legs.values()):
            if (due := leg.next_deadline()) is not None and due <= now:
                leg.fire_timers(now)
        self._arm()

    def _tell(self, listeners: Sequence[Listener], notice: Notice) -> None:
        for listener in listeners:
            try:
                listener.receive(notice)
            except Exception:  # a call must never suffer from its listeners
                log.exception("line %s: a listener failed on a %s", self._id, type(notice.fact).__name__)

    @property
    def _id(self) -> str:
        return self._line.line_id

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _seen(self, event: LegEvent) -> float:
        """When a fact happened. asyncio's clock is the machine's monotonic one, by which a line tells it."""
        return self._now() if event.seen is None else min(event.seen, self._now())
