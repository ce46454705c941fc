"""What `sansheng numbers export`, `erase` and `erasures` do."""

import json
import logging
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gateway.cli.exits import FAULT, GOOD, USAGE, complain
from gateway.cli.faults import or_faults
from gateway.cli.log import no_log
from gateway.cli.manner import Manner
from gateway.config import load_config
from gateway.people import NumberWrong
from gateway.privacy import Held, Outcome, Privacy
from gateway.records import RecordsError
from gateway.records.configured import records_config
from gateway.reports.pages import PageNotWritten, write_page


@dataclass(frozen=True, slots=True)
class Request:
    """An erasure that somebody orders."""

    number: str
    by: str
    why: str
    confirmed: bool
    with_open_tickets: bool


def export(manner: Manner, number: str, *, to: Path | None, recordings: Path | None) -> int:
    """Write all that is held on a number, to standard output without `to`; copies of its recordings into a folder.
    Gives the exit code, as all of these do."""

    def work(privacy: Privacy, now: datetime) -> int:
        told, files = privacy.export(number, now)
        if recordings is not None:
            told["copied"] = _copied(files, recordings)
        text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
        if to is None:
            sys.stdout.write(text)
        else:
            write_page(to, text)
            typer.echo(f"{len(told['calls'])} calls, {len(told['tickets'])} tickets: {to}")
        spoiled: list[str] = told["unreadable"]
        return complain(f"spoiled, and not exported: {', '.join(spoiled)}", FAULT) if spoiled else GOOD

    return _with_privacy(manner, work)


def erase(manner: Manner, request: Request) -> int:
    """Erase all that is held on a number, once it is confirmed."""

    def work(privacy: Privacy, now: datetime) -> int:
        held = privacy.to_erase(request.number)
        asked = f"Erase {_told(held)} for good?" if held else "Finish the erasure that broke off?"
        if not request.confirmed and not typer.confirm(asked):
            return FAULT
        outcome = privacy.erase(
            request.number,
            by=request.by,
            why=request.why,
            now=now,
            with_open_tickets=request.with_open_tickets,
        )
        _show(outcome, manner)
        return FAULT if outcome.left else GOOD

    return _with_privacy(manner, work)


def erasures(manner: Manner) -> int:
    """Print what was erased, when, by whom and why."""

    def work(privacy: Privacy, _: datetime) -> int:
        done = privacy.erasures()
        if manner.as_json:
            for one in done:
                sys.stdout.write(json.dumps(one, ensure_ascii=False) + "\n")
            return GOOD
        table = Table(title="Erasures", box=box.SIMPLE_HEAD, pad_edge=False)
        for column in ("at", "by", "why", "erased", "finished"):
            table.add_column(column, overflow="fold")
        for one in done:
            told = (escape(one["by"]), escape(one["why"]), _counts(one["erased"]))
            table.add_row(_minute(one["at"]), *told, _minute(one["finished_at"]))
        Console().print(table)
        return GOOD

    return _with_privacy(manner, work)


def _show(outcome: Outcome, manner: Manner) -> None:
    erased = asdict(outcome.erased)
    if manner.as_json:
        sys.stdout.write(json.dumps({"erased": erased, "wiped": outcome.wiped, "left": outcome.left}) + "\n")
        return
    typer.echo(f"erased: {_counts(erased)}; {outcome.wiped}")
    for name, why in outcome.left.items():
        sys.stderr.write(f"sansheng: not erased: {name}: {why}\n")


def _told(held: Held) -> str:
    listed = " and its entry among the numbers with a history" if held.listed else ""
    naming = f" (another's {len(held.naming_calls)} name it)" if held.naming_calls else ""
    return (
        f"what {len(held.own_calls)} calls{naming} and {len(held.own_tickets)} tickets hold on this number{listed}"
    )


def _minute(moment: str | None) -> str:
    return "no" if moment is None else moment[:16].replace("T", " ")


def _counts(erased: dict[str, int]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in erased.items())


def _copied(files: Sequence[Path], folder: Path) -> list[str]:
    """Copies of the recordings, for their owner's eyes alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in files:
        copy = folder / file.name
        copy.touch(mode=0o600)
        shutil.copyfile(file, copy)
    return [file.name for file in files]


def _with_privacy(manner: Manner, work: Callable[[Privacy, datetime], int]) -> int:
    """Work with what is held by the config's gateway; a fault is one line on stderr."""

    def command() -> int:
        records = records_config(load_config(manner.config))
        try:
            with no_log(logging.INFO), Privacy(records) as privacy:
                return work(privacy, datetime.now(records.zone))
        except NumberWrong as error:
            return complain(error, USAGE)
        except (RecordsError, PageNotWritten, OSError) as error:
            return complain(error, FAULT)

    return or_faults(command)
