"""Calls that a SIP line places: rung, answered, refused, and to whom it calls at all."""

import asyncio

import pytest

from drivers.line import (
    Answered,
    Dial,
    DialFailure,
    DigitReceived,
    FarEndHeld,
    FarEndHungUp,
    FarEndResumed,
    FarEndRinging,
    HangUpSign,
    LegReleased,
    MediaLost,
    Play,
    PlayFinished,
    Release,
    VerdictReached,
)
from drivers.sip.gate import RATE
from tests.sip.conftest import Bench, free_port, write_wav
from tests.sip.dialled import PASSWORD, answered, dial, failed, new_leg, told
from tests.sip.peer.callee import Callee, digest
from tests.sip.test_calls import tone

pytestmark = [pytest.mark.sip, pytest.mark.asyncio(loop_scope="module")]


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
        leg = new_leg()
        desk.line.execute(Dial(leg, address))
        assert told(desk, leg) == [], "nothing is told before the order has returned"
        assert (await failed(desk, leg)).why is DialFailure.VACANT_NUMBER, address
    assert phone.messages == []


async def test_a_host_is_looked_up_first_and_one_that_is_unknown_is_unreachable(desk: Bench):
    phone = await desk.caller(kind=Callee, user="801")
    leg, unknown, refusing = new_leg(), new_leg(), new_leg()
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
