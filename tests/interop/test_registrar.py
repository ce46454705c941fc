"""The line and a customer's telephone registered at one Kamailio, which asks everybody for a password."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from drivers.line import Verdict
from tests.broker import PATIENCE
from tests.interop.calls import calling
from tests.interop.clients import Account, Make
from tests.interop.conftest import GREETING, Hotline, hotline_in
from tests.process.gateway import run
from tests.process.kamailio import kamailio
from tests.process.sounds import hears
from tests.sip.conftest import free_port
from tests.sip.peer.caller import Caller

pytestmark = [pytest.mark.process, pytest.mark.asyncio(loop_scope="module")]

PASSWORD = "correct-horse"
HOLDS = 12
"""Seconds that a registration holds: the line renews its own after seven."""


@dataclass
class Exchange:
    """A PBX of a registrar alone, and a hotline that is registered there as 8801."""

    account: Account
    hotline: Hotline
    running: contextlib.AsyncExitStack

    @property
    def target(self) -> str:
        return f"sip:8801@127.0.0.1:{self.account.port}"

    async def forgets_everybody(self) -> None:
        """It is started anew."""
        await self.running.aclose()
        await self.running.enter_async_context(registrar_in(self.hotline.voices, self.account.port))

    async def knows_the_line(self) -> None:
        """Asked through it the line answers."""
        async with asyncio.timeout(PATIENCE):
            while not await self._reaches_the_line():  # noqa: ASYNC110 - it tells nobody: it is asked
                await asyncio.sleep(0.2)

    async def _reaches_the_line(self) -> bool:
        caller = await Caller.open(self.target)
        try:
            caller.request("OPTIONS")
            return (await caller.final("OPTIONS")).status == 200
        finally:
            caller.close()


def registrar_in(folder: Path, port: int) -> contextlib.AbstractAsyncContextManager[int]:
    return kamailio(folder, PASSWORD, port=port, expires=HOLDS)


def registered(folder: Path, port: int, password: str = PASSWORD) -> dict[str, str]:
    """Keys of a line."""
    (folder / "password").write_text(password)
    where = f"127.0.0.1:{port}"
    return {
        "registrar": f"sip:{where}",
        "aor": f"sip:8801@{where}",
        "username": "8801",
        "password_file": str(folder / "password"),
    }


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def exchange(tmp_path_factory: pytest.TempPathFactory, dialplan: Path) -> AsyncIterator[Exchange]:
    folder, account = tmp_path_factory.mktemp("exchange"), Account(free_port(), PASSWORD)
    async with contextlib.AsyncExitStack() as running:
        await running.enter_async_context(registrar_in(folder, account.port))
        async with hotline_in(folder, dialplan, **registered(folder, account.port)) as hotline:
            yield Exchange(account, hotline, running)


async def test_a_call_through_a_registrar(exchange: Exchange, make: Make):
    """baresip, linphone by Kamailio: both register by digest; holds, presses a key, is heard, hangs up"""
    telephone, hotline = make(), exchange.hotline
    async with calling(hotline, telephone, hotline.says(6.0), exchange.target, account=exchange.account) as story:
        await story.said("greeting")
        await telephone.hold()
        await story.until("held")
        await telephone.resume()
        await story.until("resumed")
        await telephone.press("5")
        await story.until("dtmf", digit="5")
        await story.until("verdict", verdict=Verdict.SPEECH.value)
        await telephone.hang_up()
        await story.until("released", by="customer", cause="bye")
    assert hears(telephone.samples(), GREETING)


async def test_released_through_a_registrar(exchange: Exchange, make: Make):
    """baresip, linphone by Kamailio: is hung up by the gateway, which has heard nothing"""
    telephone, hotline = make(), exchange.hotline
    async with calling(hotline, telephone, hotline.quiet, exchange.target, account=exchange.account) as story:
        await story.until("released", by="standard")
        await telephone.logged("CALL_CLOSED|ended|terminated")


async def test_after_a_new_registration(exchange: Exchange, make: Make):
    """baresip, linphone by Kamailio: calls the line once it has registered anew with one that forgot all"""
    telephone, hotline = make(), exchange.hotline
    await exchange.forgets_everybody()
    await exchange.knows_the_line()
    async with calling(hotline, telephone, hotline.quiet, exchange.target, account=exchange.account) as story:
        await story.said("greeting")
        await telephone.hang_up()
        await story.until("released", by="customer", cause="bye")


async def test_wrong_password(exchange: Exchange, tmp_path: Path, dialplan: Path):
    """Kamailio: the line's password is wrong; the alert names the cure, `sansheng doctor` the alert"""
    keys = registered(tmp_path, exchange.account.port, "wrong-horse")
    async with hotline_in(tmp_path, dialplan, **keys) as hotline:
        topic = "line/sip1/alert/registration_failed"
        (alert,) = await hotline.watcher.until(lambda watcher: watcher.of(topic))
        _, out, _ = await run("doctor", "-c", str(hotline.site.config))
    assert "Unauthorized; check registrar, username and password_file" in alert["detail"]
    assert PASSWORD not in alert["detail"]
    assert re.search(r"registrar .*401 Unauthorized.*registration_failed", out), out
