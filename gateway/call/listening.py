"""The customer has the word: how his silence, his noise and his words make it our turn again.

Five phases. OPEN: nothing was understood yet. MESSAGE: he is being understood; when he has been quiet for a while,
what he says is complete. QUESTION: he was asked something and has not begun to answer. ANSWER: he answers.
FURTHER: he was asked whether there is anything else; no answer means no.
"""

from enum import Enum

from drivers.line import Verdict
from gateway.call.plan import Message, Plan, Prompt

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
    QUESTION = "question"
    ANSWER = "answer"
    FURTHER = "further"


class Outcome(Enum):
    """Why it is our turn."""

    SILENT = "silent"
    """Nothing is heard from him."""
    NOISY = "noisy"
    """What is heard cannot be understood."""
    FAINT = "faint"
    LOUD = "loud"
    """He must be asked to speak otherwise."""
    COMPLETE = "complete"
    """He has said what he had to say, or answered."""
    NOTHING = "nothing"
    """He was asked, and has nothing to say."""


_ANSWERING = {Phase.OPEN: Phase.MESSAGE, Phase.FURTHER: Phase.MESSAGE, Phase.QUESTION: Phase.ANSWER}
"""What a phase becomes once he is understood."""


class Listening:
    """Follows the verdicts from off-hook on; while the customer has the word, knows when it is our turn again."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._verdict: Verdict | None = None
        self._verdict_at = 0.0
        self._word_at: float | None = None
        self._understood_at = 0.0
        self._corrections = {
            Verdict.FAINT: list(plan.faint.steps if plan.faint else ()),
            Verdict.LOUD: list(plan.loud.steps if plan.loud else ()),
        }
        self.message: Message = plan.flow.message
        self._spoke_meanwhile = False
        self._asked_wait = 0.0
        self._rungs = {Outcome.SILENT: 0, Outcome.NOISY: 0}
        self.phase = Phase.OPEN

    @property
    def intelligible(self) -> bool:
        """Whether the customer is being understood at this moment. A faint one is taken as he is once he has been
        asked to speak up, where the standard has words for that (WD-6)."""
        taken_as_he_is = self._plan.faint is not None and not self._corrections[Verdict.FAINT]
        return self._verdict in INTELLIGIBLE or (self._verdict is Verdict.FAINT and taken_as_he_is)

    @property
    def audible(self) -> bool:
        """Whether his voice is heard, be it understood or not."""
        return self._verdict is Verdict.FAINT or self._verdict in INTELLIGIBLE

    @property
    def climbing(self) -> bool:
        """Whether he has been told that his line is silent or cannot be understood, and still is."""
        return any(self._rungs.values())

    @property
    def deadline(self) -> float | None:
        """When our turn comes if nothing changes; None while the customer does not have the word."""
        if self._word_at is None:
            return None
        since = max(self._word_at, self._verdict_at)
        if self.phase in (Phase.MESSAGE, Phase.ANSWER):
            if self._too_loud:
                assert self._plan.loud is not None
                return since + self._plan.loud.wait
            if self.intelligible:
                return self._understood_at + self.message.limit
            return since + (self.message.pause if self._verdict in QUIET else self._bad_wait)
        if self.intelligible:
            return self._word_at + STALE
        due = max(self._word_at + self._wait, self._verdict_at + SETTLE)
        if self.phase is Phase.OPEN and self._verdict not in QUIET:
            # Who has only begun, in noise or with a faint voice, is given as long as one who began at once.
            due = max(due, min(self._verdict_at, self._word_at + self._bad_wait) + self._bad_wait)
        return due

    def hear(self, verdict: Verdict, now: float) -> None:
        """The ears have a new verdict."""
        if verdict is not self._verdict:
            self._verdict, self._verdict_at = verdict, now
        if self._word_at is not None and self.intelligible:
            self._understand(now)
        self._spoke_meanwhile = self._spoke_meanwhile or self.intelligible

    def give_word(self, now: float) -> None:
        """Our prompt has ended on the line: the customer has the word. A message that a phrase or a wait came into
        has its whole limit again."""
        self._word_at = self._understood_at = now

    def take_word(self) -> None:
        """It is our turn before he has come to an end."""
        self._word_at = None

    def interrupt(self) -> None:
        """He loses the word to somebody who attends to him: the ladders begin anew."""
        self._word_at = None
        self._spoke_meanwhile = False
        self._rungs = dict.fromkeys(self._rungs, 0)

    def attended(self, now: float) -> None:
        """He was attended to for a while: what he said then was heard, and silence after it is no dead line."""
        if self._spoke_meanwhile:
            self._understand(now)

    def ask(self, phase: Phase, wait: float) -> None:
        """He is being asked (QUESTION or FURTHER) and will have `wait` seconds to begin his answer."""
        self.phase, self._asked_wait = phase, wait

    def spoke_up(self, now: float) -> None:
        """The customer's speech cut our prompt: his word is a message even if it is over by now."""
        self._word_at = self._understood_at = now
        self._understand(now)

    def resume(self, now: float) -> None:
        """The customer had put us on hold: nothing is known of him yet, and if he had the word he has it anew."""
        self._verdict, self._verdict_at = None, now
        if self._word_at is not None:
            self._word_at = self._understood_at = now

    def take_turn(self, now: float) -> Outcome | None:
        """The deadline has passed: our turn, the customer loses the word; or None: he is speaking after all."""
        assert self._word_at is not None, "the customer does not have the word"
        if self.phase in _ANSWERING and self.intelligible:
            self._understand(now)
            return None
        self._word_at = None
        if self.phase in (Phase.FURTHER, Phase.QUESTION):
            return Outcome.FAINT if self._too_faint else Outcome.NOTHING
        if self._too_loud and self.phase is not Phase.OPEN:
            return Outcome.LOUD
        if self.phase is Phase.ANSWER:
            return Outcome.COMPLETE
        if self.phase is Phase.MESSAGE and (self._verdict in QUIET or self.intelligible):
            return Outcome.COMPLETE
        self.phase = Phase.OPEN
        if self._verdict in QUIET:
            return Outcome.SILENT
        return Outcome.FAINT if self._too_faint else Outcome.NOISY

    def climb(self, outcome: Outcome) -> int:
        """Which rung (from 0) of the ladder for SILENT or NOISY is due; the one above it is next, until he is
        understood."""
        rung = self._rungs[outcome]
        self._rungs[outcome] = rung + 1
        return rung

    def correct(self, outcome: Outcome) -> Prompt:
        """What a FAINT or LOUD customer is asked now; never again in this call."""
        return self._corrections[Verdict.FAINT if outcome is Outcome.FAINT else Verdict.LOUD].pop(0)

    @property
    def _too_faint(self) -> bool:
        return self._verdict is Verdict.FAINT and bool(self._corrections[Verdict.FAINT])

    @property
    def _too_loud(self) -> bool:
        return self._verdict is Verdict.LOUD and bool(self._corrections[Verdict.LOUD])

    @property
    def _bad_wait(self) -> float:
        if self._too_faint:
            assert self._plan.faint is not None
            return self._plan.faint.wait
        return self._plan.noisy.wait

    @property
    def _wait(self) -> float:
        if self.phase in (Phase.FURTHER, Phase.QUESTION):
            return self._asked_wait
        return self._plan.silent.wait if self._verdict in QUIET else self._bad_wait

    def _understand(self, now: float) -> None:
        if self.phase in _ANSWERING:
            self.phase, self._understood_at = _ANSWERING[self.phase], now
        self._rungs = dict.fromkeys(self._rungs, 0)
