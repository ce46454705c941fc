"""The customer has the word: what his silence, his noise or his words lead to.

Three phases. OPEN: nothing was understood yet; silence climbs the silent ladder (JH-6), noise and faint voice the
noisy one (JH-7). MESSAGE: he is being understood; when he has been quiet for a while he is asked whether there is
anything else (JH-10). FURTHER: he was asked; no answer means no, and the farewell is due (JH-11).
"""

from dataclasses import dataclass
from enum import Enum

from drivers.line import Verdict
from gateway.call.plan import Ladder, Plan, Prompt

INTELLIGIBLE = frozenset({Verdict.SPEECH, Verdict.LOUD})
QUIET = frozenset({None, Verdict.SILENT})
SETTLE = 1.0
"""A verdict this young decides nothing yet; less than the 1.5 s in which a verdict is due, so that a line that
goes to and fro between two bad verdicts still climbs a ladder."""

STALE = 1.5
"""A verdict of speech from before the customer had the word is believed if it still stands so long after: by then
the ears would have told that it ended. Who spoke into our prompt and stopped has not been understood."""


class Phase(Enum):
    """How far the customer's word has come."""

    OPEN = "open"
    MESSAGE = "message"
    FURTHER = "further"


@dataclass(frozen=True, slots=True)
class Turn:
    """What must be said next. `ladder` is set where the prompt is that ladder's final one."""

    prompt: Prompt
    closes: bool = False
    ladder: Ladder | None = None


class Listening:
    """Follows the verdicts from off-hook on; while the customer has the word, knows when it is our turn again."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._rungs = {plan.silent.clause: 0, plan.noisy.clause: 0}
        self._verdict: Verdict | None = None
        self._verdict_at = 0.0
        self._word_at: float | None = None
        self._message_at = 0.0
        self.phase = Phase.OPEN

    @property
    def intelligible(self) -> bool:
        """Whether the customer is being understood at this moment."""
        return self._verdict in INTELLIGIBLE

    @property
    def deadline(self) -> float | None:
        """When our turn comes if nothing changes; None while the customer does not have the word."""
        if self._word_at is None:
            return None
        if self.phase is Phase.MESSAGE:
            if self.intelligible:
                return self._message_at + self._plan.message.limit
            pause = self._plan.message.pause if self._verdict in QUIET else self._plan.noisy.wait
            return max(self._word_at, self._verdict_at) + pause
        if self.intelligible:
            return self._word_at + STALE
        return max(self._word_at + self._wait(), self._verdict_at + SETTLE)

    def hear(self, verdict: Verdict, now: float) -> None:
        """The ears have a new verdict."""
        if verdict is not self._verdict:
            self._verdict, self._verdict_at = verdict, now
        if self._word_at is not None and self.intelligible:
            self._understand(now)

    def give_word(self, now: float) -> None:
        """Our prompt has ended on the line: the customer has the word."""
        self._word_at = now

    def spoke_up(self, now: float) -> None:
        """The customer's speech cut our prompt: his word is a message even if it is over by now."""
        self._word_at = now
        self._understand(now)

    def resume(self, now: float) -> None:
        """The customer had put us on hold: nothing is known of him yet, and if he had the word he has it anew."""
        self._verdict, self._verdict_at = None, now
        if self._word_at is not None:
            self._word_at = now

    def take_turn(self, now: float) -> Turn | None:
        """The deadline has passed: our turn, the customer loses the word; or None: he is speaking after all."""
        assert self._word_at is not None, "the customer does not have the word"
        if self.phase is not Phase.MESSAGE and self.intelligible:
            self._understand(now)
            return None
        self._word_at = None
        if self.phase is Phase.FURTHER:
            return Turn(self._plan.closing.farewell, closes=True)
        if self.phase is Phase.MESSAGE and (self._verdict in QUIET or self.intelligible):
            self.phase = Phase.FURTHER
            return Turn(self._plan.closing.further)
        self.phase = Phase.OPEN
        return self._climb(self._plan.silent if self._verdict in QUIET else self._plan.noisy)

    def _wait(self) -> float:
        if self.phase is Phase.FURTHER:
            return self._plan.closing.further_wait
        return self._plan.silent.wait if self._verdict in QUIET else self._plan.noisy.wait

    def _understand(self, now: float) -> None:
        if self.phase is not Phase.MESSAGE:
            self.phase, self._message_at = Phase.MESSAGE, now
        self._rungs = dict.fromkeys(self._rungs, 0)

    def _climb(self, ladder: Ladder) -> Turn:
        rung = self._rungs[ladder.clause]
        self._rungs[ladder.clause] = rung + 1
        if rung < len(ladder.steps):
            return Turn(ladder.steps[rung])
        return Turn(ladder.final, closes=True, ladder=ladder)
