"""`python -m drivers.emulator`: what it takes, what it refuses, and that it serves."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from drivers.emulator import transcript
from drivers.emulator.__main__ import main

pytestmark = pytest.mark.pty


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--calls", "nobody"], "'nobody': talk, silent"),
        (["--fault", "late_of=2"], "fault 'late_of': late_ok, lost_ok"),
        (["--fault", "late_ok=soon"], "fault late_ok=soon: a number is needed"),
        (["--firmware", "9"], "firmware '9' of conexant: V0.2002, manual is allowed"),
    ],
)
def test_what_it_refuses_it_tells_with_the_cure(
    options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(options) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--count", "0"),
        ("--count", "65"),
        ("--count", "many"),
        ("--seed", "-1"),
        ("--ring-jitter", "nan"),
        ("--ring-jitter", "2"),
        ("--pause", "-1"),
    ],
)
def test_a_senseless_number_is_refused(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main([option, value])
    assert refused.value.code == 2
    assert option in capsys.readouterr().err


def test_it_takes_no_file_for_a_link_and_tells_of_a_folder_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine1").write_text("dear")
    assert main(["--link", str(tmp_path / "mine"), "--count", "2"]) == 2
    assert "mine1 exists and is no link; choose another path" in capsys.readouterr().err
    assert (tmp_path / "mine1").read_text() == "dear"
    assert main(["--link", str(tmp_path / "none" / "modem")]) == 1
    assert "No such file or directory; --link" in capsys.readouterr().err


def test_it_serves_a_port_until_the_calls_are_over(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "drivers.emulator", "--link", str(tmp_path / "modem")]
    with subprocess.Popen(
        [*command, "--calls", "ringoff", "--pause", "0"], stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == f"port {tmp_path / 'modem'}\n"
        fd = os.open(tmp_path / "modem", os.O_RDWR | os.O_NOCTTY)
        try:
            rest = run.stdout.read()
        finally:
            os.close(fd)
        assert run.wait(60) == 0
    assert "call 1: not answered, 1 rings, given up by the caller" in rest


def test_several_ports_with_faults_cadence_and_transcripts(tmp_path: Path) -> None:
    options = ["--count", "2", "--link", str(tmp_path / "modem"), "--calls", "ringoff", "--pause", "0"]
    faults = ["--fault", "no_caller_id", "--fault", "ring_doubled=1", "--cadence", "tw", "--ring-jitter", "0.1"]
    command = [sys.executable, "-m", "drivers.emulator", *options, *faults, "--transcript", str(tmp_path / "kept")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        ports = [run.stdout.readline().removeprefix("port ").strip() for _ in range(2)]
        assert ports == [str(tmp_path / f"modem{number}") for number in range(2)]
        fds = [os.open(port, os.O_RDWR | os.O_NOCTTY) for port in ports]
        try:
            said = run.stdout.read()
        finally:
            for fd in fds:
                os.close(fd)
        assert run.wait(60) == 0
    for line in range(2):
        assert re.search(f"line {line}: call 1: not answered, [12] rings, given up by the caller", said)
        kept = b"".join(data for _, _, data in transcript.load(tmp_path / "kept" / f"modem{line}.toml"))
        assert kept.count(b"RING") >= 2


def test_it_ends_at_once_when_interrupted(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "drivers.emulator", "--link", str(tmp_path / "modem")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        run.stdout.readline()
        run.send_signal(signal.SIGINT)
        assert run.wait(60) == 0
    assert list(tmp_path.iterdir()) == []
