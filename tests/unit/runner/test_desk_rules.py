"""Whatever customers, agents and their telephones do, in whatever order: no agent's end cuts a customer off, no
customer's end leaves an agent on the line, and each is with one other at most (rule 1 of the engine's rules; JH-2,
TT-3)."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from functools import partial
from itertools import count, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drivers.line import (
    CallerId,
    CallerIdReceived,
    CallOffered,
    DialFailure,
    DigitReceived,
    FarEndHeld,
    FarEndResumed,
    FarEndRinging,
    FaultCode,
    HangUpSign,
    Join,
    LegEvent,
    LegFailed,
    MediaLost,
    MediaRestored,
    Part,
    Release,
    RingBurst,
    Verdict,
    VerdictReached,
)
from gateway.call.facts import AgentConnected, AgentLeft, Offered, Released, ReleasedBy
from gateway.call.requests import AgentWish, RequestRefused
from gateway.desk import DeskRefused, Presence
from tests.examples import examples
from tests.unit.fxo.virtual_time import VirtualLoop
from tests.unit.runner.floor import CLEARING, Floor, Leg, Wire

pytestmark = pytest.mark.unit

AGENTS = ("801", "802", "803")
CUSTOMERS = range(3)

Act = Callable[["Day"], None]


class Day:
    """Three agents, two desk lines with three legs together, and up to three customers at once."""

    def __init__(self) -> None:
        self.floor = Floor(*AGENTS, desk_lines=(2, 1))
        self._serial = count(1)
        self.customers: dict[int, str] = {}

    def leg(self, customer: int) -> Leg | None:
        leg = self.floor.line.up.get(self.customers.get(customer, ""))
        return None if leg is None or leg.releasing else leg

    def comes(self, customer: int, rings: int) -> None:
        if self.customers.get(customer) in self.floor.line.up or len(self.floor.line.up) >= 4:
            return
        name = self.customers[customer] = str(next(self._serial))
        self.floor.line.report(CallOffered(name))
        self.floor.line.report(CallerIdReceived(name, CallerId(("13812345678", "13900000001", None)[customer])))
        for ring in range(1, rings + 1):
            self.floor.line.report(RingBurst(name, ring))

    def reports(self, customer: int, event: type[LegEvent], *told: object) -> None:
        leg = self.leg(customer)
        if leg is not None and (leg.off_hook or event is RingBurst):
            self.floor.line.report(event(leg.name, *told))

    def goes(self, customer: int) -> None:
        if (leg := self.leg(customer)) is not None:
            self.floor.line.hangs_up(leg, HangUpSign.BYE if leg.off_hook else HangUpSign.CANCEL)

    def is_lost(self, customer: int) -> None:
        if (leg := self.leg(customer)) is not None:
            self.floor.line.report(LegFailed(leg.name, FaultCode.WORKER_DIED, "killed"))

    def called_back(self, act: Callable[[Wire, Leg], None]) -> None:
        """A customer whom we call does something."""
        for leg in list(self.floor.line.up.values()):
            if leg.dialled is not None and not leg.releasing:
                act(self.floor.line, leg)
                return

    def telephone(self, agent: str, act: Callable[[Wire, Leg], None], *, off_hook: bool) -> None:
        found = self.floor.telephone(agent)
        if found is not None and found[1].off_hook is off_hook:
            act(*found)

    def someone(self, act: Callable[[Wire, Leg], None], *, off_hook: bool) -> None:
        """Whoever of the agents is the first to whom it can happen."""
        for agent in AGENTS:
            found = self.floor.telephone(agent)
            if found is not None and found[1].off_hook is off_hook:
                act(*found)
                return

    def late(self) -> None:
        """Somebody picks up the very moment that his telephone is dropped."""
        for line in self.floor.desk_lines:
            for leg in list(line.up.values()):
                if leg.releasing and not leg.off_hook:
                    line.answers(leg)

    def wish(self, agent: str, wish: str) -> None:
        with contextlib.suppress(RequestRefused):
            self.floor.wish(agent, AgentWish(wish))

    def calls_back(self, agent: str) -> None:
        with contextlib.suppress(DeskRefused):
            self.floor.calls_back(agent)


def said(event: type[LegEvent], *told: object) -> Callable[[Wire, Leg], None]:
    return lambda line, leg: line.report(event(leg.name, *told))


def failed(why: DialFailure) -> Callable[[Wire, Leg], None]:
    return lambda line, leg: line.fails(leg, why)


def gone(line: Wire, leg: Leg) -> None:
    line.hangs_up(leg)


def up(line: Wire, leg: Leg) -> None:
    if not leg.off_hook:
        line.answers(leg)


def _customers() -> list[Act]:
    acts: list[Act] = []
    for who in CUSTOMERS:
        acts += 3 * [partial(Day.comes, customer=who, rings=2)] + [partial(Day.comes, customer=who, rings=1)]
        acts += 2 * [partial(Day.goes, customer=who)] + [partial(Day.is_lost, customer=who)]
        for event, told in (
            (RingBurst, (2,)),
            (FarEndHeld, ()),
            (FarEndResumed, ()),
            (MediaLost, ()),
            (MediaRestored, ()),
            (DigitReceived, ("1",)),
            (DigitReceived, ("2",)),
            *((VerdictReached, (verdict, -30.0, None)) for verdict in (Verdict.SPEECH, *Verdict)),
        ):
            acts.append(lambda day, who=who, event=event, told=told: day.reports(who, event, *told))
    for act in (up, up, failed(DialFailure.BUSY), failed(DialFailure.NO_ANSWER), gone, said(FarEndRinging)):
        acts.append(partial(Day.called_back, act=act))
    return acts


def _agents() -> list[Act]:
    acts: list[Act] = [Day.late, *12 * [partial(Day.someone, act=up, off_hook=False)]]
    acts += 3 * [partial(Day.someone, act=gone, off_hook=True)]
    for agent in AGENTS:
        ringing = [up, up, up, said(FarEndRinging)]
        ringing += [failed(why) for why in (DialFailure.BUSY, DialFailure.REFUSED, DialFailure.UNREACHABLE)]
        talking = [gone, gone, *(said(event) for event in (FarEndHeld, FarEndResumed, MediaLost, MediaRestored))]
        acts += [partial(Day.telephone, agent=agent, act=act, off_hook=False) for act in ringing]
        acts += [partial(Day.telephone, agent=agent, act=act, off_hook=True) for act in talking]
        acts.append(partial(Day.telephone, agent=agent, act=_keys("*92"), off_hook=True))
        acts += [partial(Day.wish, agent=agent, wish=wish) for wish in ("log_out", "away")]
        acts += [
            partial(Day.wish, agent=agent, wish=wish)
            for wish in ("log_in", "back", "log_in", "back", "after_call")
        ]
        acts += [_reached(agent, there) for there in (True, True, True, False)]
        acts.append(partial(Day.calls_back, agent=agent))
    for line in range(2):
        acts += [lambda day, line=line: day.floor.desk_lines[line].dies()]
        acts += 4 * [lambda day, line=line: day.floor.desk_lines[line].is_back()]
    return acts


def _keys(keys: str) -> Callable[[Wire, Leg], None]:
    def dial(line: Wire, leg: Leg) -> None:
        for key in keys:
            line.report(DigitReceived(leg.name, key))

    return dial


def _reached(agent: str, there: bool) -> Act:
    return lambda day: day.floor.switchboard.reached(agent, there)


WAITS = (0.05, 0.5, 2.1, 2.1, 2.1, 5.1, 5.1, 5.1, 11.0, 16.0, 61.0)
"""Seconds; in a list of acts each stands for that much time."""
ACTS: list[Act | float] = [*_customers(), *_agents(), *4 * WAITS]
assert len(ACTS) <= 256
DAYS = st.binary(min_size=15, max_size=60).map(lambda drawn: [ACTS[byte % len(ACTS)] for byte in drawn])


def everything_holds(floor: Floor) -> None:
    """What must be so after every single act."""
    ended = {notice.call for notice in floor.ledger.of(Released)}
    offered = {notice.call for notice in floor.ledger.of(Offered)} - ended
    assert len(floor.ledger.of(Released)) == len(ended), "each call ends once"
    joined = {leg.joined for leg in floor.line.up.values() if leg.joined is not None}
    for agent in floor.agents:
        found, presence = floor.telephone(agent), floor.desk.presence(agent)
        leg = None if found is None else found[1]
        assert (presence is Presence.BUSY) is (leg is not None and leg.off_hook), "busy is who is on the telephone"
        if leg is not None:
            assert presence in (Presence.BUSY, Presence.RINGING)
            call = floor.desk.call_of(agent)
            assert call in offered or call in floor.call_backs, "who has lost his customer is released at once"
            mine = [j for j in joined if leg.joined and (j.socket, j.peer) == (leg.joined.peer, leg.joined.socket)]
            assert len(mine) <= 1
    assert len({join.socket for join in joined}) == len(joined), "nobody is joined with two"


def no_release_but_by_rule_1(floor: Floor) -> None:
    """Every Release of a customer's leg has the customer, a clause or the guard for its reason; no clause and no
    guard ends a call in which an agent is."""
    by = {notice.call: notice.fact.by for notice in floor.ledger.of(Released) if isinstance(notice.fact, Released)}
    released = [leg for leg in (*floor.line.gone, *floor.line.up.values()) if Release in map(type, leg.orders)]
    let_go = [c for c, why in by.items() if why not in (ReleasedBy.CUSTOMER, ReleasedBy.FAULT)]
    for leg in released:
        assert [type(order) for order in leg.orders].count(Release) == 1
    assert len(released) <= len(let_go)
    with_agent: set[str | None] = set()
    for notice in floor.ledger.notices:
        match notice.fact:
            case AgentConnected():
                with_agent.add(notice.call)
            case AgentLeft():
                with_agent.discard(notice.call)
            case Released(by=why, cause=cause):
                assert cause != FaultCode.INTERNAL.value
                assert notice.call not in with_agent or why not in (ReleasedBy.STANDARD, ReleasedBy.GUARD)


def _nobody_calls_back(floor: Floor) -> None:
    """Agents who are rung for a call-back, or talk in one, go."""
    for agent in AGENTS:
        if agent in floor.call_backs.values() and (found := floor.telephone(agent)) is not None:
            found[0].fails(found[1], DialFailure.BUSY) if not found[1].off_hook else found[0].hangs_up(found[1])


async def live(acts: list[Act | float]) -> None:
    day = Day()
    floor = day.floor
    await floor.open()
    for act in acts:
        if isinstance(act, float):
            await asyncio.sleep(act)
        else:
            act(day)
        everything_holds(floor)
    no_release_but_by_rule_1(floor)
    for customer in CUSTOMERS:
        day.goes(customer)
    for leg in list(floor.line.up.values()):
        if not leg.releasing:
            floor.line.hangs_up(leg)
    for _ in AGENTS:  # who waited for a leg has it once another's has gone
        _nobody_calls_back(floor)
        for line in floor.desk_lines:
            assert all(leg.releasing for leg in line.up.values()), (
                "who has no customer is released in the same moment"
            )
        await asyncio.sleep(2 * CLEARING)
    _nobody_calls_back(floor)
    await asyncio.sleep(2 * CLEARING)
    assert not floor.line.up
    assert not [leg for line in floor.desk_lines for leg in line.up.values()]
    for leg in (*floor.line.gone, *(leg for line in floor.desk_lines for leg in line.gone)):
        joins = [order for order in leg.orders if isinstance(order, Join | Part)]
        pairs = pairwise(joins)
        assert not any(isinstance(a, Join) and isinstance(b, Join) for a, b in pairs), "parted before he is joined"
    assert not floor.desk.waiting()
    assert {n.call for n in floor.ledger.of(Offered)} == {n.call for n in floor.ledger.of(Released)}
    await floor.close()


@settings(max_examples=examples(200), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DAYS)
def test_no_order_of_events_cuts_a_customer_or_leaves_an_agent(acts: list[Act | float]) -> None:
    heard: list[logging.LogRecord] = []
    noted = logging.Handler(logging.ERROR)
    noted.emit = heard.append
    logging.getLogger("gateway").addHandler(noted)
    try:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(live(acts))
    finally:
        logging.getLogger("gateway").removeHandler(noted)
    assert not [record.getMessage() for record in heard]
