"""What customers who call with baresip and with linphonec press, show and speak."""

from pathlib import Path

import pytest

from drivers.line import Verdict
from tests.interop.calls import calling
from tests.interop.clients import NUMBERS, Linphone, Make
from tests.interop.conftest import Hotline

pytestmark = [pytest.mark.process, pytest.mark.asyncio(loop_scope="module")]


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
    alone = {"codecs": ("PCMU",)} if isinstance(telephone, Linphone) else {"settings": ";audio_codecs=PCMU"}
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
