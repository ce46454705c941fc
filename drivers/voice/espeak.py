"""espeak-ng through ctypes: text in, telephone speech out, with no program to install.

The library keeps its state in globals, so one lock guards every call into it, and the callback it was given
lives as long as the module: freed, the next synthesis would jump into nothing.
"""

import ctypes
import re
import threading
from typing import Any

import espeakng_loader
import numpy as np
from numpy.typing import NDArray

from drivers.voice.errors import EngineMissingError, UnknownVoiceError, VoiceError
from drivers.voice.resample import to_telephone_rate

# The names and numbers of speak_lib.h, espeak-ng's public header.
_AUDIO_OUTPUT_SYNCHRONOUS = 2
_INITIALIZE_DONT_EXIT = 0x8000  # else the library ends the whole process when its data is missing
_CHARS_UTF8 = 1
_RATE, _VOLUME, _PITCH, _WORD_GAP = 1, 2, 3, 7
_MIN_WORDS_PER_MINUTE, _MAX_WORDS_PER_MINUTE = 80, 450
_WORD_GAP_UNIT = 0.01  # seconds at the normal rate

_GLUED_PUNCTUATION = re.compile(r"(?<=[\u4e00-\u9fff])([,.!?;:])(?=[^\s\d])")
"""ASCII punctuation written straight after a Chinese character: espeak-ng makes no pause there without a blank."""

_lock = threading.Lock()
_library: Any = None
_engine_rate = 0
_collected = bytearray()

_SynthCallback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


def _collect(wave: Any, count: int, _events: int | None) -> int:
    if wave and count > 0:
        _collected.extend(ctypes.string_at(wave, count * 2))
    return 0


_collector = _SynthCallback(_collect)


def speak(
    text: str,
    *,
    voice: str = "cmn",
    words_per_minute: int = 175,
    pitch: int = 50,
    word_gap: float = 0.0,
) -> NDArray[np.int16]:
    """Synthesise `text`: int16 samples at 8000 Hz, low-pass filtered, with no silence before or after the speech.

    `voice` is an espeak-ng voice or language name ("cmn" Mandarin, "en" English). `words_per_minute` is
    espeak-ng's rate, 80 to 450. `pitch` is 0 to 99. `word_gap` adds seconds between words, which slows speech
    down without stretching it. Text without anything to speak gives an empty array. Blocks for a few
    milliseconds per spoken second; safe from any thread. The engine's own state drifts: the same text differs by
    a few samples from call to call.

    Raises UnknownVoiceError, EngineMissingError, or VoiceError when the engine refuses the text; ValueError for
    a rate or pitch out of range.
    """
    if not _MIN_WORDS_PER_MINUTE <= words_per_minute <= _MAX_WORDS_PER_MINUTE:
        raise ValueError(f"words_per_minute {words_per_minute}: 80 to 450 is allowed")
    if not 0 <= pitch <= 99:
        raise ValueError(f"pitch {pitch}: 0 to 99 is allowed")
    if word_gap < 0:
        raise ValueError(f"word_gap {word_gap}: seconds from 0 up are allowed")
    with _lock:
        library = _loaded(voice)
        for parameter, value in (
            (_RATE, words_per_minute),
            (_PITCH, pitch),
            (_VOLUME, 100),
            (_WORD_GAP, round(word_gap / _WORD_GAP_UNIT)),
        ):
            library.espeak_SetParameter(parameter, value, 0)
        samples = _synthesise(library, text)
        rate = _engine_rate
    return to_telephone_rate(_trimmed(samples), rate)


def with_pauses(text: str) -> str:
    """`text` with its ASCII punctuation spaced so that it is heard as a pause, as the full-width forms are."""
    return _GLUED_PUNCTUATION.sub(r"\1 ", text)


def phonemes(text: str, *, voice: str = "cmn") -> str:
    """How espeak-ng would pronounce `text`, in its own phoneme letters; tones as digits. Errors as `speak`."""
    with _lock:
        library = _loaded(voice)
        buffer = ctypes.create_string_buffer(with_pauses(text).encode() + b"\0")
        rest = ctypes.c_void_p(ctypes.addressof(buffer))
        clauses = []
        while rest.value:
            clause = library.espeak_TextToPhonemes(ctypes.byref(rest), _CHARS_UTF8, 0)
            clauses.append((clause or b"").decode())
    return re.sub(r"\s+", " ", " ".join(clauses)).strip()


def _loaded(voice: str) -> Any:
    """The library, loaded once, with `voice` chosen. The lock is held."""
    global _library, _engine_rate
    if _library is None:
        library, rate = _load()
        _library, _engine_rate = library, rate
    if _library.espeak_SetVoiceByName(voice.encode()) != 0:
        raise UnknownVoiceError(f"voice {voice!r}: espeak-ng has none of that name; cmn and en are always there")
    return _library


def _load() -> tuple[Any, int]:
    path = espeakng_loader.get_library_path()
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise EngineMissingError(f"{path}: cannot be loaded ({error}); reinstall espeakng-loader") from error
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    data = espeakng_loader.get_data_path()
    rate = library.espeak_Initialize(_AUDIO_OUTPUT_SYNCHRONOUS, 0, data.encode(), _INITIALIZE_DONT_EXIT)
    if rate <= 0:
        raise EngineMissingError(f"{data}: espeak-ng found no voice data there; reinstall espeakng-loader")
    library.espeak_SetSynthCallback(_collector)
    return library, int(rate)


def _synthesise(library: Any, text: str) -> NDArray[np.int16]:
    encoded = with_pauses(text).encode()
    _collected.clear()
    status = library.espeak_Synth(encoded, len(encoded) + 1, 0, 0, 0, _CHARS_UTF8, None, None)
    if status != 0:
        raise VoiceError(f"espeak-ng refused the text {text[:20]!r} (status {status}); use plain text")
    samples = np.frombuffer(bytes(_collected), dtype=np.int16)
    _collected.clear()
    return samples


def _trimmed(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """Without the engine's silence before and after, so that callers decide on pauses."""
    (loud,) = np.nonzero(np.abs(samples.astype(np.int32)) > 16)
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples[:0]
