"""`sansheng listen FOLDER`: a month of recordings, heard side by side."""

import sys
from contextlib import closing
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from gateway.cli.listen import INTERRUPTED, ListenOptions
from gateway.cli.listen_shown import month_lines, one_line, show_error, show_object
from gateway.listening.crew import Outcome, hear_all
from gateway.listening.folder import Found, find_recordings
from gateway.listening.month import Month


def listen_folder(folder: Path, options: ListenOptions) -> int:
    """Hear every recording below `folder`, then print what it came to; as JSON, a line for each recording too.

    Returns 0, 1 when one could not be read or was cut short or there is none at all, 130 after Ctrl-C: what was
    heard until then is told.
    """
    found = find_recordings(folder)
    if not found.files and not found.faults:
        show_error(f"{folder}: no recordings in it (WAV, FLAC, MP3, Ogg …); name another folder")
        return 1
    month = Month()
    for fault in found.faults:
        _fail(month, folder, fault, options.as_json)
    interrupted = _hear(found, month, options)
    if options.as_json:
        show_object({"summary": month.as_json() | ({"interrupted": True} if interrupted else {})})
    else:
        left = len(found.files) + len(found.faults) - month.recordings - len(month.faults)
        lines = [*month_lines(month), *([f"interrupted: {left} not heard"] if interrupted else [])]
        print("\n".join(lines), flush=True)
        for fault in month.faults:
            show_error(fault)
    if interrupted:
        return INTERRUPTED
    return 1 if month.faults or month.cut_short else 0


def _hear(found: Found, month: Month, options: ListenOptions) -> bool:
    """Add every file to the month; True if Ctrl-C came before the end."""
    jobs = min(options.jobs, len(found.files))
    with _progress() as bar:
        task = bar.add_task("", total=sum(found.files.values()), count=f"0/{len(found.files)}")
        try:
            with closing(hear_all(found.files, jobs, options.channel)) as outcomes:
                for done, (path, outcome) in enumerate(outcomes, 1):
                    _add(month, path, outcome, options.as_json)
                    bar.update(task, advance=found.files[path], count=f"{done}/{len(found.files)}")
        except KeyboardInterrupt:
            return True
    return False


def _add(month: Month, path: Path, outcome: Outcome, as_json: bool) -> None:
    if isinstance(outcome, str):
        _fail(month, path, outcome, as_json)
        return
    month.add(path, outcome)
    if as_json:
        show_object({"file": str(path), "summary": outcome.as_json()})


def _fail(month: Month, path: Path, fault: str, as_json: bool) -> None:
    month.faults.append(fault)
    if as_json:  # at once, beside those that were heard; for people all together at the end
        show_object({"file": str(path), "error": one_line(fault)})
        show_error(fault)


def _progress() -> Progress:
    console = Console(stderr=True)
    columns = (
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[count]} recordings"),
        TimeElapsedColumn(),
        TextColumn("·"),
        TimeRemainingColumn(),
    )
    return Progress(
        *columns,
        console=console,
        transient=True,
        disable=not console.is_terminal,
        redirect_stdout=sys.stdout.isatty(),
    )
