"""The voice: what it says, how loud, and that it is safe to use from threads."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from drivers.voice.errors import UnknownVoiceError, VoiceError
from drivers.voice.espeak import phonemes, speak

pytestmark = pytest.mark.unit


def seconds(text: str, **options: object) -> float:
    return len(speak(text, **options)) / 8000  # type: ignore[arg-type]


def test_speech_is_telephone_audio_at_a_speaking_level() -> None:
    samples = speak("您好,请讲")
    level = 20 * np.log10(np.sqrt(np.mean(samples.astype(float) ** 2)) / 32768)
    assert samples.dtype == np.int16
    assert -30 < level < -10
    assert np.abs(samples.astype(int)).max() < 32767


def test_no_silence_before_or_after_the_words() -> None:
    samples = np.abs(speak("您好").astype(int))
    assert samples[:80].max() > 10
    assert samples[-80:].max() > 10


@pytest.mark.parametrize("nothing", ["", "  ", "。,!", "\n"])
def test_text_without_words_is_empty_audio(nothing: str) -> None:
    assert len(speak(nothing)) == 0


def test_digits_are_read_one_by_one_when_written_so() -> None:
    assert phonemes("八零一").split() == ["p'A55_|", "l'i35N_|", "j'i55_|"]


def test_the_mandarin_voice_says_chinese_not_letter_names() -> None:
    assert phonemes("您好").startswith("n")
    assert seconds("您好请讲") < 2.0


@pytest.mark.parametrize(
    ("ascii_mark", "full_width"), [(",", "\uff0c"), ("!", "\uff01"), ("?", "\uff1f"), (".", "\u3002")]
)
def test_ascii_punctuation_pauses_like_full_width(ascii_mark: str, full_width: str) -> None:
    plain = seconds("您好请讲")
    assert seconds(f"您好{ascii_mark}请讲") == pytest.approx(seconds(f"您好{full_width}请讲"), abs=0.05)
    assert seconds(f"您好{ascii_mark}请讲") > plain + 0.15


def test_rate_and_word_gap_slow_speech_down() -> None:
    text = "您好济华热线八零一号为您服务"
    assert seconds(text, words_per_minute=100) > 1.5 * seconds(text, words_per_minute=200)
    assert seconds(text, word_gap=0.1) > seconds(text) + 0.5


def test_threads_do_not_mix_their_speech() -> None:
    texts = ["一", "您好,请讲", "请稍等,正在为您查询", "再见"] * 3
    alone = [speak(text) for text in texts]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(speak, texts))
    assert [len(one) for one in together] == pytest.approx([len(one) for one in alone], rel=0.02)


def test_an_unknown_voice_is_named() -> None:
    with pytest.raises(UnknownVoiceError, match="klingon-not-there"):
        speak("您好", voice="klingon-not-there")
    assert issubclass(UnknownVoiceError, VoiceError)


@pytest.mark.parametrize("options", [{"words_per_minute": 20}, {"pitch": 100}, {"word_gap": -1.0}])
def test_values_out_of_range_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="allowed"):
        speak("您好", **options)  # type: ignore[arg-type]
