"""The picture of a recording: what is drawn follows from what is heard, and it is a picture."""

import struct
import warnings
import zlib

import numpy as np
import pytest
import soundfile

from benchmarks.material import cadence, silence, speech
from drivers.hearing.heard import ToneEnded, ToneHeard, VerdictHeard
from drivers.hearing.levels import FLOOR_DBFS
from drivers.line import Tone, Verdict
from gateway.cli.listen import ListenOptions, listen
from gateway.listening.draw import clock, draw
from gateway.listening.fonts import drawable
from gateway.listening.levels import LevelTrace, noise_floor
from gateway.listening.picture import COLUMNS, SLICES, Band, levelling, picture_of, shares_of
from tests.unit.hearing.wav_bytes import sine

pytestmark = pytest.mark.unit

NOISY = np.random.default_rng(2).uniform(-60, -20, 50 * 60).astype(np.float32)
"""A minute of levels."""


def verdict(t, name):
    return VerdictHeard(t, Verdict(name), -30.0, None)


def test_levels_are_those_of_frames_without_direct_current():
    trace = LevelTrace()
    trace.add(np.round(sine(8000, 400, -20) * 32768 + 3000).astype(np.int16))
    trace.add(np.full(320, 3000, dtype=np.int16))
    levels = trace.dbfs()
    assert len(levels) == 52
    assert levels[:50] == pytest.approx(np.full(50, -20.0), abs=0.05)
    assert list(levels[50:]) == [FLOOR_DBFS] * 2


def test_noise_floor_is_the_weakest_tenth_of_the_last_1_2_s():
    floor = noise_floor(NOISY)
    for at in (60, 777, len(NOISY) - 1):
        window = NOISY[at - 59 : at + 1]
        assert floor[at] == np.sort(window)[6]
        assert np.mean(window < floor[at]) == pytest.approx(0.1)
    assert floor[0] == NOISY[0]
    assert floor[29] == np.sort(NOISY[:30])[3]
    assert len(noise_floor(NOISY[:0])) == 0


def test_noise_floor_of_speech_over_noise_is_the_noise():
    rng = np.random.default_rng(4)
    trace = LevelTrace()
    signal = speech(10, -20) + rng.normal(0, 10 ** (-35 / 20), 80000)
    trace.add(np.round(np.clip(signal, -1, 1) * 32767).astype(np.int16))
    assert np.median(noise_floor(trace.dbfs())[60:]) == pytest.approx(-35, abs=2)


def test_it_does_not_matter_how_the_floor_is_cut_up():
    long = np.tile(NOISY, 4)
    assert np.array_equal(noise_floor(long)[: len(NOISY)], noise_floor(NOISY))
    assert np.array_equal(noise_floor(long)[-1000:], noise_floor(long[-2000:])[-1000:])


def test_columns_keep_what_stands_out():
    levels = np.full(50 * 600, -60, dtype=np.float32)
    levels[12345] = -3
    shown = levelling(levels)
    assert len(shown.times) <= COLUMNS
    column = int(np.searchsorted(shown.times, 12345 / 50, side="right")) - 1
    assert shown.high[column] == -3
    assert np.delete(shown.high, column).max() == -60
    assert (shown.low <= shown.mean).all()
    assert (shown.mean <= shown.high).all()


def test_a_short_recording_has_every_frame():
    shown = levelling(NOISY[:100])
    assert np.array_equal(shown.low, NOISY[:100])
    assert np.array_equal(shown.high, NOISY[:100])
    assert shown.times[-1] == pytest.approx(1.98)
    assert not shown.middle


def test_hours_show_the_middle_of_each_slice():
    levels = np.tile(NOISY, 120)
    shown = levelling(levels)
    assert shown.middle
    assert len(shown.times) <= SLICES
    assert shown.high == pytest.approx(np.full(len(shown.high), np.percentile(NOISY, 90)), abs=2)


