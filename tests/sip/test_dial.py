"""Calls that a SIP line places: rung, answered, refused, given up, and what a called telephone may get wrong."""

import asyncio
import itertools
import os
import signal
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from drivers.line import (
    Answered,
    CallOffered,
    Dial,
    DialFailed,
    DialFailure,
    DigitReceived,
    FarEndHeld,
    FarEndHungUp,
    FarEndResumed,
    FarEndRinging,
    HangUpSign,
    LegEvent,
    LegFailed,
    LegReleased,
    LineFault,
    MediaLost,
    Play,
    PlayFinished,
    Release,
    VerdictReached,
)
from drivers.sip.config import SipConfig
from drivers.sip.dialled_leg import FIRST_ANSWER
from drivers.sip.gate import RATE
from drivers.sip.line import SipLine
from tests.sip.conftest import Bench, Reports, close, free_port, write_wav
from tests.sip.peer.callee import Callee, digest
from tests.sip.test_calls import tone

pytestmark = [pytest.mark.sip, pytest.mark.asyncio(loop_scope="module")]

_names = (f"out-{number}" for number in itertools.count(1))
PASSWORD = "geheim"
"""Of the line, at its PBX."""


async def opened() -> Bench:
    listen = f"127.0.0.1:{free_port()}"
    config = SipConfig("desk", listen=listen, aor=f"sip:8801@{listen}", username="8801", password=PASSWORD)
    bench = Bench(SipLine(config), config, Reports())
    await bench.line.open(bench.reports)
    return bench


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk() -> AsyncIterator[Bench]:
    """One line for the module: starting a worker costs more than most of these calls."""
    bench = await opened()
    pid = bench.line.worker_pid
    yield bench
    assert bench.line.worker_pid == pid, "the worker died on the way"
    await close(bench)


async def dial(desk: Bench, *, to: str | None = None, shown: str | None = None, user: str = "801"):
    """A telephone, and the leg by which it is being called."""
    phone = await desk.caller(kind=Callee, user=user)
    leg = next(_names)
    desk.line.execute(Dial(leg, to or phone.uri, shown))
    return phone, leg


async def answered(desk: Bench, **options) -> tuple[Callee, str]:
    phone, leg = await dial(desk, **options)
    await phone.answer()
    await desk.reports.wait(Answered, leg=leg)
    return phone, leg


def told(desk: Bench, leg: str) -> list[LegEvent]:
    return [event for event in desk.reports.events if getattr(event, "leg", None) == leg]


async def failed(desk: Bench, leg: str) -> DialFailed:
    """How the call failed; LegReleased must follow it, and nothing else have been told but that it rang."""
    await desk.reports.wait(LegReleased, leg=leg)
    *before, failure, released = told(desk, leg)
    assert isinstance(failure, DialFailed)
    assert released == LegReleased(leg)
    assert all(isinstance(event, FarEndRinging) for event in before)
    return failure


async def test_rung_answered_heard_and_ended_like_any_leg(desk: Bench, tmp_path):
    phone, leg = await dial(desk)
    await phone.invited()
    for status in (100, 182, 180, 180, 183, 180):
        phone.reply(status)
    await desk.reports.wait(FarEndRinging, leg=leg)
    phone.reply(200, sdp=True)
    await desk.reports.wait(Answered, leg=leg)
    assert told(desk, leg) == [FarEndRinging(leg), Answered(leg)]
    phone.rtp.start_sending()
    await desk.reports.wait(VerdictReached, leg=leg)
    desk.line.execute(Play(leg, 1, (write_wav(tmp_path / "1.wav", tone(0.3)),)))
    assert await desk.reports.wait(PlayFinished, leg=leg) == PlayFinished(leg, 1, complete=True)
    assert max(phone.rtp.heard()) == pytest.approx(8000, abs=300)
    phone.rtp.press("5")
    await desk.reports.wait(DigitReceived, leg=leg)
    phone.info("application/dtmf-relay", "Signal=*\r\nDuration=100\r\n")
    await desk.reports.wait(DigitReceived, leg=leg, count=2)
    assert [event.digit for event in desk.reports.of(DigitReceived, leg)] == ["5", "*"]
    await phone.offer("sendonly")
    await desk.reports.wait(FarEndHeld, leg=leg)
    await phone.offer("sendrecv")
    await desk.reports.wait(FarEndResumed, leg=leg)
    await desk.reports.wait(VerdictReached, leg=leg, count=2)
    phone.rtp.stop_sending()
    await desk.reports.wait(MediaLost, leg=leg)
    phone.bye()
    await desk.reports.wait(LegReleased, leg=leg)
    assert told(desk, leg)[-2:] == [FarEndHungUp(leg, HangUpSign.BYE), LegReleased(leg)]


