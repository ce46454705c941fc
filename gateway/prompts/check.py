"""Whether recordings can go live: format, clipping, level and speaking rate (JH-15)."""

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path

from drivers.hearing.wav import WavError, read_wav
from gateway.config.faults import Fault
from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import Phrase, Recording, Segment, phrases_of, segments_of
from gateway.prompts.level import active_level, clipped_share
from gateway.prompts.voice import characters

CLIPPED = 0.001
"""The share of samples at full scale from which distortion is heard: 0.1 %, as for a loud customer."""
SOFTEST, LOUDEST = -30.0, -12.0
"""dBFS of the spoken parts: comfortable on a telephone, neither high nor low (JH-15)."""
RATE_TOLERANCE = 0.35
"""How far a recording may be from the dialplan's speaking_rate: people breathe, commas pause."""


def recording_faults(file: Path) -> Iterator[Fault]:
    """What makes `file` unusable: not an 8000 Hz mono 16-bit WAV, empty, or clipped."""
    try:
        samples = read_wav(file)
    except WavError as error:
        yield Fault(file, 1, "", str(error).removeprefix(f"{file}: "))
        return
    if not samples.any():
        yield Fault(file, 1, "", "holds no sound; record it again")
    share = clipped_share(samples)
    if share > CLIPPED:
        yield Fault(
            file, 1, "", f"{share:.1%} of its samples are clipped; record it again, softer (at most 0.1 %)"
        )


def check_recordings(
    dialplan: Dialplan, recordings: Mapping[Segment, Recording], agents: tuple[str, ...] = ()
) -> list[Fault]:
    """Every fault of the recordings themselves, of names in `prompts/` that fit nothing, of level and rate.

    `recordings` as PromptBook.build gave it, with the same `agents`.
    """
    faults = list(_stray_files(dialplan, agents))
    for recording in dict.fromkeys(recordings.values()):
        faults += _level_faults(Path(recording.path))
    for phrase in phrases_of(dialplan).values():
        faults += _rate_faults(dialplan, phrase, recordings)
    return sorted(faults)


def _level_faults(file: Path) -> Iterator[Fault]:
    level = active_level(read_wav(file))
    if not SOFTEST <= level <= LOUDEST:
        allowed = f"allowed: {SOFTEST:.0f} to {LOUDEST:.0f} dBFS (JH-15)"
        yield Fault(file, 1, "", f"speech is at {level:.1f} dBFS; {allowed}")


def _rate_faults(dialplan: Dialplan, phrase: Phrase, recordings: Mapping[Segment, Recording]) -> Iterator[Fault]:
    segments = phrase.segments("801")
    count = sum(characters(segment.spoken) for segment in segments)
    seconds = sum(recordings[segment].duration for segment in segments)
    rate = count / seconds * 60
    wanted = dialplan.speaking_rate
    if count and abs(rate / wanted - 1) > RATE_TOLERANCE:
        least, most = wanted * (1 - RATE_TOLERANCE), wanted * (1 + RATE_TOLERANCE)
        message = f"is recorded at {rate:.0f} characters a minute; allowed: {least:.0f} to {most:.0f} (JH-15)"
        yield dialplan.document.fault(phrase.path, message)


def _stray_files(dialplan: Dialplan, agents: tuple[str, ...]) -> Iterator[Fault]:
    keys = [segment.key for segment in segments_of(dialplan)]
    wholes = [phrase.whole(agent) for phrase in phrases_of(dialplan).values() for agent in agents]
    keys += [whole.key for whole in wholes if whole is not None]
    for file in sorted((dialplan.folder / "prompts").glob("*.wav")):
        if file.stem in keys or (not agents and _names_an_agent(dialplan, file.stem)):
            continue
        near = difflib.get_close_matches(file.stem, keys, n=1)
        meant = f"did you mean {near[0]}.wav? " if near else ""
        yield Fault(file, 1, "", f"fits no prompt; {meant}allowed: {', '.join(keys)}")


def _names_an_agent(dialplan: Dialplan, stem: str) -> bool:
    """Whether this could be an agent's own recording, as no agents are known to tell."""
    key, _, number = stem.rpartition("-")
    phrase = phrases_of(dialplan).get(key)
    return phrase is not None and number.isdigit() and number.isascii() and phrase.whole(number) is not None
