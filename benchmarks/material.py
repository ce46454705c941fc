"""Sounds of the telephone made to measure: speech, noise, tones, echo, and what a line does to them.

Everything is 8000 Hz float with full scale 1.0 until `pcm` makes int16 of it; `rng` seeds make it repeatable.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from drivers.hearing import g711
from drivers.voice.espeak import speak

RATE = 8000
Signal = NDArray[np.float64]

SENTENCES = {
    "cmn": "您好,我想咨询一下天然气的缴费问题,上个月的账单好像不对,麻烦您帮我查一下,谢谢。",
    "yue": "你好,我想问下点样交煤气费,上个月嘅单好似唔啱。",
    "en": "Hello, I would like to ask about my gas bill, last month's amount does not look right to me.",
    "de": "Guten Tag, ich habe eine Frage zu meiner Gasrechnung vom letzten Monat.",
    "ru": "Здравствуйте, у меня вопрос по счёту за газ за прошлый месяц.",
    "ar": "مرحبا، لدي سؤال حول فاتورة الغاز للشهر الماضي.",
}
"""What callers say, by espeak-ng voice."""


def level(signal: Signal, dbfs: float) -> Signal:
    """The signal at an rms of `dbfs`, DC taken away."""
    centred = signal - signal.mean()
    out: Signal = centred * (10 ** (dbfs / 20) / np.sqrt(np.mean(centred**2)))
    return out


def active_level(signal: Signal, dbfs: float) -> Signal:
    """Speech whose active parts (20 ms frames within 25 dB of the loudest) have an rms of `dbfs`."""
    frames = signal[: len(signal) // 160 * 160].reshape(-1, 160)
    power = np.mean(frames**2, axis=1)
    active = power[power > power.max() * 10**-2.5].mean()
    out: Signal = signal * (10 ** (dbfs / 20) / np.sqrt(active))
    return out


def pcm(signal: Signal) -> NDArray[np.int16]:
    """int16 of the signal, clipped at full scale, cut to whole 20 ms frames."""
    whole = signal[: len(signal) // 160 * 160]
    return np.clip(np.round(whole * 32768), -32768, 32767).astype(np.int16)


def alaw(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """Samples after a trip through A-law."""
    return g711.decode_alaw(g711.encode_alaw(samples))


def ulaw(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """Samples after a trip through µ-law."""
    return g711.decode_ulaw(g711.encode_ulaw(samples))


@cache
def _spoken(voice: str, pitch: int) -> Signal:
    return speak(SENTENCES[voice], voice=voice, pitch=pitch).astype(np.float64) / 32768


def speech(seconds: float, dbfs: float = -22.0, voice: str = "cmn", pitch: int = 50) -> Signal:
    """`seconds` of a sentence said again and again with 0.3 s between, at an active level of `dbfs`."""
    once = np.concatenate([_spoken(voice, pitch), np.zeros(int(0.3 * RATE))])
    return active_level(np.resize(once, int(seconds * RATE)), dbfs)


@cache
def word(text: str, voice: str = "cmn", pitch: int = 50) -> Signal:
    """A word said by itself, without the silence around it."""
    said = speak(text, voice=voice, pitch=pitch).astype(np.float64) / 32768
    loud = np.flatnonzero(np.abs(said) > 0.02 * np.abs(said).max())
    return said[loud[0] : loud[-1]]


def silence(seconds: float) -> Signal:
    """Digital silence."""
    return np.zeros(int(seconds * RATE))


def white(seconds: float, dbfs: float, seed: int = 0) -> Signal:
    """White noise."""
    return level(np.random.default_rng(seed).normal(size=int(seconds * RATE)), dbfs)


def coloured(seconds: float, dbfs: float, slope: float, seed: int = 0) -> Signal:
    """Noise whose power falls as 1/f^slope above 50 Hz: 1 pink, 2 brown."""
    count = int(seconds * RATE)
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(size=count))
    frequency = np.fft.rfftfreq(count, 1 / RATE)
    return level(np.fft.irfft(spectrum / np.maximum(frequency, 50) ** (slope / 2), count), dbfs)


def tones(seconds: float, dbfs: float, *frequencies: float) -> Signal:
    """Sines of equal strength, together at `dbfs`."""
    t = np.arange(int(seconds * RATE)) / RATE
    return level(np.sum([np.sin(2 * np.pi * f * t) for f in frequencies], axis=0), dbfs)


def cadence(seconds: float, dbfs: float, pattern: tuple[float, ...], *frequencies: float) -> Signal:
    """A tone keyed on and off by `pattern` (seconds on, off, on, …), whose level while on is `dbfs`."""
    cycle = np.concatenate([np.full(round(p * RATE), 1.0 - i % 2) for i, p in enumerate(pattern)])
    return tones(seconds, dbfs, *frequencies) * np.resize(cycle, int(seconds * RATE))


def hum(seconds: float, dbfs: float, mains: float = 50.0, tilt: float = 1.0, seed: int = 0) -> Signal:
    """Mains hum: the mains' frequency in Hz with harmonics that fall as 1/k^tilt."""
    t = np.arange(int(seconds * RATE)) / RATE
    turn = np.random.default_rng(seed).uniform(0, 2 * np.pi, 10) if seed else np.arange(10)
    parts = [np.sin(2 * np.pi * mains * k * t + turn[k]) / k**tilt for k in (1, 2, 3, 4, 5, 7, 9)]
    return level(np.sum(parts, axis=0), dbfs)


