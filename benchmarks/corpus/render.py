"""Synthesised speech that is the same each time, kept in the cache folder.

espeak-ng's state drifts from sentence to sentence, so each speaker is rendered in a process of its own that has
spoken nothing before, with a fixed seed. Run as a module it renders the speakers that its standard input names as
JSON.
"""

import ctypes
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path

import espeakng_loader
import numpy as np
from numpy.typing import NDArray

from benchmarks.corpus.packages import cache_folder
from benchmarks.corpus.scene import Split
from benchmarks.corpus.texts import SYNTHESISED, TEXTS, WORDS, Synthesised
from drivers.voice.espeak import speak

_SEED = 1


def sentences(split: Split, speaker: Synthesised) -> list[NDArray[np.int16]]:
    """The speaker's sentences at 8000 Hz; all of the split's speakers are rendered when the first is missing.

    Raises RuntimeError if the synthesiser fails.
    """
    return _rendered({s: TEXTS[split][s.language] for s in SYNTHESISED[split]}, speaker)


def words(split: Split) -> dict[Synthesised, list[NDArray[np.int16]]]:
    """WORDS at 8000 Hz by each of the split's Mandarin speakers. Raises RuntimeError if the synthesiser fails."""
    scripts = {s: WORDS for s in SYNTHESISED[split] if s.language == "cmn"}
    return {speaker: _rendered(scripts, speaker) for speaker in scripts}


def _rendered(scripts: Mapping[Synthesised, tuple[str, ...]], speaker: Synthesised) -> list[NDArray[np.int16]]:
    """What one of the speakers says of its script; all that are missing are rendered at once."""
    path = _path(speaker, scripts[speaker])
    if not path.exists():
        _render_missing(scripts)
    with np.load(path) as stored:
        return [stored[f"arr_{i}"] for i in range(len(stored))]  # the names that numpy gives


@cache
def _path(speaker: Synthesised, texts: tuple[str, ...]) -> Path:
    script = json.dumps([asdict(speaker), texts, version("espeakng-loader")])
    key = hashlib.sha256(script.encode()).hexdigest()[:12]
    return cache_folder() / "speech" / f"{speaker.voice}-{key}.npz"


def _render_missing(scripts: Mapping[Synthesised, tuple[str, ...]]) -> None:
    wanted = [
        {**asdict(speaker), "texts": texts, "path": str(_path(speaker, texts))}
        for speaker, texts in scripts.items()
        if not _path(speaker, texts).exists()
    ]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.corpus.render"],
        input=json.dumps(wanted),
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the synthesiser failed: {(done.stderr.strip().splitlines() or ['no reason'])[-1]}")


def _render(texts: Sequence[str], path: str, voice: str, pitch: int, words_per_minute: int) -> None:
    speak(texts[0], voice=voice)  # loads the engine, which seeds its breath noise with the time of day
    ctypes.CDLL(espeakng_loader.get_library_path()).espeak_ng_SetRandSeed(ctypes.c_long(_SEED))
    spoken = [speak(text, voice=voice, pitch=pitch, words_per_minute=words_per_minute) for text in texts]
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".npz", delete=False) as scratch:
        np.savez(scratch, *spoken)
    Path(scratch.name).replace(target)


def _main() -> None:
    """Each speaker in a child that starts from this process's untouched state."""
    for wanted in json.load(sys.stdin):
        child = os.fork()
        if child == 0:
            _render(**wanted)
            os._exit(0)
        if os.waitpid(child, 0)[1]:
            sys.exit(f"{wanted['voice']}: not rendered")


if __name__ == "__main__":
    _main()
