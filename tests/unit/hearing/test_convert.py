"""Any recording becomes telephone audio: kinds, rates, channels, faults; its length costs no memory."""

import os
import struct
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from drivers.hearing import g711
from drivers.hearing.convert import ChannelError, Recording, load_any_wav
from drivers.hearing.levels import level_dbfs
from drivers.hearing.riff import WavError
from tests.unit.hearing.wav_bytes import bytes16, riff, sine
from tests.unit.hearing.without_rights import run_without_rights

pytestmark = pytest.mark.unit

TONE = np.round(sine(8000, 440, -20) * 32767).astype(np.int16)


def frequency(samples):
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return spectrum.argmax() * 8000 / len(samples)


FORMATS = {
    "alaw": (6, 1, 8000, 8, g711.encode_alaw(TONE)),
    "ulaw": (7, 1, 8000, 8, g711.encode_ulaw(TONE)),
    "8 bit": (1, 1, 8000, 8, ((TONE >> 8) + 128).astype(np.uint8).tobytes()),
    "16 bit": (1, 1, 8000, 16, TONE.tobytes()),
    "24 bit": (1, 1, 8000, 24, b"".join(b"\0" + struct.pack("<h", s) for s in TONE)),
    "32 bit": (1, 1, 8000, 32, (TONE.astype("<i4") << 16).tobytes()),
    "float": (3, 1, 8000, 32, (TONE / 32768).astype("<f4").tobytes()),
    "double": (3, 1, 8000, 64, (TONE / 32768).astype("<f8").tobytes()),
    "stereo": (1, 2, 8000, 16, np.repeat(TONE, 2).astype("<i2").tobytes()),
    "7.1": (1, 8, 8000, 16, np.repeat(TONE, 8).astype("<i2").tobytes()),
}


@pytest.mark.parametrize("guid", [False, True], ids=["plain", "extensible"])
@pytest.mark.parametrize("name", FORMATS)
def test_every_linear_coding_keeps_the_samples(tmp_path, name, guid):
    path = tmp_path / "c.wav"
    path.write_bytes(riff(*FORMATS[name], guid=guid))
    samples = load_any_wav(path).astype(int)
    step = {"8 bit": 256, "alaw": 128, "ulaw": 128}.get(name, 0)
    assert len(samples) == 8000
    assert np.abs(samples - TONE).max() <= step


@pytest.mark.parametrize(
    ("kind", "coding", "ending"),
    [
        *(("WAV", coding, "wav") for coding in ("IMA_ADPCM", "MS_ADPCM", "GSM610", "G721_32", "ALAW", "PCM_24")),
        *((kind, "PCM_16", "wav") for kind in ("RF64", "W64", "WAVEX", "AIFF", "AU", "FLAC")),
        *(("MP3", "MPEG_LAYER_III", "mp3"), ("OGG", "VORBIS", "ogg"), ("OGG", "OPUS", "ogg")),
    ],
)
def test_every_kind_of_file(tmp_path, kind, coding, ending):
    path = tmp_path / f"c.{ending}"
    soundfile.write(path, sine(8000, 440, -20, 2.0), 8000, format=kind, subtype=coding)
    with Recording(path) as recording:
        samples = np.concatenate(list(recording.blocks()))
        assert recording.missing == 0
    assert len(samples) == pytest.approx(16000, abs=350)
    assert level_dbfs(samples[2000:14000]) == pytest.approx(-20, abs=0.7)
    assert frequency(samples) == pytest.approx(440, abs=2)


def test_narrow_samples_in_wide_containers(tmp_path):
    """12 bits in 16 and 24 in 32, as the width of a frame tells."""
    path = tmp_path / "c.wav"
    for claimed, width in ((12, 16), (24, 32)):
        whole = bytearray(
            riff(1, 1, 8000, width, (TONE.astype("<i4") << (width - 16)).astype(f"<i{width // 8}").tobytes())
        )
        whole[34:36] = struct.pack("<H", claimed)
        path.write_bytes(whole)
        assert np.array_equal(load_any_wav(path), TONE)


