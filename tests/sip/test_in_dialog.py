"""Requests inside a call that are not about its audio: each gets the status that its sender can act on."""

import pytest

from drivers.line import DigitReceived, FarEndHungUp
from tests.sip.conftest import Bench

pytestmark = pytest.mark.sip


async def test_requests_in_a_call_are_answered_for_what_they_are(bench: Bench):
    caller, _ = await bench.answered_call()
    for method, status in (("OPTIONS", 200), ("NOTIFY", 481), ("SUBSCRIBE", 489), ("INFO", 200)):
        caller.request(method)
        assert (await caller.final(method)).status == status, method
    caller.bye()
    await caller.response("BYE", 200)
    assert (await bench.reports.wait(FarEndHungUp)).sign.value == "bye"


@pytest.mark.parametrize("content_type", ["application/x-nothing", "text/plain"])
async def test_info_of_an_unknown_type_is_415_and_told_what_is_known(bench: Bench, content_type: str):
    caller, _ = await bench.answered_call()
    caller.info(content_type, "junk")
    answer = await caller.final("INFO")
    assert answer.status == 415
    assert answer.headers["accept"] == "application/dtmf-relay, application/dtmf"


async def test_request_for_a_call_that_is_none_is_481(bench: Bench):
    caller, _ = await bench.answered_call()
    caller.to_tag = "another"
    caller.request("OPTIONS")
    assert (await caller.final("OPTIONS")).status == 481


@pytest.mark.parametrize(
    "other",
    ["18 101\r\na=rtpmap:18 G729/8000", "111\r\na=rtpmap:111 opus/48000/2", "8 101\r\nc=IN IP6 ::1"],
    ids=["G.729", "Opus", "IPv6"],
)
async def test_an_offer_that_we_cannot_speak_is_488_and_changes_nothing(bench: Bench, other: str):
    caller, leg = await bench.answered_call()
    for formats, status in ((other, 488), ("0 101", 200), (other, 488)):
        caller._branch, caller._cseq = caller._new_branch(), caller._cseq + 1
        sdp = caller.sdp().replace("RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000", f"RTP/AVP {formats}")
        caller._send(caller._request("INVITE", caller._branch, caller._cseq, sdp, "application/sdp"))
        cseq = f"{caller._cseq} INVITE"
        answer = await caller._find(lambda m, c=cseq: (m.status or 0) >= 200 and m.headers["cseq"] == c, 10, 1)
        assert answer.status == status
    caller.rtp.packets.clear()
    await caller.rtp.wait_for_packets(10)
    assert {packet.payload_type for packet in caller.rtp.packets[-3:]} == {0}
    caller.rtp.press("5")
    await bench.reports.wait(DigitReceived, leg=leg)
