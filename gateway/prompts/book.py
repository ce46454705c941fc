"""The prompt book: every recording a dialplan needs, people's own before synthesised ones."""

import hashlib
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.wav import WavError
from drivers.voice.errors import VoiceError
from gateway.config.faults import ConfigErrors, Fault
from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import Recording, Segment
from gateway.prompts.files import read_recording, write_recording
from gateway.prompts.folders import FOLDER, OwnRecordings
from gateway.prompts.judge import unusable
from gateway.prompts.level import ACTIVE_LEVEL, PEAK, RATE, padded
from gateway.prompts.voice import Voice, voice_of

Progress = Callable[[str, int, int], None]
"""Called after each recording with its key, how many are ready and how many there are."""
PAUSE_AROUND = 0.05
"""Seconds of silence before and after each synthesised recording: no click, and digits stay apart."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a dialplan has: its recordings, and for each that it lacks or cannot use, why."""

    recordings: dict[Segment, Recording]
    faults: dict[Segment, tuple[Fault, ...]]


class PromptBook:
    """The recordings of one dialplan."""

    def __init__(self, dialplan: Dialplan, data_dir: Path, voice: Voice | None = None) -> None:
        """Synthesised recordings are kept in `data_dir/prompts/` for later; `voice` default: the dialplan's."""
        self._dialplan = dialplan
        self._cache = data_dir.absolute() / "prompts"
        self._voice_is_the_dialplans = voice is None
        self._voice = voice or voice_of(dialplan.voice, dialplan.voice_folder)
        self._own = OwnRecordings(dialplan)

    def build(self, agents: Iterable[str] = (), progress: Progress | None = None) -> dict[Segment, Recording]:
        """Every recording for any agent's calls, and the whole phrases that `agents` recorded themselves.

        What is missing is synthesised, which takes a second or two for a whole dialplan; what is there is reused.
        Raises ConfigErrors with every recording that cannot be used or, where the dialplan's voice is `recorded`,
        is missing; and when the dialplan's voice or the disk fails. VoiceError when a `voice` given does.
        """
        gathered = self.gather(agents, progress)
        if gathered.faults:
            raise ConfigErrors(fault for faults in gathered.faults.values() for fault in faults)
        return gathered.recordings

    def gather(
        self,
        agents: Iterable[str] = (),
        progress: Progress | None = None,
        *,
        only: Container[Segment] | None = None,
    ) -> Gathered:
        """As `build`, but what is wrong with single recordings is told beside the good ones.

        `only` holds the segments that are wanted; None: all.
        """
        segments = [*self._own.segments, *self._own.wholes(agents)]
        if only is not None:
            segments = [segment for segment in segments if segment in only]
        gathered = Gathered({}, {})
        for ready, segment in enumerate(segments, start=1):
            own = self._own.file(segment)
            if own is not None:
                self._take(segment, own, gathered)
            elif self._voice is None:
                gathered.faults[segment] = (self._own.missing(segment),)
            else:
                gathered.recordings[segment] = self._synthesised(segment, self._voice)
            if progress is not None:
                progress(segment.key, ready, len(segments))
        return gathered

    def listing(self, agents: Iterable[str] = ()) -> list[tuple[Segment, Path, str]]:
        """Each recording, its file, and `own`, `synthesised` or `missing`; nothing is made.

        Raises ConfigErrors when the voice cannot be used.
        """
        rows = []
        for segment in [*self._own.segments, *self._own.wholes(agents)]:
            own = self._own.file(segment)
            if own is not None:
                rows.append((segment, own, "own"))
            elif self._voice is None:
                rows.append((segment, self._dialplan.folder / FOLDER / f"{segment.key}.wav", "missing"))
            else:
                file = self._cached_file(segment, self._voice)
                rows.append((segment, file, "missing" if self._usable(file) is None else "synthesised"))
        return rows

    @staticmethod
    def _take(segment: Segment, own: Path, gathered: Gathered) -> None:
        faults = tuple(unusable(own))
        if faults:
            gathered.faults[segment] = faults
        else:
            gathered.recordings[segment] = Recording(str(own), len(read_recording(own)) / RATE)

    def _synthesised(self, segment: Segment, voice: Voice) -> Recording:
        file = self._cached_file(segment, voice)
        samples = self._usable(file)
        if samples is None:
            samples = self._spoken(segment, voice)
            self._write(file, samples)
        return Recording(str(file), len(samples) / RATE)

    def _spoken(self, segment: Segment, voice: Voice) -> NDArray[np.int16]:
        try:
            spoken = voice.say(segment.spoken, phrase=segment.phrase, rate=self._dialplan.speaking_rate)
        except VoiceError as error:
            raise self._voice_fault(error) from error
        if not len(spoken):
            message = f"the voice has no sound for {segment.spoken!r}; allowed: a text in the voice's language"
            raise self._voice_fault(VoiceError(message))
        return padded(spoken, PAUSE_AROUND)

    def _write(self, file: Path, samples: NDArray[np.int16]) -> None:
        try:
            write_recording(file, samples)
        except OSError as error:
            message = (
                f"no recording could be written to {self._cache} ({error.strerror}); free or permit the folder"
            )
            raise ConfigErrors([self._dialplan.document.fault((), message)]) from error

    def _cached_file(self, segment: Segment, voice: Voice) -> Path:
        try:
            identity = voice.identity
        except VoiceError as error:
            raise self._voice_fault(error) from error
        sound = (identity, self._dialplan.speaking_rate, ACTIVE_LEVEL, PEAK, PAUSE_AROUND)
        what = (segment.spoken, segment.phrase, *map(str, sound))
        digest = hashlib.sha256("\n".join(what).encode()).hexdigest()
        return self._cache / f"{digest[:20]}.wav"

    def _voice_fault(self, error: VoiceError) -> Exception:
        """At the dialplan's line, if the voice is named there."""
        if not self._voice_is_the_dialplans:
            return error
        return ConfigErrors([self._dialplan.document.fault(("voice",), str(error))])

    @staticmethod
    def _usable(file: Path) -> NDArray[np.int16] | None:
        try:
            samples = read_recording(file)
        except WavError:
            return None
        return samples if len(samples) else None
