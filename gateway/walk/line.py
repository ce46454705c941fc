"""A line in virtual time: rings as its signalling has it and does as it is told, as punctual as no real one."""

from collections.abc import Callable

from drivers.line import (
    Answer,
    Answered,
    CallerId,
    CallerIdReceived,
    LegEvent,
    LegReleased,
    LineCommand,
    Play,
    PlayFinished,
    PlayStarted,
    Release,
    RingBurst,
    StopPlaying,
)
from gateway.walk.schedule import Schedule
from gateway.walk.signalling import Signalling

PLAY_BEGINS = 0.02
"""Seconds: a frame of 20 ms."""

Length = Callable[[tuple[str, ...]], float]
"""Seconds that recordings played back to back last."""


class VirtualLine:
    """One leg. Orders go to `execute`; what comes of them is reported when it is due."""

    def __init__(self, leg: str, length: Length, caller: CallerId, signalling: Signalling) -> None:
        self._leg = leg
        self._length = length
        self._due: Schedule[LegEvent] = Schedule()
        self._paused: list[tuple[float, LegEvent]] | None = None
        self._signalling = signalling
        # Where both come at one moment the number goes first, as the SIP driver reports it.
        self._due.add(signalling.caller_id_at, CallerIdReceived(leg, caller))
        self._due.add(signalling.first_ring, RingBurst(leg, 1))

    @property
    def next_at(self) -> float | None:
        """When the line has something to report; None while it has nothing."""
        return self._due.next_at

    def report(self, now: float) -> LegEvent:
        """What is due at second `now`."""
        event = self._due.pop()
        if isinstance(event, RingBurst):
            self._due.add(now + self._signalling.ring_period, RingBurst(self._leg, event.number + 1))
        return event

    def execute(self, command: LineCommand, now: float) -> None:
        """Obey; Record and StopRecording are nothing that could be heard."""
        if isinstance(command, Answer):
            self._due.take(_rings)
            self._due.add(now + self._signalling.off_hook, Answered(self._leg))
        elif isinstance(command, Play):
            self._play(command, now)
        elif isinstance(command, StopPlaying):
            self._stop(now)
        elif isinstance(command, Release):
            self._due.clear()
            self._due.add(now + self._signalling.off_hook, LegReleased(self._leg))

    def hold(self, now: float) -> None:
        """The far end hears nothing any more: what is being played stands still."""
        if self._paused is None:
            self._paused = [(at - now, event) for at, event in self._due.take(_plays)]

    def resume(self, now: float) -> None:
        """The far end hears us again."""
        paused, self._paused = self._paused or [], None
        for left, event in paused:
            self._due.add(now + left, event)

    def _play(self, command: Play, now: float) -> None:
        began, length = PlayStarted(self._leg, command.play), self._length(command.recordings)
        ended = PlayFinished(self._leg, command.play, True)
        if self._paused is not None:
            self._paused += [(PLAY_BEGINS, began), (PLAY_BEGINS + length, ended)]
            return
        self._due.add(now + PLAY_BEGINS, began)
        self._due.add(now + PLAY_BEGINS + length, ended)

    def _stop(self, now: float) -> None:
        plays = [*self._due.take(_plays), *(self._paused or [])]
        self._paused = None if self._paused is None else []
        for _, event in plays:
            if isinstance(event, PlayFinished):
                self._due.add(now, PlayFinished(self._leg, event.play, False))


def _rings(event: LegEvent) -> bool:
    return isinstance(event, RingBurst)


def _plays(event: LegEvent) -> bool:
    return isinstance(event, PlayStarted | PlayFinished)
