"""What telephones offer that these two do not: by a peer that says it byte for byte."""

import re

import pytest

from drivers.line import Verdict
from tests.interop.clients import NUMBERS
from tests.interop.conftest import Hotline
from tests.process.customers import Story, placed
from tests.process.material import voice
from tests.sip.peer.caller import Caller

pytestmark = [pytest.mark.process, pytest.mark.asyncio(loop_scope="module")]


OFFERS = {
    "video": ("", "m=video 40000 RTP/AVP 99\r\na=rtpmap:99 H264/90000\r\n"),
    "rtcp-mux": ("", "a=rtcp-mux\r\n"),
    "events of type 96": ("101>96", ""),
    "comfort noise": ("8 101>8 13 101", "a=rtpmap:13 CN/8000\r\n"),
    "ptime 30": ("", "a=ptime:30\r\n"),
    "ptime 60": ("", "a=ptime:60\r\n"),
    "G.729 first": ("8 101>18 8 101", "a=rtpmap:18 G729/8000\r\n"),
}
"""What is written otherwise in the offer, and what stands at its end."""


@pytest.mark.parametrize("kind", OFFERS)
async def test_offers(hotline: Hotline, kind: str):
    """any telephone: offers video, rtcp-mux, other event types, comfort noise, ptime 30 and 60 (kept), G.729"""
    (was, _, becomes), more = OFFERS[kind][0].partition(">"), OFFERS[kind][1]
    story = Story(hotline.watcher, next(NUMBERS))
    customer = await Caller.open(hotline.target, user=story.number)
    try:
        sdp = customer.sdp().replace(was, becomes) if was else customer.sdp()
        customer.rtp.event_type = 96 if kind == "events of type 96" else 101
        customer.invite(sdp=sdp + more)
        answer = await customer.response("INVITE", 200, 20)
        assert re.findall(r"m=(\w+) (\d+)", answer.body)[1:] == ([("video", "0")] if kind == "video" else [])
        customer.rtp.start_sending(voice())
        await customer.rtp.wait_for_packets(5)
        milliseconds = int(kind.removeprefix("ptime ")) if "ptime" in kind else 20
        assert {len(packet.payload) for packet in customer.rtp.packets} == {8 * milliseconds}
        customer.rtp.press("5")
        await story.until("dtmf", digit="5")
        customer.bye()
        await story.until("released", by="customer", cause="bye")
    finally:
        customer.close()


async def test_late_offer(hotline: Hotline):
    """any telephone: INVITE without an offer gets ours, PCMA and PCMU"""
    customer = await Caller.open(hotline.target, user=next(NUMBERS))
    try:
        customer.invite(sdp="")
        answer = await customer.response("INVITE", 200, 20)
        assert re.search(r"m=audio \d+ RTP/AVP 8 0 ", answer.body)
        customer.bye()
        await customer.response("BYE", 200)
    finally:
        customer.close()


async def test_another_codec(hotline: Hotline):
    """any telephone: re-INVITE from PCMA to PCMU; to G.729 or Opus alone gets 488, and the call goes on"""
    story = Story(hotline.watcher, next(NUMBERS))
    async with placed(hotline.target, story.number) as customer:
        await customer.response("INVITE", 200, 20)
        for formats, status in (("0 101", 200), ("18 101\r\na=rtpmap:18 G729/8000", 488)):
            customer.rtp.packets.clear()
            sdp = customer.sdp().replace("8 101\r\na=rtpmap:8 PCMA/8000", formats)
            customer.reinvite("sendrecv", sdp=sdp)
            await customer.response("INVITE", status, count=2 if status == 200 else 1)
        await customer.rtp.wait_for_packets(len(customer.rtp.packets) + 10)
        assert customer.rtp.packets[-1].payload_type == 0
        customer.rtp.payload_type = 0
        customer.rtp.start_sending([0] * 16000 + voice())
        await story.until("verdict", verdict=Verdict.SPEECH.value)
        customer.bye()
        await story.until("released", by="customer", cause="bye")
