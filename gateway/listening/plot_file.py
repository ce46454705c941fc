"""The file of a picture: refused before the long work if it cannot be, written when the work is done."""

from collections.abc import Sequence
from pathlib import Path

from drivers.hearing.heard import Heard
from gateway.listening.draw import ENDINGS, draw
from gateway.listening.levels import LevelTrace
from gateway.listening.picture import picture_of
from gateway.listening.tally import Summary


class PlotKindError(ValueError):
    """The name asks for a kind of picture that is not drawn; the message tells which are."""


class PlotFileError(Exception):
    """The picture cannot be written there; the message names the file and the cure."""


def check_plot(plot: Path, recording: Path) -> None:
    """Whether a picture of `recording` can be written to `plot`. Raises PlotKindError, PlotFileError.

    The file is opened for writing: nothing else tells for every kind of disk and permission.
    """
    if plot.suffix.lower() not in ENDINGS:
        raise PlotKindError(f"--plot: {plot}: pictures end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}")
    try:
        if plot.exists() and recording.exists() and plot.samefile(recording):
            raise PlotFileError(f"{plot}: is the recording itself; name another file")
        new = not plot.exists()
        with plot.open("ab"):
            pass
        if new:
            plot.unlink()
    except OSError as error:
        raise PlotFileError(_unwritable(plot, error)) from error


def save_plot(
    plot: Path,
    recording: Path,
    channel: int | None,
    summary: Summary,
    trace: LevelTrace,
    heard: Sequence[Heard],
) -> None:
    """Draw what was heard in `recording`. Raises PlotFileError."""
    shares = ", ".join(f"{verdict} {summary.share(verdict):.0%}" for verdict in summary.verdicts)
    side = "" if channel is None else f", channel {channel}"
    picture = picture_of(f"{recording.name}{side}", f"{_length(summary.duration)}: {shares}", trace.dbfs(), heard)
    try:
        draw(picture, plot)
    except OSError as error:
        raise PlotFileError(_unwritable(plot, error)) from error


def _length(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _unwritable(plot: Path, error: OSError) -> str:
    return (
        f"{plot}: cannot be written ({error.strerror}); name a file in a folder that exists and may be written to"
    )
