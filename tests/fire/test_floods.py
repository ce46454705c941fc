"""Floods and scanners: calls that are up go on, the worker's CPU and memory are bounded."""

import asyncio
import json
import shutil
import socket
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from drivers.line import CallOffered, LineTrouble, TroubleCode
from tests.fire.conftest import Opens, UnderFire
from tests.sip.peer.rtp import Packet

pytestmark = pytest.mark.sip

RATE = 1000
CALM, SECONDS = 1.0, 2.0
CPU = 0.25
"""Of a core, in seconds of the worker's own time for each second of flood, on top of what the two calls take: 0.01
to 0.1 are measured. From hosts that get no answer it is UNREAD: the kernel keeps most of it away."""
UNREAD = 0.12
MEMORY = 8192
"""Kilobytes that it may grow: the tables of the door are full then."""
PACE = 0.75
"""Packets a second in a call, as a share of those before the flood; 0.84 to 1.05 are measured."""
GAP = 0.6
"""Seconds without a packet in a call, on top of the longest before: how late this process may be to look. What is
not sent shows in the pace and in the sequence numbers."""


def requests(method: str, target: str, sender: socket.socket) -> Iterator[bytes]:
    host, port = sender.getsockname()
    number = 0
    while True:
        number += 1
        if method == "garbage":
            yield b"\xff\x00garbage " * 60
            continue
        yield (
            f"{method} {target} SIP/2.0\r\nVia: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{port}.{number}\r\n"
            f"Max-Forwards: 70\r\nFrom: <sip:x@{host}>;tag={number}\r\nTo: <{target}>\r\n"
            f"Call-ID: {port}.{number}\r\nCSeq: 1 {method}\r\nContact: <sip:x@{host}:{port}>\r\n"
            "Content-Length: 0\r\n\r\n"
        ).encode()


async def flood(fire: UnderFire, method: str, host: str) -> dict[str, float]:
    """RATE packets a second for SECONDS from `host`; what the worker took, and what came back."""
    target = (fire.bench.config.host, fire.bench.config.port)
    calm = await calm_before(fire)
    for caller, _ in fire.calls:
        caller.rtp.packets.clear()
    before = unread(target[1])
    cpu, memory, answers, sent = fire.cpu(), fire.memory(), 0, 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind((host, 0))
        sender.setblocking(False)
        texts = requests(method, fire.bench.target, sender)
        begun = time.monotonic()
        while (now := time.monotonic() - begun) < SECONDS:
            while sent < now * RATE:
                sender.sendto(next(texts), target)
                sent += 1
            answers += drained(sender)
            await asyncio.sleep(0.01)
        took = fire.cpu() - cpu
        await fire.settle()
        answers += drained(sender)
    heard = [caller.rtp.packets for caller, _ in fire.calls]
    found = {
        "cpu": took / SECONDS - calm["cpu"],
        "calm cpu": calm["cpu"],
        "calm gap": calm["gap"],
        "pace": min(map(pace, heard)) / calm["pace"],
        "skipped": sum(map(skipped, heard)),
        "kB": fire.memory() - memory,
        "answers": answers,
        "gap": max(map(gap, heard)),
        "sent": sent,
        "unread": unread(target[1]) - before,
    }
    print(json.dumps({"method": method, "from": host, **found}))
    return found


async def calm_before(fire: UnderFire) -> dict[str, float]:
    """What the calls take and hear while nothing comes."""
    for caller, _ in fire.calls:
        caller.rtp.packets.clear()
    cpu = fire.cpu()
    await asyncio.sleep(CALM)
    heard = [list(caller.rtp.packets) for caller, _ in fire.calls]
    return {"cpu": (fire.cpu() - cpu) / CALM, "gap": max(map(gap, heard)), "pace": min(map(pace, heard))}


def unread(port: int) -> int:
    """Datagrams that the kernel has kept from the UDP socket with this port."""
    for line in Path("/proc/net/udp").read_text().splitlines()[1:]:
        fields = line.split()
        if int(fields[1].rpartition(":")[2], 16) == port:
            return int(fields[-1])
    raise AssertionError(f"nobody has UDP port {port}")


def gap(packets: list[Packet]) -> float:
    """The longest time without one, in seconds."""
    return max(after.at - before.at for before, after in pairwise(packets))


def pace(packets: list[Packet]) -> float:
    """How many a second."""
    return (len(packets) - 1) / (packets[-1].at - packets[0].at)


def skipped(packets: list[Packet]) -> int:
    """How many the line has not sent, or not in their order."""
    return sum((after.sequence - before.sequence) & 0xFFFF != 1 for before, after in pairwise(packets))


def drained(sender: socket.socket) -> int:
    count = 0
    while True:
        try:
            sender.recv(4096)
            count += 1
        except OSError:
            return count


PBX, NETWORK, STRANGER = "127.0.0.1", "127.0.1.9", "127.0.9.9"


@pytest.mark.parametrize(
    ("method", "host"),
    [
        *(("INVITE", host) for host in (PBX, NETWORK, STRANGER)),
        ("OPTIONS", PBX),
        ("REGISTER", STRANGER),
        *(("garbage", host) for host in (NETWORK, STRANGER)),
    ],
)
async def test_a_thousand_a_second(under_fire: Opens, method: str, host: str):
    fire = await under_fire(allow=(PBX, "127.0.1.0/24"))
    found = await flood(fire, method, host)
    assert found["cpu"] <= (UNREAD if host == STRANGER else CPU)
    assert found["kB"] <= MEMORY
    assert found["pace"] >= PACE
    assert found["skipped"] == 0
    assert found["gap"] <= found["calm gap"] + GAP
    if host == STRANGER:
        assert found["answers"] == 0
        assert found["unread"] >= found["sent"] / 2, "the kernel drops 15 of 16 once there are too many"
    elif host == NETWORK:
        assert found["answers"] < 250, "it is shut out soon"
        assert [trouble.code for trouble in fire.bench.reports.of(LineTrouble)] == [TroubleCode.SOURCE_BANNED]
    await fire.assert_unharmed()


async def run(*command: str) -> str:
    assert shutil.which(command[0]), f"{command[0]} is missing: deploy/test-tools.sh"
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(20):
            return (await process.communicate())[0].decode(errors="replace")
    except TimeoutError:
        return ""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_sipvicious_finds_nothing(under_fire: Opens):
    """From a host outside `allow`, then from one of a network in it."""
    fire = await under_fire(allow=(PBX, "127.0.1.0/24"))
    host, port = fire.bench.config.host, str(fire.bench.config.port)
    cases = [
        ("svmap", "-b", "{}", "-p", port, "--reportback", host),
        ("svwar", "-b", "{}", "-p", port, "-e", "100-160", "-m", "INVITE", host),
        ("svcrack", "-b", "{}", "-p", port, "-u", "801", "-r", "1000-1100", host),
    ]
    for sender in (STRANGER, NETWORK):
        for case in cases:
            text = await run(*(part.format(sender) for part in case))
            assert f"{host}:{port}" not in text.replace("scanning", ""), text
            assert "reqauth" not in text, text
            assert "The password for" not in text, text
    assert len(fire.bench.reports.of(CallOffered)) == len(fire.calls)
    codes = {trouble.code for trouble in fire.bench.reports.of(LineTrouble)}
    assert codes == {TroubleCode.UNKNOWN_SOURCE, TroubleCode.SOURCE_BANNED}
    await fire.assert_unharmed()
