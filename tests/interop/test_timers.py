"""Session timers (RFC 4028): who keeps a call alive, and what a call is told of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.interop.clients import NUMBERS
from tests.interop.conftest import Hotline
from tests.process.customers import Story
from tests.process.material import voice
from tests.sip.peer.caller import Caller

pytestmark = [pytest.mark.process, pytest.mark.asyncio(loop_scope="module")]

INTERVAL = 90
"""Seconds: the shortest there is. Whoever refreshes does so after half of it."""
VOICE = voice()
ALLOW = "Allow: INVITE, ACK, CANCEL, BYE, UPDATE\r\n"


@asynccontextmanager
async def called(hotline: Hotline, refresher: str, headers: str = "") -> AsyncIterator[tuple[Caller, Story]]:
    """A customer whose call has a session interval; his is the hang-up, if it is up. He speaks."""
    story = Story(hotline.watcher, next(NUMBERS))
    customer = await Caller.open(hotline.target, user=story.number)
    try:
        customer.invite(
            headers=f"Supported: timer\r\nSession-Expires: {INTERVAL};refresher={refresher}\r\n{headers}"
        )
        answer = await customer.response("INVITE", 200, 20)
        assert answer.headers["session-expires"] == f"{INTERVAL};refresher={refresher}"
        speaking = asyncio.create_task(speaks(customer))
        try:
            yield customer, story
        finally:
            speaking.cancel()
        if not customer.has_incoming("BYE"):
            customer.bye()
            await story.until("released", by="customer", cause="bye")
    finally:
        customer.close()


async def test_who_refreshes(hotline: Hotline):
    """any telephone: session timers (RFC 4028); the line refreshes by UPDATE, by re-INVITE, or not at all"""
    async with asyncio.TaskGroup() as group:
        group.create_task(line_refreshes(hotline, "UPDATE", ALLOW))
        group.create_task(line_refreshes(hotline, "INVITE", ""))
        group.create_task(caller_refreshes(hotline))
        group.create_task(nobody_refreshes(hotline))


async def line_refreshes(hotline: Hotline, method: str, headers: str) -> None:
    async with called(hotline, "uas", headers) as (customer, story):
        refresh = await customer.incoming(method, INTERVAL)
        assert refresh.headers["session-expires"] == f"{INTERVAL};refresher=uac"
        before = len(customer.rtp.packets)
        await customer.rtp.wait_for_packets(before + 50)
        assert "far_end_hangup" not in [event["event"] for event in story.events]


async def caller_refreshes(hotline: Hotline) -> None:
    async with called(hotline, "uac") as (customer, _):
        customer._cseq += 1
        branch, timer = (
            customer._new_branch(),
            f"Supported: timer\r\nSession-Expires: {INTERVAL};refresher=uac\r\n",
        )
        customer._send(customer._request("UPDATE", branch, customer._cseq, headers=timer))
        refreshed = await customer.response("UPDATE", 200)
        assert refreshed.headers["session-expires"] == f"{INTERVAL};refresher=uac"


async def nobody_refreshes(hotline: Hotline) -> None:
    """The telephone was to, and has gone without a word: RFC 4028 §10."""
    async with called(hotline, "uac") as (customer, story):
        await customer.incoming("BYE", INTERVAL)
        await story.until("released", by="fault", cause="port_lost")


async def speaks(customer: Caller) -> None:
    """On and on, so that no clause ends the call."""
    while True:
        customer.rtp.start_sending(VOICE)
        await asyncio.sleep(len(VOICE) / 8000)
