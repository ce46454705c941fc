"""The byte log of a port: off by itself, and every byte of both directions when asked for."""

import asyncio
import re
import tomllib
from pathlib import Path

import pytest

from drivers.fxo.port import SerialPort
from drivers.fxo.wire_log import VARIABLE
from tests.unit.fxo.peer import PATIENCE, RawPeer

pytestmark = pytest.mark.pty

EVERY_BYTE = bytes(range(256))


async def exchange(folder: Path) -> None:
    """Every byte to the modem, and every byte back."""
    peer = RawPeer(folder)
    heard, all_heard = bytearray(), asyncio.Event()

    def received(data: bytes) -> None:
        heard.extend(data)
        if len(heard) >= len(EVERY_BYTE):
            all_heard.set()

    port = await SerialPort.open(str(peer.path), received, lambda _lost: None)
    try:
        port.write(EVERY_BYTE)
        await peer.wait_for(EVERY_BYTE)
        peer.write(EVERY_BYTE)
        await asyncio.wait_for(all_heard.wait(), PATIENCE)
        port.write(b"AT\r")
        await peer.wait_for(b"AT\r")
    finally:
        await port.close()
        peer.unplug()
    assert bytes(heard) == EVERY_BYTE


async def test_11_15_every_byte_is_noted_with_direction_and_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "logs"))
    await exchange(tmp_path)
    noted = {">": b"", "<": b""}
    for line in (tmp_path / "logs" / "ttyTEST0.wire").read_text(encoding="ascii").splitlines():
        time, direction, text = line.split(" ", 2)
        assert re.fullmatch(r"\d+\.\d{3}", time)
        noted[direction] += tomllib.loads(f"text = {text}")["text"].encode("latin-1")
    assert noted == {">": EVERY_BYTE + b"AT\r", "<": EVERY_BYTE}


async def test_nothing_is_noted_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    await exchange(tmp_path)
    assert not [*map(str, tmp_path.glob("**/*.wire"))]  # noqa: ASYNC240 - nothing else runs


async def test_a_folder_that_cannot_be_written_costs_no_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    monkeypatch.setenv(VARIABLE, str(in_the_way))
    await exchange(tmp_path)
    assert VARIABLE in caplog.text
