"""What a SIP line survives, and what it refuses."""

import asyncio
import os
import random
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from drivers.line import (
    Answer,
    Answered,
    CallOffered,
    FaultCode,
    LegFailed,
    LegReleased,
    LineFault,
    LineRestored,
    Play,
    PlayFinished,
    Release,
)
from drivers.sip import worker_client
from drivers.sip.config import SipConfig
from drivers.sip.line import SipLine
from tests.sip.conftest import Bench, OpenLine, Reports, close, free_port

pytestmark = pytest.mark.sip


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def unconfirmed() -> AsyncIterator[Bench]:
    """A call that was answered and not confirmed, begun before the other tests: its end takes half a minute."""
    listen = f"127.0.0.1:{free_port()}"
    config = SipConfig("mute", listen=listen, aor=f"sip:8801@{listen}")
    bench = Bench(SipLine(config), config, Reports())
    await bench.line.open(bench.reports)
    mute = await bench.caller()
    mute._confirm = lambda answer: None
    mute.invite()
    offer = await bench.reports.wait(CallOffered)
    bench.line.execute(Answer(offer.leg))
    await mute.final("INVITE")
    yield bench
    await close(bench)


async def test_the_worker_runs_our_own_modules_in_any_folder(
    open_line: OpenLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "drivers").mkdir()  # in the working directory, and not ours
    (tmp_path / "drivers" / "__init__.py").write_text("raise SystemExit('not ours')")
    monkeypatch.chdir(tmp_path)
    bench = await open_line()
    await bench.answered_call()


async def test_fifth_caller_gets_486_at_once_and_a_freed_leg_is_reused(bench: Bench):
    calls = [await bench.answered_call() for _ in range(4)]
    fifth = await bench.caller()
    fifth.invite()
    assert (await fifth.final("INVITE")).status == 486
    caller, leg = calls[0]
    caller.bye()
    await bench.reports.wait(LegReleased, leg=leg)
    await bench.answered_call()


async def test_calls_limits_below_the_compiled_limit(open_line: OpenLine):
    bench = await open_line(calls=1)
    assert bench.line.capabilities.max_legs == 1
    await bench.answered_call()
    second = await bench.caller()
    second.invite()
    assert (await second.final("INVITE")).status == 486


async def test_more_calls_than_compiled_are_clamped(open_line: OpenLine, caplog: pytest.LogCaptureFixture):
    bench = await open_line(calls=100)
    assert bench.line.capabilities.max_legs == 4
    assert "compiled for 4" in caplog.text


async def test_options_is_answered(bench: Bench):
    caller = await bench.caller()
    caller.request("OPTIONS")
    assert (await caller.final("OPTIONS")).status == 200


async def test_transfer_is_refused(bench: Bench):
    caller, _ = await bench.answered_call()
    caller.request("REFER")
    assert (await caller.final("REFER")).status >= 400
    assert not caller.has_incoming("INVITE")


async def test_tcp_is_served(bench: Bench):
    host, _, port = bench.config.listen.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        f"OPTIONS {bench.target} SIP/2.0\r\nVia: SIP/2.0/TCP {host}:5999;branch=z9hG4bKtcp\r\n"
        f"From: <sip:a@{host}>;tag=1\r\nTo: <{bench.target}>\r\nCall-ID: tcp\r\nCSeq: 1 OPTIONS\r\n"
        "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n".encode()
    )
    async with asyncio.timeout(10):
        assert await reader.readline() == b"SIP/2.0 200 OK\r\n"
    writer.close()
    await writer.wait_closed()


async def test_killed_worker_fails_its_legs_and_is_back(bench: Bench):
    _, leg = await bench.answered_call()
    assert bench.line.worker_pid is not None
    os.kill(bench.line.worker_pid, signal.SIGKILL)
    fault = await bench.reports.wait(LineFault)
    await bench.reports.wait(LineRestored, count=2)
    failed, fault, restored = bench.reports.events[-3:]
    assert isinstance(failed, LegFailed)
    assert (failed.leg, failed.code, fault.code) == (leg, FaultCode.WORKER_DIED, FaultCode.WORKER_DIED)
    assert bench.reports.time_of(restored) - bench.reports.time_of(fault) < 5
    _, again = await bench.answered_call()
    assert again != leg


