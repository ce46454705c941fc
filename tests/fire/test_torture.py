"""RFC 4475, and SDP that is none: the right answer, an error or nothing; calls that are up go on."""

import asyncio
import contextlib
import time

import pytest

from drivers.line import CallOffered, Release
from tests.broker import PATIENCE
from tests.fire import torture
from tests.fire.conftest import Opens, UnderFire
from tests.sip.peer.caller import Caller, SipText

pytestmark = pytest.mark.sip

LOOSE = {"ban_seconds": 0.0, "requests_per_second": 1000.0}
CALLS = 15.0
"""New calls a second that a line takes without an end (see drivers/sip/gate.py): no message is to be refused for
coming too soon."""


async def answer_to(fire: UnderFire, asked: torture.Torture, number: int) -> int:
    """The first status above 100 that comes back, 0: none. A call that it made is ended."""
    sender = await Caller.open(fire.bench.target, address="127.0.0.4")
    try:
        offered = len(fire.bench.reports.of(CallOffered))
        via = f"{sender.address}:{sender.port}".encode()
        text = asked.text.replace(b"{via}", via).replace(b"{n}", str(number).encode())
        sender._confirm = lambda answer: None  # what it would confirm is not known to it
        sender.send_raw(text.replace(b"{target}", fire.bench.target.encode()))
        await fire.settle()
        await fire.settle()
        statuses = [m.status for m in sender.messages if (m.status or 0) > 100]
        for offer in fire.bench.reports.of(CallOffered)[offered:]:
            fire.bench.line.execute(Release(offer.leg))
        return statuses[0] if statuses else 0
    finally:
        sender.close()


async def volley(fire: UnderFire, messages: list[torture.Torture]) -> dict[str, int]:
    """What was answered otherwise than it may be, by name."""
    wrong = {}
    begun = time.monotonic()
    for number, asked in enumerate(messages):
        await asyncio.sleep(max(0.0, begun + number / CALLS - time.monotonic()))
        status = await answer_to(fire, asked, number)
        if status not in asked.answers:
            wrong[f"{asked.section} {asked.name}"] = status
    return wrong


async def test_the_messages_of_rfc_4475(under_fire: Opens, caplog: pytest.LogCaptureFixture):
    fire = await under_fire(**LOOSE)
    assert len(torture.ALL) == 49
    assert await volley(fire, list(torture.ALL)) == {}
    await fire.assert_unharmed()
    assert "From:" not in caplog.text, "what cannot be read is not printed"


async def answer_to_offer(caller: Caller, body: str) -> SipText:
    """What a re-INVITE gets at last: of one call only so many offers a second are read."""

    def final(message: SipText) -> bool:
        return message.method == "INVITE" and (message.status or 0) >= 200

    before = sum(map(final, caller.messages))
    caller.reinvite("", sdp=body)
    async with asyncio.timeout(PATIENCE):
        while True:
            with contextlib.suppress(TimeoutError):
                return await caller._find(final, 0.5, before + 1)
            caller.offer_again()


async def test_sdp_that_is_none(under_fire: Opens):
    fire = await under_fire(**LOOSE)
    assert await volley(fire, [torture.offer(*item) for item in torture.BAD_SDP.items()]) == {}
    caller, _ = fire.calls[0]
    for body in torture.BAD_SDP.values():
        if "port 0" in body or "audio 0" in body or "0.0.0.0" in body:
            continue  # a way to say that the audio is over for now
        await answer_to_offer(caller, body)
    assert (await answer_to_offer(caller, caller.sdp("sendrecv"))).status == 200
    await fire.assert_unharmed()
