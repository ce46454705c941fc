"""A call in its most telling facts, as they stand above its drawing. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from gateway.records import CallRecord, Direction
from gateway.records.narrate import number_erased
from gateway.records.store import Event
from gateway.reports.call_page import words
from gateway.reports.call_page.axis import since
from gateway.reports.pages import Words

FINE = 60.0
"""Seconds of a call from which on its tenths tell nothing."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact's name and what it is."""

    name: Words
    value: Words


def head(record: CallRecord, events: Iterable[Event] = ()) -> list[Fact]:
    """What is known; what never came is left out. `events` tell that a number came which was erased since."""
    erased = any(_erased(event) for event in events)
    return [Fact(name, value) for name, value in _facts(record, erased=erased) if value.zh]


def _erased(event: Event) -> bool:
    return event.fact == "dialled" or (event.fact == "caller_identified" and number_erased(event.data))


def _facts(record: CallRecord, *, erased: bool) -> Iterator[tuple[Words, Words]]:
    out = record.direction is Direction.OUT
    who = record.caller or ""
    name = f" ({record.caller_name})" if record.caller_name else ""
    unknown = words.ERASED if erased else Words("未送号码", "not given")
    yield (
        Words("被叫客户", "customer called") if out else Words("来电号码", "caller"),
        _same(who + name) if who or name else unknown,
    )
    yield (
        Words("结果", "outcome"),
        words.word(words.OUTCOMES, record.outcome.value) if record.outcome else words.STILL_OPEN,
    )
    yield Words("释放方", "released by"), _released(record)
    yield Words("呼入时间", "offered") if not out else Words("呼出时间", "dialled"), _same(_at(record.offered_at))
    yield Words("摘机", "answered"), _answered(record)
    yield Words("结束", "ended"), _same(_ended(record))
    yield Words("线路", "line"), _same(f"{record.line} ({record.driver})")
    yield Words("站点", "site"), _same(record.site)
    yield Words("规范", "dialplan"), _same(record.dialplan)
    yield Words("报号座席", "greeted by"), _same(record.agent)
    talked = ", ".join(dict.fromkeys(a.agent for a in record.agents if a.connected_at is not None))
    yield Words("接谈座席", "talked to"), _same(talked)
    yield Words("责任座席", "responsible"), _same(record.owner or "")
    yield Words("工单", "ticket"), _same("" if record.ticket is None else str(record.ticket))
    yield Words("请求类别", "kind"), _same(record.kind or "")
    yield Words("回电号码", "call back at"), _same(", ".join(asked.number or "–" for asked in record.call_backs))
    yield Words("按键", "keys"), _same(record.digits)
    yield Words("音频中断", "lost audio"), _lost(record)
    yield Words("录音", "recording"), _same(record.recording or "")


def _same(text: str) -> Words:
    return Words(text, text)


def _at(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M:%S %z}"


def _ended(record: CallRecord) -> str:
    if record.ended_at is None:
        return ""
    lasted = max(0.0, (record.ended_at - record.offered_at).total_seconds())
    return f"{record.ended_at:%H:%M:%S} ({since(lasted, fine=lasted < FINE)})"


def _answered(record: CallRecord) -> Words:
    if record.answered_at is None:
        return (
            Words(f"未摘机,振铃 {record.rings} 声", f"no, {record.rings} rings")
            if record.rings
            else Words("未摘机", "no")
        )
    after = max(0.0, (record.answered_at - record.offered_at).total_seconds())
    at = f"{record.answered_at:%H:%M:%S}"
    if record.direction is Direction.OUT:
        return Words(f"{at},{after:.1f} 秒", f"{at}, {after:.1f} s")
    return Words(f"{at},第 {record.rings} 声后,{after:.1f} 秒", f"{at}, after ring {record.rings}, {after:.1f} s")


def _released(record: CallRecord) -> Words:
    if record.released_by is None:
        return Words("", "")
    by = words.word(words.RELEASED_BY, record.released_by)
    return words.word_after(by, words.SIGNS | words.WHYS, record.cause) if record.cause else by


def _lost(record: CallRecord) -> Words:
    count = len(record.losses) + record.losses_between.count
    return Words(f"{count} 次", f"{count} ×") if count else Words("", "")
