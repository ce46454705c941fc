"""One recording through the ears, block by block."""

from collections.abc import Iterator
from pathlib import Path

from drivers.hearing.convert import Recording
from drivers.hearing.ears import Ears
from drivers.hearing.heard import Heard
from drivers.hearing.riff import WavError
from gateway.listening.levels import LevelTrace
from gateway.listening.tally import Summary, Tally


class EarsError(Exception):
    """There are no ears to hear with; the message is one line and names the cure."""


def ready_ears() -> Ears:
    """Ears with the voice model loaded. Raises EarsError when that fails, whatever the cause."""
    try:
        return Ears()
    except Exception as error:  # a library that is missing or broken, no memory, a model that cannot be read
        cause = str(error).partition("\n")[0]
        raise EarsError(
            f"the ears cannot be made ready ({type(error).__name__}: {cause}); install the package anew"
        ) from error


def hear(recording: Recording, ears: Ears, trace: LevelTrace | None = None) -> Iterator[Heard]:
    """Every decision as it falls; `ears` must be fresh, their `seconds` tell how far they have come.

    `trace`, if given, takes the levels. Raises WavError when the recording cannot be read, or holds no sound.
    """
    for frames in recording.frames():
        for start in range(0, len(frames), 8000):  # a second at a time: what is decided is told soon
            piece = frames[start : start + 8000]
            if trace is not None:
                trace.add(piece)
            yield from ears.hear(piece)


def hear_file(path: Path, ears: Ears, channel: int | None = None) -> Summary:
    """The summary of the recording at `path`. The ears are made to forget all before. Raises WavError."""
    ears.reset()
    tally = Tally()
    try:
        with Recording(path, channel) as recording:
            for heard in hear(recording, ears):
                tally.add(heard)
            return tally.summary(ears.seconds, recording.missing)
    except MemoryError as error:
        raise WavError(f"{path}: does not fit into memory; convert it to 8000 Hz mono first") from error
