"""The command that shows what the ears hear in a file."""

import json

import numpy as np
import pytest

from benchmarks.material import cadence, pcm, silence, speech
from drivers.hearing.wav import WavWriter
from gateway.cli.listen import listen

pytestmark = pytest.mark.unit


@pytest.fixture
def call(tmp_path):
    path = tmp_path / "call.wav"
    with WavWriter(path) as writer:
        writer.write(pcm(np.concatenate([speech(4, -22), silence(1), cadence(3, -15, (0.35, 0.35), 450)])))
    return path


def test_json_lines_then_the_summary(call, capsys):
    assert listen(call, as_json=True) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line.get("verdict") or line.get("tone") for line in lines[:-1]] == ["speech", "silent", "busy"]
    assert set(lines[0]) == {"t", "verdict", "level_dbfs", "snr_db"}
    summary = lines[-1]["summary"]
    assert summary["duration"] == 8.0
    assert summary["tones"] == {"busy": 1}
    assert sum(summary["verdicts"].values()) == pytest.approx(1.0, abs=0.01)


def test_lines_for_people(call, capsys):
    assert listen(call, as_json=False) == 0
    out = capsys.readouterr().out
    assert "speech" in out
    assert "tone     busy" in out
    assert out.splitlines()[-1].startswith("8.00 s heard")


@pytest.mark.parametrize("content", [b"", b"hello", b"RIFF\x10\0\0\0WAVEfmt "])
def test_broken_file_is_one_line_and_exit_1(tmp_path, capsys, content):
    path = tmp_path / "broken.wav"
    path.write_bytes(content)
    assert listen(path, as_json=True) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(str(path))
    assert len(shown.err.splitlines()) == 1


def test_empty_recording_is_heard_as_nothing(tmp_path, capsys):
    path = tmp_path / "empty.wav"
    WavWriter(path).close()
    assert listen(path, as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["summary"]["verdicts"] == {}
