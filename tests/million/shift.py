"""One shift: a gateway from its start to its stop, with random calls, agents and faults between."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from drivers.line import Capabilities
from gateway.call.desk_news import DeskNews
from gateway.call.plan import Plan
from gateway.call.requests import AgentWish, CallRequest, EndWaiting, KeepWaiting, RequestRefused, SayPhrase
from gateway.desk import Agent, Desk, DeskRule
from gateway.runner import line_runner
from gateway.runner.agent_telephones import AgentTelephones
from gateway.runner.calls_up import CallsUp
from gateway.runner.line_runner import LineRunner
from gateway.runner.reception import Reception
from gateway.runner.switchboard import Switchboard
from gateway.runner.telephones import Codes
from tests.million.agents import Agents
from tests.million.books import Books
from tests.million.caller import NUMBERS, Caller
from tests.million.hotline import HOTLINES, hotline
from tests.million.lived import AllLived
from tests.million.loop import HastyLoop
from tests.million.telephone_line import TelephoneLine
from tests.million.violation import Violation
from tests.million.wall_clock import WallClock
from tests.unit.runner.bench import ZONE

AGENTS = ("801", "802", "803", "804", "809")
SIP = Capabilities(max_legs=4, caller_id_first=True, dials=True)
FXO = Capabilities(max_legs=1)
HALF_DUPLEX = Capabilities(max_legs=1, joins=False, hears_while_playing=False)
LINES = {"sip1": SIP, "sip2": SIP, "sip3": SIP, "fxo1": FXO, "fxo2": FXO, "fxo3": HALF_DUPLEX}
DESK_LINES = ("desk1", "desk2")
EVERY = 4.0
"""Seconds between two calls on average: most find a line, and in a rush none is left."""
FAULTS = 120.0
"""Seconds between two faults, on average."""
LOOKS = 5.0
"""Seconds between two looks at who waits, and between two requests of people."""
STEPS = (-86400.0, -3600.0, -1.0, 1.0, 3600.0, 86400.0)


@dataclass(frozen=True, slots=True)
class Shift:
    """What a shift was made of: the same once more for the same seed."""

    seed: int
    number: int
    calls: int

    @property
    def command(self) -> str:
        """What repeats it."""
        return f"python -m tests.million --seed {self.seed} --shift {self.number} --calls {self.calls}"


class Watched(Reception):
    """The reception, whose plans are known to who watches the calls."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.plans: dict[str, Plan] = {}
        self.lived: AllLived | None = None

    def _plan(self, name: str, call: Any) -> Plan:
        plan = super()._plan(name, call)
        assert self.lived is not None
        if (lived := self.lived.up.get(name)) is None:
            self.plans[name] = plan
        elif not lived.ordered_to_answer:
            lived.plan = plan
        return plan


