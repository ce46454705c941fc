"""Who gets an answer on a real line: silence for strangers, passwords for callers, bans, foreign RTP."""

import asyncio
import hashlib
import re
import socket
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from drivers.line import (
    Answer,
    Answered,
    CallOffered,
    DigitReceived,
    FarEndHungUp,
    LineTrouble,
    Release,
    TroubleCode,
    VerdictReached,
)
from drivers.sip.config import SipConfig
from drivers.sip.digest import CallerSecret
from drivers.sip.line import SipLine
from tests.sip.conftest import Bench, Reports, close, free_port
from tests.sip.peer.caller import Caller, SipText, TcpCaller
from tests.sip.peer.digest import authorization, challenges

pytestmark = [pytest.mark.sip, pytest.mark.asyncio(loop_scope="module")]

METHODS = ("INVITE", "OPTIONS", "REGISTER", "MESSAGE", "SUBSCRIBE", "NOTIFY", "BYE", "CANCEL", "XYZZY")


def secret(user: str, algorithm: str = "SHA-256") -> CallerSecret:
    name = {"SHA-256": "sha256", "MD5": "md5"}[algorithm]
    return CallerSecret(
        user, "hotline", algorithm, hashlib.new(name, f"{user}:hotline:right".encode()).hexdigest()
    )


async def opened(**options) -> AsyncIterator[Bench]:
    """A line for the whole module: starting a worker costs more than most of these trials."""
    listen = f"127.0.0.1:{free_port()}"
    config = SipConfig("sip1", listen=listen, aor=f"sip:8801@{listen}", ring_period=0.5, **options)
    bench = Bench(SipLine(config), config, Reports())
    await bench.line.open(bench.reports)
    pid = bench.line.worker_pid
    yield bench
    assert bench.line.worker_pid == pid, "the worker died on the way"
    await close(bench)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def everyones() -> AsyncIterator[Bench]:
    """A line with everything at its default."""
    async for bench in opened():
        yield bench


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shut() -> AsyncIterator[Bench]:
    """One that a single host may call."""
    async for bench in opened(allow=("127.0.0.1",)):
        yield bench


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def asking() -> AsyncIterator[Bench]:
    """One that asks for passwords."""
    async for bench in opened(callers=(secret("old", "MD5"), secret("801"))):
        yield bench


async def answers(caller: Caller) -> list[SipText]:
    """All that has come, once the line has certainly read what was sent before: it answers in turn."""
    other = await Caller.open(caller.target)
    try:
        for _ in range(2):
            other.request("OPTIONS")
        await other.response("OPTIONS", 200, count=2)
    finally:
        other.close()
    return caller.messages


async def test_a_stranger_gets_no_answer_and_is_told_once_with_the_cure(shut: Bench):
    bench = shut
    stranger = await bench.caller(address="127.0.0.2")
    for method in METHODS:
        stranger.request(method)
    stranger.send_raw(b"\r\n\r\n")
    stranger.send_raw(b"no SIP at all")
    trouble = await bench.reports.wait(LineTrouble)
    assert trouble.code is TroubleCode.UNKNOWN_SOURCE
    assert "127.0.0.2 is not in allow" in trouble.detail
    assert not await answers(stranger)
    assert len(bench.reports.of(LineTrouble)) == 1
    assert not bench.reports.of(CallOffered)


async def test_a_stranger_cannot_even_connect(shut: Bench):
    host, _, port = shut.config.listen.partition(":")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await asyncio.open_connection(host, int(port), local_addr=("127.0.0.2", 0))
    _, writer = await asyncio.open_connection(host, int(port))
    writer.close()


async def test_what_nobody_may_ask_of_a_line_is_told_to_those_who_may_call(everyones: Bench):
    caller = await everyones.caller()
    for method, status in (("REGISTER", 405), ("MESSAGE", 405), ("PUBLISH", 405), ("XYZZY", 501)):
        caller.request(method)
        answer = await caller.final(method)
        assert answer.status == status
        assert ("INVITE" in answer.headers.get("allow", "")) == (status == 405)
        assert not re.search(r"pjsip|sansheng", answer.raw, re.IGNORECASE)


@pytest.mark.parametrize("kind", [Caller, TcpCaller])
async def test_a_caller_shows_his_password_and_his_call_is_not_asked_again(asking: Bench, kind: type[Caller]):
    bench, before = asking, len(asking.reports.of(CallOffered))
    caller = await bench.caller(kind)
    caller.invite()
    first, second = challenges((await caller.final("INVITE")).raw)
    assert (first["algorithm"], second["algorithm"]) == ("SHA-256", "MD5")
    caller.messages.clear()
    header = authorization(first, user="801", password="right", uri=bench.target)
    caller.invite(headers=header)
    await caller.response("INVITE", 180)
    caller.messages.clear()
    caller.invite(headers=header)
    (again, _) = challenges((await caller.response("INVITE", 401)).raw)
    assert again["stale"] == "true", "a replay"
    weak = authorization(second, user="801", password="right", uri=bench.target)
    caller.messages.clear()
    caller.invite(headers=weak)
    assert (await caller.final("INVITE")).status == 401, "his secret is kept for SHA-256 alone"
    assert len(bench.reports.of(CallOffered)) == before + 1
    bench.line.execute(Release(bench.reports.of(CallOffered)[-1].leg))