async def test_release_hangs_up(desk: Bench):
    phone, leg = await answered(desk)
    desk.line.execute(Release(leg))
    await phone.incoming("BYE")
    await desk.reports.wait(LegReleased, leg=leg)
    assert told(desk, leg)[1:] == [Answered(leg), LegReleased(leg)]


WHY = {
    DialFailure.BUSY: (486, 600),
    DialFailure.REFUSED: (302, 380, 401, 403, 407, 415, 488, 603, 606),
    DialFailure.VACANT_NUMBER: (404, 410, 484, 604),
    DialFailure.UNREACHABLE: (408, 480),
    DialFailure.CONGESTION: (500, 502, 503, 504),
}


async def test_each_status_tells_why_and_no_redirection_is_followed(desk: Bench):
    elsewhere = await desk.caller(kind=Callee, user="0900")
    for why, statuses in WHY.items():
        for status in statuses:
            phone, leg = await dial(desk)
            await phone.invited()
            phone.reply(status, headers=f"Contact: <{elsewhere.uri}>, <sip:1@127.0.0.1:9>\r\n")
            failure = await failed(desk, leg)
            await asyncio.sleep(1 / RATE)
            assert (failure.why, f"SIP {status}" in failure.detail) == (why, True), (status, failure)
    assert elsewhere.messages == []


async def test_transfer_by_the_called_one_is_refused(desk: Bench):
    elsewhere = await desk.caller(kind=Callee, user="0900")
    phone, _ = await answered(desk)
    phone.request("REFER")
    assert (await phone.final("REFER")).status >= 400
    assert elsewhere.messages == []
    phone.bye()


@pytest.mark.parametrize(("status", "asks"), [(401, "WWW-Authenticate"), (407, "Proxy-Authenticate")])
async def test_a_pbx_is_shown_the_password_once(desk: Bench, status: int, asks: str):
    challenge = f'{asks}: Digest realm="pbx", nonce="17"\r\n'
    phone, leg = await dial(desk)
    await phone.invited()
    phone.reply(status, headers=challenge)
    second = await phone.invited(count=2)
    assert digest(second, "8801", PASSWORD, "pbx", "17")
    phone.reply(status, headers=challenge)
    assert (await failed(desk, leg)).why is DialFailure.REFUSED


NAMES = {
    "王先生": '"王先生" ',
    "138****5678": '"138****5678" ',
    'x" <sip:900@evil>\r\nX-Evil: 1\r\n\r\n': '"x\' <sip:900@evil>X-Evil: 1" ',
    "a\\": '"a/" ',
    "\0\n\t": "",
    "漢" * 500: f'"{"漢" * 32}" ',
    "": "",
}


async def test_the_name_shown_stays_a_name(desk: Bench):
    for name, expected in NAMES.items():
        phone, leg = await dial(desk, shown=name)
        invite = await phone.invited()
        lines = invite.raw.split("\r\n\r\n")[0].split("\r\n")
        source, _, tag = invite.headers["from"].partition(";")
        assert (source, tag[:4]) == (f"{expected}<{desk.config.aor.rpartition(':')[0]}>", "tag="), name
        assert not any(line.startswith("X-") or ":" not in line for line in lines[1:])
        phone.reply(486)
        await failed(desk, leg)


