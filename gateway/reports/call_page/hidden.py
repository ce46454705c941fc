"""A call whose customer cannot be told from it: numbers masked, his name left out (WD-11), and of files the name
alone, not where on the machine they lie. Pure.

Whatever is drawn or told of a call is made of what comes from here, so nothing else has to think of it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from drivers.line.masking import NUMBER_LIKE, keyed, masked, shown
from gateway.records import CallRecord
from gateway.records.store import Event

NAME = "***"
"""Stands for a name, of whatever length."""
KEY = "•"
"""Stands for a key; `*` is one itself."""
SUBSCRIBER = 11
"""Digits of a Chinese mobile's number without what stands before it: the longest that goes on by itself."""
_NO_DIGIT = re.compile(r"\D")
_RUN = re.compile(r"\d+")


def hidden(record: CallRecord, events: Iterable[Event]) -> tuple[CallRecord, list[Event]]:
    """The call and its facts as they may be passed on."""
    known = list(events)
    veil = _Veil(_numbers(record, known))
    return _record(record, veil), _keys_hidden([_event(event, veil) for event in known])


class _Veil:
    """Masks the customer's numbers wherever they stand in a text."""

    def __init__(self, numbers: Iterable[str]) -> None:
        spellings = {spelling for number in numbers for spelling in _spellings(number)}
        longest_first = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def over(self, value: Any) -> Any:
        """The text, or every text inside the JSON, with them masked."""
        if isinstance(value, str):
            return value if self._pattern is None else self._pattern.sub(lambda found: masked(found[0]), value)
        if isinstance(value, dict):
            return {name: self.over(inner) for name, inner in value.items()}
        return [self.over(inner) for inner in value] if isinstance(value, list) else value


def _spellings(number: str) -> Iterator[str]:
    """As the number is written, its digits alone, and these without a prefix; none of what has too few digits for
    one: an extension is also an agent's number."""
    digits = _NO_DIGIT.sub("", number)
    if len(digits) >= NUMBER_LIKE:
        yield from (number, digits, digits[-SUBSCRIBER:])


def _numbers(record: CallRecord, events: Iterable[Event]) -> Iterator[str]:
    """Every number of the customer's that the call knows."""
    found: list[Any] = [record.caller, record.caller_name, *_RUN.findall(record.digits)]
    found += [asked.number for asked in record.call_backs]
    found += [answer.digits for answer in record.answers]
    for event in events:
        found += [event.data.get("number"), event.data.get("digits")]
        caller_id = event.data.get("caller_id")
        found += [caller_id.get("number"), caller_id.get("name")] if isinstance(caller_id, dict) else []
    return (str(number) for number in found if isinstance(number, str | int))  # a number, in another program's row


def _record(record: CallRecord, veil: _Veil) -> CallRecord:
    """Each place where a number, a name or a text of the call can stand."""
    rest = record.not_applicable
    return replace(
        record,
        caller=shown(record.caller, False),
        caller_name=None if record.caller_name is None else NAME,
        digits="".join(_hidden_keys(record.digits)),
        cause=veil.over(record.cause),
        recording=_file(record.recording, veil),
        prompts=tuple(replace(said, text=veil.over(said.text)) for said in record.prompts),
        answers=tuple(
            replace(answer, digits=keyed(answer.digits, False), recording=_file(answer.recording, veil))
            for answer in record.answers
        ),
        call_backs=tuple(replace(asked, number=shown(asked.number, False)) for asked in record.call_backs),
        compliance=tuple(replace(found, evidence=veil.over(found.evidence)) for found in record.compliance),
        not_applicable=rest and tuple(replace(found, evidence=veil.over(found.evidence)) for found in rest),
    )


def _file(path: str | None, veil: _Veil) -> str | None:
    return None if path is None else veil.over(PurePath(path).name)


def _event(event: Event, veil: _Veil) -> Event:
    data = veil.over(event.data)
    for recorded, key in ((data, "path"), (data.get("question"), "recording")):
        if isinstance(recorded, dict) and isinstance(recorded.get(key), str):
            recorded[key] = PurePath(recorded[key]).name
    if "number" in data:
        data["number"] = _hidden_number(event.data)
    if isinstance(caller_id := data.get("caller_id"), dict):
        caller_id |= {"number": _hidden_number(event.data["caller_id"]), "name": caller_id.get("name") and NAME}
    return replace(event, data=data)


def _hidden_number(data: dict[str, Any]) -> str | None:
    number = data.get("number")
    return None if number is None else masked(str(number))


def _keys_hidden(events: list[Event]) -> list[Event]:
    """The facts with the keys of a number hidden; keys come one by one."""
    places = [place for place, event in enumerate(events) if event.fact == "digit_dialled"]
    told = _hidden_keys([str(events[place].data.get("digit", "")) for place in places])
    for place, key in zip(places, told, strict=True):
        events[place] = replace(events[place], data=events[place].data | {"digit": key})
    return events


def _hidden_keys(keys: Sequence[str]) -> list[str]:
    """The keys as they may be shown. Where as many digits together as a number has were pressed, every run of them
    too long to be a choice is hidden: the customer may have begun his number, erred and begun again."""
    runs = [found.span() for found in _RUN.finditer("".join(key[:1] or " " for key in keys))]
    if all(end - start < NUMBER_LIKE for start, end in runs):
        return list(keys)
    told = list(keys)
    for start, end in runs:
        run = "".join(key[:1] for key in keys[start:end])
        told[start:end] = masked(run).replace("*", KEY) if len(run) > 1 else run
    return told
