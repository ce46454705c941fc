"""One prompt at a time on the line: told when it started, how it ended, and given up when the line never tells."""

from dataclasses import dataclass, replace

from drivers.line import LineCommand, Play, StopPlaying
from gateway.call.facts import CallFact, CutReason, PromptFailed, PromptFinished, PromptStarted
from gateway.call.plan import Prompt

END_OVERDUE = 8.0
"""A line that has not told a prompt's end so long after it should have come has lost it. Longer than any buffer,
late CONNECT and late OK of a modem together (the slowest real waits are about 5 s)."""


@dataclass(frozen=True, slots=True)
class _Playing:
    play: int
    prompt: Prompt
    deadline: float
    started: bool = False
    cut: CutReason | None = None


class Prompting:
    """The prompt being said, if any. `ended` after an input tells that it has just come to its end."""

    def __init__(self, leg: str) -> None:
        self._leg = leg
        self._playing: _Playing | None = None
        self._plays = 0
        self.cut_by: CutReason | None = None
        """Why the last prompt was not heard to its end, be it that it never began; None: it was."""

    @property
    def prompt(self) -> Prompt | None:
        """What is being said."""
        return self._playing.prompt if self._playing else None

    @property
    def deadline(self) -> float | None:
        """When the line is held to have lost the prompt's end."""
        return self._playing.deadline if self._playing else None

    def say(self, prompt: Prompt, now: float) -> LineCommand:
        """Begin a prompt; nothing may be playing."""
        assert self._playing is None, "one prompt at a time"
        self._plays += 1
        self._playing = _Playing(self._plays, prompt, now + prompt.duration + END_OVERDUE)
        return Play(self._leg, self._plays, prompt.recordings)

    def barge_in(self) -> LineCommand | None:
        """The customer speaks, or answers by key: stop the prompt, where he may stop it."""
        return self.cut(CutReason.BARGE_IN) if self.prompt is not None and self.prompt.barge_in else None

    def cut(self, reason: CutReason) -> LineCommand | None:
        """Stop the prompt, if one is being said and is not stopping already."""
        playing = self._playing
        if playing is None or playing.cut:
            return None
        self._playing = replace(playing, cut=reason)
        return StopPlaying(self._leg)

    def started(self, play: int) -> CallFact | None:
        """The line tells that a Play began; None for one we no longer care for."""
        playing = self._playing
        if playing is None or playing.play != play or playing.started:
            return None
        self._playing = replace(playing, started=True)
        return PromptStarted(playing.prompt)

    def finished(self, play: int, complete: bool) -> tuple[Prompt, CallFact | None] | None:
        """The line tells that a Play ended; None for one we no longer care for."""
        playing = self._playing
        if playing is None or playing.play != play:
            return None
        # A prompt that reached its end before the order to stop did is complete all the same.
        return self._end(None if complete else playing.cut or CutReason.LINE)

    def resume(self, held: float) -> None:
        """The customer had put us on hold for `held` seconds, in which the prompt stood still."""
        if self._playing is not None:
            self._playing = replace(self._playing, deadline=self._playing.deadline + held)

    def give_up(self) -> tuple[Prompt, CallFact | None]:
        """The deadline has passed: the line lost the prompt."""
        return self._end(CutReason.LINE)

    def abandon(self, reason: CutReason) -> CallFact | None:
        """The call is over: whatever was being said is cut."""
        playing = self._playing
        if playing is None:
            return None
        finished = self._end(reason)[1]
        return finished if playing.started else None

    def _end(self, cut: CutReason | None) -> tuple[Prompt, CallFact | None]:
        playing = self._playing
        assert playing is not None, "nothing was playing"
        self._playing = None
        self.cut_by = cut if playing.started else cut or CutReason.LINE
        if playing.started:
            return playing.prompt, PromptFinished(playing.prompt, cut)
        # What never began was not said; that we or the call's end stopped it before is no fact of the call.
        return playing.prompt, PromptFailed(playing.prompt) if cut is CutReason.LINE else None
