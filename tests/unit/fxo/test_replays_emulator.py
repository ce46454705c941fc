"""The emulator beside the recordings: what a file of tests/replays/modems answers, the emulated modem answers too.

Byte for byte, in virtual time. The files are written by hand, so a mistake that driver and emulator share shows.
"""

import re
import tomllib

import pytest

from drivers.emulator.callers import Caller
from tests.replays.player.script import FOLDER, pieces
from tests.unit.emulator.bench import Bench

pytestmark = pytest.mark.unit

MODEMS = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in (FOLDER / "modems").glob("*.toml")
}
EMULATED = sorted(name for name, modem in MODEMS.items() if modem.get("emulated", True))
LONGEST_ANSWER = 1.5
"""Seconds: ATZ, or +VLS=1 and a late CONNECT."""
_VOICE = re.compile(r"AT\+V(?!CID)")
_STREAM = re.compile(r"AT(\+VTX|\+VRX|\+VTR)")


def asked() -> list[tuple[str, str]]:
    """Every command that is spelled out and gives more than ERROR."""
    return [(name, command) for name in EMULATED for command in MODEMS[name]["answers"] if "*" not in command]


def in_text(said: object) -> bytes:
    """An answer without its pauses."""
    return "".join(piece for piece in pieces(said) if isinstance(piece, str)).encode("latin-1")


def ready(name: str, command: str) -> Bench:
    """A modem in the state in which `command` makes sense."""
    bench = Bench(name)
    before = ["AT+FCLASS=8"] if _VOICE.match(command) else []
    if _STREAM.match(command):
        # A coding of one byte, and off-hook.
        before += ["AT+VSM=131,8000", "AT+VSM=4,8000", "AT+VSM=128,8000", "AT+VLS=1"]
    if command == "AT+VCID?":
        before = ["AT+VCID=1"]
    for line in before:
        bench.ask(line)
    return bench


@pytest.mark.parametrize(("name", "command"), asked())
def test_11_04_answers_as_the_recorded_modem(name: str, command: str) -> None:
    recorded = in_text(MODEMS[name]["answers"][command])
    bench = ready(name, command)
    echo = f"{command}\r".encode()
    if _STREAM.match(command):
        assert bench.ask(command, LONGEST_ANSWER).startswith(echo + recorded)
    else:
        assert bench.ask(command, LONGEST_ANSWER) == echo + recorded


@pytest.mark.parametrize(
    ("name", "stream", "code"),
    [(name, stream, code) for name in EMULATED for stream, ends in MODEMS[name]["ends"].items() for code in ends],
)
def test_11_10_stream_ends_as_on_the_recorded_modem(name: str, stream: str, code: str) -> None:
    bench = ready(name, f"AT+{stream}")
    assert b"CONNECT" in bench.ask(f"AT+{stream}", LONGEST_ANSWER)
    bench.core.receive(b"\x10" + code.encode("latin-1"))
    assert bench.run(LONGEST_ANSWER).endswith(in_text(MODEMS[name]["ends"][stream][code]))
    assert bench.ask("AT") == b"AT\r\r\nOK\r\n", "the stream is over"


@pytest.mark.parametrize("name", [name for name in EMULATED if "reports" in MODEMS[name]])
def test_11_06_rings_and_tells_the_caller_as_the_recorded_modem(name: str) -> None:
    reports = MODEMS[name]["reports"]
    for voice_class in (False, True):
        bench = Bench(name)
        bench.ask("AT+VCID=1")
        bench.ask("AT+FCLASS=8" if voice_class else "AT")
        bench.exchange.call(Caller.silent(number="13800138000"))
        where = "_in_class_8" if voice_class else ""
        caller_id = reports.get(f"caller_id{where}", reports["caller_id"])
        assert bench.run(4.0) == in_text(reports[f"ring{where}"]) + in_text(caller_id)
