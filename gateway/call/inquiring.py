"""An intake's question (JS-3): its answer is recorded apart from the call, from the asking on."""

import math

from drivers.line import LineCommand, Record, StopRecording
from gateway.call.facts import CallFact, QuestionAnswered
from gateway.call.plan import Question

INTER_DIGIT = 4.0
"""Seconds after a key in which another one belongs to the same answer: inter-digit time-outs are 3 to 5 s."""


LATE_KEY = 1.0
"""Seconds after a question was asked in which a key still belongs to the one before, unless the question was said
to its end sooner: nobody has heard it yet."""


class Inquiring:
    """The question that is asked, if any."""

    def __init__(self, leg: str) -> None:
        self._leg = leg
        self._digits = ""
        self._asked_at = 0.0
        self._keyed_at: float | None = None
        self.question: Question | None = None

    @property
    def keyed_until(self) -> float | None:
        """Until when another key is waited for; None where none was pressed."""
        return None if self._keyed_at is None else self._keyed_at + INTER_DIGIT

    def ask(self, question: Question, now: float) -> list[LineCommand]:
        """Ask: whatever is heard from now on is the answer."""
        self.question, self._asked_at, self._digits, self._keyed_at = question, now, "", None
        return [Record(self._leg, question.recording)] if question.recording else []

    def said(self) -> None:
        """The question has ended on the line: whatever is keyed from now on is meant for it."""
        self._asked_at = -math.inf

    def key(self, digit: str, now: float) -> bool:
        """A key; False where it answers nothing: it comes too soon after the asking. `#` ends an answer, and is
        none by itself."""
        if self.question is None or now < self._asked_at + LATE_KEY or (digit == "#" and not self._digits):
            return False
        if digit == "#":
            self._keyed_at = now - INTER_DIGIT
        else:
            self._digits += digit
            self._keyed_at = now
        return True

    def close(self, spoken: bool) -> list[LineCommand | CallFact]:
        """The answer is complete, or the call is over; `spoken` tells whether he was understood."""
        question, self.question = self.question, None
        self._keyed_at = None
        if question is None:
            return []
        answered = QuestionAnswered(question, spoken, self._digits or None)
        return [*([StopRecording(self._leg, question.recording)] if question.recording else []), answered]
