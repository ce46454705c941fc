"""What `sansheng numbers` does, and how it shows numbers."""

import json
import sys
from collections.abc import Callable, Iterable
from datetime import datetime

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from drivers.line.masking import shown, worded
from gateway.cli.calls import TABLE_WIDTH
from gateway.cli.exits import FAULT, USAGE, complain, unless_spoiled
from gateway.cli.faults import or_faults
from gateway.cli.manner import Manner, whoever_types
from gateway.config import load_config
from gateway.people import NumberNoted, NumbersBook, NumberUnknown, NumberWrong
from gateway.records import RecordsError
from gateway.records.configured import records_config

Work = Callable[[NumbersBook, datetime], list[NumberNoted]]


def list_numbers(manner: Manner) -> int:
    """Print every number with a history; gives the exit code, as all of these do."""
    return _with_book(manner, lambda book, _: book.all())


def show_number(manner: Manner, number: str) -> int:
    """Print what is known of one number."""
    return _with_book(manner, lambda book, _: [book.number(number)])


def warn(manner: Manner, number: str, note: str | None) -> int:
    """Put a number on the list, and print it."""
    return _with_book(manner, lambda book, now: [book.warn(number, note=note, by=whoever_types(), at=now)])


def clear(manner: Manner, number: str) -> int:
    """Take a number off the list, and print it."""
    return _with_book(manner, lambda book, _: [book.clear(number)])


def numbers_table(numbers: Iterable[NumberNoted], *, show_numbers: bool) -> Table:
    """The numbers as a table."""
    table = Table(title="Numbers", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("number", "nuisance", "foul language", "last", "warned since", "by"):
        table.add_column(column, no_wrap=True)
    table.add_column("note", overflow="fold", min_width=12)
    for noted in numbers:
        table.add_row(
            escape(shown(noted.number, show_numbers) or ""),
            str(noted.nuisance),
            str(noted.foul_language),
            _when(noted.last_at),
            _when(noted.since),
            escape(noted.by or "–"),
            escape(worded(noted.note, show_numbers) or "–"),
        )
    return table


def _when(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else "–"


def _with_book(manner: Manner, work: Work) -> int:
    """Open the numbers of the config's gateway, work, print what came of it; a fault is one line on stderr."""

    def command() -> int:
        records = records_config(load_config(manner.config))
        try:
            with NumbersBook(records) as book:
                numbers = work(book, datetime.now(records.zone))
        except NumberWrong as error:
            return complain(error, USAGE)
        except (NumberUnknown, RecordsError) as error:
            return complain(error, FAULT)
        _print(numbers, manner)
        return unless_spoiled(book.unreadable)

    return or_faults(command)


def _print(numbers: list[NumberNoted], manner: Manner) -> None:
    if manner.as_json:
        for noted in numbers:
            sys.stdout.write(json.dumps(noted.fields(show_number=manner.show_numbers), ensure_ascii=False) + "\n")
    else:
        table = numbers_table(numbers, show_numbers=manner.show_numbers)
        Console(width=max(Console().width, TABLE_WIDTH)).print(table)