RATES = (6000, 11025, 16000, 22050, 44100, 48000, 96000, 192000, 384000)


@pytest.mark.parametrize(
    ("rate", "hz"), [(rate, hz) for rate in RATES for hz in (300, 1000, 3400) if hz < 0.42 * rate]
)
def test_resampling_keeps_level_frequency_and_length(tmp_path, rate, hz):
    path = tmp_path / "c.wav"
    path.write_bytes(riff(1, 1, rate, 16, bytes16(sine(rate, hz, -20, 1.5))))
    samples = load_any_wav(path)
    assert len(samples) == pytest.approx(12000, abs=1)
    assert level_dbfs(samples[1000:-1000]) == pytest.approx(-20, abs=0.1)
    assert frequency(samples) == pytest.approx(hz, abs=1)


@pytest.mark.parametrize("hz", [4100, 5000, 7700, 12345])
@pytest.mark.parametrize("rate", [44100, 48000, 96000])
def test_nothing_folds_back(tmp_path, rate, hz):
    path = tmp_path / "c.wav"
    path.write_bytes(riff(3, 1, rate, 32, sine(rate, hz, -6, 1.5).astype("<f4").tobytes()))
    assert level_dbfs(load_any_wav(path)[1000:-1000]) < -80


def test_it_does_not_matter_how_the_file_is_cut_into_blocks(tmp_path):
    """Eight channels are read in shorter blocks than one."""
    noise = np.random.default_rng(7).normal(0, 0.1, 44100 * 8)
    one, eight = tmp_path / "1.wav", tmp_path / "8.wav"
    one.write_bytes(riff(1, 1, 44100, 16, bytes16(noise)))
    eight.write_bytes(riff(1, 8, 44100, 16, bytes16(np.repeat(noise, 8))))
    assert np.abs(load_any_wav(one).astype(int) - load_any_wav(eight)).max() <= 1


def test_blocks_come_as_whole_frames_and_nothing_between_them_is_lost(tmp_path):
    path = tmp_path / "c.wav"
    noise = np.random.default_rng(7).normal(0, 0.1, 44100 * 20 + 123)
    path.write_bytes(riff(1, 1, 44100, 16, bytes16(noise)))
    with Recording(path) as recording:
        pieces = list(recording.frames())
    assert len(pieces) > 1
    assert all(len(piece) % 160 == 0 for piece in pieces)
    assert np.array_equal(np.concatenate(pieces), load_any_wav(path)[: sum(map(len, pieces))])
    assert sum(map(len, pieces)) == len(load_any_wav(path)) // 160 * 160


def test_one_channel_is_taken_of_two_the_left_if_none_is_asked_for(tmp_path):
    path = tmp_path / "c.wav"
    sides = np.stack([sine(8000, 440, -20), sine(8000, 1000, -30)], axis=1)
    path.write_bytes(riff(1, 2, 8000, 16, bytes16(sides.reshape(-1))))
    assert frequency(load_any_wav(path, 1)) == pytest.approx(440, abs=2)
    assert frequency(load_any_wav(path, 2)) == pytest.approx(1000, abs=2)
    assert level_dbfs(load_any_wav(path, 2)) == pytest.approx(-30, abs=0.1)
    assert np.array_equal(load_any_wav(path), load_any_wav(path, 1))
    with pytest.raises(ChannelError, match=r"c\.wav: has channels 1 to 2, and no channel 3"):
        Recording(path, 3)


def test_three_channels_are_averaged(tmp_path):
    path = tmp_path / "c.wav"
    sides = np.stack([sine(8000, 440, -20), sine(8000, 1000, -30), np.zeros(8000)], axis=1)
    path.write_bytes(riff(1, 3, 8000, 16, bytes16(sides.reshape(-1))))
    assert level_dbfs(load_any_wav(path)) == pytest.approx(10 * np.log10((10**-2 + 10**-3) / 9), abs=0.1)


def heard(path):
    with Recording(path) as recording:
        return len(np.concatenate(list(recording.blocks()))), recording.missing


