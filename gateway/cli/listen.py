"""`sansheng listen FILE`: what the gateway's ears hear in a recording."""

import sys
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from drivers.hearing.convert import ChannelError, Recording
from drivers.hearing.heard import Heard
from drivers.hearing.riff import WavError
from gateway.cli.listen_shown import (
    any_letters,
    as_line,
    as_object,
    one_line,
    show_error,
    show_object,
    summary_line,
)
from gateway.listening.hearing import EarsError, hear, ready_ears
from gateway.listening.levels import LevelTrace
from gateway.listening.plot_file import PlotFileError, PlotKindError, check_plot, save_plot
from gateway.listening.tally import Summary, Tally

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""


@dataclass(frozen=True, slots=True)
class ListenOptions:
    """What may be asked for beside the recording; `jobs` is for folders alone."""

    as_json: bool = False
    plot: Path | None = None
    channel: int | None = None
    jobs: int = 2


def listen(path: Path, options: ListenOptions) -> int:
    """Print a line for each decision as it falls, then the summary; of a folder, the summary of its recordings.

    Returns 0; 1 when the file cannot be read, or not to its end, the picture not be written, or no ears be had;
    2 for a channel that the file does not have, a picture of an unknown kind or of a folder; 130 after Ctrl-C,
    with what was heard until then. One line on stderr tells why.
    """
    any_letters()
    if _is_folder(path):
        from gateway.cli.listen_folder import listen_folder

        if options.plot is not None:
            show_error("--plot: a picture is of one recording; name a file, not a folder")
            return 2
        return listen_folder(path, options)
    try:
        if options.plot is not None:
            check_plot(options.plot, path)
        with Recording(path, options.channel) as recording:
            if recording.channels == 2 and options.channel is None:
                show_error(f"{path}: two channels; the left is heard, the customer's; --channel 2 for the other")
            return _listen(recording, path, options)
    except (ChannelError, PlotKindError) as error:
        show_error(str(error))
        return 2
    except (WavError, PlotFileError, EarsError) as error:
        show_error(str(error))
        return 1


def _listen(recording: Recording, path: Path, options: ListenOptions) -> int:
    ears, tally = ready_ears(), Tally()
    trace = None if options.plot is None else LevelTrace()
    kept: list[Heard] = []
    interrupted = False
    with _progress() as bar:
        task = bar.add_task(one_line(path.name), total=recording.seconds or None)
        try:
            for one in hear(recording, ears, trace):
                tally.add(one)
                _show(one, options.as_json)
                if trace is not None:
                    kept.append(one)
                bar.update(task, completed=ears.seconds)
        except KeyboardInterrupt:
            interrupted = True
    summary = tally.summary(ears.seconds, 0.0 if interrupted else recording.missing)
    _show_summary(summary, options.as_json, interrupted)
    if trace is not None and options.plot is not None:
        save_plot(options.plot, path, options.channel, summary, trace, kept)
    if interrupted:
        return INTERRUPTED
    if summary.missing:
        show_error(
            f"{path}: cut short: {max(0.01, summary.missing):.2f} s are missing after {summary.duration:.2f} s; "
            "heard as far as it goes; copy it again"
        )
        return 1
    return 0


def _show(heard: Heard, as_json: bool) -> None:
    if as_json:
        show_object(as_object(heard))
    else:
        print(as_line(heard), flush=True)


def _show_summary(summary: Summary, as_json: bool, interrupted: bool) -> None:
    if as_json:
        show_object({"summary": summary.as_json() | ({"interrupted": True} if interrupted else {})})
    else:
        print(summary_line(summary) + ("; interrupted" if interrupted else ""))


def _progress() -> Progress:
    """A bar for who has sent the decisions elsewhere; on a terminal they themselves show how far it is."""
    console = Console(stderr=True)
    quiet = not console.is_terminal or sys.stdout.isatty()
    return Progress(console=console, transient=True, disable=quiet, redirect_stdout=False, redirect_stderr=False)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # what may not even be looked at is told when it is opened
        return False