async def test_an_address_that_is_none_is_not_called(desk: Bench):
    phone = await desk.caller(kind=Callee, user="801")
    there = phone.uri.partition("@")[2]
    bad = (
        *(
            "",
            "801 802",
            "1\n2",
            "tel:801",
            f"sips:801@{there}",
            "801@pbx",
            "8" * 40,
            "sip:",
            "sip:801@",
            "*\r\nX: y",
        ),
        *(
            f"{phone.uri}{more}"
            for more in ("?Replaces=1", ";maddr=192.0.2.1", ";method=BYE", " ", "\r\nX-Evil: 1")
        ),
        *(f"{phone.uri};transport=tls", f"sip:80 1@{there}", f'sip:"801"@{there}', f"<sip:801@{there}>"),
        *(f"sip:801\r\n@{there}", "sip:801@[::1]", "sip:801@127.0.0.1:99999", f"sip:{'8' * 300}@{there}"),
    )
    for address in bad:
        leg = next(_names)
        desk.line.execute(Dial(leg, address))
        assert told(desk, leg) == [], "nothing is told before the order has returned"
        assert (await failed(desk, leg)).why is DialFailure.VACANT_NUMBER, address
    assert phone.messages == []


async def test_a_host_is_looked_up_first_and_one_that_is_unknown_is_unreachable(desk: Bench):
    phone = await desk.caller(kind=Callee, user="801")
    leg, unknown, refusing = next(_names), next(_names), next(_names)
    desk.line.execute(Dial(unknown, "sip:801@no-such-host.invalid"))
    desk.line.execute(Dial(refusing, f"sip:801@127.0.0.1:{free_port()};transport=tcp"))
    desk.line.execute(Dial(leg, f"sip:801@localhost:{phone.port}"))
    invite = await phone.invited()
    assert invite.start == f"INVITE sip:801@127.0.0.1:{phone.port} SIP/2.0"
    assert "sip:801@localhost" in invite.headers["to"]
    phone.reply(603)
    for name in (unknown, refusing):
        assert (await failed(desk, name)).why is DialFailure.UNREACHABLE
    assert (await failed(desk, leg)).why is DialFailure.REFUSED


async def test_giving_up_cancels_even_where_the_answer_crosses(desk: Bench):
    rung, crossing, late = [await dial(desk) for _ in range(3)]
    for (phone, leg), obeys in ((rung, True), (crossing, False), (late, False)):
        phone.obeys_cancel = obeys
        await phone.invited()
        phone.reply(180)
        await desk.reports.wait(FarEndRinging, leg=leg)
        desk.line.execute(Release(leg))
        await phone.incoming("CANCEL")
    for phone, leg in (crossing, late):
        if leg == late[1]:
            await desk.reports.wait(LegReleased, leg=crossing[1])
        phone.reply(200, sdp=True)
        await phone.incoming("ACK")
        await phone.incoming("BYE")
    for _, leg in (rung, crossing, late):
        await desk.reports.wait(LegReleased, leg=leg)
        assert told(desk, leg) == [FarEndRinging(leg), LegReleased(leg)]


async def test_both_hang_up_at_once(desk: Bench):
    for answers in (True, False):
        phone, leg = await answered(desk)
        if not answers:
            phone._respond = lambda request: None  # its own BYE is all that it says
        desk.line.execute(Release(leg))
        phone.bye()
        await desk.reports.wait(LegReleased, leg=leg)
        assert len(desk.reports.of(LegReleased, leg)) == 1


