"""What the modem says of its line: RING, caller ID, keys, tones, the handset beside it, a second caller."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import numpy as np

from drivers.emulator import caller_id
from drivers.emulator.faults import Faults
from drivers.emulator.personalities import Personality
from drivers.emulator.settings import Settings
from drivers.emulator.signals import (
    CallerIdSent,
    CallWaiting,
    HandsetMoved,
    KeyPressed,
    LoopDropped,
    RingEnded,
    Signal,
    ToneNoticed,
)

DIGIT_REPEAT = 4
"""Ticks between two codes of a held key, some 70 ms as IS-101 has it."""
TRIPLED_GAP = 0.08
"""Seconds between the reports of one key that is told three times."""
SECOND_REPORT = 0.24
"""Seconds from a ring report to its double."""
SPLIT_GAP = 0.1
"""Seconds between two writes of a caller ID that comes in pieces."""
CHINA = "26"


class Teller(Protocol):
    """The modem as far as reports need it."""

    def notify(self, letter: str) -> None:
        """An event code, in class 8."""

    def unsolicited(self, *lines: str) -> None:
        """Lines of text, at once."""

    def result(self, text: str) -> None:
        """A result that no command asked for."""

    def send_later(self, seconds: float, data: bytes) -> None:
        """Bytes, after a while."""

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        """Anything, after a while."""

    def framed(self, *lines: str) -> bytes:
        """Lines of text as bytes."""


class LineReports:
    """From signals of the line to what the host reads."""

    def __init__(
        self,
        personality: Personality,
        faults: Faults,
        settings: Settings,
        teller: Teller,
        time_of_day: Callable[[], datetime],
    ) -> None:
        self._personality, self._faults, self._settings, self._teller = personality, faults, settings, teller
        self._time_of_day = time_of_day
        self._random = np.random.default_rng(faults.seed + 1)
        self._key: str | None = None
        self._key_ticks = 0

    @property
    def deaf_by_country(self) -> bool:
        """Whether the modem is set to another country, and minds."""
        return self._faults.minds_country and self._settings.values.get("+GCI") != CHINA

    def notice(self, signal: Signal) -> None:
        """Tell the host, if the host may know and the family does."""
        match signal:
            case RingEnded():
                self._ring_ended(signal)
            case CallerIdSent():
                self._show_caller_id(signal)
            case CallWaiting(caller):
                self._call_waiting(caller)
            case HandsetMoved(lifted):
                self._handset_moved(lifted)
            case LoopDropped():
                self._code("l")
            case ToneNoticed(letter):
                if not self.deaf_by_country:
                    self._code(letter)
            case KeyPressed(digit):
                self._notice_key(digit)

    def tick(self) -> None:
        """20 ms: a key that is held is told again."""
        if self._key is None or not self._personality.repeats_digits:
            return
        self._key_ticks += 1
        if self._key_ticks % DIGIT_REPEAT == 0:
            self._teller.notify(self._key)

    def forget_key(self) -> None:
        """The line is on-hook: a key that was held is no more."""
        self._key = None

    def ring(self, pattern: str = "") -> None:
        """One ring report, in the form of the class."""
        if self._settings.in_voice:
            self._teller.notify("R")
        else:
            self._teller.result(f"RING {pattern}".strip())

    def _code(self, letter: str) -> None:
        if letter in self._personality.codes:
            self._teller.notify(letter)

    def _ring_ended(self, ring: RingEnded) -> None:
        if self._random.random() < self._faults.ring_lost:
            return
        distinctive, _, period = self._settings.values.get("+VDR", "0,0").partition(",")
        if distinctive == "1" and ring.bursts and not self._settings.in_voice:
            for number, seconds in enumerate(ring.bursts):
                self._teller.unsolicited(f"{('DROF', 'DRON')[number % 2]}={round(seconds * 10)}")
            if period in ("", "0"):
                return
        self.ring(ring.pattern)
        if self._random.random() < self._faults.ring_doubled:
            self._teller.later(SECOND_REPORT, lambda: self.ring(ring.pattern))

    def _spelt(self, sent: CallerIdSent) -> list[str] | None:
        wanted = self._settings.values.get("+VCID", "0")
        if self._faults.no_caller_id or wanted == "0" or self.deaf_by_country:
            return None
        raw = wanted == "2" or self._faults.caller_id_raw
        form = self._faults.caller_id_form or ("mdmf-2" if raw else "")
        return caller_id.spelt(self._personality, form, sent, self._time_of_day())

    def _show_caller_id(self, sent: CallerIdSent) -> None:
        lines = self._spelt(sent)
        if lines is None:
            return
        packet = self._personality.caller_id_packet and self._settings.in_voice
        if packet:
            self._teller.notify("X")
        data = self._teller.framed(*lines)
        pieces = _torn(data, len(lines) + 1) if self._faults.caller_id_split and not packet else [data]
        for number, piece in enumerate(pieces):
            self._teller.send_later(number * SPLIT_GAP, piece)
        if packet:
            self._teller.notify(".")

    def _call_waiting(self, sent: CallerIdSent) -> None:
        if self._faults.call_waiting_as_text:
            self._teller.unsolicited("RING", *(self._spelt(sent) or ()))
            return
        self._code("@")
        self._teller.notify("R")
        if lines := self._spelt(sent) if "X" in self._personality.codes else None:
            self._teller.notify("X")
            self._teller.unsolicited(*lines)
            self._teller.notify(".")

    def _handset_moved(self, lifted: bool) -> None:
        switch = self._personality.handset_switch
        if switch is None or int(self._settings.values[switch]) & 2:
            self._code(self._personality.handset_codes[0 if lifted else 1])

    def _notice_key(self, digit: str | None) -> None:
        if self._faults.no_digit_codes:
            return
        if digit is None:
            self._key_up()
            return
        self._key, self._key_ticks = digit, 0
        self._key_down(digit)

    def _key_down(self, digit: str) -> None:
        self._frame("/")
        self._teller.notify(digit)

    def _key_up(self) -> None:
        digit, self._key = self._key, None
        self._frame("~")
        if digit and self._faults.tripled_digits:
            for number in (1, 2):
                self._teller.later(number * TRIPLED_GAP - 0.04, lambda: self._key_down(digit))
                self._teller.later(number * TRIPLED_GAP, lambda: self._frame("~"))

    def _frame(self, letter: str) -> None:
        if self._personality.frames_digits:
            self._teller.notify(letter)


def _torn(data: bytes, count: int) -> list[bytes]:
    """About `count` pieces, cut without regard to lines."""
    size = -(-len(data) // count)
    return [data[at : at + size] for at in range(0, len(data), size)]
