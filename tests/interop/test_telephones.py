"""Customers who call with baresip and with linphonec."""

import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from drivers.line import Verdict
from tests.interop.calls import NUMBERS, Telephone, calling
from tests.interop.clients import Baresip, Linphone
from tests.interop.conftest import Hotline

pytestmark = [pytest.mark.process, pytest.mark.asyncio(loop_scope="module")]

Make = Callable[..., Telephone]


@pytest.fixture(params=[Baresip, Linphone], ids=["baresip", "linphone"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    return lambda **options: request.param(tmp_path / "telephone", next(NUMBERS), **options)


async def test_greeted_and_heard(hotline: Hotline, make: Make):
    """is greeted and hears it · is heard to speak · hangs up"""
    telephone = make()
    async with calling(hotline, telephone, hotline.says()) as story:
        await story.said("greeting")
        await story.until("verdict", verdict=Verdict.SPEECH.value)
        await telephone.hang_up()
        await story.until("released", by="customer", cause="bye")
    with wave.open(str(telephone.heard)) as file:
        heard = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert (np.abs(heard) > 500).sum() > 2000, "it has heard nothing of the greeting"


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


async def test_keys_as_events(hotline: Hotline, make: Make):
    """presses keys (RFC 4733), in a prompt as well"""
    telephone = make()
    async with calling(hotline, telephone, hotline.quiet) as story:
        await story.until("prompt_started", prompt="greeting")
        for key in "801#":
            await telephone.press(key)
            await story.until("dtmf", digit=key)
        await telephone.hang_up()
    assert [event["digit"] for event in story.events if event["event"] == "dtmf"] == list("801#")


async def test_name(hotline: Hotline, make: Make):
    """shows a Chinese name beside its number"""
    telephone = make(name="王小明")
    async with calling(hotline, telephone, hotline.quiet) as story:
        await story.said("greeting")
        await telephone.hang_up()
    assert (await hotline.site.call_of(telephone.number))["caller_name"] == "王小明"


async def test_tcp(hotline: Hotline, make: Make):
    """calls by TCP"""
    telephone = make()
    async with calling(hotline, telephone, hotline.says(), f"{hotline.target};transport=tcp") as story:
        await story.until("verdict", verdict=Verdict.SPEECH.value)
        await telephone.hang_up()
        await story.until("released", by="customer", cause="bye")


async def test_ulaw(hotline: Hotline, make: Make):
    """speaks PCMU alone"""
    telephone = make()
    alone = {"codecs": ("PCMU",)} if isinstance(telephone, Linphone) else {"account": ";audio_codecs=PCMU"}
    async with calling(hotline, telephone, hotline.says(), **alone) as story:
        await story.until("verdict", verdict=Verdict.SPEECH.value)
        await telephone.hang_up()


async def test_host_name(hotline: Hotline, tmp_path: Path):
    """linphone: calls localhost, a name"""
    telephone = Linphone(tmp_path / "telephone", next(NUMBERS))
    async with calling(hotline, telephone, hotline.quiet, f"sip:8801@localhost:{hotline.port}") as story:
        await story.said("greeting")
        await telephone.hang_up()


async def test_keys_by_info(hotline: Hotline, tmp_path: Path):
    """linphone: presses keys by SIP INFO"""
    telephone = Linphone(tmp_path / "telephone", next(NUMBERS))
    async with calling(hotline, telephone, hotline.quiet, sip="use_info=1\nuse_rfc2833=0") as story:
        await story.until("prompt_started", prompt="greeting")
        for key in "9*":
            await telephone.press(key)
            await story.until("dtmf", digit=key)
        await telephone.hang_up()
    assert [event["digit"] for event in story.events if event["event"] == "dtmf"] == list("9*")
