"""The adapter between one Line and its call engines: a leg each, one timer for all of them."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from drivers.line import CallOffered, LegEvent, LegFailed, LegReleased, Line, LineEvent, LineFault, LineRestored
from gateway.call.facts import Listener, Notice, Offered
from gateway.call.plan import Plan
from gateway.call.requests import CallRequest
from gateway.runner.leg import Leg

log = logging.getLogger(__name__)

ON_HOOK_LIMIT = 4.0
"""How long closing waits for released legs to be on-hook: a BYE without answer is given up by then, and a modem
has had its first recovery step (v253 figures: ATH answers within 1.5 s where it answers at all)."""


class Reception(Protocol):
    """Who greets a new call, and by which plan."""

    def receive_call(self, line: str, at: datetime) -> tuple[str, Plan]:
        """A new call's id, unique for ever, and its plan. Never raises."""


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
    ) -> None:
        self._line = line
        self._driver = driver
        self._site = site
        self._zone = zone
        self._reception = reception
        self._listeners = listeners
        self._legs: dict[str, Leg] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._draining = False
        self._hurry = asyncio.Event()

    async def open(self) -> None:
        """Put the line in service; returns once it is, or is reported faulty and being retried."""
        await self._line.open(self._report)

    async def drain(self, seconds: float) -> None:
        """End service: no new call, live ones may end by themselves for `seconds`, then all are released."""
        self._draining = True
        quiet = asyncio.ensure_future(self._quiet.wait())
        hurry = asyncio.ensure_future(self._hurry.wait())
        await asyncio.wait((quiet, hurry), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        quiet.cancel()
        hurry.cancel()
        if self._legs:
            await self._shut_down_legs()
        if self._timer is not None:
            self._timer.cancel()
        await self._line.close()

    def has(self, call: str) -> bool:
        """Whether the call with this id is up on the line."""
        return any(leg.call == call for leg in self._legs.values())

    def request(self, call: str, request: CallRequest) -> None:
        """What people ask of a call that the line has. Raises RequestRefused, and then nothing has changed."""
        leg = next(leg for leg in self._legs.values() if leg.call == call)
        leg.request(request, self._now())
        self._arm()

    def hurry(self) -> None:
        """Cut a running drain short."""
        self._hurry.set()

    async def _shut_down_legs(self) -> None:
        now = self._now()
        for leg in list(self._legs.values()):
            leg.shut_down(now)
        try:
            async with asyncio.timeout(ON_HOOK_LIMIT):
                await self._quiet.wait()
        except TimeoutError:
            log.warning("line %s: %d legs not confirmed on-hook; closing all the same", self._id, len(self._legs))

    # -- facts in ----------------------------------------------------------------------------------------------

    def _report(self, event: LineEvent) -> None:
        if isinstance(event, LegEvent):
            self._leg_event(event)
        elif isinstance(event, LineFault):
            log.warning("line %s out of service: %s: %s", self._id, event.code, event.detail)
            self._tell(Notice(datetime.now(self._zone), self._id, None, event))
        elif isinstance(event, LineRestored):
            log.info("line %s in service", self._id)
            self._tell(Notice(datetime.now(self._zone), self._id, None, event))

    def _leg_event(self, event: LegEvent) -> None:
        now = self._now()
        leg = self._legs.get(event.leg)
        if leg is None and isinstance(event, CallOffered):
            leg = self._new_leg(event.leg, now)
        if leg is None:
            return
        leg.receive(event, now)
        if isinstance(event, CallOffered) and self._draining:
            leg.shut_down(now)
        if isinstance(event, LegReleased | LegFailed):
            del self._legs[event.leg]
            if not self._legs:
                self._quiet.set()
        self._arm()

    def _new_leg(self, leg_id: str, now: float) -> Leg:
        at = datetime.now(self._zone)
        call, plan = self._reception.receive_call(self._id, at)
        offered = Offered(self._site, self._id, self._driver, plan.dialplan, plan.agent)
        leg = Leg(leg_id, call, plan, offered, at=at, now=now, execute=self._line.execute, tell=self._tell)
        self._legs[leg_id] = leg
        self._quiet.clear()
        return leg

    # -- time --------------------------------------------------------------------------------------------------

    def _arm(self) -> None:
        """One timer for all legs, re-armed only when the earliest deadline has moved."""
        due = min((d for leg in self._legs.values() if (d := leg.next_deadline()) is not None), default=None)
        if self._timer is not None:
            if due == self._timer.when():
                return
            self._timer.cancel()
        self._timer = None if due is None else self._loop().call_at(due, self._fire)

    def _fire(self) -> None:
        self._timer = None
        now = self._now()
        for leg in list(self._legs.values()):
            leg.fire_timers(now)
        self._arm()

    # -- facts out ---------------------------------------------------------------------------------------------

    def _tell(self, notice: Notice) -> None:
        for listener in self._listeners:
            try:
                listener.receive(notice)
            except Exception:  # a call must never suffer from its listeners
                log.exception("line %s: a listener failed on a %s", self._id, type(notice.fact).__name__)

    @property
    def _id(self) -> str:
        return self._line.line_id

    @staticmethod
    def _loop() -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    def _now(self) -> float:
        return self._loop().time()
