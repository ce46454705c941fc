"""Telephone numbers as they may be shown (WD-11). Pure."""

import re

HIDDEN = 4
"""Digits of a number that are always hidden: a Chinese mobile's middle four, `138****5678`."""
SHOWN_FIRST = 3
SHOWN_LAST = 4
NUMBER_LIKE = 7
"""Digits from which on what a customer has keyed in is held to be a telephone number: the shortest that reaches a
person in China is a landline's local number of seven; what is shorter is a choice, a date or a ticket."""

_NUMBER = re.compile(
    r"(?<!\d)(?:"
    r"(?:\+?86|0086|0)?1[3-9]\d{9}"  # a mobile
    r"|(?:\+86|0086|0)[1-9]\d{8,10}"  # a landline with its area
    r"|(?:\+|00)[1-9]\d{6,14}"  # another country's
    r")(?!\d)",
    re.ASCII,
)
"""What is a telephone number wherever it stands in a text. A local number without its area looks as any other one:
whoever writes a text masks it himself."""


def masked(number: str) -> str:
    """A customer's number as it may be shown: first three and last four, never fewer than four hidden."""
    first = min(SHOWN_FIRST, max(0, len(number) - HIDDEN - SHOWN_LAST))
    last = min(SHOWN_LAST, max(0, len(number) - HIDDEN))
    hidden = len(number) - first - last
    return number[:first] + "*" * hidden + number[len(number) - last :]


def shown(number: str | None, show_numbers: bool) -> str | None:
    """A number as it is shown, whole to those who may see it; None where the exchange gave none."""
    return number if number is None or show_numbers else masked(number)


def keyed(digits: str | None, show_numbers: bool) -> str | None:
    """Keys that were an answer as they are shown: masked where they may be a telephone number (WD-11)."""
    number_like = digits is not None and sum(digit.isdigit() for digit in digits) >= NUMBER_LIKE
    return shown(digits, show_numbers) if number_like else digits


def worded(text: str | None, show_numbers: bool) -> str | None:
    """What people wrote, as it is shown: `without_numbers` but to those who may see them."""
    return text if text is None or show_numbers else without_numbers(text)


def without_numbers(text: str) -> str:
    """A text with each telephone number in it masked."""
    return _NUMBER.sub(lambda found: masked(found[0]), text)
