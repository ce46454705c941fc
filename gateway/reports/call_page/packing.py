"""Finds room: how wide a text is, what of it fits, and on which row of a lane a thing stands clear. Pure."""

import unicodedata
from dataclasses import dataclass, field

GAP = 5.0
"""Units between two things on one row."""
_WIDE, _NARROW = 1.0, 0.58
"""Of a character, in times of the font's size: an ideograph, and a Latin letter or digit on the average."""


def text_width(text: str, size: float) -> float:
    """About how many units a text takes at a font size; it may be a little less, never much more."""
    return sum(_WIDE if unicodedata.east_asian_width(c) in "WFA" else _NARROW for c in text) * size


def fitted(text: str, size: float, room: float) -> str:
    """The text, or its beginning and `…`; empty where not even two characters have room."""
    if text_width(text, size) <= room:
        return text
    kept, used = "", text_width("…", size)
    for character in text:
        used += text_width(character, size)
        if used > room:
            break
        kept += character
    return f"{kept}…" if len(kept) > 1 else ""


@dataclass(slots=True)
class Rows:
    """The rows of a lane, filled from left to right; at most `most` of them."""

    most: int
    ends: list[float] = field(default_factory=list)

    def place(self, start: float, end: float) -> int | None:
        """The first row on which nothing stands between these places, now taken; None: there is none."""
        for row, taken in enumerate(self.ends):
            if taken + GAP <= start:
                self.ends[row] = end
                return row
        if len(self.ends) == self.most:
            return None
        self.ends.append(end)
        return len(self.ends) - 1

    def squeeze(self, start: float, end: float) -> int:
        """As `place`, and where there is none the row on which least is covered."""
        row = self.place(start, end)
        if row is None:
            row = min(range(len(self.ends)), key=lambda row: self.ends[row])
            self.ends[row] = max(self.ends[row], end)
        return row

    @property
    def count(self) -> int:
        """How many were needed, one at least."""
        return max(1, len(self.ends))
