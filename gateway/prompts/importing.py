"""A voice talent's files made into recordings: each converted whole or not at all, the rest told."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.wav import WavError
from gateway.config.faults import ConfigErrors, Fault, readable
from gateway.config.places import SHIPPED_DIALPLANS
from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import Segment
from gateway.prompts.book import Progress
from gateway.prompts.files import read_recording, write_recording
from gateway.prompts.folders import FOLDER
from gateway.prompts.level import finished
from gateway.prompts.names import Names
from gateway.prompts.sound_file import OTHER_SOUND_FILES, SOUND_FILES, SoundFileError, read_sound

MARGIN = 0.15
"""Seconds kept before the first sound and after the last: breath and soft consonants lie in them."""


@dataclass
class Import:
    """What became of a folder's files."""

    folder: Path
    """Where the recordings are now."""
    done: dict[Segment, str] = field(default_factory=dict)
    """`new`, `replaced` or `unchanged` for each recording."""
    faults: list[Fault] = field(default_factory=list)
    """Each file that could not be imported, and why."""


def target_folder(dialplan: Dialplan) -> Path:
    """The dialplan's `prompts/`. Raises ConfigErrors for one that came with the product."""
    if dialplan.folder.resolve().is_relative_to(SHIPPED_DIALPLANS):
        message = (
            f"{dialplan.name} came with the product, and an update takes its folder away; make a dialplan of your "
            f'own (a folder whose dialplan.toml says base = "{dialplan.name}"), or name a folder with --to'
        )
        raise ConfigErrors([Fault(dialplan.folder, 1, "", message)])
    return dialplan.folder / FOLDER


def import_folder(
    folder: Path, dialplan: Dialplan, target: Path, agents: Iterable[str] = (), progress: Progress | None = None
) -> Import:
    """Convert every sound file in `folder` that is named like a prompt and put it into `target`.

    One that is there already is replaced, unless it is the same. Raises ConfigErrors when `folder` itself cannot
    be used; whatever is wrong with single files is told in the result.
    """
    sources, result = _sources(folder), Import(target)
    chosen = _chosen(sources, Names(dialplan, agents), result)
    for ready, (segment, source) in enumerate(chosen.items(), start=1):
        try:
            samples = finished(read_sound(source), MARGIN)
            if not len(samples):
                raise SoundFileError("holds nothing but silence; record it again")
            result.done[segment] = _put(target / f"{segment.key}.wav", samples)
        except SoundFileError as error:
            result.faults.append(Fault(source, 1, "", str(error)))
        except OSError as error:
            message = f"cannot be written ({error.strerror}); free or permit the folder, or name another with --to"
            result.faults.append(Fault(target / f"{segment.key}.wav", 1, "", message))
        if progress is not None:
            progress(segment.key, ready, len(chosen))
    return result


def _sources(folder: Path) -> list[Path]:
    try:
        if not folder.is_dir():
            what = "is not a folder" if folder.exists() else "no such folder"
            raise _fault(folder, f"{what}; name the one that holds the recordings")
        found = sorted(file for file in folder.iterdir() if not file.name.startswith("."))
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise _fault(folder, f"cannot be read ({reason}); permit it to yourself") from error
    sounds = [file for file in found if file.suffix.lower() in SOUND_FILES + OTHER_SOUND_FILES]
    if not sounds:
        kinds = ", ".join(suffix.removeprefix(".") for suffix in SOUND_FILES)
        raise _fault(folder, f"holds no sound files; allowed: {kinds}, named like prompts")
    return sounds


def _chosen(sources: list[Path], names: Names, result: Import) -> dict[Segment, Path]:
    """One source for each recording; capitals in names make no difference."""
    meant: defaultdict[Segment, list[Path]] = defaultdict(list)
    for source in sources:
        segment = names.segment(source.stem.lower())
        if segment is None:
            result.faults.append(Fault(source, 1, "", names.unknown(source.stem.lower())))
        elif source.suffix.lower() not in SOUND_FILES:
            message = f"{source.suffix} files cannot be read; export it as WAV, FLAC or MP3"
            result.faults.append(Fault(source, 1, "", message))
        else:
            meant[segment].append(source)
    result.faults += _twice(meant)
    return {segment: files[0] for segment, files in meant.items() if len(files) == 1}


def _twice(meant: dict[Segment, list[Path]]) -> Iterator[Fault]:
    for segment, (first, *others) in meant.items():
        for other in others:
            message = f"is {segment.key} a second time, beside {readable(first.name)}; keep one of them"
            yield Fault(other, 1, "", message)


def _put(file: Path, samples: NDArray[np.int16]) -> str:
    try:
        if np.array_equal(read_recording(file), samples):
            return "unchanged"
    except WavError:
        pass  # none yet, or none worth keeping
    state = "replaced" if file.exists() else "new"
    write_recording(file, samples)
    return state


def _fault(folder: Path, message: str) -> ConfigErrors:
    return ConfigErrors([Fault(folder, 1, "", message)])
