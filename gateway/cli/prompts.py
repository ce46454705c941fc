"""`sansheng prompts build|check|import|list`: a dialplan's recordings.

Each command takes a dialplan (a shipped name or a folder), a config, both or neither: the dialplan given goes
before the config's, and jihua-gas is the default; agents, parameters and data_dir come from the config, else none
and `var`. As typed, where no config is named this folder's is meant or the service's, if one is there. Each gives
its exit code: 0, or 1 with every fault printed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from drivers.voice.errors import VoiceError
from gateway.cli.faults import or_faults, show_faults
from gateway.cli.prompts_table import show_rows
from gateway.config import load_config
from gateway.dialplan import Dialplan, load_dialplan, load_for
from gateway.prompts import (
    PiperVoice,
    PromptBook,
    Voice,
    check_imported,
    check_recordings,
    import_folder,
    target_folder,
    voice_of,
)

DEFAULT_DIALPLAN = "jihua-gas"
DEFAULT_DATA_DIR = Path("var")
Result = TypeVar("Result")


@dataclass(frozen=True)
class _Job:
    """What a command works on."""

    dialplan: Dialplan
    data_dir: Path
    agents: tuple[str, ...]

    def book(self, voice: Voice | None = None) -> PromptBook:
        return PromptBook(self.dialplan, self.data_dir, voice)


def build(dialplan: str | None, config: Path | None = None, *, piper: Path | None = None) -> int:
    """Synthesise what is missing, with a progress bar on standard error; `piper` is a model's file."""
    return or_faults(lambda: _build(_job(dialplan, config), piper))


def check(dialplan: str | None, config: Path | None = None, *, as_json: bool = False) -> int:
    """Measure every recording against the standard, what is missing synthesised before."""
    return or_faults(lambda: _check(_job(dialplan, config), as_json))


def import_recordings(
    folder: Path,
    dialplan: str | None = None,
    config: Path | None = None,
    *,
    to: Path | None = None,
    as_json: bool = False,
) -> int:
    """Convert a voice talent's files for the dialplan's `prompts/`, or the folder `to`, and check them."""
    return or_faults(lambda: _import(_job(dialplan, config), folder, to, as_json))


def list_prompts(dialplan: str | None, config: Path | None = None) -> int:
    """List every recording: its key, what is said, whether it is people's own, synthesised or missing."""
    return or_faults(lambda: _list(_job(dialplan, config)))


def _job(dialplan: str | None, config: Path | None) -> _Job:
    if config is None:
        return _Job(load_dialplan(dialplan or DEFAULT_DIALPLAN), DEFAULT_DATA_DIR, ())
    loaded = load_config(config)
    plan = load_dialplan(dialplan, None, loaded.parameters) if dialplan else load_for(loaded)
    return _Job(plan, loaded.data_path, tuple(agent.number for agent in loaded.agents))


def _build(job: _Job, piper: Path | None) -> int:
    dialplan, voice = job.dialplan, None if piper is None else PiperVoice(piper.absolute())
    try:
        recordings = _with_progress(partial(job.book(voice).build, job.agents))
    except VoiceError as error:
        typer.echo(str(error))
        return 1
    typer.echo(f"{dialplan.name}: {len(recordings)} recordings ready in {job.data_dir / 'prompts'}")
    if voice is not None and voice != voice_of(dialplan.voice, dialplan.voice_folder):
        now = f'the gateway itself speaks with voice = "{dialplan.voice}"'
        typer.echo(f'{dialplan.document.file}: {now}; for this one say voice = "piper:{voice.model}"')
    return 0


def _check(job: _Job, as_json: bool) -> int:
    gathered = _with_progress(partial(job.book().gather, job.agents))
    rows = check_recordings(job.dialplan, gathered, job.agents)
    show_rows(rows, job.dialplan.speaking_rate, as_json=as_json)
    faulty = any(row.faults for row in rows)
    if not faulty and not as_json:
        typer.echo(f"{job.dialplan.document.file}: good: {len(gathered.recordings)} recordings")
    return 1 if faulty else 0


def _import(job: _Job, folder: Path, to: Path | None, as_json: bool) -> int:
    target = target_folder(job.dialplan) if to is None else to
    result = _with_progress(partial(import_folder, folder, job.dialplan, target, job.agents))
    states = {segment.key: state for segment, state in result.done.items()}
    rows = check_imported(job.dialplan, target, result.done)
    shown = [replace(row, origin=states.get(row.prompt, row.origin)) for row in rows]
    show_rows(shown, job.dialplan.speaking_rate, as_json=as_json)
    if as_json:
        for fault in result.faults:
            typer.echo(str(fault), err=True)
    else:
        show_faults(result.faults)
        counts = ", ".join(
            f"{count} {state}"
            for state in ("new", "replaced", "unchanged")
            if (count := list(states.values()).count(state))
        )
        typer.echo(f"{target}: {counts or 'nothing imported'}; not imported: {len(result.faults)}")
    return 1 if result.faults or any(row.faults for row in rows) else 0


def _list(job: _Job) -> int:
    rows = job.book().listing(job.agents)
    longest = max(len(segment.key) for segment, _, _ in rows)
    for segment, file, origin in rows:
        typer.echo(f"{segment.key:<{longest}} {origin:<11} {file}  {segment.spoken}")
    return 0


def _with_progress(work: Callable[[Callable[[str, int, int], None]], Result]) -> Result:
    """Run `work` with what shows its progress, on standard error if that is a terminal."""
    columns = TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn()
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)
        return work(lambda key, ready, total: bar.update(task, description=key, completed=ready, total=total))