async def test_hung_worker_is_replaced(bench: Bench):
    _, leg = await bench.answered_call()
    pid = bench.line.worker_pid
    os.kill(pid, signal.SIGSTOP)
    assert (await bench.reports.wait(LegFailed)).leg == leg
    await bench.reports.wait(LineRestored, count=2)
    assert bench.line.worker_pid != pid
    assert not psutil.pid_exists(pid)


async def test_a_stall_of_the_gateway_is_not_held_against_the_worker(
    open_line: OpenLine, monkeypatch: pytest.MonkeyPatch
):
    """The event loop stands still for longer than a worker may: the pong that came meanwhile is found."""
    monkeypatch.setattr(worker_client, "PING_EVERY", 0.001)
    monkeypatch.setattr(worker_client, "PONG_LIMIT", 1.2)
    bench = await open_line()
    pid = bench.line.worker_pid
    loop = asyncio.get_running_loop()

    def stall(over: asyncio.Event) -> None:
        time.sleep(1.4)
        over.set()

    over = asyncio.Event()
    loop.call_later(0.33, stall, over)  # off the worker's beat: a ping is on its way, most likely
    await over.wait()
    await bench.answered_call()
    assert bench.line.worker_pid == pid
    assert not bench.reports.of(LineFault)


async def test_port_in_use_is_reported_and_retried(open_line: OpenLine):
    port = free_port()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as squatter:
        squatter.bind(("127.0.0.1", port))
        bench = await open_line(listen=f"127.0.0.1:{port}")
        (fault,) = bench.reports.events
        assert fault.code is FaultCode.PORT_BUSY
        assert str(port) in fault.detail
    await bench.reports.wait(LineRestored)
    await bench.answered_call()
    assert len(bench.reports.of(LineFault)) == 1


async def test_address_of_another_machine_is_reported(open_line: OpenLine):
    bench = await open_line(listen=f"192.0.2.1:{free_port()}")
    (fault,) = bench.reports.events
    assert fault.code is FaultCode.PORT_MISSING


async def test_garbage_and_floods_do_not_disturb_a_call(bench: Bench, caplog: pytest.LogCaptureFixture):
    caller, leg = await bench.answered_call()
    source = random.Random(7)
    memory = psutil.Process(bench.line.worker_pid).memory_info().rss
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as flooder:
        flooder.connect(caller.peer)
        for malformed in MALFORMED:
            flooder.send(malformed)
        for _ in range(200):
            flooder.send(source.randbytes(50_000))
            await asyncio.sleep(0)
    caller.request("OPTIONS")
    await caller.final("OPTIONS", seconds=30)
    await caller.rtp.wait_for_packets(len(caller.rtp.packets) + 10)
    assert psutil.Process(bench.line.worker_pid).memory_info().rss - memory < 8_000_000
    assert len(caplog.records) < 100
    assert "13800138000" not in caplog.text
    bench.line.execute(Release(leg))
    await bench.reports.wait(LegReleased)
    assert bench.reports.of(LineRestored) == [LineRestored()]


MALFORMED = [
    b"",
    b"\r\n\r\n",
    b"\0" * 100,
    b"INVITE",
    b"INVITE sip:8801 SIP/2.0\r\n\r\n",
    b"INVITE sip:8801@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1\r\nFrom: \xff\r\n\r\n",
    b"INVITE sip:8801@127.0.0.1 SIP/9.9\r\nContent-Length: 99999999\r\n\r\nv=0",
    b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 10.0.0.1\r\nCSeq: 1 INVITE\r\n\r\n",
    b"BYE sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK2\r\nFrom: <sip:a@b>;tag=1\r\n"
    b"To: <sip:c@d>;tag=2\r\nCall-ID: none\r\nCSeq: 1 BYE\r\n\r\n",
    b"REGISTER sip:127.0.0.1 SIP/2.0\r\n" + b"X: y\r\n" * 5000 + b"\r\n",
]


async def test_broken_recording_ends_the_play_and_not_the_call(bench: Bench, tmp_path: Path):
    (tmp_path / "text.wav").write_text("no sound")
    (tmp_path / "short.wav").write_bytes(b"RIFF")
    caller, leg = await bench.answered_call()
    for play, name in enumerate(("text.wav", "short.wav", "missing.wav"), start=1):
        bench.line.execute(Play(leg, play, (str(tmp_path / name),)))
        assert await bench.reports.wait(PlayFinished, count=play) == PlayFinished(leg, play, complete=False)
    bench.line.execute(Play(leg, 4, ()))
    assert await bench.reports.wait(PlayFinished, count=4) == PlayFinished(leg, 4, complete=False)
    caller.bye()
    await bench.reports.wait(LegReleased)


