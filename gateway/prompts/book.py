"""The prompt book: every recording a dialplan needs, the supervisor's own before synthesised ones."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.wav import WavError, WavWriter, read_wav
from drivers.voice.errors import VoiceError
from gateway.config.faults import ConfigErrors
from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import Recording, Segment, phrases_of, segments_of
from gateway.prompts.check import recording_faults
from gateway.prompts.level import ACTIVE_LEVEL, PEAK, RATE, levelled, padded
from gateway.prompts.voice import EspeakVoice, Voice

Progress = Callable[[str, int, int], None]
"""Called after each recording with its key, how many are ready and how many there are."""
PAUSE_AROUND = 0.05
"""Seconds of silence before and after each synthesised recording: no click, and digits stay apart."""


class PromptBook:
    """The recordings of one dialplan."""

    def __init__(self, dialplan: Dialplan, data_dir: Path, voice: Voice | None = None) -> None:
        """Synthesised recordings are kept in `data_dir/prompts/` for later runs; `voice` default: espeak-ng's."""
        self._dialplan = dialplan
        self._cache = data_dir.absolute() / "prompts"
        self._voice = voice or EspeakVoice(dialplan.voice)

    def build(self, agents: Iterable[str] = (), progress: Progress | None = None) -> dict[Segment, Recording]:
        """Every recording for any agent's calls, and the whole phrases that `agents` recorded themselves.

        What is missing is synthesised, which takes a second or two for a whole dialplan; what is there is reused.
        Raises ConfigErrors when a supervisor's recording cannot be used, the voice fails, or the disk does.
        """
        segments = [*segments_of(self._dialplan), *self._own_wholes(agents)]
        book: dict[Segment, Recording] = {}
        for ready, segment in enumerate(segments, start=1):
            book[segment] = self._recording(segment)
            if progress is not None:
                progress(segment.key, ready, len(segments))
        return book

    def listing(self, agents: Iterable[str] = ()) -> list[tuple[Segment, Path, str]]:
        """Each recording, its file, and `own`, `synthesised` or `missing`; nothing is made."""
        rows = []
        for segment in [*segments_of(self._dialplan), *self._own_wholes(agents)]:
            own, file = self.own_file(segment), self._cached_file(segment)
            if own is not None:
                rows.append((segment, own, "own"))
            else:
                rows.append((segment, file, "missing" if self._usable(file) is None else "synthesised"))
        return rows

    def own_file(self, segment: Segment) -> Path | None:
        """The supervisor's recording of `segment`, if there is one."""
        file = self._dialplan.folder / "prompts" / f"{segment.key}.wav"
        return file if file.exists() else None

    def _own_wholes(self, agents: Iterable[str]) -> Iterator[Segment]:
        for phrase in phrases_of(self._dialplan).values():
            for agent in agents:
                whole = phrase.whole(agent)
                if whole is not None and self.own_file(whole) is not None:
                    yield whole

    def _recording(self, segment: Segment) -> Recording:
        own = self.own_file(segment)
        if own is not None:
            faults = list(recording_faults(own))
            if faults:
                raise ConfigErrors(faults)
            return Recording(str(own), len(read_wav(own)) / RATE)
        file = self._cached_file(segment)
        samples = self._usable(file)
        if samples is None:
            samples = self._spoken(segment)
            self._write(file, samples)
        return Recording(str(file), len(samples) / RATE)

    def _spoken(self, segment: Segment) -> NDArray[np.int16]:
        try:
            spoken = self._voice.say(segment.spoken, phrase=segment.phrase, rate=self._dialplan.speaking_rate)
        except VoiceError as error:
            raise ConfigErrors([self._dialplan.document.fault(("voice",), str(error))]) from error
        if not len(spoken):
            message = f"the voice has no sound for {segment.spoken!r}; allowed: a text in the voice's language"
            raise ConfigErrors([self._dialplan.document.fault(("voice",), message)])
        return padded(levelled(spoken), PAUSE_AROUND)

    def _write(self, file: Path, samples: NDArray[np.int16]) -> None:
        """Whole or not at all: another process may be reading the same cache, and power may fail."""
        new = file.with_name(f".{file.stem}.{os.getpid()}.wav")
        try:
            with WavWriter(new) as writer:
                writer.write(samples)
            with new.open("rb") as written:
                os.fsync(written.fileno())
            new.replace(file)
        except OSError as error:
            message = (
                f"no recording could be written to {self._cache} ({error.strerror}); free or permit the folder"
            )
            raise ConfigErrors([self._dialplan.document.fault((), message)]) from error

    def _cached_file(self, segment: Segment) -> Path:
        sound = (self._voice.identity, self._dialplan.speaking_rate, ACTIVE_LEVEL, PEAK, PAUSE_AROUND)
        what = (segment.spoken, segment.phrase, *map(str, sound))
        digest = hashlib.sha256("\n".join(what).encode()).hexdigest()
        return self._cache / f"{digest[:20]}.wav"

    @staticmethod
    def _usable(file: Path) -> NDArray[np.int16] | None:
        try:
            samples = read_wav(file)
        except WavError:
            return None
        return samples if len(samples) else None
