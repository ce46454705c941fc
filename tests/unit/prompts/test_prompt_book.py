"""Prompts spoken for real by espeak-ng: rate, level, digits, reuse; and recordings of the supervisor's own."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from drivers.hearing.wav import read_wav
from gateway.config import ConfigErrors
from gateway.dialplan import Call, Dialplan, Recording, Segment, compile_plan, load_dialplan, phrases_of
from gateway.dialplan.language import spoken_characters
from gateway.prompts import PromptBook, missing_recordings
from gateway.prompts.level import RATE, active_level, clipped_share, peak_level
from tests.unit.prompts.studio import JIHUA, own_dialplan, record, tone

pytestmark = pytest.mark.unit

Book = dict[Segment, Recording]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def book(data_dir: Path) -> Book:
    return PromptBook(load_dialplan("jihua-gas"), data_dir).build(["801"])


@pytest.fixture
def own(tmp_path: Path) -> Dialplan:
    return own_dialplan(tmp_path / "own")


def test_every_recording_is_a_telephone_wav_of_its_length(book: Book) -> None:
    for recording in book.values():
        samples = read_wav(recording.path)
        assert Path(recording.path).is_absolute()
        assert recording.duration == pytest.approx(len(samples) / RATE)


def test_levels_are_comfortable_and_nothing_is_clipped(book: Book) -> None:
    for recording in book.values():
        samples = read_wav(recording.path)
        assert -24 <= active_level(samples) <= -19.8
        assert peak_level(samples) <= -2.9
        assert clipped_share(samples) == 0


def test_each_prompt_is_spoken_at_about_120_characters_a_minute(book: Book) -> None:
    dialplan = load_dialplan("jihua-gas")
    for phrase in phrases_of(dialplan).values():
        segments = phrase.segments("801")
        count = sum(spoken_characters(segment.spoken) for segment in segments)
        rate = count / sum(book[segment].duration for segment in segments) * 60
        assert 105 <= rate <= 140, phrase.key


def test_the_number_is_spoken_digit_by_digit(book: Book) -> None:
    (greeting,) = compile_plan(load_dialplan("jihua-gas"), book, Call("801")).today.greeting
    files = {segment.key: recording.path for segment, recording in book.items()}
    assert list(greeting.recordings[1:-1]) == [files["digit-8"], files["digit-0"], files["digit-1"]]
    digits = [segment for segment in book if segment.key.startswith("digit-")]
    assert len({book[segment].path for segment in digits}) == 10
    assert "".join(segment.spoken for segment in digits) == "零幺二三四五六七八九"


def test_recordings_begin_and_end_with_a_moment_of_silence(book: Book) -> None:
    for recording in book.values():
        samples = read_wav(recording.path)
        edge = int(0.05 * RATE)
        assert not np.abs(samples[:edge]).max() > 2
        assert not np.abs(samples[-edge:]).max() > 2
        assert samples[edge : edge + RATE // 4].any()


def files_of(data_dir: Path) -> dict[str, tuple[int, int]]:
    """Each file with what changes when it is written again."""
    return {file.name: (file.stat().st_ino, file.stat().st_mtime_ns) for file in (data_dir / "prompts").iterdir()}


def test_a_second_build_writes_nothing(tmp_path: Path) -> None:
    first = PromptBook(load_dialplan("jihua-gas"), tmp_path).build()
    before = files_of(tmp_path)
    assert PromptBook(load_dialplan("jihua-gas"), tmp_path).build() == first
    assert files_of(tmp_path) == before
    assert {Path(recording.path).name for recording in first.values()} == set(before)


def test_a_changed_text_alone_is_spoken_again(own: Dialplan, tmp_path: Path) -> None:
    PromptBook(own, tmp_path).build()
    before = files_of(tmp_path)
    changed = own_dialplan(own.folder, JIHUA.replace("您好,实习话务员为您服务。", "您好,新话务员为您服务。"))
    seen = [segment.key for segment, _, state in PromptBook(changed, tmp_path).listing() if state == "missing"]
    assert seen == ["trainee-greeting"]
    PromptBook(changed, tmp_path).build()
    after = files_of(tmp_path)
    assert len(after) == len(before) + 1
    assert {name: after[name] for name in before} == before


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


class TestOwnRecordings:
    def test_go_before_synthesis(self, own: Dialplan, data_dir: Path) -> None:
        further = record(own, "further", tone(6.0))
        greeting = record(own, "greeting-802", tone(12.0))
        made = PromptBook(own, data_dir).build(["801", "802"])
        plan = compile_plan(own, made, Call("802"))
        assert plan.closing.further.recordings == (str(further),)
        assert plan.closing.further.duration == pytest.approx(6.0, abs=0.01)
        assert plan.today.greeting[0].recordings == (str(greeting),)
        assert len(compile_plan(own, made, Call("801")).today.greeting[0].recordings) == 5

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

    def test_all_that_cannot_be_used_are_told_at_once(self, own: Dialplan, data_dir: Path) -> None:
        record(own, "further", np.zeros(0, dtype=np.int16))
        record(own, "farewell", np.zeros(80, dtype=np.int16))
        with pytest.raises(ConfigErrors) as told:
            PromptBook(own, data_dir).build()
        assert [fault.file.stem for fault in told.value.faults] == ["farewell", "further"]

    def test_too_long_a_recording_is_not_read(self, own: Dialplan, data_dir: Path) -> None:
        file = record(own, "further", tone(1.0))
        with file.open("r+b") as stream:
            stream.truncate(3 * 3600 * 16000)  # three hours, most of it a hole
        with pytest.raises(ConfigErrors, match=r"further.wav:1: 173 MB are no prompt of at most 200 s; .*import"):
            PromptBook(own, data_dir).build()
        record(own, "further", tone(201))
        with pytest.raises(ConfigErrors, match="lasts 201 s; a prompt has at most 200 s"):
            PromptBook(own, data_dir).build()

    def test_what_is_no_file_is_told(self, own: Dialplan, data_dir: Path) -> None:
        (own.folder / "prompts" / "further.wav").mkdir()
        with pytest.raises(ConfigErrors, match=r"further.wav:1: not a file"):
            PromptBook(own, data_dir).build()


class TestVoiceRecorded:
    TEXT = JIHUA.replace('voice = "cmn"', 'voice = "recorded"')

    def test_nothing_is_synthesised_and_every_missing_file_told(self, tmp_path: Path) -> None:
        own = own_dialplan(tmp_path / "own", self.TEXT)
        book = PromptBook(own, tmp_path)
        with pytest.raises(ConfigErrors) as told:
            book.build()
        line = self.TEXT.splitlines().index('text = "请问还有其他需要咨询的吗?"') + 1
        assert str(told.value.faults[-2]) == (
            f"{own.document.file}:{line}: further.text: recording further.wav is missing (JH-10), "
            "and the voice is 'recorded'; record '请问还有其他需要咨询的吗?' as prompts/further.wav, "
            "or name a voice that speaks it"
        )
        assert len(told.value.faults) == len(book.listing()) == len(missing_recordings(own))
        assert not (tmp_path / "prompts").exists()

    def test_digits_are_blamed_on_a_text_with_a_number(self, tmp_path: Path) -> None:
        own = own_dialplan(tmp_path / "own", self.TEXT)
        digits = [fault for fault in missing_recordings(own) if "digit-" in fault.message]
        assert {fault.key for fault in digits} == {"greeting.text"}
        assert len(digits) == 10

    def test_all_recorded_needs_no_voice(self, tmp_path: Path) -> None:
        own = own_dialplan(tmp_path / "own", self.TEXT)
        for segment, _, _ in PromptBook(own, tmp_path).listing():
            record(own, segment.key, tone(0.5))
        assert missing_recordings(own) == []
        made = PromptBook(own, tmp_path).build()
        assert {Path(recording.path).parent for recording in made.values()} == {own.folder / "prompts"}


def test_an_unknown_voice_is_told_on_its_line(own: Dialplan, tmp_path: Path) -> None:
    file = own.folder / "dialplan.toml"
    file.write_text(JIHUA.replace('voice = "cmn"', 'voice = "klingonese"'))
    with pytest.raises(ConfigErrors, match=r"dialplan.toml:\d+: voice: voice 'klingonese'"):
        PromptBook(load_dialplan(own.folder), tmp_path).build()


def test_a_folder_that_cannot_be_written_is_told(own: Dialplan, tmp_path: Path) -> None:
    (tmp_path / "prompts").write_text("a file where the folder should be")
    with pytest.raises(ConfigErrors, match="no recording could be written"):
        PromptBook(own, tmp_path).build()
