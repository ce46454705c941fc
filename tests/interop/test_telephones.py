"""Customers who call with baresip and with linphonec."""

import pytest

from drivers.line import Verdict
from tests.interop.calls import calling
from tests.interop.clients import Make
from tests.interop.conftest import GREETING, Hotline
from tests.process.sounds import hears

pytestmark = [pytest.mark.process, pytest.mark.asyncio(loop_scope="module")]


async def test_greeted_and_heard(hotline: Hotline, make: Make):
    """is greeted and hears it · is heard to speak · hangs up"""
    telephone = make()
    async with calling(hotline, telephone, hotline.says()) as story:
        await story.said("greeting")
        await story.until("verdict", verdict=Verdict.SPEECH.value)
        await telephone.hang_up()
        await story.until("released", by="customer", cause="bye")
    assert hears(telephone.samples(), GREETING)


async def test_hung_up(hotline: Hotline, make: Make):
    """is hung up by the gateway, which has heard nothing"""
    telephone = make()
    async with calling(hotline, telephone, hotline.quiet) as story:
        await story.until("released", by="standard")
        await telephone.logged("CALL_CLOSED|ended|terminated")


async def test_gives_up(hotline: Hotline, make: Make):
    """gives up while it rings (CANCEL)"""
    telephone = make()
    slow = f"sip:8801@127.0.0.1:{hotline.slow_port}"
    async with calling(hotline, telephone, hotline.quiet, slow) as story:
        await telephone.logged("CALL_RINGING|ringing")
        await telephone.hang_up()
        await story.until("far_end_hangup", how="cancel")


async def test_hold_and_resume(hotline: Hotline, make: Make):
    """holds the call, resumes it, and is heard afterwards"""
    telephone = make()
    async with calling(hotline, telephone, hotline.says()) as story:
        await story.until("prompt_started", prompt="greeting")
        await telephone.hold()
        await story.until("held")
        await telephone.resume()
        await story.until("resumed")
        await story.said("greeting")
        await story.until("verdict", verdict=Verdict.SPEECH.value)
        await telephone.hang_up()
