"""A whole gateway with its wallboard: a call followed by a browser, the wallboard killed under it, then both."""

import asyncio
import base64
import hashlib
import json
import re
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import psutil
import pytest
from aiohttp import ClientError, ClientSession

from tests.broker import PATIENCE, Mosquitto, free_port, watching
from tests.process.customers import Story, placed
from tests.process.gateway import GatewayProcess, Site, gone, mqtt, sip_line
from tests.sip.conftest import free_port as free_udp_port

pytestmark = pytest.mark.process

NUMBER = "13812345678"


@dataclass
class Browser:
    """Follows the stream, and connects again when it breaks."""

    url: str
    session: ClientSession
    shown: dict[str, Any] = field(default_factory=dict)
    states: list[str] = field(default_factory=list)
    text: str = ""
    snapshots: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def follow(self) -> None:
        while True:
            try:
                async with self.session.get(f"{self.url}/stream") as answer:
                    async for line in answer.content:
                        self._take(line.decode())
            except ClientError:
                await asyncio.sleep(0.1)

    def _take(self, line: str) -> None:
        self.text += line
        if line.startswith("event: snapshot"):
            self.snapshots += 1
            self.shown = {}
        if line.startswith("data: "):
            for topic, payload in json.loads(line.removeprefix("data: ")).get("messages", {}).items():
                self.shown[topic] = payload
            for call in (self.shown.get("line/sip1/state") or {"calls": []})["calls"]:
                if self.states[-1:] != [call["state"]]:
                    self.states.append(call["state"])
        self.news.set()

    async def until(self, seen: Any) -> None:
        async with asyncio.timeout(PATIENCE):
            while not seen(self):
                self.news.clear()
                await self.news.wait()


@dataclass
class Scene:
    site: Site
    gateway: GatewayProcess
    browser: Browser
    target: str

    def wallboard(self) -> psutil.Process:
        found = (child for child in self.gateway.children() if "gateway.wallboard" in child.cmdline())
        return next(found)


@pytest.fixture
async def scene(site: Site, mosquitto: Mosquitto) -> AsyncIterator[Scene]:
    port, sip = free_port(), free_udp_port()
    wallboard = f'[wallboard]\nlisten = "127.0.0.1:{port}"'
    site.write(mqtt(mosquitto.url), sip_line("sip1", sip), wallboard, show_numbers=True)
    gateway = await site.start()
    async with ClientSession() as session:
        browser = Browser(f"http://127.0.0.1:{port}", session)
        following = asyncio.create_task(browser.follow())
        yield Scene(site, gateway, browser, f"sip:8801@127.0.0.1:{sip}")
        following.cancel()


async def test_a_call_is_followed_while_the_wallboard_is_killed_and_nothing_is_left_of_a_killed_gateway(
    scene: Scene, mosquitto: Mosquitto
) -> None:
    browser = scene.browser
    await browser.until(lambda seen: seen.snapshots == 1 and "line/sip1/state" in seen.shown)
    async with watching(mosquitto.port) as (watcher, _):
        story = Story(watcher, NUMBER)
        story.masked = NUMBER  # show_numbers: the feed tells it whole, and the wallboard does not
        async with placed(scene.target, NUMBER) as customer:
            await browser.until(lambda seen: seen.states)
            scene.wallboard().kill()
            await story.until("answered")
            customer.bye()
            await story.until("released", by="customer")
    await browser.until(lambda seen: seen.snapshots == 2)
    await browser.until(lambda seen: len((seen.shown.get("calls") or {"calls": []})["calls"]) == 1)
    [ended] = browser.shown["calls"]["calls"]
    assert (ended["call"], ended["caller"], ended["outcome"]) == (story.call, "138****5678", "answered")
    assert NUMBER not in browser.text
    await its_timeline_is_shown(browser, ended["call"])
    await scene.gateway.logged("wallboard: the wallboard ended by signal 9; it is started anew")
    wallboard = scene.wallboard()
    scene.gateway.send(signal.SIGKILL)
    assert await gone([wallboard])


async def its_timeline_is_shown(browser: Browser, call: str) -> None:
    for language, word in (("en", '<html lang="en">'), ("zh", '<html lang="zh-CN">')):
        async with browser.session.get(f"{browser.url}/call/{call}", params={"lang": language}) as answer:
            html, policy = await answer.text(), answer.headers["Content-Security-Policy"]
        assert answer.status == 200
        assert word in html
        assert NUMBER not in html
        assert "138****5678" in html
        [style] = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
        allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert f"'sha256-{allowed}'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"\sstyle=|<script|\son[a-z]+=", html), "nothing that the policy forbids"
