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
from gateway.cli.listen_shown import folder_lines, one_line, show_error, show_object
from gateway.listening.crew import Outcome, hear_all
from gateway.listening.folder import Found, find_recordings
from gateway.listening.folder_summary import FolderSummary
from gateway.listening.hearing import EarsError


def listen_folder(folder: Path, options: ListenOptions) -> int:
    """Hear every recording below `folder`, then print what it came to; as JSON, a line for each recording too.

    Returns 0, 1 when one could not be read or was cut short or there is none at all, or no ears to hear with, 130
    after Ctrl-C: what was heard until then is told.
    """
    found = find_recordings(folder)
    if not found.files and not found.faults:
        show_error(f"{folder}: no recordings in it (WAV, FLAC, MP3, Ogg …); name another folder")
        return 1
    summed = FolderSummary()
    for fault in found.faults:
        _fail(summed, folder, fault, options.as_json)
    interrupted, broken = False, None
    try:
        interrupted = _hear(found, summed, options)
    except EarsError as error:
        broken = error
    _show_summary(found, summed, options.as_json, not_all=interrupted or broken is not None)
    if broken is not None:
        show_error(str(broken))
    if interrupted:
        return INTERRUPTED
    return 1 if broken or summed.faults or summed.cut_short else 0


def _show_summary(found: Found, summed: FolderSummary, as_json: bool, *, not_all: bool) -> None:
    if as_json:
        show_object({"summary": summed.as_json() | ({"interrupted": True} if not_all else {})})
        return
    left = len(found.files) + len(found.faults) - summed.recordings - len(summed.faults)
    lines = [*folder_lines(summed), *([f"interrupted: {left} not heard"] if not_all else [])]
    print("\n".join(lines), flush=True)
    for fault in summed.faults:
        show_error(fault)


def _hear(found: Found, summed: FolderSummary, options: ListenOptions) -> bool:
    """Add every file to what is summed up; True if Ctrl-C came before the end."""
    jobs = min(options.jobs, len(found.files))
    with _progress() as bar:
        task = bar.add_task("", total=sum(found.files.values()), count=f"0/{len(found.files)}")
        try:
            with closing(hear_all(found.files, jobs, options.channel)) as outcomes:
                for done, (path, outcome) in enumerate(outcomes, 1):
                    _add(summed, path, outcome, options.as_json)
                    bar.update(task, advance=found.files[path], count=f"{done}/{len(found.files)}")
        except KeyboardInterrupt:
            return True
    return False


def _add(summed: FolderSummary, path: Path, outcome: Outcome, as_json: bool) -> None:
    if isinstance(outcome, str):
        _fail(summed, path, outcome, as_json)
        return
    summed.add(path, outcome)
    if as_json:
        show_object({"file": str(path), "summary": outcome.as_json()})


def _fail(summed: FolderSummary, path: Path, fault: str, as_json: bool) -> None:
    summed.faults.append(fault)
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
