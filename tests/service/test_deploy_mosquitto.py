"""deploy/mosquitto: the very files on a real mosquitto; who reads, who asks, who is refused."""

import asyncio
import json
import shutil
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiomqtt
import pytest

from gateway.feed import Feed, FeedConfig
from gateway.feed.requests.asking import ask
from tests.broker import PATIENCE, Mosquitto, Watcher
from tests.certificates import Authority

pytestmark = pytest.mark.service

FILES = Path(__file__).parents[2] / "deploy" / "mosquitto"
USERS = ("gateway", "wall", "desk", "homeassistant")
ROOT = "sansheng/jinan"


class Site:
    """A mosquitto as our files set it up, the certificates of everybody, and what each user hears."""

    def __init__(self, mosquitto: Mosquitto, folder: Path, config: str) -> None:
        self.mosquitto = mosquitto
        self.authority = Authority(folder)
        self.config = config
        broker = self.authority.pair()
        (folder / "certs").mkdir()
        shutil.copy(broker.certificate, folder / "certs" / "broker.pem")
        shutil.copy(broker.key, folder / "certs" / "broker.key")
        shutil.copy(self.authority.file, folder / "certs" / "ca.pem")
        shutil.copy(FILES / "sansheng.acl", folder)
        for user in USERS:
            mosquitto.know(user, f"{user}'s", folder / "sansheng.passwords")
        text = (FILES / config).read_text().replace("/etc/mosquitto", str(folder))
        mosquitto.settings = text.replace("listener 8883\n", "").splitlines()
        self.by_certificate = "require_certificate true" in text

    def login(self, user: str) -> dict[str, str]:
        """As keys of a feed's config."""
        if not self.by_certificate:
            return {"username": user, "password": f"{user}'s"}
        pair = self.authority.pair(user)
        return {"certificate_file": str(pair.certificate), "key_file": str(pair.key)}

    def feed_config(self, user: str) -> FeedConfig:
        return FeedConfig(
            site="jinan",
            url=f"mqtts://localhost:{self.mosquitto.port}",
            ca_file=str(self.authority.file),
            lines=(("sip1", "sip"),),
            **self.login(user),  # type: ignore[arg-type]  # strings, all of them
        )

    def client(self, user: str) -> aiomqtt.Client:
        login = self.login(user)
        tls = ssl.create_default_context(cafile=str(self.authority.file))
        if self.by_certificate:
            tls.load_cert_chain(login["certificate_file"], login["key_file"])
            login = {}
        return aiomqtt.Client("localhost", self.mosquitto.port, tls_context=tls, **login)  # type: ignore[arg-type]


@pytest.fixture(params=["sansheng.conf", "sansheng-certificates.conf"])
async def site(mosquitto: Mosquitto, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Site]:
    site = Site(mosquitto, tmp_path, request.param)
    await mosquitto.start()
    feed = Feed(site.feed_config("gateway"))
    await feed.start()
    try:
        async with asyncio.timeout(PATIENCE):
            await feed.online.wait()
        yield site
    finally:
        await feed.stop()


async def test_who_reads_who_asks_and_who_is_refused(site: Site) -> None:
    async with AsyncExitStack() as stack:
        clients: dict[str, aiomqtt.Client] = {}
        watchers: dict[str, Watcher] = {}
        for user in ("wall", "desk", "homeassistant"):
            clients[user] = await stack.enter_async_context(site.client(user))
            watchers[user] = Watcher()
            task = asyncio.create_task(watchers[user].listen(clients[user]))
            stack.callback(task.cancel)
            await clients[user].subscribe("#", qos=1)
            await watchers[user].until(lambda w: w.of("line/sip1/state") and w.of("status"))
        for user, client in clients.items():
            for topic in ("status", "line/sip1/state", "line/sip1/event", "command/result", "alert/fire"):
                await client.publish(f"{ROOT}/{topic}", json.dumps({"forged": user}), qos=1, retain=True)
            await client.publish("homeassistant/device/lamp/config", b'"forged"', qos=1)
        await clients["wall"].publish(f"{ROOT}/command", b'{"id":"forged","do":"refresh"}', qos=1)
        assert (await ask(site.feed_config("desk"), {"do": "refresh"}))["ok"]
        assert (await ask(site.feed_config("homeassistant"), {"do": "refresh"}))["ok"]
        answered: Callable[[Watcher], Any] = lambda w: len(w.of("command/result")) == 2  # noqa: E731 - used twice
        await watchers["desk"].until(answered)
        await watchers["homeassistant"].until(answered)
        await watchers["wall"].until(lambda w: len(w.of("kpi")) >= 3)
    for user, watcher in watchers.items():
        assert "forged" not in str(watcher.heard), user
    assert not watchers["wall"].of("command") + watchers["wall"].of("command/result")
    assert [request["do"] for request in watchers["desk"].of("command")] == ["refresh"] * 2


async def test_a_stranger_is_not_let_in(site: Site) -> None:
    tls = ssl.create_default_context(cafile=str(site.authority.file))
    with pytest.raises(aiomqtt.MqttError):
        async with aiomqtt.Client("localhost", site.mosquitto.port, tls_context=tls, timeout=1.0):
            pass