async def test_offer_without_a_common_codec_is_refused(bench: Bench):
    caller = await bench.caller()
    caller.invite(
        sdp=caller.sdp().replace("RTP/AVP 8 101", "RTP/AVP 18").replace("rtpmap:8 PCMA", "rtpmap:18 G729")
    )
    assert (await caller.final("INVITE")).status == 488
    assert not bench.reports.of(CallOffered)


async def test_offer_of_audio_by_ipv6_is_refused_before_it_rings(bench: Bench):
    caller = await bench.caller()
    caller.invite(sdp=caller.sdp().replace("c=IN IP4 127.0.0.1", "c=IN IP6 ::1"))
    assert (await caller.final("INVITE")).status == 488
    assert not bench.reports.of(CallOffered)


async def test_invite_without_offer_is_answered(bench: Bench):
    caller = await bench.caller()
    caller.invite(sdp="")
    await caller.response("INVITE", 180)
    await bench.reports.wait(CallOffered)
    assert not bench.reports.of(Answered)


async def test_close_ends_calls_and_process(open_line: OpenLine):
    bench = await open_line()
    caller, leg = await bench.answered_call()
    pid = bench.line.worker_pid
    await bench.line.close()
    assert caller.has_incoming("BYE")
    assert bench.reports.events[-1] == LegReleased(leg)
    assert not psutil.pid_exists(pid)
    await bench.line.close()


async def test_hung_worker_is_killed_at_close(open_line: OpenLine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(worker_client, "EXIT_LIMIT", 0.5)
    bench = await open_line()
    pid = bench.line.worker_pid
    os.kill(pid, signal.SIGSTOP)
    await bench.line.close()
    assert not psutil.pid_exists(pid)


GATEWAY = """
import asyncio, sys
from drivers.sip.config import SipConfig
from drivers.sip.line import SipLine

async def main():
    line = SipLine(SipConfig("sip1", listen=sys.argv[1], aor="sip:8801@127.0.0.1"))
    await line.open(lambda event: None)
    print(line.worker_pid, flush=True)
    await asyncio.sleep(1000)

asyncio.run(main())
"""


@pytest.mark.parametrize("hung", [False, True])
async def test_no_worker_outlives_a_killed_gateway(hung: bool):
    gateway = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", GATEWAY, f"127.0.0.1:{free_port()}"), stdout=asyncio.subprocess.PIPE
    )
    assert gateway.stdout is not None
    worker = psutil.Process(int(await gateway.stdout.readline()))
    if hung:
        worker.suspend()
    gateway.kill()
    await gateway.wait()
    await asyncio.to_thread(worker.wait, 10)


async def test_worker_leaves_signals_to_the_gateway(bench: Bench):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(bench.line.worker_pid, number)
    await bench.answered_call()
    assert not bench.reports.of(LineFault)


async def test_flood_of_invites_is_turned_away_and_the_worker_lives(open_line: OpenLine):
    """From hosts that may call: each one costs media sockets before it is refused."""
    bench = await open_line(allow=("127.0.0.0/8",), calls=1, ban_seconds=0.0)
    pid = bench.line.worker_pid
    caller, _ = await bench.answered_call()
    flooders = [await bench.caller(address=f"127.0.0.{2 + number % 9}") for number in range(150)]
    for flooder in flooders:
        flooder.invite()
    statuses = {(await flooder.final("INVITE")).status for flooder in flooders}
    assert statuses == {486, 503}
    caller.bye()
    await caller.response("BYE", 200)
    assert bench.line.worker_pid == pid
    assert not bench.reports.of(LineFault)


@pytest.mark.asyncio(loop_scope="module")
async def test_caller_that_never_confirms_fails_the_leg(unconfirmed: Bench, caplog: pytest.LogCaptureFixture):
    """No ACK: pjsip gives up after 32 s (RFC 3261 §13.3.1.4), and the next caller is served meanwhile."""
    (offer,) = unconfirmed.reports.of(CallOffered)
    assert not unconfirmed.reports.of(Answered)
    await unconfirmed.line.probe(
        "sip:nobody@127.0.0.1:9", 0.1
    )  # its loop stood still: the worker hears of it again
    await unconfirmed.answered_call()
    failed = await unconfirmed.reports.wait(LegFailed, seconds=60)
    assert (failed.leg, failed.code) == (offer.leg, FaultCode.ANSWER_FAILED)
    assert failed.detail in caplog.text
