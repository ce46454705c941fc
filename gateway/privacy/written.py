"""One telephone number in whatever form it is written. Pure."""

import re
from typing import Any, Final

from gateway.call.calling_back import SHORTEST
from gateway.desk.accounts import normalised
from gateway.people.numbers_book import number_given

ERASED: Final = "***"
"""What stands in a text where the number stood."""

_DIGITS: Final = ("0零〇", "1一幺", "2二", "3三", "4四", "5五", "6六", "7七", "8八", "9九")
"""How each digit is written and read out; in full width too."""
_BETWEEN: Final = r"[\s\-‐‑–—.()/,,、·]*"
_PREFIX: Final = r"(?:\+|0{0,2}(?:86)?0?)"


class Written:
    """A number, and where it is meant by what others have written."""

    def __init__(self, text: str) -> None:
        """`text`: the number in any form. Raises NumberWrong, which does not repeat it."""
        self.number = number_given(text)
        """In the one form that all written ones come to (gateway.desk.accounts)."""
        self.digits = self.number.lstrip("+")
        each = _BETWEEN.join(f"[{_DIGITS[int(digit)]}{chr(0xFF10 + int(digit))}]" for digit in self.digits)
        # A short one, as 110, stands in the middle of many others; a whole one does not by chance.
        alone = rf"(?<!\d){_PREFIX}{_BETWEEN}{each}(?!\d)"
        self._pattern = re.compile(each if len(self.digits) >= SHORTEST else alone)

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
                return {key: self.without(item) for key, item in value.items()}
            case _:
                return value
