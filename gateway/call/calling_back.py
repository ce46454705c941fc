"""The number at which a customer is called back (JS-2, JH-19): his caller ID or keyed in, read back, confirmed."""

import re

from gateway.call.facts import CallBackAsked, NumberSource
from gateway.call.inquiring import INTER_DIGIT
from gateway.call.plan import CallBackRule, Part, Prompt

SHORTEST = 7
"""Digits of the shortest number that reaches a person: a landline's local number in China."""
LONGEST = 15
"""Digits of the longest telephone number (ITU-T E.164)."""
TOO_LONG = LONGEST + 1
"""Keys that are remembered: with one more than a number can have it is known to be none."""
ENDS = "#"
ANEW = "*"


_CALLER = re.compile(rf"\+?[0-9]{{{SHORTEST},{LONGEST}}}")
_NATIONAL = re.compile(r"\+86(?=1[3-9][0-9]{9}$)")
"""Before a mobile of this country; before its landlines the code stands for their 0."""


def number_to_call(caller: str | None) -> str | None:
    """What a telephone of this country would dial for a calling number; None for what is none.

    A + is never dropped: without it a number of another country can be somebody's number here.
    """
    if caller is None or not _CALLER.fullmatch(caller):
        return None
    national = _NATIONAL.sub("", caller)
    return national.replace("+86", "0", 1).replace("+", "00", 1)


class CallingBack:
    """Takes one number. Each input may give the next prompt; `asked` is there once it is over."""

    def __init__(self, rule: CallBackRule, caller: str | None) -> None:
        """`caller`: the calling number as the exchange gave it."""
        self._rule = rule
        self._number = number_to_call(caller)
        self._source = None if self._number is None else NumberSource.CALLER_ID
        self._keyed = ""
        self._tries = 0
        self._word_at: float | None = None
        self._keyed_at: float | None = None
        self.asked: CallBackAsked | None = None
        """What came of it."""

    @property
    def deadline(self) -> float | None:
        """Until when a key is waited for; None while a prompt is being said or it is over."""
        if self.asked is not None or self._word_at is None:
            return None
        return self._word_at + self._rule.wait if self._keyed_at is None else self._keyed_at + INTER_DIGIT

    @property
    def collects(self) -> bool:
        """Whether he keys in a number; else he is to confirm one."""
        return self._number is None

    def begin(self) -> Prompt:
        """What is said first: the number read back, or the question for one."""
        return self._ask() if self._number is None else self._read_back(self._number)

    def said(self, now: float) -> None:
        """The prompt has ended on the line: it is his turn. A key into the prompt counts as if it came now."""
        self._word_at = now
        if self._keyed_at is not None:
            self._keyed_at = now

    def resume(self, held: float) -> None:
        """The customer had put us on hold for `held` seconds, in which he could key in nothing."""
        if self._word_at is not None:
            self._word_at += held
        if self._keyed_at is not None:
            self._keyed_at += held

    def key(self, digit: str, now: float) -> Prompt | None:
        """A key; what is said next where it is our turn."""
        if self.asked is not None:
            return None
        return self._confirmation(digit) if self._number is not None else self._collect(digit, now)

    def expire(self) -> Prompt | None:
        """Nothing more was keyed in time; what is said next, None where it is over."""
        if self._number is None:
            return self._complete()
        self._over(confirmed=False)
        return None

    def _confirmation(self, digit: str) -> Prompt | None:
        if digit == self._rule.right:
            self._over(confirmed=True)
            return None
        return self._ask() if digit == self._rule.wrong else None

    def _collect(self, digit: str, now: float) -> Prompt | None:
        if digit == ENDS:
            return self._complete()
        self._keyed = "" if digit == ANEW else (self._keyed + digit)[:TOO_LONG]
        self._keyed_at = now
        return None

    def _complete(self) -> Prompt | None:
        """He has keyed in what he had to, or nothing."""
        keyed, self._keyed = self._keyed, ""
        self._tries += 1
        if keyed.isdigit() and SHORTEST <= len(keyed) <= LONGEST:
            self._number, self._source = keyed, NumberSource.KEYED
            return self._read_back(keyed)
        if self._tries < self._rule.tries:
            return self._ask()
        self._over(confirmed=False)
        return None

    def _ask(self) -> Prompt:
        self._number, self._source, self._word_at, self._keyed_at = None, None, None, None
        return self._rule.ask

    def _read_back(self, number: str) -> Prompt:
        """One prompt: 「您的电话号码是」, the digits, and which keys confirm it. Its text, which the feed shows,
        hides them (WD-11)."""
        self._word_at = self._keyed_at = None
        rule = self._rule
        digits = [rule.digits[digit] for digit in number]
        before, after = rule.read_back, rule.confirm
        return Prompt(
            key="call-back-number",
            text=f"{before.text}{'*' * len(number)}{after.text}",
            clause=rule.clause,
            recordings=(*before.recordings, *(path for path, _ in digits), *after.recordings),
            duration=before.duration + sum(seconds for _, seconds in digits) + after.duration,
            barge_in=True,
            part=Part.CALL_BACK,
        )

    def _over(self, *, confirmed: bool) -> None:
        self._word_at = None
        self.asked = CallBackAsked(self._number, self._source, confirmed)
