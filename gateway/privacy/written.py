"""One telephone number in whatever form it is written. Pure."""

import re
from typing import Any, Final

from gateway.desk.accounts import normalised
from gateway.people.numbers_book import number_given

ERASED: Final = "***"
"""What stands in a text where the number stood."""

_DIGITS: Final = ("0零〇", "1一幺", "2二", "3三", "4四", "5五", "6六", "7七", "8八", "9九")
"""How each digit is written and read out; in full width too."""
_BETWEEN: Final = r"[\s\-‐‑–—.()/,,、·]*"
_PREFIX: Final = rf"(?:(?:\+|00)?86{_BETWEEN}0?|0)?"
WHOLE: Final = 10
"""Digits from which on a number does not stand in another one by chance: a landline has ten with its area, a
mobile eleven. A shorter one, as 110 or one without its area, stands in the middle of many."""


class Written:
    """A number, and where it is meant by what others have written."""

    def __init__(self, text: str) -> None:
        """`text`: the number in any form. Raises NumberWrong, which does not repeat it."""
        self.number = number_given(text)
        """In the one form that all written ones come to (gateway.desk.accounts)."""
        self.digits = self.number.lstrip("+")
        each = _BETWEEN.join(f"[{_DIGITS[int(digit)]}{chr(0xFF10 + int(digit))}]" for digit in self.digits)
        alone = rf"(?<!\d)(?<!\d[\s-]){_PREFIX}{each}(?![\s-]?\d)"
        self._pattern = re.compile(each if self.whole else alone)

    @property
    def whole(self) -> bool:
        """Whether its digits, wherever they stand in a row, mean it."""
        return len(self.digits) >= WHOLE

    def is_it(self, text: str | None) -> bool:
        """Whether this is the number."""
        return text is not None and (text == self.number or normalised(text) == self.number)

    def is_in(self, text: str | None) -> bool:
        """Whether the number is written somewhere in this."""
        return text is not None and self._pattern.search(text) is not None

    def without(self, value: Any) -> Any:
        """Text, or JSON, with ERASED wherever the number stood; the rest as it is."""
        match value:
            case str():
                return self._pattern.sub(ERASED, value)
            case list():
                return [self.without(item) for item in value]
            case dict():
                return {key: item if _is_name(key) else self.without(item) for key, item in value.items()}
            case _:
                return value


def _is_name(key: str) -> bool:
    """Whether what JSON holds under this key is a time, a file or a call's id: eight of their digits are no local
    number."""
    return key in ("at", "call", "path", "recording", "recordings") or key.endswith("_at")