def hiss(seconds: float, dbfs: float, seed: int = 0) -> Signal:
    """Hiss of an analogue line: noise of the telephone band, 300 to 3400 Hz, a little stronger towards its top."""
    count = int(seconds * RATE)
    frequency = np.fft.rfftfreq(count, 1 / RATE)
    shape = np.where((frequency > 300) & (frequency < 3400), np.sqrt(frequency / 1000), 0.03)
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(size=count))
    return level(np.fft.irfft(spectrum * shape, count), dbfs)


def comfort_noise(seconds: float, seed: int = 0) -> Signal:
    """What a decoder plays in pauses: low-passed noise whose level is renewed each 0.4 s, within ±1.5 dB."""
    rng = np.random.default_rng(seed)
    count = int(seconds * RATE)
    noise = np.convolve(rng.normal(size=count + 7), 0.7 ** np.arange(8), "valid")
    return noise * 10 ** (np.repeat(rng.uniform(-1.5, 1.5, count // 3200 + 1), 3200)[:count] / 20)


def engine(seconds: float, dbfs: float, firing: float, seed: int = 0) -> Signal:
    """A motor: harmonics of about `firing` explosions a second, whose speed wanders, over a rumble."""
    rng = np.random.default_rng(seed)
    count = int(seconds * RATE)
    wander = np.interp(
        np.arange(count),
        np.arange(0, count + RATE, RATE // 2),
        rng.uniform(0.85, 1.15, len(np.arange(0, count + RATE, RATE // 2))),
    )
    phase = 2 * np.pi * firing * np.cumsum(wander) / RATE
    parts = [
        np.sin(k / 2 * phase + turn) * strength / k**0.7
        for k, turn, strength in zip(
            range(1, 33), rng.uniform(0, 2 * np.pi, 32), rng.uniform(0.3, 1, 32), strict=True
        )
    ]
    return level(level(np.sum(parts, axis=0), 0) + coloured(seconds, -8, 2, int(rng.integers(2**31))), dbfs)


def far_off(signal: Signal, reverberation: float, seed: int = 0) -> Signal:
    """The signal from the far side of a hall: without its direct sound, 60 dB of decay in `reverberation` seconds,
    250 to 2800 Hz."""
    count = int(reverberation * RATE)
    room = np.random.default_rng(seed).normal(size=count) * 10 ** (-3 * np.arange(count) / count)
    size = len(signal) + count
    frequency = np.fft.rfftfreq(size, 1 / RATE)
    band = 1 / (1 + (frequency / 2800) ** 8) / (1 + (250 / np.maximum(frequency, 1)) ** 8)
    return np.fft.irfft(np.fft.rfft(signal, size) * np.fft.rfft(room, size) * band, size)[: len(signal)]


def crackle(seconds: float, dbfs: float, per_second: float = 25.0, seed: int = 0) -> Signal:
    """Pops of a bad joint: short decaying bursts at random moments."""
    rng = np.random.default_rng(seed)
    out = np.zeros(int(seconds * RATE) + 200)
    pop = np.exp(-np.arange(200) / 20.0)
    for at in rng.integers(0, int(seconds * RATE), int(seconds * per_second)):
        out[at : at + 200] += pop * rng.normal(size=200) * rng.uniform(0.3, 1.0)
    return level(out[: int(seconds * RATE)], dbfs)


def babble(seconds: float, dbfs: float, voices: int = 10, seed: int = 0) -> Signal:
    """A crowd: many voices and languages at once."""
    rng = np.random.default_rng(seed)
    out = np.zeros(int(seconds * RATE))
    for i in range(voices):
        voice = list(SENTENCES)[i % len(SENTENCES)]
        one = speech(seconds, -25 + rng.uniform(-3, 3), voice, pitch=int(rng.integers(20, 80)))
        out += np.roll(one, int(rng.integers(len(out))))
    return level(out, dbfs)


def chords(seconds: float, dbfs: float) -> Signal:
    """Hold music: chords of three notes with harmonics, a new one each half second."""
    t = np.arange(RATE // 2) / RATE
    parts = []
    for root in np.resize([262.0, 349.0, 392.0, 294.0, 330.0], int(seconds * 2) + 1):
        notes = [
            np.sin(2 * np.pi * root * ratio * k * t) / k**1.5 for ratio in (1, 1.26, 1.5) for k in (1, 2, 3, 4)
        ]
        parts.append(np.sum(notes, axis=0) * np.exp(-t * 2))
    return level(np.concatenate(parts)[: int(seconds * RATE)], dbfs)


_GRID = [(row, column) for row in (697, 770, 852, 941) for column in (1209, 1336, 1477, 1633)]
_KEYS = dict(zip("123A456B789C*0#D", _GRID, strict=True))


def dtmf(keys: str, dbfs: float = -12.0, on: float = 0.1, off: float = 0.1) -> Signal:
    """Keys pressed one after the other."""
    return np.concatenate([part for key in keys for part in (tones(on, dbfs, *_KEYS[key]), silence(off))])


def ring_off(signal: Signal, seconds: float) -> Signal:
    """The signal followed by that much digital silence."""
    return np.concatenate([signal, silence(seconds)])


def echo(near: Signal, loss: float, delay: float, spread: int = 24, seed: int = 7) -> Signal:
    """What a hybrid returns of `near`: `loss` dB weaker, `delay` seconds later, smeared over some samples."""
    path = np.random.default_rng(seed).normal(size=spread) * np.exp(-np.arange(spread) / 5.0)
    path[0] = 2.0
    path *= 10 ** (-loss / 20) / np.sqrt(np.sum(path**2))
    out = np.convolve(np.concatenate([np.zeros(round(delay * RATE)), near]), path)
    return out[: len(near)]


def lost_packets(
    samples: NDArray[np.int16], share: float, seed: int = 0, repeats: bool = False
) -> NDArray[np.int16]:
    """Samples with that share of 20 ms packets replaced by nothing, or by the last packet that came."""
    frames = samples.reshape(-1, 160).copy()
    lost = np.random.default_rng(seed).random(len(frames)) < share
    if not repeats:
        frames[lost] = 0
        return frames.reshape(-1)
    came = np.maximum.accumulate(np.where(lost, 0, np.arange(len(frames))))
    return frames[came].reshape(-1)
