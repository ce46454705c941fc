"""A voice talent's files, of every kind, become recordings; whatever is wrong with one of them, the others do."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from drivers.hearing.wav import read_wav
from gateway.config import ConfigErrors
from gateway.dialplan import Dialplan, load_dialplan
from gateway.prompts import Import, import_folder, target_folder
from gateway.prompts.level import measured
from tests.unit.prompts.studio import own_dialplan, talent

pytestmark = pytest.mark.unit

FURTHER = "请问还有其他需要咨询的吗?"


@pytest.fixture
def own(tmp_path: Path) -> Dialplan:
    return own_dialplan(tmp_path / "own")


@pytest.fixture
def studio(tmp_path: Path) -> Path:
    folder = tmp_path / "studio"
    folder.mkdir()
    return folder


def imported(studio: Path, own: Dialplan, *agents: str) -> Import:
    return import_folder(studio, own, target_folder(own), agents)


def states(result: Import) -> dict[str, str]:
    return {segment.key: state for segment, state in result.done.items()}


@pytest.mark.parametrize(
    ("ending", "rate", "form", "coding"),
    [
        ("wav", 8000, "WAV", "PCM_16"),
        ("wav", 11025, "WAV", "PCM_U8"),
        ("wav", 44100, "WAV", "PCM_24"),
        ("wav", 96000, "WAV", "PCM_32"),
        ("wav", 48000, "WAV", "FLOAT"),
        ("wav", 192000, "WAV", "DOUBLE"),
        ("wav", 8000, "WAV", "ULAW"),
        ("flac", 48000, "FLAC", "PCM_24"),
        ("mp3", 44100, "MP3", "MPEG_LAYER_III"),
        ("ogg", 32000, "OGG", "VORBIS"),
        ("opus", 48000, "OGG", "OPUS"),
        ("aiff", 22050, "AIFF", "PCM_16"),
    ],
)
def test_every_usual_kind(studio: Path, own: Dialplan, ending: str, rate: int, form: str, coding: str) -> None:
    sound = talent(FURTHER, rate)
    stereo = np.stack([sound * 0.05, sound], axis=1)
    soundfile.write(studio / f"further.{ending}", stereo, rate, format=form, subtype=coding)
    result = imported(studio, own)
    assert (states(result), result.faults) == ({"further": "new"}, [])
    measure = measured(read_wav(own.folder / "prompts" / "further.wav"))
    assert measure.level == pytest.approx(-20, abs=0.6)
    assert measure.seconds == pytest.approx(len(sound) / rate - 1.75 + 0.3, abs=0.25)
    assert (measure.before, measure.after) == pytest.approx((0.15, 0.15), abs=0.1)
    assert abs(measure.dc) < 0.001


def test_nothing_folds_back_from_above_the_telephone_band(studio: Path, own: Dialplan) -> None:
    at = np.arange(48000) / 48000
    soundfile.write(studio / "further.wav", 0.3 * np.sin(6000 * 2 * np.pi * at) + 0.3 * np.sin(2000 * at), 48000)
    imported(studio, own)
    samples = read_wav(own.folder / "prompts" / "further.wav").astype(float)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    at_2000 = round(2000 * len(samples) / 8000)
    assert spectrum[at_2000 - 40 : at_2000 + 40].max() < spectrum.max() / 1000


def test_floats_beyond_full_scale_are_not_clipped(studio: Path, own: Dialplan) -> None:
    soundfile.write(studio / "further.wav", talent(FURTHER) * 20, 44100, subtype="FLOAT")
    assert imported(studio, own).faults == []
    assert measured(read_wav(own.folder / "prompts" / "further.wav")).clipped == 0


def test_a_second_import_changes_nothing_and_a_new_take_replaces(studio: Path, own: Dialplan) -> None:
    soundfile.write(studio / "Further.WAV", talent(FURTHER), 44100)
    assert states(imported(studio, own)) == {"further": "new"}
    file = own.folder / "prompts" / "further.wav"
    inode = file.stat().st_ino
    assert states(imported(studio, own)) == {"further": "unchanged"}
    assert states(imported(own.folder / "prompts", own)) == {"further": "unchanged"}
    assert file.stat().st_ino == inode
    soundfile.write(studio / "Further.WAV", talent("请问还有其他需要吗?"), 44100)
    assert states(imported(studio, own)) == {"further": "replaced"}
    assert list(file.parent.iterdir()) == [file]


def test_agents_greet_in_their_own_voices(studio: Path, own: Dialplan) -> None:
    soundfile.write(studio / "greeting-802.wav", talent("您好"), 44100)
    assert states(imported(studio, own)) == {"greeting-802": "new"}
    result = imported(studio, own, "801")
    assert "greeting-802.wav:1: fits no prompt; did you mean greeting-801?" in str(result.faults[0])


def write_nan(file: Path) -> None:
    sound = talent("二", 8000)
    sound[100] = np.nan
    soundfile.write(file, sound, 8000, subtype="FLOAT")


def write_without_channels(file: Path) -> None:
    soundfile.write(file, talent("二", 8000), 8000)
    header = bytearray(file.read_bytes())
    header[22:24] = bytes(2)
    file.write_bytes(header)


BAD: list[tuple[str, Callable[[Path], object], str]] = [
    ("wav", lambda file: file.touch(), "is empty; export it again"),
    ("wav", lambda file: file.mkdir(), "is a folder; put the recordings straight into"),
    ("wav", lambda file: os.mkfifo(file), "is not a file; remove it"),
    ("wav", lambda file: file.symlink_to("nowhere"), "is not a file; remove it"),
    ("mp3", lambda file: file.write_bytes(b"PK\x03\x04" + bytes(500)), "is a ZIP archive, not a sound file"),
    ("wav", lambda file: file.write_bytes(b"%PDF-1.7" + bytes(500)), "is a PDF document"),
    ("wav", lambda file: file.write_text("hello"), "is no sound file, whatever its name says"),
    ("mp3", lambda file: file.write_bytes(b"\xff\xfb\x90\x00" + bytes(range(256)) * 9), "cannot be read ("),
    ("flac", lambda file: file.write_bytes(b"fLaC" + bytes(range(256))), "cannot be read ("),
    ("wav", lambda file: file.write_bytes(b"RIFF\x24\0\0\0WAVEfmt "), "cannot be read ("),
    ("wav", write_without_channels, "cannot be read (Channel count is zero)"),
    ("wav", write_nan, "holds samples that are not numbers (NaN or infinite); export it again, as 16-bit WAV"),
    ("wav", lambda file: soundfile.write(file, np.zeros(9000), 8000), "holds nothing but silence"),
    ("wav", lambda file: soundfile.write(file, np.zeros(0), 8000), "holds no sound; export it again"),
    ("wav", lambda file: soundfile.write(file, np.zeros((99, 6)), 8000), "has 6 channels; export it as mono or"),
    ("wav", lambda file: soundfile.write(file, talent("二", 6000), 6000), "was recorded at 6000 Hz"),
    ("wav", lambda file: soundfile.write(file, np.clip(talent("二") * 40, -1, 1), 44100), "samples are clipped"),
    ("wav", lambda file: soundfile.write(file, np.zeros(8000 * 300), 8000), "lasts 300 s, a prompt at most 200 s"),
    ("m4a", lambda file: file.write_bytes(bytes(100)), ".m4a files cannot be read; export it as WAV, FLAC or MP3"),
]  # fmt: skip


@pytest.mark.parametrize(("ending", "write", "message"), BAD)
def test_one_bad_file_is_told_in_one_line_and_the_others_imported(
    studio: Path,
    own: Dialplan,
    capfd: pytest.CaptureFixture[str],
    ending: str,
    write: Callable[[Path], object],
    message: str,
) -> None:
    write(studio / f"farewell.{ending}")
    soundfile.write(studio / "further.wav", talent(FURTHER), 44100)
    result = imported(studio, own)
    assert states(result) == {"further": "new"}
    (fault,) = result.faults
    assert message in str(fault)
    assert "\n" not in str(fault)
    assert str(fault).startswith(f"{studio / f'farewell.{ending}'}:1: ")
    assert [file.name for file in (own.folder / "prompts").iterdir()] == ["further.wav"]
    assert capfd.readouterr() == ("", "")


def test_three_hours_are_refused_by_their_header(studio: Path, own: Dialplan) -> None:
    soundfile.write(studio / "further.wav", np.zeros(8), 48000)
    file = studio / "further.wav"
    size = 3 * 3600 * 48000 * 2
    with file.open("r+b") as stream:
        stream.seek(4)
        stream.write((36 + size).to_bytes(4, "little"))
        stream.seek(40)
        stream.write(size.to_bytes(4, "little"))
        stream.truncate(44 + size)  # a hole: reading it all would take a gigabyte
    assert "lasts 3.0 hours, a prompt at most 200 s" in str(imported(studio, own).faults[0])


def test_two_files_for_one_prompt_are_both_left(studio: Path, own: Dialplan) -> None:
    for name in ("further.wav", "further.flac"):
        soundfile.write(studio / name, talent(FURTHER), 44100)
    result = imported(studio, own)
    assert states(result) == {}
    assert "further a second time, beside further.flac; keep one of them" in str(result.faults[0])


def test_notes_and_hidden_files_are_left_alone(studio: Path, own: Dialplan) -> None:
    soundfile.write(studio / "further.wav", talent(FURTHER), 44100)
    (studio / "notes.txt").write_text("take 3 is the best")
    (studio / "._further.wav").write_bytes(b"\0\5\x16\7")
    assert imported(studio, own).faults == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nix", "no such folder; name the one that holds the recordings"),
        ("file", "is not a folder"),
        ("studio", "holds no sound files; allowed: wav, flac, mp3"),
        ("a\0b", "no such folder"),
    ],
)
def test_a_folder_that_cannot_be_used_is_told(studio: Path, own: Dialplan, name: str, message: str) -> None:
    (studio.parent / "file").touch()
    with pytest.raises(ConfigErrors, match=message):
        imported(studio.parent / name, own)


def test_a_target_that_cannot_be_written_is_told(studio: Path, own: Dialplan) -> None:
    soundfile.write(studio / "further.wav", talent(FURTHER), 44100)
    (studio.parent / "file").touch()
    result = import_folder(studio, own, studio.parent / "file")
    assert "file/further.wav:1: cannot be written (" in str(result.faults[0])


def test_a_recording_is_written_whole_or_not_at_all(studio: Path, own: Dialplan) -> None:
    soundfile.write(studio / "further.wav", talent(FURTHER), 44100)
    in_the_way = own.folder / "prompts" / "further.wav"
    in_the_way.mkdir()
    (fault,) = imported(studio, own).faults
    assert "further.wav:1: cannot be written (Is a directory)" in str(fault)
    assert list((own.folder / "prompts").iterdir()) == [in_the_way]


def test_a_shipped_dialplan_is_not_written_into() -> None:
    with pytest.raises(
        ConfigErrors, match=r'came with the product.*base = "jihua-gas".*or name a folder with --to'
    ):
        target_folder(load_dialplan("jihua-gas"))
