"""The time in which a dialplan promises an answer (ET-3: it is kept), from words to seconds. Pure."""

import re
from collections.abc import Iterator

from gateway.config.toml_positions import KeyPath
from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import Phrase, phrases_of, raw_text
from gateway.dialplan.placeholders import names_in
from gateway.dialplan.standards import NAMED, Finding

PROMISED = "promised_time"
"""The parameter that holds it."""

MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR
_SECONDS = {
    "分钟": MINUTE,
    "小时": HOUR,
    "钟头": HOUR,
    "天": DAY,
    "工作日": DAY,  # the next days may all be working days
    "周": 7 * DAY,
    "星期": 7 * DAY,
}
_ONES = "一二三四五六七八九"
_TIME = re.compile(rf"([0-9]{{1,4}}|两|[{_ONES}]?十[{_ONES}]?|[{_ONES}])\s*个?(半?)({'|'.join(_SECONDS)})")
_HALF_AN_HOUR = re.compile("半个?(?:小时|钟头)")


def promised_seconds(text: str) -> float | None:
    """The seconds of `24小时`, `两小时`, `一个半小时`, `30分钟`, `三个工作日`. None: it is no such time, or
    has more than one meaning, as 半天."""
    text = text.strip()
    if _HALF_AN_HOUR.fullmatch(text):
        return HOUR / 2
    match = _TIME.fullmatch(text)
    if match is None or (match[2] and _SECONDS[match[3]] != HOUR):
        return None
    return (_number(match[1]) + (0.5 if match[2] else 0.0)) * _SECONDS[match[3]] or None


def _number(text: str) -> int:
    """Digits, or a numeral up to 九十九."""
    if text.isascii():
        return int(text)
    if text == "两":
        return 2
    tens, ten, ones = text.rpartition("十")
    of_ones = _ONES.index(ones) + 1 if ones else 0
    return of_ones + (10 * (_ONES.index(tens) + 1 if tens else 1) if ten else 0)


def promise_of(dialplan: Dialplan) -> float | None:
    """The seconds in which the dialplan promises an answer, its site's own parameter going first; None where it
    promises no time."""
    return promised_seconds(dialplan.values.get(PROMISED, "")) if _said_in(dialplan) else None


def promise_faults(dialplan: Dialplan) -> Iterator[Finding]:
    """A finding where a time is promised that is none: no ticket could have its deadline."""
    value, said_in = dialplan.values.get(PROMISED), _said_in(dialplan)
    if not said_in or value is None or promised_seconds(value) is not None:
        return
    if not value and any(phrase.clause in NAMED for phrase in said_in):
        return  # that it is empty is told by the clause that names a time
    path: KeyPath = ("parameters", PROMISED)
    message = (
        f"「{value}」 is no time from which a ticket's deadline follows ({said_in[0].clause}); "
        "allowed: a number of 分钟, 小时, 天, 工作日 or 周, as 2小时, 半小时, 三个工作日"
    )
    yield Finding((path,), message)


def _said_in(dialplan: Dialplan) -> list[Phrase]:
    phrases = phrases_of(dialplan).values()
    return [phrase for phrase in phrases if PROMISED in names_in(raw_text(dialplan, phrase.path))]
