"""One recording through the ears, block by block."""

from collections.abc import Iterator
from pathlib import Path

from drivers.hearing.convert import Recording
from drivers.hearing.ears import Ears
from drivers.hearing.heard import Heard
from drivers.hearing.riff import WavError
from gateway.listening.levels import LevelTrace
from gateway.listening.tally import Summary, Tally


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
