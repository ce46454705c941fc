"""Which telephone numbers a call-back may be dialled to (JS-7). Pure.

A number is what a caller ID claims or what somebody has keyed in: it is held to be hostile until a pattern knows
it.
"""

import re
from collections.abc import Sequence

_DIGITS = re.compile(r"\+?[0-9]{3,20}")
"""What may be looked at at all: no pause (`,` `w`), no `;phone-context`, no sip:, no digits of other scripts.
E.164 has 15 digits; an international prefix before them makes 20."""

_COUNTRY = re.compile(r"(?:\+|00)86(?=[1-9])")
"""The country's own code; after it an area code comes without its 0."""

_AREA = "(?:10|2[0-57-9]|(?!400|800)[3-8][0-9]{2}|9[0-57-9][0-9])"
"""Area codes without their 0 (national numbering plan): 010, 02x, and three digits from 3 on; 400 and 800 are
services, 026 and 096x are no mainland areas."""
_SUBSCRIBER = "[2-8][0-9]{6,7}"
"""A landline without its area: 1 and 9 begin services (12345, 95xxx, 96xxx, 168xx at a premium), 0 leads out."""
_MOBILE = "1(?:[3-689][0-9]|7[0-8])[0-9]{8}"
"""Eleven digits; 179xx is no mobile but the prefix of a call through another carrier, abroad too."""

_NATIONAL = re.compile(f"0{_AREA}{_SUBSCRIBER}")
_LOCAL = re.compile(_SUBSCRIBER)
_CELL = re.compile(f"0?({_MOBILE})")
"""A mobile of another area is shown, and was dialled, with a 0 before it."""

_NEVER = re.compile(r"(?:\+|00)?(?:86)?0*(?:110|112|119|120|122|911|999)")
"""Emergency services: no pattern of a site opens them to a machine."""


def dialable(number: str | None, also: Sequence[re.Pattern[str]] = ()) -> str | None:
    """The digits to dial for a number, or None where it may not be called.

    Allowed are the mainland's mobiles, landlines with area code and local numbers of 7 or 8 digits; +86 and 0086
    are taken off. Everything else is refused (services, premium, international and emergency numbers) unless one
    of the patterns `also` (compiled with re.ASCII) matches the whole, and emergency numbers even then.
    """
    if number is None or not _DIGITS.fullmatch(number) or _NEVER.fullmatch(number):
        return None
    national = _COUNTRY.sub("", number)
    if cell := _CELL.fullmatch(national):
        return cell[1]
    if national != number:
        national = "0" + national
        return national if _NATIONAL.fullmatch(national) else _allowed(number, also)
    if _NATIONAL.fullmatch(number) or _LOCAL.fullmatch(number):
        return number
    return _allowed(number, also)


def _allowed(number: str, also: Sequence[re.Pattern[str]]) -> str | None:
    digits = "00" + number[1:] if number.startswith("+") else number
    return digits if any(one.fullmatch(digits) for one in also) else None
