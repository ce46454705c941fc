"""A line of the world outside: its legs do as they are told, or fail to, each after a while."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from drivers.line import (
    Answer,
    Answered,
    CallOffered,
    Capabilities,
    Dial,
    DialFailed,
    DialFailure,
    FarEndHeld,
    FarEndHungUp,
    FarEndResumed,
    FaultCode,
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
    StopPlaying,
)
from drivers.line.line import Report
from tests.million.loop import HastyLoop

CLEARING = 0.1
"""Seconds from Release to on-hook."""
SECONDS_EACH = 3.0
"""How long a recording lasts whose length nobody told."""
BY_ITSELF = frozenset({HangUpSign.BYE, HangUpSign.CANCEL, HangUpSign.RING_STOPPED})


@dataclass(slots=True)
class Leg:
    """One leg, as the line knows it."""

    name: str
    address: str | None = None
    off_hook: bool = False
    releasing: bool = False
    play: Play | None = None
    play_id: int = 0
    """Told apart from those before it."""
    ends_at: float = 0.0
    held_at: float | None = None
    joined: tuple[str, str] | None = None


class TelephoneLine:
    """A Line in virtual time."""

    def __init__(self, line_id: str, able: Capabilities, loop: HastyLoop, chance: Random) -> None:
        self.line_id = line_id
        self.capabilities = able
        self.up: dict[str, Leg] = {}
        self.in_service = True
        self.lengths: Mapping[str, float] = {}
        """Of recordings by their paths, in seconds."""
        self.watch: Callable[[LineEvent], None] = lambda _: None
        """Sees each fact before the gateway does."""
        self.taken: Callable[[LineEvent], None] = lambda _: None
        """Sees it afterwards."""
        self.obeyed: Callable[[LineCommand], None] = lambda _: None
        """Sees each order."""
        self.dialled: Callable[[Leg], None] = self.no_line
        self.failing = 0.0
        """How often a leg fails to go off-hook, or a recording to play."""
        self._loop = loop
        self._chance = chance
        self._tell: Report | None = None

    async def open(self, report: Report) -> None:
        self._tell = report
        report(LineRestored())

    def take_no_more(self) -> None:
        self.in_service = False

    async def close(self) -> None:
        self.in_service = False

    def has_room(self) -> bool:
        """Whether it takes one more call."""
        return self.in_service and len(self.up) < self.capabilities.max_legs

    def report(self, event: LineEvent) -> None:
        """The line reports a fact; the last one of a leg forgets it."""
        assert self._tell is not None
        if isinstance(event, CallOffered):
            self.up[event.leg] = Leg(event.leg)
        elif isinstance(event, LegReleased | LegFailed):
            self.up.pop(event.leg)
        elif isinstance(event, FarEndHeld | FarEndResumed):
            self._holds(self.up[event.leg], isinstance(event, FarEndHeld))
        self.watch(event)
        self._tell(event)
        self.taken(event)

    def later(self, seconds: float, leg: Leg, event: LegEvent) -> None:
        """Report it after a while, if the leg is still there."""
        self._loop.call_later(seconds, self._if_up, leg, event)

    def goes(self, name: str, sign: HangUpSign) -> None:
        """The far end has gone."""
        leg = self.up.get(name)
        if leg is None or leg.releasing:
            return
        self._cut(leg)
        self.report(FarEndHungUp(name, sign))
        if sign in BY_ITSELF and name in self.up:
            self.report(LegReleased(name))

    def fails(self, name: str, code: FaultCode = FaultCode.ANSWER_FAILED) -> None:
        """One leg is lost."""
        if name in self.up:
            self.report(LegFailed(name, code, "by chance"))

    def dies(self) -> None:
        """Its worker dies, with all its legs."""
        for name in list(self.up):
            self.fails(name, FaultCode.WORKER_DIED)
        self.in_service = False
        self.report(LineFault(FaultCode.WORKER_DIED, "by chance"))

    def is_back(self) -> None:
        """Another worker serves the line."""
        self.in_service = True
        self.report(LineRestored())

    def no_line(self, leg: Leg, why: DialFailure = DialFailure.NO_LINE) -> None:
        """The telephone that was dialled is not reached."""
        if self.up.get(leg.name) is leg and not leg.releasing:
            self.report(DialFailed(leg.name, why, "by chance"))
            self.report(LegReleased(leg.name))

    def answers(self, leg: Leg) -> None:
        """The telephone that was dialled is picked up."""
        if self.up.get(leg.name) is leg and not leg.releasing:
            leg.off_hook = True
            self.report(Answered(leg.name))

    # -- orders ------------------------------------------------------------------------------------------------

    def execute(self, command: LineCommand) -> None:
        """Obey; what comes of it is reported when it is due."""
        self.obeyed(command)
        if isinstance(command, Dial):
            leg = self.up[command.leg] = Leg(command.leg, command.address)
            if self.in_service and len(self.up) <= self.capabilities.max_legs:
                self.dialled(leg)
            else:
                self._loop.call_soon(self.no_line, leg)
            return
        found = self.up.get(command.leg)
        if found is not None:
            self._obey(found, command)

    def _obey(self, leg: Leg, command: LineCommand) -> None:
        match command:
            case Play():
                self._plays(leg, command)
            case StopPlaying():
                self._cut(leg)
            case Answer():
                self._loop.call_later(self._chance.uniform(0.01, 0.3), self._goes_off_hook, leg)
            case Join(socket=socket, peer=peer):
                leg.joined = (socket, peer)
            case Part():
                leg.joined = None
            case Release() if not leg.releasing:
                leg.releasing = True
                self._cut(leg)
                self._loop.call_later(CLEARING, self._if_up, leg, LegReleased(leg.name))

    def _goes_off_hook(self, leg: Leg) -> None:
        if self.up.get(leg.name) is not leg or leg.releasing:
            return
        if self._chance.random() < self.failing:
            self.fails(leg.name)
        else:
            leg.off_hook = True
            self.report(Answered(leg.name))

    def _plays(self, leg: Leg, play: Play) -> None:
        self._cut(leg)
        if self._chance.random() < self.failing:  # its recording is missing: it never begins
            self._loop.call_soon(self._if_up, leg, PlayFinished(leg.name, play.play, False))
            return
        leg.play, leg.play_id = play, leg.play_id + 1
        length = sum(self.lengths.get(recording, SECONDS_EACH) for recording in play.recordings)
        leg.ends_at = self._loop.now + 0.02 + length
        if leg.held_at is not None:
            leg.held_at = self._loop.now
        self._loop.call_later(0.02, self._begins, leg, leg.play_id)

    def _begins(self, leg: Leg, play_id: int) -> None:
        if self.up.get(leg.name) is leg and leg.play is not None and leg.play_id == play_id:
            self.report(PlayStarted(leg.name, leg.play.play))
            if leg.play is not None and leg.play_id == play_id:
                self._loop.call_at(leg.ends_at, self._ends, leg, play_id)

    def _ends(self, leg: Leg, play_id: int) -> None:
        play = leg.play
        if play is None or leg.play_id != play_id or self.up.get(leg.name) is not leg or leg.held_at is not None:
            return
        if self._loop.now < leg.ends_at - 1e-6:  # a hold has put it off
            self._loop.call_at(leg.ends_at, self._ends, leg, play_id)
            return
        leg.play = None
        self.report(PlayFinished(leg.name, play.play, True))

    def _cut(self, leg: Leg) -> None:
        play, leg.play = leg.play, None
        if play is not None:
            self.report(PlayFinished(leg.name, play.play, False))

    def _holds(self, leg: Leg, held: bool) -> None:
        if held:
            leg.held_at = self._loop.now
        elif leg.held_at is not None:
            leg.ends_at += self._loop.now - leg.held_at
            leg.held_at = None
            if leg.play is not None:
                self._loop.call_at(leg.ends_at, self._ends, leg, leg.play_id)

    def _if_up(self, leg: Leg, event: LegEvent) -> None:
        if self.up.get(leg.name) is leg:
            self.report(event)