async def test_a_call_that_forks_is_answered_once(desk: Bench):
    phone, leg = await dial(desk)
    await phone.invited()
    for tag in ("one", "two", "three"):
        phone.reply(180, tag=tag)
    phone.reply(183, tag="three", sdp=True)
    phone.reply(200, tag="one", sdp=True)
    phone.reply(200, tag="two", sdp=True)
    bye = await phone.incoming("BYE")
    assert ";tag=two" in bye.headers["to"]
    await desk.reports.wait(Answered, leg=leg)
    assert told(desk, leg) == [FarEndRinging(leg), Answered(leg)]
    desk.line.execute(Release(leg))
    await desk.reports.wait(LegReleased, leg=leg)


async def test_an_answer_without_audio_that_we_speak_is_ended(desk: Bench):
    for audio in ("none", "codec", "port"):
        phone, leg = await dial(desk)
        await phone.invited()
        ours = phone.sdp()
        foreign = ours.replace("AVP 8", "AVP 18").replace("a=rtpmap:8 PCMA", "a=rtpmap:18 G729")
        sdp = {"none": "", "codec": foreign, "port": ours.replace(f"audio {phone.rtp.port}", "audio 0")}[audio]
        phone.reply(200, sdp=sdp)
        await phone.incoming("BYE")
        assert (await failed(desk, leg)).why is DialFailure.REFUSED, audio


async def test_a_long_invite_stays_on_udp(desk: Bench):
    phone = await desk.caller(kind=Callee, user="8" * 60)
    connections: list[object] = []
    server = await asyncio.start_server(lambda *streams: connections.append(streams), "127.0.0.1", phone.port)
    leg = next(_names)
    desk.line.execute(Dial(leg, f"{phone.uri};x={'y' * 100}", "漢" * 40))
    invite = await phone.invited()
    assert len(invite.raw.encode()) > 1300
    phone.reply(486)
    await failed(desk, leg)
    assert connections == []
    server.close()
    await server.wait_closed()


async def test_legs_are_shared_with_callers_and_come_free_again(desk: Bench):
    phones = [await answered(desk) for _ in range(2)]
    callers = [await desk.answered_call() for _ in range(2)]
    _, leg = await dial(desk)
    assert (await failed(desk, leg)).why is DialFailure.NO_LINE
    fifth = await desk.caller()
    fifth.invite()
    assert (await fifth.final("INVITE")).status == 486
    for phone, _ in (*phones, *callers):
        phone.bye()
    for _, leg in (*phones, *callers):
        await desk.reports.wait(LegReleased, leg=leg)
    silent = [await dial(desk) for _ in range(4)]
    began = asyncio.get_running_loop().time()
    for _, leg in silent:
        failure = await failed(desk, leg)
        assert failure.why is DialFailure.UNREACHABLE
        assert desk.reports.time_of(failure) - began < 4 * FIRST_ANSWER, "not timer B's 32 s"
    for turn in range(20):
        phone, leg = await dial(desk)
        await phone.invited()
        phone.reply(486) if turn % 2 else phone.reply(200, sdp=True)
        if not turn % 2:
            await desk.reports.wait(Answered, leg=leg)
            desk.line.execute(Release(leg))
        await desk.reports.wait(LegReleased, leg=leg)
        await asyncio.sleep(1 / RATE)
    for phone, _ in await asyncio.gather(*(answered(desk) for _ in range(4))):
        phone.bye()


async def test_a_dead_worker_takes_its_calls_and_a_line_out_of_service_dials_nobody():
    bench = await opened()
    phone, leg = await dial(bench)
    await phone.invited()
    bench.line.execute(Dial(leg, phone.uri))
    os.kill(bench.line.worker_pid, signal.SIGKILL)
    await bench.reports.wait(LineFault)
    assert [type(event) for event in told(bench, leg)] == [LegFailed]
    _, refused = await dial(bench)
    failure = await failed(bench, refused)
    assert failure.why is DialFailure.NO_LINE
    assert "signal 9" in failure.detail
    assert not bench.reports.of(CallOffered)
    await close(bench)
