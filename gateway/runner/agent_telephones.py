"""The legs on which agents are rung, over the desk's own lines: a worker that dies takes no customer with it."""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Protocol

from drivers.line import (
    Answered,
    Dial,
    DialFailed,
    DialFailure,
    DigitReceived,
    FarEndHeld,
    FarEndHungUp,
    FarEndResumed,
    FarEndRinging,
    Join,
    LegEvent,
    LegFailed,
    LegReleased,
    Line,
    LineEvent,
    LineFault,
    LineRestored,
    MediaLost,
    MediaRestored,
    Release,
)
from gateway.call.codes import Dialling, UnknownCode
from gateway.runner.telephones import Codes

log = logging.getLogger(__name__)

HUNG_UP, FAILED, NO_AUDIO = "hung_up", "failed", "no_audio"
"""Why an agent's leg has ended: he hung up, its line failed, or it has gone silent and answers nothing."""
AUDIO_MISSED = 5.0
"""Seconds without audio from an agent's telephone after which it is asked whether it is there at all: one that
sends nothing while its user is silent (RFC 3551 §4.1) answers, an unplugged one does not."""
ROOM_WITHIN = 5.0
"""Seconds for which an agent waits for a leg where every one is in use: that of a call given up, whose telephone
never answers the CANCEL, is free after 3 to 4 s (docs/sip.md). A third of the time that he would be rung."""
ROOM_AGAIN = 0.25
"""Seconds between two looks for it."""
LineWatch = Callable[[str, LineFault | LineRestored], None]
"""Told a line's id, and that it went out of service or came into it."""


class TelephoneNews(Protocol):
    """Whoever wants to know what becomes of a telephone that is rung."""

    def rings(self, agent: str) -> None:
        """It rings."""

    def answered(self, agent: str, socket: str, peer: str) -> None:
        """The agent is on it; the customer's leg is to be joined by Join(leg, socket, peer)."""

    def held(self, agent: str, held: bool) -> None:
        """He has put us on hold with its own key, or is back."""

    def ended(self, agent: str, why: str) -> None:
        """He was not reached, or the leg has ended. Not told of a leg that was dropped."""


@dataclass(slots=True)
class _Ring:
    """An agent who is to be rung."""

    agent: str
    shown: str | None
    until: float
    """When no leg is waited for any more."""
    full: set[str] = field(default_factory=set)
    """Ids of the lines that had no room for him in this round."""


@dataclass(slots=True)
class _Leg:
    agent: str
    name: str
    line: Line
    dialling: Dialling
    ring: _Ring
    refused: bool = False
    """Whether its line has no room: to it a leg is in use longer than to us, until the network has let it go."""
    rang: bool = False
    """Whether it was told that his telephone rings."""
    over: bool = False
    """Dropped, or its end was told; only its line does not know yet."""
    why: str | None = None
    """Why it ends, as soon as it is known."""
    silent: asyncio.TimerHandle | None = None


