"""How calls that a SIP line places end: given up, crossed, forked, without audio, without a worker; none
costs a leg."""

import asyncio
import logging
import os
import signal

import pytest

from drivers.line import (
    Answered,
    CallOffered,
    Dial,
    DialFailure,
    FarEndRinging,
    GiveUp,
    LegFailed,
    LegReleased,
    LineFault,
    Release,
)
from drivers.sip.dialled_leg import FIRST_ANSWER
from drivers.sip.gate import RATE
from drivers.sip.leg import RELEASE_LIMIT
from tests.sip.conftest import Bench, close
from tests.sip.dialled import answered, dial, failed, new_leg, opened, told
from tests.sip.peer.callee import Callee

pytestmark = [pytest.mark.sip, pytest.mark.asyncio(loop_scope="module")]


async def test_giving_up_cancels_even_where_the_answer_crosses(desk: Bench):
    rung, crossing, late = [await dial(desk) for _ in range(3)]
    orders = (rung, True, GiveUp), (crossing, False, GiveUp), (late, False, Release)
    for (phone, leg), obeys, order in orders:
        phone.obeys_cancel = obeys
        await phone.invited()
        phone.reply(180)
        await desk.reports.wait(FarEndRinging, leg=leg)
        desk.line.execute(order(leg))
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
    leg = new_leg()
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
    await asyncio.sleep(8 / RATE)  # as often as they may be dialled, whatever the test before has dialled
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


async def test_a_cancel_that_nobody_answers_holds_no_leg_for_long(desk: Bench, caplog: pytest.LogCaptureFixture):
    deaf = [await dial(desk) for _ in range(4)]
    for phone, leg in deaf:
        phone.obeys_cancel = False
        await phone.invited()
        phone.reply(180)
        await desk.reports.wait(FarEndRinging, leg=leg)
        desk.line.execute(Release(leg))
    for _, leg in deaf:
        await desk.reports.wait(LegReleased, leg=leg)
    began = asyncio.get_running_loop().time()
    while await refused(desk):
        pass
    assert asyncio.get_running_loop().time() - began < 4 * RELEASE_LIMIT, "not timer B's 32 s"
    assert not loud(caplog), "that every leg is in use is told, and is no fault"


def loud(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]


async def refused(desk: Bench) -> bool:
    """Whether the line has no leg for one more call, which is answered with 486."""
    await asyncio.sleep(1 / RATE)  # no faster than the line would place calls
    phone, leg = await dial(desk)
    phone._respond = lambda request: phone.reply(486) if request.method == "INVITE" else None
    return (await failed(desk, leg)).why is DialFailure.NO_LINE


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
