"""The command that tells what the ears hear in a recording."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from benchmarks.material import cadence, pcm, silence, speech
from drivers.hearing.wav import WavWriter
from gateway.cli.listen import ListenOptions, listen
from gateway.cli.main import app
from tests.unit.hearing.wav_bytes import bytes16, riff, sine

pytestmark = pytest.mark.unit

AS_JSON = ListenOptions(as_json=True)


@pytest.fixture(scope="module")
def signal():
    return np.concatenate([speech(4, -22), silence(1), cadence(3, -15, (0.35, 0.35), 450)])


@pytest.fixture
def call(tmp_path, signal):
    path = tmp_path / "call.wav"
    with WavWriter(path) as writer:
        writer.write(pcm(signal))
    return path


def lines_of(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_json_lines_then_the_summary(call, capsys):
    assert listen(call, AS_JSON) == 0
    lines = lines_of(capsys)
    assert [line.get("verdict") or line.get("tone") for line in lines[:-1]] == ["speech", "silent", "busy"]
    assert set(lines[0]) == {"t", "verdict", "level_dbfs", "snr_db"}
    assert set(lines[2]) == {"t", "tone"}
    summary = lines[-1]["summary"]
    assert summary["duration"] == 8.0
    assert summary["tones"] == {"busy": 1}
    assert summary["lowest_snr_db"] == lines[0]["snr_db"]
    assert sum(summary["verdicts"].values()) == pytest.approx(1.0, abs=0.01)


def test_who_asks_for_no_picture_waits_for_no_drawing_library(call):
    code = "import sys; from gateway.cli.listen import *; from pathlib import Path\n"
    code += "listen(Path(sys.argv[1]), ListenOptions()); assert 'matplotlib' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code, str(call)], stdout=subprocess.DEVNULL).returncode == 0


def test_lines_for_people(call, capsys):
    assert listen(call, ListenOptions()) == 0
    out = capsys.readouterr().out
    assert "speech" in out
    assert "tone     busy" in out
    assert out.splitlines()[-1].startswith("8.00 s heard")


@pytest.mark.parametrize(("rate", "channels"), [(48000, 2), (96000, 8), (11025, 1)])
def test_another_rate_is_heard_alike(tmp_path, call, signal, capsys, rate, channels):
    """What comes from 8000 Hz and goes back by another rate gives the same verdicts at the same times."""
    import soxr

    high = np.repeat(soxr.resample(signal, 8000, rate)[:, None], channels, axis=1)
    path = tmp_path / "high.wav"
    soundfile.write(path, high, rate)
    assert listen(call, AS_JSON) == 0
    plain = lines_of(capsys)
    assert listen(path, AS_JSON) == 0
    other = lines_of(capsys)
    assert [line.get("verdict") or line.get("tone") for line in other] == [
        line.get("verdict") or line.get("tone") for line in plain
    ]
    for one, two in zip(plain[:-1], other[:-1], strict=True):
        assert one["t"] == pytest.approx(two["t"], abs=0.21)


def test_one_side_of_a_call(tmp_path, signal, capsys):
    path = tmp_path / "both.wav"
    soundfile.write(path, np.stack([signal, np.zeros_like(signal)], axis=1), 8000)
    verdicts = {}
    for channel in (1, 2):
        assert listen(path, ListenOptions(as_json=True, channel=channel)) == 0
        verdicts[channel] = set(lines_of(capsys)[-1]["summary"]["verdicts"]) - {"undecided"}
    assert verdicts == {1: {"speech", "silent"}, 2: {"silent"}}
    assert listen(path, ListenOptions(channel=3)) == 2
    assert "has channels 1 to 2, and no channel 3" in capsys.readouterr().err


def test_of_both_sides_the_customer_is_heard_and_it_is_said(tmp_path, signal, capsys):
    path = tmp_path / "both.wav"
    with WavWriter(path, 2) as writer:
        writer.write(np.stack([np.zeros_like(signal), signal], axis=1))
    assert listen(path, ListenOptions(as_json=True)) == 0
    told = capsys.readouterr()
    assert set(json.loads(told.out.splitlines()[-1])["summary"]["verdicts"]) - {"undecided"} == {"silent"}
    assert "both.wav: two channels; the left is heard" in told.err
    assert listen(path, ListenOptions(as_json=True, channel=1)) == 0
    assert capsys.readouterr().err == ""


def test_cut_short_is_heard_as_far_as_it_goes_and_told(call, capsys):
    whole = call.read_bytes()
    call.write_bytes(whole[: len(whole) - 2 * 8000 * 3])
    assert listen(call, AS_JSON) == 1
    shown = capsys.readouterr()
    lines = [json.loads(line) for line in shown.out.splitlines()]
    assert lines[0]["verdict"] == "speech"
    assert lines[-1]["summary"]["duration"] == 5.0
    assert lines[-1]["summary"]["missing"] == 3.0
    assert shown.err.splitlines() == [
        f"{call}: cut short: 3.00 s are missing after 5.00 s; heard as far as it goes; copy it again"
    ]


NAN = sine(8000, 440, -20).astype("<f4")
NAN[100] = np.nan
BAD = {
    "empty": (b"", "is empty"),
    "text": (b"hello", "not a WAV file"),
    "cut header": (b"RIFF\x10\0\0\0WAVEfmt ", "no whole 'fmt ' chunk"),
    "header only": (riff(1, 1, 8000, 16, b"", size=16000), "holds no sound"),
    "no samples": (riff(1, 1, 8000, 16, b""), "holds no sound"),
    "0 Hz": (riff(1, 1, 0, 16, bytes(320)), "0 Hz"),
    "NaN": (riff(3, 1, 8000, 32, NAN.tobytes()), "1 of 8000 samples are not numbers"),
    "10 ms": (riff(1, 1, 8000, 16, bytes(160)), "lasts 10 ms"),
}


@pytest.mark.parametrize("name", BAD)
def test_broken_file_is_one_line_and_exit_1(tmp_path, capsys, name):
    content, why = BAD[name]
    path = tmp_path / "broken.wav"
    path.write_bytes(content)
    assert listen(path, AS_JSON) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(str(path))
    assert why in shown.err
    assert len(shown.err.splitlines()) == 1


def test_odd_paths_are_one_line_and_exit_1(tmp_path, capsys):
    os.mkfifo(tmp_path / "pipe.wav")
    odd = tmp_path / "line\nend \udcff.wav"
    for path in (tmp_path / "none.wav", tmp_path / "pipe.wav", "/dev/null", tmp_path / ("x" * 300), odd):
        result = CliRunner().invoke(app, ["listen", str(path)])
        assert result.exit_code == 1
        assert result.stdout == ""
        assert len(result.stderr.splitlines()) == 1


def test_wrong_usage_is_exit_2(call):
    for options in (["--channel", "0"], ["--jobs", "0"], ["--plot", "a.jpg"], ["--plot", "a"], ["--channel", "9"]):
        result = CliRunner().invoke(app, ["listen", str(call), *options])
        assert result.exit_code == 2, options
        assert result.stdout == ""


@pytest.mark.parametrize("place", ["none/a.png", "folder.png", "call.wav/a.svg"])
def test_a_picture_that_cannot_be_written_is_told_before_the_work(call, tmp_path, capsys, place):
    (tmp_path / "folder.png").mkdir()
    assert listen(call, ListenOptions(plot=tmp_path / place)) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "cannot be written" in shown.err
    assert len(shown.err.splitlines()) == 1


def test_the_picture_never_replaces_the_recording(tmp_path, capsys):
    path = tmp_path / "a.png"
    path.write_bytes(riff(1, 1, 8000, 16, bytes16(sine(8000, 440, -20))))
    before = path.read_bytes()
    assert listen(path, ListenOptions(plot=path)) == 1
    assert "is the recording itself" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_nothing_is_left_where_the_recording_cannot_be_heard(tmp_path, capsys):
    plot = tmp_path / "a.png"
    assert listen(tmp_path / "none.wav", ListenOptions(plot=plot)) == 1
    assert not plot.exists()


def test_an_empty_name_is_no_folder():
    result = CliRunner().invoke(app, ["listen", ""])
    assert result.exit_code == 2
    assert "the name is empty" in result.output
