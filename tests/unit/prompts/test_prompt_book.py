"""Prompts spoken for real by espeak-ng: rate, level, digits, reuse; and recordings of the supervisor's own."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from drivers.hearing.wav import WavWriter, read_wav
from gateway.config import ConfigErrors
from gateway.config.places import SHIPPED_DIALPLANS
from gateway.dialplan import Dialplan, Recording, Segment, compile_plan, load_dialplan, phrases_of
from gateway.prompts import PromptBook, check_recordings
from gateway.prompts.level import RATE, active_level, clipped_share, peak_level
from gateway.prompts.voice import characters

pytestmark = pytest.mark.unit

JIHUA = (SHIPPED_DIALPLANS / "jihua-gas" / "dialplan.toml").read_text()
Book = dict[Segment, Recording]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def book(data_dir: Path) -> Book:
    return PromptBook(load_dialplan("jihua-gas"), data_dir).build(["801"])


@pytest.fixture
def own(tmp_path: Path) -> Dialplan:
    """A dialplan in a folder of its own, whose prompts/ a test may fill."""
    folder = tmp_path / "own"
    (folder / "prompts").mkdir(parents=True)
    (folder / "dialplan.toml").write_text(JIHUA)
    return load_dialplan(folder)


def tone(seconds: float, amplitude: float = 4000) -> NDArray[np.int16]:
    return (amplitude * np.sin(np.arange(int(seconds * RATE)) * 0.3)).astype(np.int16)


def record(dialplan: Dialplan, key: str, samples: NDArray[np.int16]) -> Path:
    file = dialplan.folder / "prompts" / f"{key}.wav"
    with WavWriter(file) as writer:
        writer.write(samples)
    return file


def test_every_recording_is_a_telephone_wav_of_its_length(book: Book) -> None:
    for recording in book.values():
        samples = read_wav(recording.path)
        assert Path(recording.path).is_absolute()
        assert recording.duration == pytest.approx(len(samples) / RATE)


def test_levels_are_comfortable_and_nothing_is_clipped(book: Book) -> None:
    for recording in book.values():
        samples = read_wav(recording.path)
        assert -24 <= active_level(samples) <= -20
        assert peak_level(samples) <= -5.9
        assert clipped_share(samples) == 0


def test_each_prompt_is_spoken_at_about_120_characters_a_minute(book: Book) -> None:
    dialplan = load_dialplan("jihua-gas")
    for phrase in phrases_of(dialplan).values():
        segments = phrase.segments("801")
        count = sum(characters(segment.spoken) for segment in segments)
        rate = count / sum(book[segment].duration for segment in segments) * 60
        assert 105 <= rate <= 140, phrase.key


def test_the_number_is_spoken_digit_by_digit(book: Book) -> None:
    (greeting,) = compile_plan(load_dialplan("jihua-gas"), book, agent="801").greeting
    files = {segment.key: recording.path for segment, recording in book.items()}
    assert list(greeting.recordings[1:-1]) == [files["digit-8"], files["digit-0"], files["digit-1"]]
    digits = [segment for segment in book if segment.key.startswith("digit-")]
    assert len({book[segment].path for segment in digits}) == 10
    assert "".join(segment.spoken for segment in digits) == "零幺二三四五六七八九"


def test_recordings_begin_and_end_with_a_moment_of_silence(book: Book) -> None:
    for recording in book.values():
        samples = read_wav(recording.path)
        edge = int(0.05 * RATE)
        assert not samples[:edge].any()
        assert not samples[-edge:].any()
        assert samples[edge : edge + RATE // 4].any()


def test_recordings_are_reused(book: Book, data_dir: Path) -> None:
    def times() -> dict[Path, int]:
        return {file: file.stat().st_mtime_ns for file in (data_dir / "prompts").iterdir()}

    before = times()
    again = PromptBook(load_dialplan("jihua-gas"), data_dir).build()
    assert again == book
    assert times() == before
    assert {Path(recording.path) for recording in book.values()} == set(before)


def test_a_damaged_recording_is_made_again(tmp_path: Path) -> None:
    book = PromptBook(load_dialplan("jihua-gas"), tmp_path)
    further = next(recording for segment, recording in book.build().items() if segment.key == "further")
    file = Path(further.path)
    file.write_bytes(file.read_bytes()[:20])
    assert [segment.key for segment, _, state in book.listing() if state == "missing"] == ["further"]
    book.build()
    # espeak-ng's noise is random: the same words, not the same bytes.
    assert len(read_wav(file)) / RATE == pytest.approx(further.duration, rel=0.1)


def test_progress_counts_every_recording(data_dir: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    made = PromptBook(load_dialplan("jihua-gas"), data_dir).build((), lambda *step: seen.append(step))
    assert [ready for _, ready, _ in seen] == list(range(1, len(made) + 1))
    assert {total for _, _, total in seen} == {len(made)}


def test_the_shipped_prompts_pass_their_own_check(book: Book) -> None:
    assert check_recordings(load_dialplan("jihua-gas"), book, ("801",)) == []


class TestOwnRecordings:
    def test_go_before_synthesis(self, own: Dialplan, data_dir: Path) -> None:
        further = record(own, "further", tone(6.0))
        greeting = record(own, "greeting-802", tone(12.0))
        made = PromptBook(own, data_dir).build(["801", "802"])
        plan = compile_plan(own, made, agent="802")
        assert plan.closing.further.recordings == (str(further),)
        assert plan.closing.further.duration == pytest.approx(6.0, abs=0.01)
        assert plan.greeting[0].recordings == (str(greeting),)
        assert len(compile_plan(own, made, agent="801").greeting[0].recordings) == 5
        assert check_recordings(own, made, ("801", "802")) == []

    @pytest.mark.parametrize(
        ("samples", "expected"),
        [
            (np.sign(tone(1.0)) * 32767.0, r"further.wav:1: .*% of its samples are clipped"),
            (np.zeros(8000), r"further.wav:1: holds no sound"),
            (np.zeros(0), r"further.wav:1: holds no sound"),
        ],
    )  # fmt: skip
    def test_that_cannot_be_used_are_told(
        self, own: Dialplan, data_dir: Path, samples: NDArray[np.float64], expected: str
    ) -> None:
        record(own, "further", samples.astype(np.int16))
        with pytest.raises(ConfigErrors, match=expected):
            PromptBook(own, data_dir).build()

    def test_of_another_format_are_told(self, own: Dialplan, data_dir: Path) -> None:
        file = record(own, "further", tone(1.0))
        wav = bytearray(file.read_bytes())
        wav[24:28] = (44100).to_bytes(4, "little")
        file.write_bytes(wav)
        with pytest.raises(ConfigErrors, match=r"further.wav:1: .*44100 Hz.*8000 Hz mono"):
            PromptBook(own, data_dir).build()
        file.write_bytes(b"not a wav")
        with pytest.raises(ConfigErrors, match=r"further.wav:1: not a WAV file"):
            PromptBook(own, data_dir).build()

    def test_too_soft_too_fast_or_misnamed_are_told(self, own: Dialplan, data_dir: Path) -> None:
        record(own, "further", tone(1.0, 100))
        record(own, "farwell", tone(1.0))
        record(own, "greeting-9", tone(1.0))
        faults = check_recordings(own, PromptBook(own, data_dir).build(), ("801",))
        text = "\n".join(map(str, faults))
        assert "further.wav:1: speech is at -5" in text
        assert "further.text: is recorded at 720 characters a minute; allowed: 78 to 162 (JH-15)" in text
        assert "farwell.wav:1: fits no prompt; did you mean farewell.wav?" in text
        assert "greeting-9.wav:1: fits no prompt" in text
        assert len(faults) == 4


def test_an_unknown_voice_is_told_on_its_line(own: Dialplan, tmp_path: Path) -> None:
    file = own.folder / "dialplan.toml"
    file.write_text(JIHUA.replace('voice = "cmn"', 'voice = "klingonese"'))
    with pytest.raises(ConfigErrors, match=r"dialplan.toml:8: voice: voice 'klingonese'"):
        PromptBook(load_dialplan(own.folder), tmp_path).build()


def test_a_folder_that_cannot_be_written_is_told(own: Dialplan, tmp_path: Path) -> None:
    (tmp_path / "prompts").write_text("a file where the folder should be")
    with pytest.raises(ConfigErrors, match="no recording could be written"):
        PromptBook(own, tmp_path).build()


def test_level_of_nothing_and_of_full_scale() -> None:
    assert active_level(np.zeros(160, dtype=np.int16)) == float("-inf")
    assert peak_level(np.zeros(0, dtype=np.int16)) == float("-inf")
    square = np.full(1600, 32767, dtype=np.int16)
    assert active_level(square) == pytest.approx(0, abs=0.01)
    with_pause = np.concatenate((square, np.zeros(16000, dtype=np.int16)))
    assert active_level(with_pause) == pytest.approx(0, abs=0.01)
