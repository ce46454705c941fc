"""Requests inside a call that are not about its audio: each gets the status that its sender can act on."""

import pytest

from drivers.line import FarEndHungUp
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