class Gateway:
    """Everything between the lines, in virtual time, and who acts on it."""

    def __init__(
        self, shift: Shift, chance: Random, loop: HastyLoop, wall: WallClock, books: Books, name: str
    ) -> None:
        self.chance, self.wall = chance, wall
        self.loop, self.shift, self._books = loop, shift, books
        self.lived = AllLived(loop.time)
        self.calls_up = CallsUp()
        self.reception = Watched(AGENTS, hotline(name).compile, Path("recordings"), trainees={"809"})
        self.reception.lived = self.lived
        self.lived.plan_of = self.reception.plans.pop
        self.lines = {line: self._line(line, able, name) for line, able in LINES.items()}
        desk_lines = [TelephoneLine(line, SIP, loop, self.chance) for line in DESK_LINES]
        self.desk_lines = desk_lines
        self.agents = Agents(AGENTS, desk_lines, loop, self.chance)
        codes = Codes({"13": SayPhrase("nuisance"), "91": AgentWish("away")}, self.ask, self.wish)
        extensions = {agent: f"sip:{agent}@pbx" for agent in AGENTS}
        self.telephones = AgentTelephones(desk_lines, extensions, Path("s"), codes, self.agents.doubted)
        rule = self.chance.choice((DeskRule(), DeskRule(after_call_seconds=0.0), DeskRule(manual_log_in=True)))
        people = [Agent(agent, trainee=agent == "809") for agent in AGENTS]
        self.desk = Desk(people, rule, dict(zip(NUMBERS, (1, 2, 3), strict=False)).get, now=loop.time())
        self.switchboard = Switchboard(self.desk, self.telephones, self.tell)
        self.agents.switchboard = self.reception.desk = self.switchboard
        self.runners = {line: self._runner(line) for line in self.lines}
        self._phrases = hotline(name).phrases
        self._legs = 0

    # -- joints ------------------------------------------------------------------------------------------------

    def tell(self, call: str, news: DeskNews) -> None:
        """The desk has something to tell a call."""
        runner = self._runner_of(call)
        if runner is not None:
            self.lived.news(call, news)
            runner.news(call, news)

    def ask(self, agent: str, request: CallRequest) -> str:
        """An agent asks something of his customer's call."""
        call = self.calls_up.find(agent=agent)
        self._request(call, request)
        return call

    def wish(self, agent: str, wish: AgentWish) -> None:
        """An agent asks something for himself, by code."""
        self.switchboard.wish(agent, wish)

    # -- how it is put together --------------------------------------------------------------------------------

    def _line(self, line_id: str, able: Capabilities, name: str) -> TelephoneLine:
        line = TelephoneLine(line_id, able, self.loop, self.chance)
        line.lengths, line.failing = hotline(name).lengths, 0.01
        line.watch = partial(self.lived.seen, line_id)
        line.taken = partial(self.lived.over, line_id)
        line.obeyed = partial(self.lived.ordered, line_id)
        return line

    def _runner(self, line: str) -> LineRunner:
        listeners = (self.calls_up, self.reception, self._books, self.switchboard, self.lived)
        driver = line.rstrip("0123456789")
        return LineRunner(
            self.lines[line], driver, site="jinan", zone=ZONE, reception=self.reception, listeners=listeners
        )

    def _runner_of(self, call: str) -> LineRunner | None:
        lived = self.lived.up.get(call)
        if lived is None:
            return None
        runner = self.runners[lived.line]
        return runner if runner.has(call) else None

    def _request(self, call: str, request: CallRequest) -> None:
        runner = self._runner_of(call)
        if runner is None:
            raise RequestRefused("no such call")
        runner.request(call, request)
        self.lived.asked(call, request)

    # -- what happens ------------------------------------------------------------------------------------------

    async def work(self) -> None:
        """From start to stop. Raises Violation."""
        await self.telephones.open()
        self.agents.begin()
        await asyncio.gather(*(runner.open() for runner in self.runners.values()))
        self.loop.call_later(FAULTS, self._fault)
        self.loop.call_later(LOOKS, self._look)
        while self.lived.offered < self.shift.calls and not self.lived.violations:
            self._comes()
            await asyncio.sleep(self.chance.expovariate(1 / EVERY))
        drain = self.chance.choice((0.0, 20.0, 3600.0))
        await asyncio.gather(*(runner.drain(drain) for runner in self.runners.values()))
        await self.telephones.close()
        self.switchboard.stop()
        if not self.lived.violations and self.lived.up:
            for lived in self.lived.up.values():
                self.lived.fail(lived, "the gateway has stopped, and its leg is still up")
        if self.lived.violations:
            raise self.lived.violations[0]

    def _comes(self) -> None:
        line = self.chance.choice(tuple(self.lines.values()))
        if line.has_room():
            self._legs += 1
            leg, driver = f"{self._legs}", line.line_id.rstrip("0123456789")
            caller = Caller(line, driver, leg, self.loop, self.chance)
            self.lived.expect(line.line_id, leg, caller.hears)
            caller.rings()

    def _look(self) -> None:
        """Whether anybody waits though an agent is free; now and then somebody asks something of a call."""
        waiting, free = self.desk.waiting(), self.desk.available()
        if waiting and free:
            self.lived.violations.append(Violation(f"{waiting[0]} waits, and agent {free[0]} is free"))
        if self.lived.up and self.chance.random() < 0.5:
            call = self.chance.choice(tuple(self.lived.up))
            phrase = SayPhrase(self.chance.choice(self._phrases)) if self._phrases else KeepWaiting()
            with suppress(RequestRefused):
                self._request(call, self.chance.choice((phrase, KeepWaiting(), EndWaiting())))
        self.loop.call_later(LOOKS, self._look)

    def _fault(self) -> None:
        line = self.chance.choice((*self.lines.values(), *self.desk_lines))
        match self.chance.choice(("line", "leg", "clock")):
            case "line" if line.in_service:
                line.dies()
                self.loop.call_later(self.chance.uniform(1.0, 30.0), line.is_back)
            case "leg" if line.up:
                line.fails(self.chance.choice(tuple(line.up)))
            case "clock":
                self.wall.steps(self.chance.choice(STEPS))
        self.loop.call_later(self.chance.expovariate(1 / FAULTS), self._fault)


def work(shift: Shift) -> Books:
    """One shift; gives its books. Raises Violation."""
    chance = Random(f"{shift.seed}/{shift.number}")
    name = HOTLINES[shift.number % len(HOTLINES)]
    told = _Told()
    with asyncio.Runner(loop_factory=HastyLoop) as runner, Books(hotline(name).rules) as books:
        loop = runner.get_loop()
        assert isinstance(loop, HastyLoop)
        wall = WallClock(_some_day(chance), loop.time)
        with patch.object(line_runner, "datetime", wall), told:
            runner.run(_gateway(shift, chance, loop, wall, books, name))
        if told.errors or loop.failed:
            raise Violation("an error of our own", (told.errors or loop.failed)[0])
        books.check(shift.calls)
        return books


async def _gateway(
    shift: Shift, chance: Random, loop: HastyLoop, wall: WallClock, books: Books, name: str
) -> None:
    await Gateway(shift, chance, loop, wall, books, name).work()


def _some_day(chance: Random) -> datetime:
    """Any time of two years; in every other shift the last minutes of a day, which are the next one's first."""
    day = datetime(2025, 10, 1, tzinfo=ZONE) + timedelta(days=chance.randrange(500))
    before = chance.choice((chance.uniform(0.0, 600.0), chance.uniform(0.0, 86_400.0)))
    return day + timedelta(days=1) - timedelta(seconds=before)


class _Told(logging.Handler):
    """The log's errors: what a runner or a desk has caught."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.errors: list[str] = []
        self._level = logging.root.level

    def emit(self, record: logging.LogRecord) -> None:
        self.errors.append(self.format(record))

    def __enter__(self) -> "_Told":
        logging.root.addHandler(self)
        logging.root.setLevel(logging.ERROR)
        return self

    def __exit__(self, *_: object) -> None:
        logging.root.setLevel(self._level)
        logging.root.removeHandler(self)
