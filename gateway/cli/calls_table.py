"""The calls as a table, drawn block by block: any number of calls takes the memory of one block.

Columns are measured and filled here: rich's own tables take ten times as long, three minutes for 100,000 calls.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style

from gateway.records import CallRecord, Direction, Outcome

BLOCK = 200
"""Calls in one block: some screens, and enough to know how wide the columns must be."""
COLUMNS = ("call", "caller", "rings", "ended", "standard", "prompts")
RINGS = COLUMNS.index("rings")
LEAST_PROMPTS = 12
"""Columns for the prompts, which are folded, at least."""
BETWEEN = "   "
TITLE, HEAD, PLAIN = Style.parse("italic"), Style.parse("bold"), Style.null()
OPEN, BROKEN, KEPT = Style.parse("yellow"), Style.parse("red"), Style.parse("green")

Cell = tuple[str, Style]


def print_calls(calls: Iterable[CallRecord], console: Console) -> None:
    """Print the calls, oldest first; the day, time and line are in a call's id."""
    rows = (_row(call) for call in calls)
    widths = [cell_len(column) for column in COLUMNS]
    block = list(islice(rows, BLOCK))
    first = True
    while block or first:
        for row in block:
            widths = [max(width, _cells(text)) for width, (text, _) in zip(widths, row, strict=True)]
        widths = _fitted(widths, console.width)
        console.print(_Lines([*(_head(widths) if first else ()), *_drawn(block, widths)]), crop=False)
        block, first = list(islice(rows, BLOCK)), False


class _Lines:
    """Lines whose pieces are as wide as they have to be, so that nothing is left to lay out."""

    def __init__(self, lines: Iterable[list[Cell]]) -> None:
        self._lines = lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self._lines:
            yield from (Segment(text, style) for text, style in line)
            yield Segment.line()


def _fitted(widths: list[int], room: int) -> list[int]:
    """The widths in which a row has room: the prompts' is what the others leave; where they leave too little, the
    widest but the id's are cut."""
    *fixed, prompts = widths
    spare = room - LEAST_PROMPTS - len(fixed) * len(BETWEEN)
    while sum(fixed) > spare and max(fixed[1:]) > LEAST_PROMPTS:
        widest = max(range(1, len(fixed)), key=fixed.__getitem__)
        fixed[widest] -= 1
    return [*fixed, max(LEAST_PROMPTS, min(prompts, spare + LEAST_PROMPTS - sum(fixed)))]


def _head(widths: list[int]) -> Iterator[list[Cell]]:
    wide = sum(widths) + (len(widths) - 1) * len(BETWEEN)
    yield [("Calls".center(wide).rstrip(), TITLE)]
    yield _line([(column, HEAD) for column in COLUMNS], widths)
    yield [("─" * wide, PLAIN)]


def _drawn(block: list[list[Cell]], widths: list[int]) -> Iterator[list[Cell]]:
    """The lines of some rows; prompts that need several lines stand below each other."""
    indent = " " * (sum(widths[:-1]) + (len(widths) - 1) * len(BETWEEN))
    for row in block:
        *cells, (prompts, style) = row
        said, *further = _folded(prompts, widths[-1])
        yield _line([*cells, (said, style)], widths)
        yield from ([(indent + line, style)] for line in further)


def _line(cells: list[Cell], widths: list[int]) -> list[Cell]:
    *fixed, last = cells
    line = []
    for place, ((text, style), width) in enumerate(zip(fixed, widths, strict=False)):
        line.append((_filled(text, width, at_right=place == RINGS) + BETWEEN, style))
    return [*line, last]


def _filled(text: str, width: int, *, at_right: bool) -> str:
    spare = width - _cells(text)
    if spare < 0:
        return set_cell_size(text, width - 1) + "…"
    return " " * spare + text if at_right else text + " " * spare


def _cells(text: str) -> int:
    return len(text) if text.isascii() else cell_len(text)


@lru_cache(maxsize=1024)
def _folded(text: str, width: int) -> list[str]:
    """The words on as many lines as they need; one that is longer than a line is broken."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and _cells(lines[-1]) + 1 + _cells(word) <= width:
            lines[-1] += f" {word}"
            continue
        rest = word
        while _cells(rest) > width:
            lines.append(set_cell_size(rest, width).rstrip())
            rest = rest[len(lines[-1]) :]
        lines.append(rest)
    return lines


def _row(call: CallRecord) -> list[Cell]:
    prompts = " ".join(prompt.prompt for prompt in call.prompts) or "–"
    cells = ((call.call, PLAIN), (who(call), PLAIN), (str(call.rings), PLAIN), _ended(call), _kept(call))
    return [(_shown(text), style) for text, style in (*cells, (prompts, PLAIN))]


def _shown(text: str) -> str:
    """What a peer sent may hold line breaks or a terminal's commands."""
    return (
        text
        if text.isprintable()
        else "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    )


def who(call: CallRecord) -> str:
    """The customer's number; an arrow before that of one whom we called."""
    return ("→ " if call.direction is Direction.OUT else "") + (call.caller or "–")


def _ended(call: CallRecord) -> Cell:
    if call.outcome is None:
        return "open", OPEN
    by = call.released_by if call.outcome is Outcome.ANSWERED else call.outcome.value
    return f"{by}: {call.cause}", PLAIN


def _kept(call: CallRecord) -> Cell:
    broken = dict.fromkeys(judgement.clause for judgement in call.compliance if not judgement.kept)
    if broken:
        return f"breaks {', '.join(broken)}", BROKEN
    return ("kept", KEPT) if call.compliance else ("–", PLAIN)
