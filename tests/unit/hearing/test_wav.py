"""WAV files of the product: strict reading, and a writer that may be killed at any moment."""

import struct
import time
import wave

import numpy as np
import pytest
import soundfile

from benchmarks.material import pcm, tones
from drivers.hearing.levels import FLOOR_DBFS, level_dbfs
from drivers.hearing.riff import read_header
from drivers.hearing.wav import WavError, WavWriter, read_both, read_wav
from tests.unit.hearing.wav_bytes import riff

pytestmark = pytest.mark.unit

TONE = pcm(tones(1.0, -20, 440))
W64_HEAD = (
    bytes.fromhex("726966662e91cf11a5d628db04c10000")
    + bytes(8)
    + bytes.fromhex("77617665f3acd3118cd100c04f8edb8a")
)


def test_what_was_written_is_read(tmp_path):
    path = tmp_path / "new" / "folder" / "a.wav"
    with WavWriter(path) as writer:
        for start in range(0, len(TONE), 160):
            writer.write(TONE[start : start + 160])
    assert np.array_equal(read_wav(path), TONE)
    with wave.open(str(path)) as standard:
        assert (standard.getframerate(), standard.getnchannels(), standard.getsampwidth()) == (8000, 1, 2)
        assert standard.getnframes() == len(TONE)


def test_file_is_whole_at_any_moment_without_close(tmp_path):
    path = tmp_path / "a.wav"
    writer = WavWriter(path)
    assert len(read_wav(path)) == 0
    for second in range(1, 4):
        for start in range(0, 8000, 160):
            writer.write(TONE[start : start + 160])
        with wave.open(str(path)) as standard:
            assert standard.getnframes() == 8000 * second
    writer.close()
    writer.close()
    with pytest.raises(ValueError, match="write after close"):
        writer.write(TONE)


def test_both_sides_are_whole_at_any_moment_without_close(tmp_path):
    path = tmp_path / "both.wav"
    writer = WavWriter(path, 2)
    assert [len(side) for side in read_both(path)] == [0, 0]
    sides = np.stack([TONE, -TONE], axis=1)
    for second in range(1, 4):
        for start in range(0, 8000, 160):
            writer.write(sides[start : start + 160])
        with wave.open(str(path)) as standard:
            assert (standard.getnchannels(), standard.getframerate(), standard.getnframes()) == (
                2,
                8000,
                8000 * second,
            )
    writer.close()
    left, right = read_both(path)
    assert np.array_equal(left, np.tile(TONE, 3))
    assert np.array_equal(right, np.tile(-TONE, 3))
    with pytest.raises(WavError, match=r"2 channels, 16 bits; convert it to 8000 Hz mono"):
        read_wav(path)
    with WavWriter(tmp_path / "mono.wav"), pytest.raises(WavError, match=r"1 channels, 16 bits; .* stereo"):
        read_both(tmp_path / "mono.wav")


def test_file_with_more_than_its_header_says_is_still_read(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(riff(1, 1, 8000, 16, TONE.tobytes()) + b"\x01\x02\x03")
    assert np.array_equal(read_wav(path), TONE)


def test_header_without_sizes_means_up_to_the_end(tmp_path):
    path = tmp_path / "a.wav"
    whole = riff(1, 1, 8000, 16, TONE.tobytes())
    at = whole.index(b"data") + 4
    for size in (0, 0xFFFFFFFF):
        path.write_bytes(whole[:at] + struct.pack("<I", size) + whole[at + 4 :])
        assert np.array_equal(read_wav(path), TONE)


def test_no_samples_before_other_chunks_are_none(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(riff(1, 1, 8000, 16, b"") + b"LIST\x04\0\0\0abcd")
    assert len(read_wav(path)) == 0


@pytest.mark.parametrize(
    ("content", "cure"),
    [
        (b"", "give a WAV"),
        (b"RIFF\0\0\0\0WAVE", "export it again"),
        (riff(1, 1, 8000, 16, b"")[:30], "export it again"),
        (riff(1, 0, 8000, 16, b""), "export it again"),
        (riff(1, 2, 44100, 16, b"\0" * 8), "convert it to 8000 Hz mono 16-bit"),
        (riff(6, 1, 8000, 8, b"\xd5" * 8), "convert it to 8000 Hz mono 16-bit"),
    ],
)
def test_what_is_no_prompt_names_file_and_cure(tmp_path, content, cure):
    path = tmp_path / "b.wav"
    path.write_bytes(content)
    with pytest.raises(WavError, match=cure) as caught:
        read_wav(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("head", [b"RIFF\0\0\0\0WAVE", W64_HEAD], ids=["RIFF", "W64"])
def test_a_file_made_ready_and_never_written_is_refused_at_once(tmp_path, head):
    """A crash leaves the head and the room that was reserved for the rest; it is not searched."""
    path = tmp_path / "a.wav"
    with path.open("wb") as file:
        file.write(head)
        file.truncate(64_000_000)
    before = time.process_time()
    with pytest.raises(WavError, match="record or export it again"):
        read_header(path)
    assert time.process_time() - before < 0.5


def test_w64_chunks_with_any_name_are_passed_over(tmp_path):
    """Its chunks are named by GUIDs, not all of which are letters: that of markers is none."""
    path = tmp_path / "a.w64"
    soundfile.write(path, TONE, 8000, format="W64", subtype="PCM_16")
    whole = path.read_bytes()
    marker = bytes.fromhex("5662f7ab2d39d21186c700c04f8edb8a") + struct.pack("<Q", 32) + bytes(8)
    path.write_bytes(whole[:40] + marker + whole[40:])
    assert np.array_equal(read_wav(path), TONE)


def test_w64_data_without_a_size_means_up_to_the_end(tmp_path):
    path = tmp_path / "a.w64"
    soundfile.write(path, TONE, 8000, format="W64", subtype="PCM_16")
    whole = path.read_bytes()
    at = whole.index(b"data") + 16
    for size in (0, 24):
        path.write_bytes(whole[:at] + struct.pack("<Q", size) + whole[at + 8 :])
        assert np.array_equal(read_wav(path), TONE)


def test_missing_file_names_itself(tmp_path):
    with pytest.raises(WavError, match=r"none\.wav: cannot be read"):
        read_wav(tmp_path / "none.wav")


def test_levels_have_their_definition():
    square = np.tile(np.array([32767, -32767], dtype=np.int16), 80)
    assert level_dbfs(square) == pytest.approx(0.0, abs=0.01)
    assert level_dbfs(np.zeros(160, dtype=np.int16)) == FLOOR_DBFS
    assert level_dbfs(np.full(160, 9000, dtype=np.int16)) == FLOOR_DBFS
    assert level_dbfs(np.zeros(0, dtype=np.int16)) == FLOOR_DBFS
