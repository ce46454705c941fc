"""A session interval (RFC 4028) that is too short is refused before there is a call."""

import pytest

from drivers.line import CallOffered
from tests.sip.conftest import Bench

pytestmark = pytest.mark.sip


@pytest.mark.parametrize("header", ["Session-Expires: 30;refresher=uac", "x: 89"])
async def test_an_interval_below_90_s_is_422_and_no_call(bench: Bench, header: str):
    caller = await bench.caller()
    caller.invite(headers=f"Supported: timer\r\n{header}\r\n")
    refused = await caller.final("INVITE")
    assert (refused.status, refused.headers["min-se"]) == (422, "90")
    caller.invite(headers="Supported: timer\r\nSession-Expires: 90\r\nMin-SE: 90\r\n")
    await caller.response("INVITE", 180)
    await bench.reports.wait(CallOffered)
    caller.cancel()
    await caller.response("INVITE", 487)
    assert len(bench.reports.of(CallOffered)) == 1
