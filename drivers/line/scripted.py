"""A line without a telephone: reports what it is told to, keeps the orders it was given.

For trying policy by hand and for tests of whatever sits above the seam.
"""

from drivers.line.commands import Answer, LineCommand, Play, Release, StopPlaying
from drivers.line.events import (
    Answered,
    LegReleased,
    LineEvent,
    LineRestored,
    PlayFinished,
    PlayStarted,
)
from drivers.line.line import Report
from drivers.line.vocabulary import Capabilities


class ScriptedLine:
    """A Line whose facts come from `report`; obeys at once, prompts end when `finish_prompt` is called."""

    def __init__(self, line_id: str = "scripted", *, obedient: bool = True) -> None:
        self.line_id = line_id
        self.capabilities = Capabilities(max_legs=4)
        self.commands: list[LineCommand] = []
        self.closed = False
        self.takes_calls = True
        self._obedient = obedient
        self._report: Report | None = None
        self._playing: Play | None = None

    async def open(self, report: Report) -> None:
        """In service at once."""
        self._report = report
        report(LineRestored())

    def report(self, event: LineEvent) -> None:
        """Let the line report a fact."""
        assert self._report is not None, "the line is not open"
        self._report(event)

    def execute(self, command: LineCommand) -> None:
        """Keep the order and, if obedient, report its outcome."""
        self.commands.append(command)
        if not self._obedient:
            return
        if isinstance(command, Answer):
            self.report(Answered(command.leg))
        elif isinstance(command, Play):
            self._playing = command
            self.report(PlayStarted(command.leg, command.play))
        elif isinstance(command, StopPlaying):
            self.finish_prompt(complete=False)
        elif isinstance(command, Release):
            self.report(LegReleased(command.leg))

    def finish_prompt(self, *, complete: bool = True) -> None:
        """The running prompt, if any, ends on the line."""
        playing, self._playing = self._playing, None
        if playing is not None:
            self.report(PlayFinished(playing.leg, playing.play, complete))

    def take_no_more(self) -> None:
        """Note it."""
        self.takes_calls = False

    async def close(self) -> None:
        """Nothing to free."""
        self.closed = True
