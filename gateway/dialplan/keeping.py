"""What in a dialplan keeps which clause: texts that are said, and what is done without words."""

from calendar import month_name
from collections.abc import Iterator
from dataclasses import dataclass

from gateway.config.toml_positions import KeyPath
from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import phrases_of, raw_text
from gateway.dialplan.tables import HolidayTable

SPEAKING_RATE_CLAUSE = "JH-15"
"""The one clause about the rate of speech; no key names it, as recordings are checked in every dialplan."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that keeps a clause."""

    clause: str
    path: KeyPath
    """The key."""
    text: str = ""
    """What is said, as the file has it."""
    done: str = ""
    """What is done, in a sentence; one of the two is empty."""


def deeds_of(dialplan: Dialplan) -> list[Deed]:
    """All that `dialplan` does for clauses, in the order of a call."""
    steps = (_answering, _texts, _holidays, _warning, _cases, _call_back, _ends, _language)
    return [deed for step in steps for deed in step(dialplan)]


def date_key(name: str, holiday: HolidayTable) -> KeyPath:
    """The key that says when a holiday is; its table, where only `[calendar]` does."""
    if holiday.date is None and holiday.lunar is None:
        return "holidays", name
    return "holidays", name, "date" if holiday.date else "lunar"


def when_of(holiday: HolidayTable) -> str:
    """`1 October, for 3 days`; `lunar month 5, day 5`."""
    when = holiday.date or holiday.lunar
    if when is None:
        return "on the days that `[calendar]` names"
    month, day = (int(part) for part in when.split("-"))
    first = f"lunar month {month}, day {day}" if holiday.lunar else f"{day} {month_name[month]}"
    return first if holiday.days == 1 else f"{first}, for {holiday.days} days"


def seconds(value: float) -> str:
    """`5 s`, `2.5 s`."""
    return f"{value:g} s"


def _answering(dialplan: Dialplan) -> Iterator[Deed]:
    answer = dialplan.answer
    done = f"answered after ring {answer.on_ring}; the standard's last ring is {answer.ring_limit}"
    yield Deed(answer.clause, ("answer", "on_ring"), done=done)


def _texts(dialplan: Dialplan) -> Iterator[Deed]:
    for phrase in phrases_of(dialplan).values():
        yield Deed(phrase.clause, phrase.path, text=raw_text(dialplan, phrase.path))
        if phrase.path == ("waiting", "again"):
            assert dialplan.waiting is not None
            every = seconds(dialplan.waiting.every)
            yield Deed(phrase.clause, ("waiting", "every"), done=f"every {every}, from beginning to beginning")


def _holidays(dialplan: Dialplan) -> Iterator[Deed]:
    clause = (dialplan.holiday_greeting or dialplan.greeting).clause
    for name, holiday in dialplan.holidays.items():
        yield Deed(clause, date_key(name, holiday), done=when_of(holiday))


def _warning(dialplan: Dialplan) -> Iterator[Deed]:
    name = dialplan.warning_phrase
    if name is not None:
        done = f"said after the greeting to a number on the list: the phrase `{name}`"
        yield Deed(dialplan.phrases[name].clause, ("warning", "phrase"), done=done)


def _call_back(dialplan: Dialplan) -> Iterator[Deed]:
    table = dialplan.call_back
    if table is not None:
        done = (
            f"key {table.key} while waiting: his number is taken and read back; key {table.message_key}: a message"
        )
        yield Deed(table.clause, ("call_back", "key"), done=done)


def _cases(dialplan: Dialplan) -> Iterator[Deed]:
    if dialplan.menu is not None:
        for digit, choice in dialplan.menu.choices.items():
            done = f"key {digit}: {choice.kind}" + ("; the feed raises an alert at once" if choice.alert else "")
            yield Deed(dialplan.menu.clause, ("menu", "choices", digit), done=done)
    for name, flow in dialplan.flows.items():
        questions, texts = dialplan.questions, dialplan.texts
        clauses = [*(questions[key].clause for key in flow.ask), *(texts[key].clause for key in flow.say)]
        if clauses:
            order = "the case is told, then in this order: " + ", ".join([*flow.ask, *flow.say])
            yield Deed(clauses[0], ("flows", name), done=order)


def _ends(dialplan: Dialplan) -> Iterator[Deed]:
    for name, ladder in (("silent_line", dialplan.silent_line), ("noisy_line", dialplan.noisy_line)):
        when = "at once" if ladder.release_wait == 0 else f"{seconds(ladder.release_wait)} later"
        yield Deed(ladder.clause, (name, "release_wait"), done=f"released {when}")
    hang_up = dialplan.hang_up
    done = "the line waits for the customer to hang up"
    if hang_up.after_farewell == "release":
        done = f"released {seconds(hang_up.release_wait)} after a farewell that was said to its end"
    yield Deed(hang_up.clause, ("hang_up", "after_farewell"), done=done)


def _language(dialplan: Dialplan) -> Iterator[Deed]:
    rate = f"{dialplan.speaking_rate} characters a minute; `sansheng prompts check` measures rate and level"
    yield Deed(SPEAKING_RATE_CLAUSE, ("speaking_rate",), done=rate)
    language = dialplan.language
    if language.forbidden is not None:
        yield Deed(
            language.forbidden, ("language", "forbidden"), done="`sansheng check` finds every text with one"
        )
    if language.polite is not None:
        yield Deed(
            language.polite, ("language", "polite"), done="`sansheng check` finds every text that does otherwise"
        )
