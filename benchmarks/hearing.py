"""How well, how soon and at what cost the ears judge: `python -m benchmarks.hearing [FOLDER_OF_RECORDED_SPEECH]`.

Prints markdown tables. Each scene is 1.5 s of idle line (hiss at -65 dBFS), 8 s of the sound and 3 s of idle line,
all through A-law. Recorded speech (8000 Hz WAV files, a sub-folder a voice) is measured too if a folder is given.
"""

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np

from benchmarks.material import (
    SENTENCES,
    Signal,
    active_level,
    alaw,
    babble,
    cadence,
    chords,
    coloured,
    crackle,
    dtmf,
    echo,
    hum,
    pcm,
    silence,
    speech,
    tones,
    white,
)
from drivers.hearing.ears import Ears
from drivers.hearing.heard import ToneHeard, VerdictHeard
from drivers.hearing.wav import WavError, read_wav

LEAD, SOUND, TRAIL = 1.5, 8.0, 3.0
Scene = tuple[str, str, Signal]
"""Class, expected verdict, sound."""

NOISES = {
    "white": white,
    "pink": lambda s, d: coloured(s, d, 1),
    "brown": lambda s, d: coloured(s, d, 2),
    "hum": hum,
    "crackle": crackle,
    "babble of 12": lambda s, d: babble(s, d, 12),
    "music": chords,
}


def voices() -> Iterator[Scene]:
    """Synthesised speech, alone and over noise."""
    for voice in SENTENCES:
        for pitch in (25, 50, 75):
            for level in (-21, -26, -31, -35):
                yield "speech, synthesised", "speech", speech(SOUND, level, voice, pitch)
            for level in (-41, -45, -48):
                yield "faint speech, synthesised", "faint", speech(SOUND, level, voice, pitch)
            yield "loud speech, synthesised", "loud", speech(SOUND, -6, voice, pitch)
        said = speech(SOUND, -24, voice)
        for name in ("white", "pink", "babble of 12"):
            for snr in (30, 20, 15):
                yield (
                    f"speech {snr} dB over noise",
                    "speech",
                    said + NOISES[name](SOUND, -24 - snr),
                )
            for snr in (6, 3, 0):
                yield (
                    f"speech {snr} dB over noise",
                    "noisy",
                    said + NOISES[name](SOUND, -24 - snr),
                )


def others() -> Iterator[Scene]:
    """All that is not speech."""
    for name, make in NOISES.items():
        for level in (-12, -20, -30, -38, -43):
            yield name, "noisy", make(SOUND, level)
    for level in (-52, -60, -70):
        yield "hiss under -50 dBFS", "silent", white(SOUND, level)
    yield "direct current", "silent", silence(SOUND) + 0.1
    for level in (-10, -20, -30):
        yield "call-progress tones", "silent", tones(SOUND, level, 450)
        yield "call-progress tones", "silent", cadence(SOUND, level, (0.35, 0.35), 450)
        yield "call-progress tones", "silent", cadence(SOUND, level, (2.0, 4.0), 440, 480)
        yield "DTMF digits", "silent", dtmf("0123456789*#" * 4, level)[: int(SOUND * 8000)]


