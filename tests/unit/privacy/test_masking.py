"""What the log may bring along of somebody else's words: no telephone number (WD-11)."""

import logging
from pathlib import Path

import pytest

from drivers.fxo.wire_log import VARIABLE, WireLog
from drivers.line.masking import masked, without_numbers
from gateway.cli.log import set_up_log

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "DETAIL: Key (number)=(13812345678) already exists.",
            "DETAIL: Key (number)=(138****5678) already exists.",
        ),
        ("From: <sip:+8613812345678@10.0.0.1:5060>", "From: <sip:+86*******5678@10.0.0.1:5060>"),
        ("ATDT05311234567;", "ATDT053****4567;"),
        ("INVITE sip:+19005550199@pbx", "INVITE sip:+19*****0199@pbx"),
        ("0019005550199", "001******0199"),
        ("02112345678 busy", "021****5678 busy"),
    ],
)
def test_numbers_are_masked_wherever_they_stand(text: str, shown: str) -> None:
    assert without_numbers(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "call 20260218-093000-sip1-5f03ab: ended",
        "2026-11-22T13:35:00.123+08:00 ready: 4 lines in service, 0 faulty",
        "1129545728 bytes at 127.0.0.1:15062, pid 1234567",
        "agent 801 asked by telephone for *91",
    ],
)
def test_what_is_no_number_stays(text: str) -> None:
    assert without_numbers(text) == text


def test_never_fewer_than_four_are_hidden() -> None:
    assert [masked(number) for number in ("110", "1234567", "13812345678")] == ["***", "****567", "138****5678"]


def test_the_log_masks_what_an_error_brings_along(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    try:
        set_up_log()
        try:
            raise ValueError("no route to 13812345678")
        except ValueError:
            logging.getLogger("test").exception("dialling %s failed", "+86 13812345678")
    finally:
        root.setLevel(level)
        root.handlers[:] = handlers
    told = capsys.readouterr().err
    assert "no route to 138****5678" in told
    assert "13812345678" not in told


def test_a_wire_log_is_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    WireLog("/dev/ttyUSB0").close()
    assert (tmp_path / "ttyUSB0.wire").stat().st_mode & 0o777 == 0o600