@pytest.mark.parametrize("kind", ["WAV", "RF64", "W64"])
def test_cut_short_is_read_as_far_as_it_goes(tmp_path, kind):
    path = tmp_path / "c.wav"
    soundfile.write(path, sine(48000, 440, -20, 10), 48000, format=kind, subtype="PCM_16")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) - 48000 * 2 * 4])
    samples, missing = heard(path)
    assert samples == pytest.approx(48000, abs=2)
    assert missing == pytest.approx(4.0, abs=0.01)


@pytest.mark.parametrize("coding", ["IMA_ADPCM", "GSM610", "FLAC", "MP3"])
def test_cut_short_in_blocks_or_compressed(tmp_path, coding):
    path = tmp_path / "c.wav"
    kind, coding = (coding, None) if coding in ("FLAC", "MP3") else ("WAV", coding)
    soundfile.write(path, np.random.default_rng(1).normal(0, 0.1, 80000), 8000, format=kind, subtype=coding)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    samples, missing = heard(path)
    assert samples / 8000 == pytest.approx(5, abs=1.0)
    assert missing == pytest.approx(5, abs=1.0)


@pytest.mark.parametrize(
    ("kind", "coding", "endian"),
    [
        *(("AIFF", coding, "FILE") for coding in ("PCM_16", "PCM_24", "FLOAT", "ULAW", "IMA_ADPCM")),
        *(("AU", coding, "FILE") for coding in ("PCM_16", "ULAW", "G721_32")),
        ("WAV", "PCM_16", "BIG"),
    ],
)
def test_cut_short_where_the_decoder_says_nothing(tmp_path, kind, coding, endian):
    path = tmp_path / "c.snd"
    signal = np.random.default_rng(1).normal(0, 0.1, 80000)
    soundfile.write(path, signal, 8000, format=kind, subtype=coding, endian=endian)
    assert heard(path)[1] == 0
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 4])
    samples, missing = heard(path)
    assert samples / 8000 == pytest.approx(2.5, abs=0.1)
    assert missing == pytest.approx(7.5, abs=0.1)


def test_au_from_a_pipe_says_no_size_and_lacks_nothing(tmp_path):
    path = tmp_path / "c.au"
    soundfile.write(path, sine(8000, 440, -20, 2.0), 8000, format="AU", subtype="PCM_16")
    whole = path.read_bytes()
    path.write_bytes(whole[:8] + struct.pack(">I", 0xFFFFFFFF) + whole[12:])
    assert heard(path) == (16000, 0.0)


@pytest.mark.parametrize("length", [80000, 81920, 100])
def test_flac_from_a_pipe_says_no_length_and_lacks_nothing(tmp_path, length):
    path = tmp_path / "c.flac"
    soundfile.write(path, np.random.default_rng(1).normal(0, 0.1, length), 8000)
    whole = bytearray(path.read_bytes())
    whole[21] &= 0xF0  # the 36 bits of STREAMINFO that count samples
    whole[22:26] = bytes(4)
    path.write_bytes(whole)
    assert heard(path) == (length, 0.0)


@pytest.mark.parametrize("size", [0, 0x7FFFFFFF, 0x7FFF0000, 0xFFFFFFFF])
def test_killed_writers_leave_sizes_that_mean_up_to_the_end(tmp_path, size):
    path = tmp_path / "c.wav"
    path.write_bytes(riff(1, 1, 8000, 16, TONE.tobytes(), size=size))
    assert heard(path) == (8000, 0.0)