async def test_a_reinvite_is_not_asked_for_a_password(asking: Bench):
    bench, before = asking, len(asking.reports.of(CallOffered))
    caller = await bench.caller()
    caller.invite()
    (asked, _) = challenges((await caller.final("INVITE")).raw)
    caller.messages.clear()
    caller.invite(headers=authorization(asked, user="801", password="right", uri=bench.target))
    offer = await bench.reports.wait(CallOffered, count=before + 1)
    bench.line.execute(Answer(offer.leg))
    await bench.reports.wait(Answered, leg=offer.leg)
    assert (await caller.offer("sendonly")).status == 200
    caller.bye()
    await bench.reports.wait(FarEndHungUp, leg=offer.leg)


async def test_who_guesses_passwords_is_shut_out(asking: Bench):
    bench = asking
    guesser = await bench.caller(address="127.0.0.3")
    guesser.invite()
    (asked, _) = challenges((await guesser.final("INVITE")).raw)
    for number in range(12):
        guesser.invite(
            headers=authorization(asked, user="801", password=str(number), uri=bench.target, nc=number + 1)
        )
    trouble = await bench.reports.wait(LineTrouble)
    assert trouble.code is TroubleCode.SOURCE_BANNED
    assert "127.0.0.3 is shut out for 600 s: wrong passwords" in trouble.detail
    guesser.request("OPTIONS")
    assert not [answer for answer in await answers(guesser) if answer.method == "OPTIONS"]


async def test_audio_from_elsewhere_is_neither_heard_nor_answered(everyones: Bench):
    """A host that guesses the port: it sends a loud tone and keys, for a second as the caller sends nothing."""
    bench = everyones
    caller, leg = await bench.answered_call()
    await caller.rtp.wait_for_packets(5)
    assert caller.rtp.target is not None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as foreign:
        foreign.bind(("127.0.0.2", 0))
        foreign.setblocking(False)
        before = len(caller.rtp.packets)
        for number in range(60):
            head = bytes((0x80, 8)) + number.to_bytes(2, "big") + (160 * number).to_bytes(4, "big") + b"evil"
            foreign.sendto(head + bytes((0x2A, 0xAA)) * 80, caller.rtp.target)
            key = bytes((0x80, 101)) + number.to_bytes(2, "big") + bytes(4) + b"evil" + bytes((5, 0x8A, 3, 0x20))
            foreign.sendto(key, caller.rtp.target)
            await caller.rtp.wait_for_packets(before + number)
        with pytest.raises(BlockingIOError):
            foreign.recv(2048)
    caller.rtp.press("7")
    assert (await bench.reports.wait(DigitReceived, leg=leg)).digit == "7"
    assert all(verdict.level_dbfs < -60 for verdict in bench.reports.of(VerdictReached, leg))


async def test_a_key_by_info_that_is_cut_off_is_refused_and_ends_no_call(everyones: Bench):
    bench = everyones
    caller, leg = await bench.answered_call()
    bodies = ("", "Signal=5", "Signal=5\n", "\r\nSignal=5\r\n", "Signal=")
    for number, body in enumerate(bodies, 1):
        caller.info("application/dtmf-relay", body)
        await caller.response("INFO", 400, count=number)
    caller.info("application/dtmf-relay", "Signal=8\r\nDuration=160")
    assert (await bench.reports.wait(DigitReceived, leg=leg)).digit == "8"


TAGLESS = {
    "none": "To: <sip:8801@127.0.0.1>\r\n",
    "in the address": "To: <sip:8801@127.0.0.1;tag=1>\r\n",
    "in quotes": 'To: ";tag=1" <sip:8801@127.0.0.1>;x=";tag=2"\r\n',
    "without a value": "To: <sip:8801@127.0.0.1>;tag\r\n",
    "in another To": "To: <sip:8801@127.0.0.1>;tag=1\r\nTo: <sip:8801@127.0.0.1>\r\n",
    "in the body": "t: <sip:8801@127.0.0.1>\r\n",
}


@pytest.mark.parametrize("to", TAGLESS.values(), ids=TAGLESS)
async def test_an_ack_that_confirms_nothing_ends_no_worker(everyones: Bench, to: str):
    """After an INVITE with its Call-ID, From and CSeq pjsip takes it for a merged request, is to answer it by 482,
    and aborts: an ACK has no answer."""
    caller = await everyones.caller()
    pid = everyones.line.worker_pid
    caller.invite()
    await caller.response("INVITE", 180)
    ack = caller._request(
        "ACK", caller._new_branch(), caller._invite_cseq, "To: <sip:1@x>;tag=1\r\n", "text/plain"
    )
    caller._send(re.sub(r"^To:.*\r\n", lambda _: to, ack, count=1, flags=re.MULTILINE))
    await answers(caller)
    caller.cancel()
    await caller.response("INVITE", 487)
    assert everyones.line.worker_pid == pid
