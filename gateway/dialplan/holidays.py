"""`[holidays]` and `[calendar]` as a Calendar, and what a day means for what is said (JH-12, WD-4, WD-5)."""

import difflib
from collections.abc import Iterator
from datetime import date

from gateway.config.faults import Fault
from gateway.dialplan.calendar import WEEKEND, WORKDAY, Calendar, Holiday
from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import dashed


def calendar_of(dialplan: Dialplan) -> tuple[Calendar, list[Fault]]:
    """The dialplan's calendar, and the faults that kept days out of it."""
    faults: list[Fault] = []
    holidays = list(_holidays(dialplan, faults))
    overrides = dict(_overrides(dialplan, faults))
    return Calendar(holidays, overrides), faults


def greeting_keys(dialplan: Dialplan, day: date) -> tuple[str, ...]:
    """Keys of the holiday's prompts that go before the greeting on `day`; none on an ordinary one.

    Where two holidays fall on one day and have different words, the general greeting suits both, or without one
    the first holiday's: nobody is greeted twice.
    """
    names = dialplan.days.kind(day).holidays
    if not names:
        return ()
    texts = {dialplan.holidays[name].greeting for name in names}
    if len(texts) == 1 and None not in texts:
        return (f"holiday-greeting-{dashed(names[0])}",)
    if dialplan.holiday_greeting is not None:
        return ("holiday-greeting",)
    return tuple(f"holiday-greeting-{dashed(name)}" for name in names if dialplan.holidays[name].greeting)[:1]


def farewell_key(dialplan: Dialplan, day: date) -> str:
    """Key of the farewell on `day`: a holiday goes before a weekend (WD-5)."""
    kind = dialplan.days.kind(day)
    if kind.holidays and dialplan.farewell.holiday is not None:
        return "farewell-holiday"
    if kind.weekend and dialplan.farewell.weekend is not None:
        return "farewell-weekend"
    return "farewell"


def _holidays(dialplan: Dialplan, faults: list[Fault]) -> Iterator[Holiday]:
    for name, table in dialplan.holidays.items():
        if name in (WORKDAY, WEEKEND):
            message = f"{name!r} means an ordinary day in [calendar]; allowed: another name"
            faults.append(dialplan.document.fault(("holidays", name), message))
            continue
        if table.date is not None and table.lunar is not None:
            message = "stands beside date; allowed: one of the two"
            faults.append(dialplan.document.fault(("holidays", name, "lunar"), message))
            continue
        when = table.date or table.lunar
        if when is None:
            continue  # only on the days that [calendar] names
        month, day = (int(part) for part in when.split("-"))
        try:
            yield Holiday(name, month, day, table.days, lunar=table.lunar is not None)
        except ValueError as error:
            key = "lunar" if table.lunar is not None else "date"
            faults.append(dialplan.document.fault(("holidays", name, key), f"is {when}: {error}"))


def _overrides(dialplan: Dialplan, faults: list[Fault]) -> Iterator[tuple[date, str]]:
    known = [*dialplan.holidays, WORKDAY, WEEKEND]
    for text, name in dialplan.calendar.items():
        path = ("calendar", text)
        try:
            day = date.fromisoformat(text)
            if day.isoformat() != text:
                raise ValueError  # fromisoformat takes 20260217 and 2026-W08-2 too
        except ValueError:
            message = f"{text!r} is no date that exists; allowed: a date like 2026-02-17"
            faults.append(dialplan.document.fault(path, message))
            continue
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            meant = f", did you mean {near[0]}?" if near else ";"
            message = f"{name!r} is no holiday{meant} allowed: {', '.join(known)}"
            faults.append(dialplan.document.fault(path, message))
            continue
        yield day, name
