"""A whole desk without telephones: customers' lines, the desk's own, agents, and everything between, in virtual
time. Who acts is the test; what was ordered is kept."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from drivers.line import (
    Answer,
    Answered,
    CallerId,
    CallerIdReceived,
    CallOffered,
    Capabilities,
    Dial,
    DialFailed,
    DialFailure,
    FarEndHungUp,
    FaultCode,
    GiveUp,
    HangUpSign,
    Join,
    LegEvent,
    LegFailed,
    LegReleased,
    LineCommand,
    LineEvent,
    LineFault,
    LineRestored,
    Part,
    Play,
    PlayFinished,
    PlayStarted,
    Release,
    RingBurst,
    StopPlaying,
)
from drivers.line.line import Report
from gateway.call.desk_news import AgentAnswers, AgentGoes, AgentMisses, DeskNews
from gateway.call.facts import Listener
from gateway.call.plan import Plan
from gateway.call.requests import AgentWish, CallRequest, SayPhrase, Wanted
from gateway.desk import Agent, Desk, DeskRule
from gateway.desk.terms import PresenceChanged
from gateway.dialplan import Call
from gateway.runner.agent_telephones import AgentTelephones
from gateway.runner.calls_up import CallsUp
from gateway.runner.line_runner import DialOrder, LineRunner
from gateway.runner.reception import Compile, Known, Reception
from gateway.runner.switchboard import Switchboard
from gateway.runner.telephones import Codes
from gateway.tickets.permit import number_of_used
from tests.scenarios.hotlines import WEDNESDAY, plan_of
from tests.unit.runner.bench import ZONE, Ledger

CODES: Mapping[str, Wanted] = {
    "13": SayPhrase("nuisance"),
    **{str(91 + n): AgentWish(wish) for n, wish in enumerate(("log_in", "log_out", "away", "back", "after_call"))},
}
SAID = 2.0
"""Seconds that every prompt takes."""
CLEARING = 0.1
"""Seconds from Release to on-hook."""


@cache
def _compiled(call: Call) -> Plan:
    plan = plan_of("jihua-gas", call)
    return replace(plan, answer=replace(plan.answer, caller_id_wait=0.01))


def gas_hotline(call: Call) -> Plan:
    """The gas hotline's plan, on a plain Wednesday."""
    return replace(_compiled(replace(call, at=WEDNESDAY, recording=None)), recording=call.recording)


@dataclass
class Leg:
    """What a line was ordered for one leg."""

    name: str
    dialled: str | None = None
    orders: list[LineCommand] = field(default_factory=list)
    off_hook: bool = False
    rung: bool = False
    releasing: bool = False
    playing: Play | None = None
    prompt: asyncio.TimerHandle | None = None

    @property
    def joined(self) -> Join | None:
        """With whom it is joined now."""
        joins = [order for order in self.orders if isinstance(order, Join | Part)]
        return joins[-1] if joins and isinstance(joins[-1], Join) else None