NOT_NUMBERS = sine(8000, 440, -20).astype("<f4")
NOT_NUMBERS[4000] = np.nan
NOT_NUMBERS[5000:5002] = np.inf
BAD = {
    "empty": (b"", "is empty"),
    "text": (b"Dear customer, this is no recording.\n" * 40, "not a WAV file"),
    "header cut in the format": (riff(1, 1, 8000, 16, b"")[:30], "no whole 'fmt ' chunk"),
    "header cut before the data": (riff(1, 1, 8000, 16, b"")[:46], "no 'data' chunk"),
    "header only": (riff(1, 1, 8000, 16, b"", size=80000), r"holds no sound \(all of its 5\.0 s are missing\)"),
    "no samples": (riff(1, 1, 8000, 16, b""), "holds no sound"),
    "no samples at 44.1 kHz": (riff(1, 1, 44100, 16, b""), "holds no sound"),
    "half a sample": (riff(1, 1, 8000, 16, b"\0"), "holds no sound"),
    "0 Hz": (riff(1, 1, 0, 16, bytes(320)), "1 channels, 0 Hz, 16 bits"),
    "4 GHz": (riff(1, 1, 4_000_000_000, 8, bytes(320)), "at 4000000000 Hz are not read"),
    "no channel": (riff(1, 0, 8000, 16, bytes(320)), "0 channels, 8000 Hz"),
    "65535 channels": (riff(1, 65535, 8000, 8, bytes(65535)), "65535 channels at 8000 Hz are not read"),
    "0 bits": (riff(1, 1, 8000, 0, bytes(320)), "0 bits"),
    "40 bits": (riff(1, 1, 8000, 40, bytes(320)), "cannot be read"),
    "unknown coding": (riff(0x1234, 1, 8000, 8, bytes(320)), "coding 4660 is not read"),
    "not numbers": (riff(3, 1, 8000, 32, NOT_NUMBERS.tobytes()), r"3 of 8000 samples .*NaN.* first at 0\.50 s"),
    "double beyond float": (riff(3, 1, 8000, 64, np.full(800, 1e300).tobytes()), "800 of 800 samples"),
    "unscaled": (riff(3, 1, 8000, 32, (NOT_NUMBERS[:4000] * 32768).tobytes()), "times full scale"),
    "broken FLAC": (b"fLaC" + bytes(400), "cannot be read"),
    "broken MP3": (b"\xff\xfb" + bytes(400), "cannot be read"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_in_one_line(tmp_path, name, capfd):
    content, why = BAD[name]
    path = tmp_path / "b.wav"
    path.write_bytes(content)
    with pytest.raises(WavError, match=why) as caught:
        load_any_wav(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_what_is_no_file_is_never_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.wav")
    for path, why in (
        (tmp_path / "pipe.wav", "device or a pipe"),
        ("/dev/null", "device or a pipe"),
        (tmp_path, "is a folder"),
        (tmp_path / "none.wav", "No such file"),
        (tmp_path / ("x" * 300), "File name too long"),
    ):
        with pytest.raises(WavError, match=why):
            Recording(path)


OPEN = """
from drivers.hearing.convert import Recording
from drivers.hearing.riff import WavError
drop_rights()
try:
    Recording("a.wav")
except WavError as error:
    print(error)
"""


def test_what_may_not_be_read(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(riff(*FORMATS["16 bit"]))
    assert run_without_rights(OPEN, tmp_path) == ""
    path.chmod(0)
    told = "a.wav: cannot be read (Permission denied); check the path and its permissions\n"
    assert run_without_rights(OPEN, tmp_path) == told


def test_shorter_than_a_frame_is_nothing_to_hear(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(riff(1, 1, 8000, 16, bytes(2 * 80)))
    with Recording(path) as recording, pytest.raises(WavError, match=r"lasts 10 ms; at least 20 ms"):
        list(recording.frames())


MEASURE = """
import resource, sys
from drivers.hearing.convert import Recording
with Recording(sys.argv[1]) as recording:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    heard = sum(len(block) for block in recording.blocks())
print(heard, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_length_costs_no_memory(tmp_path):
    """A minute of 96 kHz 7.1 in 24 bits is 138 MB, as a file with a hole in it."""
    path = tmp_path / "long.wav"
    size = 60 * 96000 * 8 * 3
    with path.open("wb") as file:
        file.write(riff(1, 8, 96000, 24, b"", size=size))
        file.truncate(file.tell() + size)
    ran = subprocess.run([sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True)
    heard_samples, kilobytes = map(int, ran.stdout.split())
    assert heard_samples == 60 * 8000
    assert kilobytes < 40_000