class AgentTelephones:
    """Rings agents' telephones, and lets them dial codes while they talk."""

    def __init__(
        self,
        lines: Sequence[Line],
        extensions: Mapping[str, str],
        folder: Path,
        codes: Codes,
        doubt: Callable[[str], None],
        line_event: LineWatch = lambda _line, _event: None,
    ) -> None:
        """`extensions`: the SIP address by the agent's number. `folder`, closed to others (0700), holds the
        sockets of joined legs. `doubt` has a telephone asked whether it is still there; `unplugged` answers no.
        `line_event` is told what becomes of the lines."""
        self._lines = lines
        self._extensions = extensions
        self._folder = folder
        self._codes = codes
        self._doubt = doubt
        self._line_event = line_event
        self._in_service: set[str] = set()
        self._legs: dict[str, _Leg] = {}
        self._unrung: dict[str, asyncio.Handle] = {}
        """What is done next for agents for whom no leg was free."""
        self._numbers = count(1)
        self.news: TelephoneNews | None = None

    async def open(self) -> None:
        """Put the lines in service, or have them retried."""
        await asyncio.gather(*(line.open(partial(self._report, line)) for line in self._lines))

    async def close(self) -> None:
        """End every leg and the lines. Nobody who waits for a leg is rung any more, or told."""
        for unrung in self._unrung.values():
            unrung.cancel()
        self._unrung.clear()
        for leg in list(self._legs.values()):
            self._drop(leg)
        await asyncio.gather(*(line.close() for line in self._lines))

    def ring(self, agent: str, shown: str | None) -> None:
        """Ring the agent's telephone, which shows `shown`. Told: `rings`, `answered`, or `ended`."""
        self._ring(_Ring(agent, shown, asyncio.get_running_loop().time() + ROOM_WITHIN))

    def drop(self, agent: str) -> None:
        """Release the agent's leg; nothing of it is told any more."""
        if (unrung := self._unrung.pop(agent, None)) is not None:
            unrung.cancel()
        for leg in self._of(agent):
            self._drop(leg)

    def unplugged(self, agent: str) -> None:
        """Nothing answers where his telephone is: a leg of his without audio is over."""
        for leg in self._of(agent):
            if leg.silent is not None:
                self._ended(leg, NO_AUDIO)
                leg.line.execute(Release(leg.name))

    @property
    def serving(self) -> frozenset[str]:
        """The ids of the lines that are in service."""
        return frozenset(self._in_service)

    # -- what the lines report ---------------------------------------------------------------------------------

    def _report(self, line: Line, event: LineEvent) -> None:
        if isinstance(event, LineRestored | LineFault):
            self._line_event(line.line_id, event)
        if isinstance(event, LineRestored):
            log.info("desk line %s in service", line.line_id)
            self._in_service.add(line.line_id)
        elif isinstance(event, LineFault):
            log.warning("desk line %s out of service: %s: %s", line.line_id, event.code, event.detail)
            self._in_service.discard(line.line_id)
        elif isinstance(event, LegEvent) and event.leg in self._legs:
            self._leg_event(self._legs[event.leg], event)

    def _leg_event(self, leg: _Leg, event: LegEvent) -> None:
        match event:
            case LegReleased() | LegFailed():
                del self._legs[leg.name]
                if leg.refused and not leg.over:
                    self._ring(leg.ring)
                    return
                self._ended(leg, leg.why or (HUNG_UP if isinstance(event, LegReleased) else FAILED))
            case DialFailed(why=DialFailure.NO_LINE, detail=detail):
                log.info("agent %s: no room on %s: %s", leg.agent, leg.line.line_id, detail)
                leg.refused = True
                leg.ring.full.add(leg.line.line_id)
            case DialFailed(why=why, detail=detail):
                log.info("agent %s was not reached: %s: %s", leg.agent, why, detail)
                leg.why = why.value
            case _ if not leg.over:
                self._goes_on(leg, event)

    def _goes_on(self, leg: _Leg, event: LegEvent) -> None:
        assert self.news is not None, "nobody is told what becomes of agents' telephones"
        match event:
            case FarEndRinging():
                leg.rang = True
                self.news.rings(leg.agent)
            case Answered():
                self._answered(leg, self.news)
            case FarEndHeld() | FarEndResumed():
                self.news.held(leg.agent, isinstance(event, FarEndHeld))
            case FarEndHungUp():
                self._ended(leg, HUNG_UP)
            case DigitReceived(digit=digit):
                self._dialled(leg, digit)
            case MediaLost() if leg.silent is None:
                leg.silent = asyncio.get_running_loop().call_later(AUDIO_MISSED, self._doubt, leg.agent)
            case MediaRestored():
                self._heard(leg)

    def _answered(self, leg: _Leg, news: TelephoneNews) -> None:
        ours, theirs = (str(self._folder / f"{leg.name}{side}") for side in "ab")
        leg.line.execute(Join(leg.name, ours, theirs))
        if not leg.rang:  # a telephone need not tell that it rings (RFC 3261 §13.2.2.1); the feed tells both
            news.rings(leg.agent)
        news.answered(leg.agent, theirs, ours)

    def _dialled(self, leg: _Leg, digit: str) -> None:
        wanted = leg.dialling.key(digit, asyncio.get_running_loop().time())
        if isinstance(wanted, UnknownCode):
            self._codes.misdialled(leg.agent, wanted.dialled)
        elif wanted is not None:
            self._codes.carry_out(leg.agent, wanted)

    # -- legs --------------------------------------------------------------------------------------------------

    def _ring(self, ring: _Ring) -> None:
        """Over the idlest line; where none has room, over the first that has."""
        self._unrung.pop(ring.agent, None)
        line = self._idlest(ring.full)
        if line is not None:
            name = f"out-{next(self._numbers)}"
            self._legs[name] = _Leg(ring.agent, name, line, Dialling(self._codes.table), ring)
            line.execute(Dial(name, self._extensions[ring.agent], ring.shown))
            return
        loop = asyncio.get_running_loop()
        if not self._in_service or loop.time() >= ring.until:
            self._unrung[ring.agent] = loop.call_soon(self._had_no_line, ring.agent)
            return
        ring.full.clear()
        self._unrung[ring.agent] = loop.call_later(ROOM_AGAIN, self._ring, ring)

    def _idlest(self, full: Collection[str]) -> Line | None:
        """The line with the fewest legs that has room for one more, and is none of these."""
        legs = {line.line_id: 0 for line in self._lines if line.line_id in self._in_service}
        for leg in self._legs.values():
            if leg.line.line_id in legs:
                legs[leg.line.line_id] += 1
        free = [
            line
            for line in self._lines
            if line.line_id not in full and legs.get(line.line_id, 99) < line.capabilities.max_legs
        ]
        return min(free, key=lambda line: legs[line.line_id], default=None)

    def _of(self, agent: str) -> list[_Leg]:
        return [leg for leg in self._legs.values() if leg.agent == agent and not leg.over]

    def _drop(self, leg: _Leg) -> None:
        if not leg.over:
            leg.over = True
            self._heard(leg)
            leg.line.execute(Release(leg.name))

    def _ended(self, leg: _Leg, why: str) -> None:
        if not leg.over:
            leg.over = True
            self._heard(leg)
            self._tell_ended(leg.agent, why)

    def _had_no_line(self, agent: str) -> None:
        del self._unrung[agent]
        self._tell_ended(agent, DialFailure.NO_LINE.value)

    def _heard(self, leg: _Leg) -> None:
        if leg.silent is not None:
            leg.silent.cancel()
            leg.silent = None

    def _tell_ended(self, agent: str, why: str) -> None:
        assert self.news is not None, "nobody is told what becomes of agents' telephones"
        self.news.ended(agent, why)