class Wire:
    """A Line whose prompts take SAID, whose legs take CLEARING to be on-hook, and which dials nobody by itself."""

    def __init__(self, line_id: str, legs: int) -> None:
        self.line_id = line_id
        self.capabilities = Capabilities(max_legs=legs, caller_id_first=True, dials=True)
        self.up: dict[str, Leg] = {}
        self.gone: list[Leg] = []
        self.in_service = True
        self.closed = False
        self._tell: Report | None = None

    async def open(self, report: Report) -> None:
        self._tell = report
        report(LineRestored() if self.in_service else LineFault(FaultCode.WORKER_DIED, "cannot bind"))

    def take_no_more(self) -> None: ...

    async def close(self) -> None:
        self.closed = True

    def report(self, event: LineEvent) -> None:
        """The line reports a fact; the last one of a leg forgets it."""
        assert self._tell is not None
        if isinstance(event, CallOffered):
            self.up[event.leg] = Leg(event.leg)
        elif isinstance(event, LegReleased | LegFailed):
            leg = self.up.pop(event.leg)
            if leg.prompt is not None:
                leg.prompt.cancel()
            self.gone.append(leg)
        self._tell(event)

    def execute(self, command: LineCommand) -> None:
        if isinstance(command, Dial):
            leg = self.up[command.leg] = Leg(command.leg, command.address)
            leg.orders.append(command)
            if not self.in_service or len(self.up) > self.capabilities.max_legs:
                self.fails(leg, DialFailure.NO_LINE)
            return
        leg_or_none = self.up.get(command.leg)
        if leg_or_none is None:
            return
        leg = leg_or_none
        leg.orders.append(command)
        match command:
            case Answer():
                leg.off_hook = True
                self.report(Answered(leg.name))
            case Play():
                self._ends(leg, complete=False)
                leg.playing = command
                leg.prompt = asyncio.get_running_loop().call_later(SAID, self._ends, leg)
                self.report(PlayStarted(leg.name, command.play))
            case StopPlaying():
                self._ends(leg, complete=False)
            case GiveUp():
                asyncio.get_running_loop().call_later(CLEARING, self._on_hook, leg)
            case Release() if not leg.releasing:
                leg.releasing = True
                self._ends(leg, complete=False)
                asyncio.get_running_loop().call_later(CLEARING, self._on_hook, leg)

    def fails(self, leg: Leg, why: DialFailure) -> None:
        """The telephone that was dialled is not reached."""
        self.report(DialFailed(leg.name, why, "by the test"))
        self.report(LegReleased(leg.name))

    def answers(self, leg: Leg) -> None:
        """The telephone that was dialled is picked up."""
        leg.off_hook = True
        self.report(Answered(leg.name))

    def hangs_up(self, leg: Leg, sign: HangUpSign = HangUpSign.BYE) -> None:
        """The far end has gone."""
        self._ends(leg, complete=False)
        self.report(FarEndHungUp(leg.name, sign))
        if leg.name in self.up:
            self.report(LegReleased(leg.name))

    def dies(self) -> None:
        """Its worker is killed."""
        for name in list(self.up):
            self.report(LegFailed(name, FaultCode.WORKER_DIED, "killed"))
        if self.in_service:
            self.in_service = False
            self.report(LineFault(FaultCode.WORKER_DIED, "killed"))

    def is_back(self) -> None:
        """Another worker serves the line."""
        if not self.in_service:
            self.in_service = True
            self.report(LineRestored())

    def _on_hook(self, leg: Leg) -> None:
        if self.up.get(leg.name) is leg and (leg.releasing or not leg.off_hook):
            self.report(LegReleased(leg.name))

    def _ends(self, leg: Leg, complete: bool = True) -> None:
        playing, leg.playing = leg.playing, None
        if leg.prompt is not None:
            leg.prompt.cancel()
        if playing is not None:
            self.report(PlayFinished(leg.name, playing.play, complete))


