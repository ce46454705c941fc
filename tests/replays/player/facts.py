"""What the line reports, in the words of a replay."""

import asyncio

from drivers.line import (
    CallerIdReceived,
    CallOffered,
    DigitReceived,
    FarEndHungUp,
    LegEvent,
    LegFailed,
    LineEvent,
    LineFault,
    LineTrouble,
    LineTroubleOver,
    PlayFinished,
    PlayStarted,
    Presentation,
    RingBurst,
    VerdictReached,
)

MORE_RINGS = "RingBurst *"
"""Any number of bursts: on a busy machine the line may answer a ring later."""


def told(event: LineEvent) -> str:
    """A fact as one line: `RingBurst 1`, `CallerIdReceived 13800138000 WANG`, `FarEndHungUp busy_tone`."""
    name = type(event).__name__
    match event:
        case RingBurst(number=number):
            return f"{name} {number}"
        case CallerIdReceived(caller_id=caller):
            known = caller.number if caller.presentation is Presentation.ALLOWED else caller.presentation
            return " ".join(word for word in (name, known, caller.name) if word)
        case DigitReceived(digit=digit):
            return f"{name} {digit}"
        case FarEndHungUp(sign=sign):
            return f"{name} {sign}"
        case LegFailed(code=code) | LineFault(code=code) | LineTrouble(code=code) | LineTroubleOver(code=code):
            return f"{name} {code}"
        case PlayStarted(play=play):
            return f"{name} {play}"
        case PlayFinished(play=play, complete=complete):
            return f"{name} {play} {'complete' if complete else 'cut'}"
        case VerdictReached(verdict=verdict, level_dbfs=level):
            return f"{name} {verdict} {level:.1f} dBFS"
    return name


class Facts:
    """Collects them; verdicts apart, for they come when the ears are sure."""

    def __init__(self) -> None:
        self.pending: list[str] = []
        """Not yet named by a step."""
        self.all: list[str] = []
        self.leg = ""
        self._verdicts: list[VerdictReached] = []
        self._news = asyncio.Event()

    def told(self, event: LineEvent) -> None:
        """The line reports."""
        self.all.append(told(event))
        if isinstance(event, CallOffered):
            self.leg = event.leg
        if isinstance(event, LegEvent):
            assert event.leg, told(event)
        if isinstance(event, VerdictReached):
            self._verdicts.append(event)
        else:
            self.pending.append(told(event))
        self._news.set()

    async def match(self, wanted: list[str], within: float) -> None:
        """Exactly these come next, in this order; `RingBurst *` stands for any number of bursts."""
        async with asyncio.timeout(within):
            more_rings = False
            for fact in wanted:
                if fact == MORE_RINGS:
                    more_rings = True
                    continue
                while (fresh := await self._next()).startswith("RingBurst ") and more_rings and fresh != fact:
                    pass
                assert fresh == fact, f"{fresh}, not {fact}"
                more_rings = False

    async def _next(self) -> str:
        while not self.pending:
            await self._new()
        return self.pending.pop(0)

    async def verdict(self, wanted: str, within: float) -> VerdictReached:
        """The next verdict is this one."""
        async with asyncio.timeout(within):
            while not self._verdicts:
                await self._new()
        heard = self._verdicts.pop(0)
        assert heard.verdict == wanted, told(heard)
        return heard

    async def _new(self) -> None:
        self._news.clear()
        await self._news.wait()