def recorded(folder: Path) -> Iterator[Scene]:
    """Recorded speech, each sub-folder one voice."""
    for voice in sorted(p for p in folder.iterdir() if p.is_dir() and not p.is_symlink()):
        clips = []
        for path in sorted(voice.glob("*.wav")):
            try:
                clip = read_wav(path) / 32768
            except WavError:
                continue
            if len(clip) > 8000:
                clips.append(np.concatenate([clip, silence(0.3)]))
        spoken = np.concatenate(clips)
        pieces = spoken[: len(spoken) // 64000 * 64000].reshape(-1, 64000)[:20]
        for piece in pieces:
            yield "speech, recorded", "speech", active_level(piece, -26)
            yield "faint speech, recorded", "faint", active_level(piece, -45)
            yield "recorded speech 20 dB over noise", "speech", active_level(piece, -24) + coloured(SOUND, -44, 1)
            yield "recorded speech 3 dB over noise", "noisy", active_level(piece, -24) + coloured(SOUND, -27, 1)


def judge(scenes: Iterator[Scene]) -> None:
    """The confusion matrix with times."""
    ends: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    delays: dict[tuple[str, str], list[float]] = defaultdict(list)
    flaps: Counter[tuple[str, str]] = Counter()
    silences: list[float] = []
    tones_heard: Counter[str] = Counter()
    ears, spent, total = Ears(), 0.0, 0.0
    for kind, expected, sound in scenes:
        whole = np.concatenate([silence(LEAD), sound, silence(TRAIL)])
        samples = alaw(pcm(whole + white(len(whole) / 8000, -65)))
        ears.reset()
        start = time.perf_counter()
        reports = ears.hear(samples)
        spent, total = spent + time.perf_counter() - start, total + len(samples) / 8000
        heard = [h for h in reports if isinstance(h, VerdictHeard)]
        if kind != "call-progress tones":
            tones_heard.update(h.tone.value for h in reports if isinstance(h, ToneHeard))
        key, end = (kind, expected), LEAD + len(sound) / 8000
        during = [h for h in heard if LEAD < h.t <= end]
        ends[key][(during or heard)[-1].verdict.value] += 1
        flaps[key] += max(0, len(during) - (expected != "silent"))
        right = [h.t - LEAD for h in during if h.verdict.value == expected]
        delays[key] += right[:1]
        silences += [h.t - end for h in heard if h.t > end and h.verdict.value == "silent"][:1]
    print("| sound | expected | scenes | verdict at its end | extra changes | decided after: median/95 %/worst |")
    print("| --- | --- | --- | --- | --- | --- |")
    for (kind, expected), found in ends.items():
        took = delays[kind, expected]
        times = " / ".join(f"{np.percentile(took, q):.2f}" for q in (50, 95, 100)) + " s" if took else "–"
        verdicts = ", ".join(f"{name} {count}" for name, count in found.most_common())
        print(f"| {kind} | {expected} | {found.total()} | {verdicts} | {flaps[kind, expected]} | {times} |")
    print(f"\nSilent again after a sound: median {np.median(silences):.2f} s, worst {max(silences):.2f} s.")
    print(f"False call-progress tones in {total / 60:.0f} minutes without one: {sum(tones_heard.values())}.")
    print(f"Cost: {100 * spent / total:.1f} % of a core while there is sound.\n")


def echoes() -> None:
    """The prompt's echo alone, and a customer over it from 4 s on."""
    print("| echo loss | false verdicts, of 18 prompts | customer at -20 · -25 · -30 dBFS heard after |")
    print("| --- | --- | --- |")
    for loss in (10, 14, 20, 30):
        false, after = 0, {level: [] for level in (-20, -25, -30)}
        for voice in SENTENCES:
            near = np.concatenate([speech(8, -18, voice, 40), silence(2)])
            for delay in (0.0, 0.08, 0.27):
                far = echo(near, loss, delay) + white(10, -65)
                heard = Ears().hear(alaw(pcm(far)), pcm(near))
                false += any(isinstance(h, VerdictHeard) and h.verdict.value != "silent" for h in heard)
            for level, times in after.items():
                said = np.concatenate([silence(4), speech(3, level, "en", 65), silence(3)])
                heard = Ears().hear(alaw(pcm(echo(near, loss, 0.08) + said + white(10, -65))), pcm(near))
                times += [h.t - 4 for h in heard if isinstance(h, VerdictHeard) and h.verdict.value == "speech"][
                    :1
                ]
        cells = [f"{len(t)}/{len(SENTENCES)}, worst {max(t, default=0):.1f} s" for t in after.values()]
        print(f"| {loss} dB | {false} | {' · '.join(cells)} |")


def cost() -> None:
    """Per cent of a core by what is heard."""
    print("\n| heard for 20 s | cost, % of a core |")
    print("| --- | --- |")
    near = pcm(speech(20, -18))
    for name, sound, played in (
        ("silence", silence(20), None),
        ("speech", speech(20, -22), None),
        ("noise", white(20, -30), None),
        ("a prompt's echo at 14 dB", echo(near / 32768, 14, 0.05), near),
    ):
        samples, ears = pcm(sound), Ears()
        start = time.perf_counter()
        ears.hear(samples, played)
        print(f"| {name} | {100 * (time.perf_counter() - start) / 20:.1f} |")


if __name__ == "__main__":
    judge(chain(voices(), others()))
    for folder in sys.argv[1:]:
        judge(recorded(Path(folder)))
    echoes()
    cost()