def test_verdicts_and_tones_as_bands():
    heard = [
        verdict(1.0, "silent"),
        verdict(4.5, "speech"),
        ToneHeard(20.0, Tone.BUSY),
        verdict(21.0, "silent"),
        ToneEnded(30.0, Tone.BUSY),
        ToneHeard(50.0, Tone.DIAL),
    ]
    picture = picture_of("a.wav", "", NOISY, heard)
    assert picture.verdicts == (
        Band(0.0, 1.0, "undecided"),
        Band(1.0, 4.5, "silent"),
        Band(4.5, 21.0, "speech"),
        Band(21.0, 60.0, "silent"),
    )
    assert picture.tones == (Band(20.0, 30.0, "busy"), Band(50.0, 60.0, "dial"))
    assert picture.shares is None
    assert picture_of("a.wav", "", NOISY, []).verdicts == (Band(0.0, 60.0, "undecided"),)


def test_many_verdicts_become_shares():
    names = ("speech", "silent", "noisy")
    heard = [verdict(float(number), names[number % 3]) for number in range(3000)]
    picture = picture_of("a.wav", "", np.tile(NOISY, 50), heard)
    assert picture.shares is not None
    of = picture.shares.of
    assert sum(of.values()) == pytest.approx(np.ones(SLICES), abs=1e-4)
    assert of["noisy"].mean() == pytest.approx(1 / 3, abs=0.01)


def test_shares_count_what_lies_across_an_edge():
    bands = (Band(0.0, 3.0, "silent"), Band(3.0, 5.0, "speech"), Band(5.0, 8.0, "silent"))
    shares = shares_of(bands, 8.0, 4)
    assert list(shares.of["silent"]) == [1.0, 0.5, 0.5, 1.0]
    assert list(shares.of["speech"]) == [0.0, 0.5, 0.5, 0.0]


def test_times_on_the_axis():
    assert [clock(at, 2.0) for at in (0, 0.5)] == ["0", "0.5"]
    assert clock(90, 600) == "1:30"
    assert clock(3700, 7200) == "1:01:40"


def pixels(path):
    """Width, height and the decoded bytes of a PNG file."""
    content = path.read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    packed, at = b"", 8
    while at < len(content):
        size, kind = struct.unpack(">I4s", content[at : at + 8])
        packed += content[at + 8 : at + 8 + size] if kind == b"IDAT" else b""
        at += size + 12
    return width, height, zlib.decompress(packed)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn")
    calls = {"客户 $1$ talk": speech(4, -22), "busy": cadence(6, -15, (0.35, 0.35), 450), "2 s": silence(2)}
    for name, signal in calls.items():
        soundfile.write(folder / f"{name}.wav", signal, 8000)
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a letter that no font has
            assert listen(folder / f"{name}.wav", ListenOptions(plot=folder / f"{name}.png")) == 0
    return folder


def test_the_picture_depends_on_what_is_heard(drawn):
    pictures = [pixels(path) for path in sorted(drawn.glob("*.png"))]
    assert len(pictures) == 3
    assert {(width, height) for width, height, _ in pictures} == {(1540, 682)}
    assert all(len(content) == height * (1 + 4 * width) for width, height, content in pictures)
    assert len({content for _, _, content in pictures}) == 3


def test_vector_pictures_hold_names_and_are_whole(drawn, tmp_path):
    for ending, begins, ends in (("svg", b"<?xml", b"</svg>"), ("pdf", b"%PDF", b"%%EOF")):
        plot = tmp_path / f"a.{ending}"
        assert listen(drawn / "busy.wav", ListenOptions(plot=plot)) == 0
        content = plot.read_bytes().strip()
        assert content.startswith(begins)
        assert content.endswith(ends)


def test_hours_are_drawn_too(tmp_path):
    names = ("speech", "silent", "noisy", "faint", "loud")
    heard = [verdict(float(number * 2), names[number % 5]) for number in range(3600)]
    draw(picture_of("two hours", "", np.tile(NOISY, 120), heard), tmp_path / "a.png")
    assert pixels(tmp_path / "a.png")[:2] == (1540, 682)


def test_letters_without_a_font_become_boxes():
    text, families = drawable("a\U0001242b\n$")
    assert text == r"a□□\$"
    assert families[0] == "DejaVu Sans"
