"""The emulator over its real pseudo-terminal: a plain client, real time, plug and unplug."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from drivers.emulator import Caller, EmulatedModem, Exchange, Faults, LineState
from tests.unit.emulator.bench import Client

pytestmark = pytest.mark.pty


def quick() -> Exchange:
    """Rings faster than any exchange, so that tests need not wait."""
    return Exchange(ring_on=0.2, ring_off=0.8, ring_jitter=0.0, caller_id_delay=0.1)


@pytest.fixture
async def modem() -> AsyncIterator[EmulatedModem]:
    async with EmulatedModem("usr5637", exchange=quick()) as modem:
        yield modem


@pytest.fixture
async def client(modem: EmulatedModem) -> AsyncIterator[Client]:
    client = Client(modem.port)
    await modem.opened()
    yield client
    client.close()


async def connected(modem: EmulatedModem, client: Client, action: str, coding: str = "128,8000") -> None:
    await client.ask("ATE0")
    for line in ("AT+FCLASS=8", f"AT+VSM={coding}", "AT+VLS=1"):
        await client.ask(line)
    await client.ask(action, b"CONNECT\r\n")


async def test_a_call_from_ring_to_on_hook(modem: EmulatedModem, client: Client) -> None:
    await client.ask("ATE0")
    await client.ask("AT+VCID=1")
    call = modem.exchange.call(Caller.silent())
    await client.expect(b"\r\nRING\r\n")
    await client.expect(b"\r\nNMBR=13812345678\r\n")
    await connected(modem, client, "AT+VTX")
    await client.write_all(bytes(4000 * [0xA0]) + b"\x10\x03")
    await client.expect(b"\r\nOK\r\n")
    await client.ask("ATH")
    report = await asyncio.wait_for(call.ended(), 5)
    assert report.answered
    assert report.released_by == "modem"
    assert (report.heard == 0x2000).sum() == 4000
    assert len(modem.exchange.off_hook_times) == len(modem.exchange.on_hook_times) == 1


async def test_the_stream_is_paced_by_the_clock_and_the_host_held_back(
    modem: EmulatedModem, client: Client
) -> None:
    await connected(modem, client, "AT+VTX")
    began = time.monotonic()
    await client.write_all(bytes(40000 * [0x90]) + b"\x10\x03")
    await client.expect(b"\r\nOK\r\n", 20)
    assert time.monotonic() - began >= 5.0 - 0.1


async def test_received_audio_comes_in_step_with_the_clock(modem: EmulatedModem, client: Client) -> None:
    modem.exchange.call(Caller.noisy())
    await client.expect(b"RING")
    await connected(modem, client, "AT+VRX")
    began = time.monotonic()
    await modem.line_time(3.0)
    assert time.monotonic() - began > 2.5
    client.write(b"\x10!")
    stream = await client.expect(b"\x10\x03\r\nOK\r\n")
    assert len(stream) >= 3.0 * 8000


async def test_closing_the_port_is_the_drop_of_dtr(modem: EmulatedModem, client: Client) -> None:
    call = modem.exchange.call(Caller.silent())
    await client.expect(b"RING")
    await connected(modem, client, "AT+VRX")
    second = Client(modem.port)
    client.close()
    await asyncio.sleep(0.1)
    assert modem.exchange.off_hook
    second.close()
    assert (await asyncio.wait_for(call.ended(), 5)).released_by == "modem"
    again = Client(modem.port)
    # What the modem had sent before the port was closed may still wait there.
    assert (await again.ask("AT")).endswith(b"\r\nOK\r\n")
    again.close()
    client._fd = os.open("/dev/null", os.O_RDONLY)


async def test_what_was_sent_to_nobody_is_lost(modem: EmulatedModem) -> None:
    modem.exchange.call(Caller.ringing_off(1.5))
    await modem.exchange.calls[0].ended()
    client = Client(modem.port)
    assert await client.ask("AT") == b"AT\r\r\nOK\r\n"
    client.close()


async def test_unplug_in_a_call_and_replug_under_the_same_path(modem: EmulatedModem, client: Client) -> None:
    call = modem.exchange.call(Caller.silent())
    await client.expect(b"RING")
    await connected(modem, client, "AT+VRX")
    modem.unplug()
    await client.end_of_file()
    with pytest.raises(FileNotFoundError):
        Client(modem.port)
    assert (await asyncio.wait_for(call.ended(), 5)).released_by == "modem"
    modem.replug()
    again = Client(modem.port)
    assert await again.ask("AT") == b"AT\r\r\nOK\r\n"  # echo is on: it forgot everything
    again.close()


async def test_the_line_rings_on_while_the_modem_is_out(modem: EmulatedModem, client: Client) -> None:
    modem.unplug()
    call = modem.exchange.call(Caller.ringing_off(2.5))
    report = await asyncio.wait_for(call.ended(), 10)
    assert report.rings == 3
    assert modem.exchange.state is LineState.IDLE


async def test_a_given_link_is_used_and_taken_away(tmp_path: Path) -> None:
    link = tmp_path / "modem"
    async with EmulatedModem(link=link) as modem:
        assert modem.port == str(link)
        assert is_a_device(link)
    assert is_empty(tmp_path)


def is_a_device(path: Path) -> bool:
    return path.is_char_device()


def is_empty(folder: Path) -> bool:
    return not list(folder.iterdir())


async def test_a_pair_may_be_torn_apart(modem: EmulatedModem, client: Client) -> None:
    modem.faults.split_dle = True
    modem.exchange.call(Caller.pressing("5").never_hanging_up())
    await client.expect(b"RING")
    await connected(modem, client, "AT+VTX")
    await client.write_all(bytes(4000 * [0xF0]))
    await client.expect(b"\x10/\x105\x10~", 20)
    assert any(chunk.endswith(b"\x10") for chunk in client.chunks)


async def test_a_host_that_does_not_read_loses_audio_and_is_told(modem: EmulatedModem, client: Client) -> None:
    modem.exchange.call(Caller.noisy())
    await client.expect(b"RING")
    await connected(modem, client, "AT+VRX", "129,8000")
    asyncio.get_running_loop().remove_reader(client._fd)
    await modem.line_time(3.0)
    asyncio.get_running_loop().add_reader(client._fd, client._read)
    await client.expect(b"\x10o")


async def test_random_bytes_do_no_harm(modem: EmulatedModem, client: Client) -> None:
    await client.write_all(bytes((n * 7919 >> 3) & 0xFF for n in range(20000)) + b"\r")
    await asyncio.sleep(0.5)
    await client.ask("ATE0")
    assert modem.exchange.state in (LineState.IDLE, LineState.SEIZED)


def test_an_unknown_personality_is_named() -> None:
    with pytest.raises(ValueError, match="'zoom': v253, conexant, usr5637"):
        EmulatedModem("zoom", faults=Faults())
