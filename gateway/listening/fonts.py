"""Letters that the picture's fonts have: recordings are named in any script."""

from functools import cache
from typing import Final

_FIRST: Final = "DejaVu Sans"  # comes with Matplotlib
_FURTHER: Final = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "AR PL UMing CN",
    "SimHei",
    "Microsoft YaHei",
    "PingFang SC",
    "Noto Sans",
    "Unifont",
)
"""Where Chinese and other letters are found on Linux, Windows and macOS; the first that has one draws it."""
_UNKNOWN: Final = "□"


def drawable(text: str) -> tuple[str, list[str]]:
    """The text on one line with □ for each letter that no font here has, and the families to draw it with."""
    families = [_FIRST, *(name for name in _FURTHER if _letters(name))]
    known = frozenset().union(*(_letters(name) for name in families))
    shown = "".join(letter if ord(letter) in known else _UNKNOWN for letter in text)
    return shown.replace("$", r"\$"), families  # between two dollars Matplotlib sees a formula


@cache
def _letters(family: str) -> frozenset[int]:
    """The characters of a family; none where it is not installed."""
    from matplotlib import font_manager

    try:
        path = font_manager.findfont(family, fallback_to_default=False)
    except ValueError:
        return frozenset()
    return frozenset(font_manager.get_font(path).get_charmap())
