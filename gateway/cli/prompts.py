"""`sansheng prompts build|check|list`: a dialplan's recordings.

Each command takes a dialplan (a shipped name or a folder), a config, both or neither: the dialplan given goes
before the config's, and jihua-gas is the default; agents and data_dir come from the config, else none and `var`.
Each gives its exit code: 0, or 1 with every fault printed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from gateway.cli.faults import show_faults
from gateway.config import ConfigErrors, load_config
from gateway.dialplan import Dialplan, Recording, Segment, load_dialplan
from gateway.prompts import PromptBook, check_recordings

DEFAULT_DIALPLAN = "jihua-gas"
DEFAULT_DATA_DIR = Path("var")


@dataclass(frozen=True)
class _Job:
    """What a command works on."""

    dialplan: Dialplan
    data_dir: Path
    agents: tuple[str, ...]

    @property
    def book(self) -> PromptBook:
        return PromptBook(self.dialplan, self.data_dir)


def build(dialplan: str | None, config: Path | None = None) -> int:
    """Synthesise what is missing, with a progress bar on standard error."""
    return _run(dialplan, config, _build)


def check(dialplan: str | None, config: Path | None = None) -> int:
    """Check texts and recordings against the standard: language, format, clipping, level, rate."""
    return _run(dialplan, config, _check)


def list_prompts(dialplan: str | None, config: Path | None = None) -> int:
    """List every recording: its key, what is said, whether it is the supervisor's own, synthesised or missing."""
    return _run(dialplan, config, _list)


def _run(dialplan: str | None, config: Path | None, command: Callable[[_Job], int]) -> int:
    try:
        return command(_job(dialplan, config))
    except ConfigErrors as errors:
        show_faults(errors.faults)
        return 1


def _job(dialplan: str | None, config: Path | None) -> _Job:
    if config is None:
        return _Job(load_dialplan(dialplan or DEFAULT_DIALPLAN), DEFAULT_DATA_DIR, ())
    loaded = load_config(config)
    plan = load_dialplan(dialplan) if dialplan else load_dialplan(loaded.dialplan, loaded.folder)
    return _Job(plan, loaded.data_path, tuple(agent.number for agent in loaded.agents))


def _build(job: _Job) -> int:
    recordings = _recordings(job)
    typer.echo(f"{job.dialplan.name}: {len(recordings)} recordings ready in {job.data_dir / 'prompts'}")
    return 0


def _check(job: _Job) -> int:
    recordings = _recordings(job)
    faults = check_recordings(job.dialplan, recordings, job.agents)
    show_faults(faults)
    if not faults:
        typer.echo(f"{job.dialplan.document.file}: good: {len(recordings)} recordings")
    return 1 if faults else 0


def _list(job: _Job) -> int:
    for segment, file, origin in job.book.listing(job.agents):
        typer.echo(f"{segment.key:<17} {origin:<11} {file}  {segment.spoken}")
    return 0


def _recordings(job: _Job) -> dict[Segment, Recording]:
    columns = TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        return job.book.build(
            job.agents,
            lambda key, ready, total: bar.update(task, description=key, completed=ready, total=total),
        )
