"""A line without a telephone, its runner, and who listens to it."""

import asyncio
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from drivers.line import CallerId, CallerIdReceived, CallOffered, Capabilities, RingBurst
from drivers.line.scripted import ScriptedLine
from gateway.call.facts import Listener, Notice, Offered
from gateway.call.plan import Part, Plan
from gateway.call.requests import AgentWish, CallRequest, SayPhrase, Wanted
from gateway.dialplan import Call
from gateway.runner.calls_up import CallsUp
from gateway.runner.line_runner import LineRunner
from gateway.runner.reception import Compile, Reception
from gateway.runner.telephones import Codes, Telephones
from tests.scenarios.story import jihua, prompt

ZONE = ZoneInfo("Asia/Shanghai")
CODES = {"13": "nuisance", "16": "not_heard"}


class Ledger:
    """Keeps what it hears; `until` waits for a fact."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self._news = asyncio.Event()

    def receive(self, notice: Notice) -> None:
        self.notices.append(notice)
        self._news.set()

    def of(self, kind: type) -> list[Notice]:
        return [notice for notice in self.notices if isinstance(notice.fact, kind)]

    async def until(self, kind: type) -> Notice:
        async with asyncio.timeout(30):
            while not self.of(kind):
                self._news.clear()
                await self._news.wait()
        return self.of(kind)[-1]


def plan_with_short_waits(call: Call) -> Plan:
    phrases = {key: prompt(f"phrase-{key}", "JH-14", Part.PHRASE) for key in CODES.values()}
    return replace(jihua(on_ring=2, caller_id_wait=0.01), agent=call.agent, phrases=phrases)


def runner(line: ScriptedLine, *listeners: Listener) -> LineRunner:
    reception = Reception(("801", "802"), plan_with_short_waits, Path("recordings"))
    return LineRunner(line, "fxo", site="jinan", zone=ZONE, reception=reception, listeners=listeners)


class Hotline:
    """One line that knows the caller with the offer, as a softphone does; agents 801 and 802 may call it."""

    def __init__(
        self, *listeners: Listener, caller_id_first: bool = True, compile_call: Compile = plan_with_short_waits
    ) -> None:
        self.line = ScriptedLine("sip1")
        self.line.capabilities = Capabilities(max_legs=4, caller_id_first=caller_id_first)
        self.ledger = Ledger()
        self.wishes: list[tuple[str, str]] = []
        self.calls_up = CallsUp()
        self.reception = Reception(("801", "802"), compile_call, Path("recordings"))
        self.runner = LineRunner(
            self.line,
            "sip",
            site="jinan",
            zone=ZONE,
            reception=self.reception,
            listeners=(self.calls_up, self.reception, self.ledger, *listeners),
            telephones=Telephones({"6801": "801", "6802": "802"}, Codes(_dialled(), self._ask, self._wish)),
        )

    def _wish(self, agent: str, wish: AgentWish) -> None:
        self.wishes.append((agent, wish.wish))

    def _ask(self, agent: str, request: CallRequest) -> str:
        call = self.calls_up.find(agent=agent)
        self.runner.request(call, request)
        return call

    @property
    def call(self) -> str:
        """The newest call."""
        call = self.ledger.of(Offered)[-1].call
        assert call is not None
        return call

    def offers(self, leg: str, number: str | None) -> None:
        """A call comes in; on a softphone's line its caller ID follows at once."""
        self.line.report(CallOffered(leg))
        self.line.report(CallerIdReceived(leg, CallerId(number)))

    def rings(self, leg: str, number: str | None = "13812345678") -> None:
        """A customer rings until he is answered."""
        self.offers(leg, number)
        self.line.report(RingBurst(leg, 1))
        self.line.report(RingBurst(leg, 2))


def _dialled() -> dict[str, Wanted]:
    phrases: dict[str, Wanted] = {code: SayPhrase(key) for code, key in CODES.items()}
    return {**phrases, "71": AgentWish("log_in")}


def rings(line: ScriptedLine, leg: str = "1") -> None:
    """A customer rings until he is answered."""
    line.report(CallOffered(leg))
    line.report(CallerIdReceived(leg, CallerId("13812345678")))
    line.report(RingBurst(leg, 1))
    line.report(RingBurst(leg, 2))


def at(hour: int = 10) -> datetime:
    """A plain Wednesday."""
    return datetime(2026, 3, 4, hour, tzinfo=ZONE)
