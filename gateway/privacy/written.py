"""One telephone number in whatever form it is written. Pure.

One rule says which number digits are: `gateway.desk.accounts.normalised`. It holds for a column as for digits in a
text: these mean the number only where the whole of them does; a digit more, before or after, is another number.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from gateway.desk.accounts import normalised
from gateway.people.numbers_book import number_given

ERASED: Final = "***"
"""What stands in a text where the number stood."""
TELLING: Final = 10
"""Digits from which on a number hardly stands among bytes by chance: a landline has ten with its area, a mobile
eleven. A shorter one, as 110 or one without its area, stands in the middle of many."""
LONGEST: Final = 11
"""Digits of a number within China in its one form: a mobile, or a landline of a province (3 and 8)."""
MOST: Final = 15 + len("0086")
"""Digits of any number (ITU-T E.164) with what may stand before it."""

_SPOKEN: Final = dict(zip("零〇一幺二三四五六七八九", "001123456789", strict=True))
"""How each digit is written and read out in Chinese."""
_WORDS: Final = "".join(_SPOKEN)
_DIGITS: Final = re.compile(rf"[0-9]+|[{_WORDS}]+")
"""Digits in one piece: `一13812345678` are two."""
_BETWEEN: Final = r"[\s\-‐‑–—.()/·]*"
"""What may part the digits of a number, as in `normalised`."""
_DIGIT: Final = f"[0-9{_WORDS}]"
_READ_OUT: Final = rf"(?<!{_DIGIT}){_DIGIT}(?:[,、]\s*{_DIGIT}(?!{_DIGIT}))+"
"""Digit by digit: 1、3、8. Elsewhere such a comma parts one number from the next."""
_ROW: Final = re.compile(rf"{_READ_OUT}|(?:\+{_BETWEEN})?{_DIGIT}+(?:{_BETWEEN}{_DIGIT}+)*")

Span = tuple[int, int]


class Written:
    """A number, and where it is meant by what others have written."""

    def __init__(self, text: str) -> None:
        """`text`: the number in any form. Raises NumberWrong, which does not repeat it."""
        self.number = number_given(text)
        """In the one form that all written ones come to (gateway.desk.accounts)."""
        self.digits = self.number.lstrip("+")

    @property
    def telling(self) -> bool:
        """Whether it has so many digits that files can be searched for them."""
        return len(self.digits) >= TELLING

    def is_it(self, text: str | None) -> bool:
        """Whether this is the number."""
        return text is not None and (text == self.number or normalised(text) == self.number)

    def is_in(self, text: str | None) -> bool:
        """Whether the number is written somewhere in this."""
        return text is not None and next(self._spans(text), None) is not None

    def is_keyed_in(self, keys: str | None) -> bool:
        """Whether these keys of a call hold the number. `2` for a call back and the number keyed after it stand in
        one piece: the keys before it are those without which the rest can be one number."""
        return keys is not None and any(self._keyed(row) for row in re.findall(r"\d+", keys, re.ASCII))

    def _keyed(self, keys: str) -> bool:
        return self.number == next((number for at in range(len(keys)) if (number := _number(keys[at:]))), None)

    def without(self, value: Any) -> Any:
        """Text, or JSON, with ERASED wherever the number stood; the rest as it is."""
        match value:
            case str():
                return self._cut_out(value)
            case list():
                return [self.without(item) for item in value]
            case dict():
                return {key: item if _is_name(key) else self.without(item) for key, item in value.items()}
            case _:
                return value

    def _cut_out(self, text: str) -> str:
        left, end = [], 0
        for first, last in self._spans(text):
            left.append(text[end:first])
            end = last
        return ERASED.join([*left, text[end:]])

    def _spans(self, text: str) -> Iterator[Span]:
        """Where it stands, from left to right."""
        folded = text if text.isascii() else "".join(map(_folded, text))
        for row in _ROW.finditer(folded):
            yield from self._in_row(row[0], row.start())

    def _in_row(self, row: str, start: int) -> Iterator[Span]:
        """Where it stands in digits that only signs part, which may be several numbers: the pieces that come to
        it, unless with one more beside them they could be another number."""
        pieces = [found.span() for found in _DIGITS.finditer(row)]
        if sum(last - first for first, last in pieces) < len(self.digits):
            return
        numbers = {found: number for found in _ranges(pieces) if (number := _of(row, pieces, found))}
        others = [found for found, number in numbers.items() if number != self.number]
        meant = [found for found, number in numbers.items() if number == self.number]
        end = 0
        for first, last in sorted(meant, key=lambda found: (found[0], -found[1])):
            wider = any(begin <= first and last <= past for begin, past in others)
            if first >= end and not wider and not _goes_on(pieces, first, last):
                begin = 0 if first == 0 and row.startswith("+") else pieces[first][0]
                end = last
                yield start + begin, start + pieces[last - 1][1]


def _ranges(pieces: list[Span]) -> Iterator[Span]:
    """Pieces that stand together and have no more digits than a number with all that may stand before it."""
    for first in range(len(pieces)):
        digits = 0
        for last in range(first, len(pieces)):
            digits += pieces[last][1] - pieces[last][0]
            if digits > MOST:
                break
            yield first, last + 1


def _of(row: str, pieces: list[Span], found: Span) -> str | None:
    """The number that these pieces come to together; None where it is none."""
    first, last = found
    digits = "".join(_SPOKEN.get(digit, digit) for begin, end in pieces[first:last] for digit in row[begin:end])
    # Alone in its row, it is whatever it is.
    if len(pieces) == 1:
        return normalised(("+" if row.startswith("+") else "") + digits)
    return _number("+" + digits if first == 0 and row.startswith("+") else digits)


def _number(digits: str) -> str | None:
    """The number, where it is not longer than one within China may be. Another country's begins with + or 00."""
    number = normalised(digits)
    return number if number is not None and (number.startswith("+") or len(number) <= LONGEST) else None


def _goes_on(pieces: list[Span], first: int, last: int) -> bool:
    """Whether digits one by one go on beside these: `1 3 8 1 …` is one number however long."""
    single = [end - begin == 1 for begin, end in pieces]
    both = [one and other for one, other in pairwise(single)]
    return (first > 0 and both[first - 1]) or (last < len(pieces) and both[last - 1])


def _folded(sign: str) -> str:
    """The sign as it is in half width, where that is one sign; a circled number is no digit."""
    plain = unicodedata.normalize("NFKC", sign)
    return plain if len(plain) == 1 and (sign.isdecimal() or not plain.isdigit()) else sign


def _is_name(key: str) -> bool:
    """Whether what JSON holds under this key is a time, a file or a call's id: eight of their digits are no local
    number."""
    return key in ("at", "call", "path", "recording", "recordings") or key.endswith("_at")