class Floor:
    """Agents at telephones, customers on one line, the desk's lines between them."""

    def __init__(
        self,
        *agents: str,
        desk_lines: tuple[int, ...] = (4,),
        legs: int = 4,
        rule: DeskRule | None = None,
        known: Known | None = None,
        compile_call: Compile = gas_hotline,
        listeners: tuple[Listener, ...] = (),
    ) -> None:
        """`desk_lines`: the legs of each. All agents can be reached. For use within a running loop."""
        self.agents = agents
        self.line = Wire("sip1", legs)
        self.desk_lines = [Wire(f"desk-{n}", legs) for n, legs in enumerate(desk_lines, 1)]
        self.ledger = Ledger()
        self.calls_up = CallsUp()
        self.shown: list[PresenceChanged] = []
        self.doubted: list[str] = []
        self.call_backs: dict[str, str] = {}
        """The agents who are rung for a call-back, by its id."""
        self.reception = Reception(agents, compile_call, Path("recordings"), trainees={"809"}, known=known)
        codes = Codes(CODES, self.ask, self.wish)
        extensions = {agent: f"sip:{agent}@pbx" for agent in agents}
        self.telephones = AgentTelephones(self.desk_lines, extensions, Path("sockets"), codes, self.doubted.append)
        self.desk = Desk(
            [Agent(agent, trainee=agent == "809") for agent in agents],
            rule or DeskRule(),
            {"13900000001": 1}.get,
            now=self.now,
        )
        self.switchboard = Switchboard(self.desk, self.telephones, self.tell, (self,))
        self.reception.desk = self.switchboard
        self.runner = LineRunner(
            self.line,
            "sip",
            site="jinan",
            zone=ZONE,
            reception=self.reception,
            listeners=(self.calls_up, self.reception, self.ledger, self.switchboard, *listeners),
        )

    @property
    def now(self) -> float:
        return asyncio.get_running_loop().time()

    async def open(self) -> None:
        await self.telephones.open()
        for agent in self.agents:
            self.switchboard.reached(agent, True)
        await self.runner.open()

    async def close(self) -> None:
        await self.runner.drain(0)
        await self.telephones.close()
        self.switchboard.stop()

    # -- joints ------------------------------------------------------------------------------------------------

    def tell(self, call: str, news: DeskNews) -> None:
        if call in self.call_backs:
            self._call_back_news(call, news)
        elif self.runner.has(call):
            self.runner.news(call, news)

    def ask(self, agent: str, request: CallRequest) -> str:
        call = self.calls_up.find(agent=agent)
        self.runner.request(call, request)
        return call

    def wish(self, agent: str, wish: AgentWish) -> None:
        self.switchboard.wish(agent, wish)

    def presence_changed(self, change: PresenceChanged) -> None:
        self.shown.append(change)

    def calls_back(self, agent: str) -> None:
        """This agent is rung, and the customer dialled once he is there. Raises DeskRefused."""
        call = self.reception.name("sip1", WEDNESDAY)
        self.switchboard.call_back(call, agent)
        self.call_backs[call] = agent

    def _call_back_news(self, call: str, news: DeskNews) -> None:
        if isinstance(news, AgentAnswers):
            del self.call_backs[call]
            plan = self.reception.call_back(call, news.agent, datetime.now(ZONE))
            number = number_of_used("13800000000")
            self.runner.dial(DialOrder(call, plan, 1, number, number, None, news))
        elif isinstance(news, AgentMisses | AgentGoes):
            del self.call_backs[call]
            self.switchboard.over(call)

    # -- people ------------------------------------------------------------------------------------------------

    def rings(self, leg: str, number: str | None = "13812345678") -> None:
        """A customer calls, and is answered."""
        self.line.report(CallOffered(leg))
        self.line.report(CallerIdReceived(leg, CallerId(number)))
        self.line.report(RingBurst(leg, 1))
        self.line.report(RingBurst(leg, 2))

    def telephone(self, agent: str) -> tuple[Wire, Leg] | None:
        """The leg on which his telephone is rung, or on which he talks; None: there is none, or it was dropped."""
        found = [
            (line, leg)
            for line in self.desk_lines
            for leg in line.up.values()
            if leg.dialled == f"sip:{agent}@pbx" and not leg.releasing
        ]
        assert len(found) <= 1, f"{agent}'s telephone is rung twice"
        return found[0] if found else None

    def picks_up(self, agent: str) -> None:
        found = self.telephone(agent)
        assert found is not None, f"{agent} is not rung"
        found[0].answers(found[1])

    def hangs_up(self, agent: str) -> None:
        found = self.telephone(agent)
        assert found is not None, f"{agent} is not on the telephone"
        found[0].hangs_up(found[1])

    def at_telephone(self, agent: str, event: type[LegEvent], *told: object) -> None:
        """His telephone reports something."""
        found = self.telephone(agent)
        assert found is not None
        found[0].report(event(found[1].name, *told))

    def has_him(self, leg: str) -> str | None:
        """The agent whom the customer on this leg hears."""
        join = self.line.up[leg].joined
        if join is None:
            return None
        (found,) = [
            agent
            for agent in self.agents
            if (there := self.telephone(agent)) is not None
            and there[1].joined is not None
            and (there[1].joined.socket, there[1].joined.peer) == (join.peer, join.socket)
        ]
        return found
