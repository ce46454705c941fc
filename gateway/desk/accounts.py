"""Key accounts (TT-4): who is served first, known from the number he calls from."""

import re
import unicodedata
from collections.abc import Mapping

RANKS: Mapping[str, int] = {
    "national": 1,
    "国家级": 1,
    "provincial": 2,
    "省级": 2,
    "municipal": 3,
    "市级": 3,
    **{str(rank): rank for rank in range(1, 10)},
}
"""Ranks by their names; 1 is served first. TT-4 names three, a house may divide them further."""

SHORTEST, LONGEST = 3, 15
"""Digits of a number that can call: 110 has three, ITU-T E.164 allows fifteen."""

_BETWEEN = re.compile(r"[\s\-‐‑–—.()/]+")
_CHINA = re.compile(r"(?:\+|00)86(?=0?[1-9]\d{4,10}$)|86(?=0?[1-9]\d{9,10}$)", re.ASCII)
"""The country's code. Without + or 00 it is one where ten digits (Beijing's 10 and 8, a province's 3 and 7) or
eleven (a mobile, a province's 3 and 8) follow it: no number within China is so long."""
_ABROAD = re.compile(r"00(?=[1-9])")
_TRUNK = re.compile(r"0(?=[1-9]\d{8,10}$)", re.ASCII)
"""The 0 before an area code, or before a mobile of another city. With fewer digits after it, it is none."""
_NUMBER = re.compile(rf"(?:\+[1-9]|\d)\d{{{SHORTEST - 1},{LONGEST - 1}}}", re.ASCII)


def normalised(number: str) -> str | None:
    """The one form of a telephone number however it was written or sent; None where it is none.

    What parts the digits is dropped; +86, 0086, 86 and the 0 before an area code are too: 0531-1234567,
    +86 531 1234567 and 5311234567 are one number. Another country's begins with +. A local number without its
    area code stays as it is and equals no longer one: nobody knows from which city it came.
    """
    if not (number.isascii() and number.isdigit()):
        number = _BETWEEN.sub("", unicodedata.normalize("NFKC", number))
    if at_home := _CHINA.match(number):
        number = number[at_home.end() :]
    elif abroad := _ABROAD.match(number):
        number = "+" + number[abroad.end() :]
    if _TRUNK.match(number):
        number = number[1:]
    return number if _NUMBER.fullmatch(number) else None


def rank_named(name: str) -> int | None:
    """The rank that a name of RANKS stands for, in capitals or not; None for another name."""
    return RANKS.get(unicodedata.normalize("NFKC", name).strip().lower())


class KeyAccounts:
    """The ranks of key accounts by number. Looking one up takes the same time however many there are."""

    def __init__(self, ranks: Mapping[str, int] | None = None) -> None:
        """`ranks` by `normalised` number; none: nobody is a key account."""
        self._ranks = dict(ranks or {})

    def __len__(self) -> int:
        return len(self._ranks)

    def rank_of(self, number: str) -> int | None:
        """The rank of whoever calls from `number`, 1 served first; None: no key account."""
        plain = normalised(number)
        return None if plain is None else self._ranks.get(plain)
