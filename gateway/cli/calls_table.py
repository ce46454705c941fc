"""The calls as a table, drawn block by block: any number of calls takes the memory of one block."""

from collections.abc import Iterable, Iterator
from itertools import islice

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gateway.records import CallRecord, Direction, Outcome

BLOCK = 200
"""Calls in one block: some screens, and enough to know how wide the columns must be."""
COLUMNS = ("call", "caller", "rings", "ended", "standard", "prompts")


def print_calls(calls: Iterable[CallRecord], console: Console) -> None:
    """Print the calls, oldest first; the day, time and line are in a call's id."""
    for table in calls_tables(calls):
        console.print(table)


def calls_tables(calls: Iterable[CallRecord]) -> Iterator[Table]:
    """One table in blocks: the first has the head, a later one is at least as wide in each column."""
    rows = (_row(call) for call in calls)
    widths = [cell_len(column) for column in COLUMNS]
    block = list(islice(rows, BLOCK))
    first = True
    while block or first:
        for row in block:
            widths = [max(width, cell.cell_len) for width, cell in zip(widths, row, strict=True)]
        yield _block(block, widths, first=first)
        block, first = list(islice(rows, BLOCK)), False


def _block(block: list[tuple[Text, ...]], widths: list[int], *, first: bool) -> Table:
    title = "Calls" if first else None
    table = Table(title=title, box=box.SIMPLE_HEAD, pad_edge=False, show_header=first, show_edge=False)
    for column, width in zip(COLUMNS[:-1], widths, strict=False):
        table.add_column(column, no_wrap=True, justify="right" if column == "rings" else "left", min_width=width)
    table.add_column(COLUMNS[-1], overflow="fold", min_width=12)
    for row in block:
        table.add_row(*row)
    return table


def _row(call: CallRecord) -> tuple[Text, ...]:
    prompts = " ".join(prompt.prompt for prompt in call.prompts) or "–"
    return (Text(call.call), Text(who(call)), Text(str(call.rings)), _ended(call), _kept(call), Text(prompts))


def who(call: CallRecord) -> str:
    """The customer's number; an arrow before that of one whom we called."""
    return ("→ " if call.direction is Direction.OUT else "") + (call.caller or "–")


def _ended(call: CallRecord) -> Text:
    if call.outcome is None:
        return Text("open", "yellow")
    by = call.released_by if call.outcome is Outcome.ANSWERED else call.outcome.value
    return Text(f"{by}: {call.cause}")


def _kept(call: CallRecord) -> Text:
    broken = dict.fromkeys(judgement.clause for judgement in call.compliance if not judgement.kept)
    if broken:
        return Text(f"breaks {', '.join(broken)}", "red")
    return Text("kept", "green") if call.compliance else Text("–")
