"""The feed over TLS against a real mosquitto: who is trusted, who is let in, and what is said where not."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gateway.config.certificates import CertificateWrong, client_context
from gateway.doctor.finding import Status
from gateway.feed import Feed, FeedConfig, FeedError
from gateway.feed.config import BrokerAddress
from gateway.feed.requests.asking import ask
from tests.broker import PATIENCE, Mosquitto
from tests.certificates import Authority, Pair
from tests.service.test_doctor_broker import looked

pytestmark = [
    pytest.mark.service,
    # paho-mqtt leaves the socket of a failed handshake to the garbage collector, which says so.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


class Scene:
    """A broker with TLS, an authority, and feeds that try to reach it."""

    def __init__(self, mosquitto: Mosquitto, folder: Path) -> None:
        self.mosquitto = mosquitto
        self.authority = Authority(folder)
        self.feeds: list[Feed] = []

    async def serve(self, pair: Pair, *settings: str) -> None:
        self.mosquitto.kill()
        files = f"certfile {pair.certificate}", f"keyfile {pair.key}"
        self.mosquitto.settings = ["allow_anonymous true", *files, *settings]
        await self.mosquitto.start()

    @property
    def for_known_clients(self) -> tuple[str, ...]:
        return "require_certificate true", f"cafile {self.authority.file}", "use_identity_as_username true"

    def config(self, host: str = "localhost", **settings: Any) -> FeedConfig:
        return FeedConfig(
            site="jinan",
            url=f"mqtts://{host}:{self.mosquitto.port}",
            **{"ca_file": str(self.authority.file), **settings},
        )

    async def start(self, config: FeedConfig) -> Feed:
        feed = Feed(config)
        self.feeds.append(feed)
        await feed.start()
        return feed

    async def problem(self, config: FeedConfig) -> str:
        """Why such a feed does not reach the broker."""
        feed = await self.start(config)
        async with asyncio.timeout(PATIENCE):
            while feed.problem is None:  # noqa: ASYNC110 - a user sees it as a property, too
                await asyncio.sleep(0.02)
        await feed.stop()
        assert not feed.online.is_set()
        return feed.problem


@pytest.fixture
async def scene(mosquitto: Mosquitto, tmp_path: Path) -> AsyncIterator[Scene]:
    scene = Scene(mosquitto, tmp_path)
    yield scene
    for feed in scene.feeds:
        await feed.stop()


def shown(pair: Pair) -> dict[str, str]:
    return {"certificate_file": str(pair.certificate), "key_file": str(pair.key)}


@pytest.mark.parametrize("protocol", ["auto", "3.1.1"])
async def test_a_client_certificate_lets_the_gateway_in_and_its_requests_are_done(
    scene: Scene, protocol: str
) -> None:
    await scene.serve(scene.authority.pair(), *scene.for_known_clients)
    config = scene.config(**shown(scene.authority.pair("gateway")), protocol=protocol)
    feed = await scene.start(config)
    async with asyncio.timeout(PATIENCE):
        await feed.online.wait()
    assert (await ask(config, {"do": "refresh"}))["ok"], "the broker knows its clients"


async def test_what_is_said_of_a_certificate_of_ours(scene: Scene, tmp_path: Path) -> None:
    """All at once: what such a broker says, paho-mqtt overhears, and waits."""
    await scene.serve(scene.authority.pair(), *scene.for_known_clients)
    expired = scene.config(**shown(scene.authority.pair("gateway", days=-1)))
    stranger = scene.config(**shown(Authority(tmp_path, "stranger").pair("gateway")))
    (none, late, strange), refused = await asyncio.gather(
        asyncio.gather(*(scene.problem(config) for config in (scene.config(), expired, stranger))),
        asyncio.gather(ask(expired, {"do": "refresh"}, within=2.0), return_exceptions=True),
    )
    assert f"localhost:{scene.mosquitto.port}" in none
    assert "if it asks for a client certificate, set [mqtt] certificate_file and key_file" in none
    for problem in (late, strange, str(refused[0])):
        assert "look whether [mqtt] certificate_file has expired, and who signed it" in problem
    assert isinstance(refused[0], FeedError)


async def test_a_file_that_is_gone_since_the_start_is_named(scene: Scene, tmp_path: Path) -> None:
    assert "[mqtt] ca_file" in await scene.problem(scene.config(ca_file=str(tmp_path / "none.pem")))


async def test_what_is_said_of_the_brokers_certificate(scene: Scene, tmp_path: Path) -> None:
    await scene.serve(scene.authority.pair())
    stranger = Authority(tmp_path, "stranger")
    wrong_authority = await scene.problem(scene.config(ca_file=str(stranger.file)))
    assert "nobody we trust has signed it; put its authority into [mqtt] ca_file" in wrong_authority
    wrong_name = await scene.problem(scene.config(host="127.0.0.1"))
    assert "it is for another name" in wrong_name
    assert "[mqtt] url" in wrong_name
    assert "nobody we trust has signed it" in await scene.problem(scene.config(ca_file=None)), "nor the system"
    await scene.serve(scene.authority.pair(days=-1))
    assert "it has expired; have the broker's renewed" in await scene.problem(scene.config())


async def test_the_doctor_says_the_same(scene: Scene, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    url = f'url = "mqtts://localhost:{scene.mosquitto.port}"', f'ca_file = "{scene.authority.file}"'
    await scene.serve(scene.authority.pair(), *scene.for_known_clients)

    async def found(*mqtt: str) -> str:
        (finding,) = (f for f in await looked(folder, *url, *mqtt) if f.status is Status.FAULT)
        return f"{finding.finding} {finding.cure}"

    def named(pair: Pair) -> tuple[str, ...]:
        return tuple(f'{key} = "{file}"' for key, file in shown(pair).items())

    assert "set [mqtt] certificate_file and key_file" in await found()
    expired = await found(*named(scene.authority.pair("gateway", days=-1)))
    assert "does not take our certificate" in expired
    assert "certificate_file has expired" in expired
    good = await looked(folder, *url, *named(scene.authority.pair("gateway")))
    assert {finding.status for finding in good} == {Status.OK}
    await scene.serve(scene.authority.pair(days=-1))
    assert "have the broker's renewed" in await found()


async def test_a_wrong_password_is_in_no_log(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    scene.mosquitto.demand_password("gateway", "right")
    settings = [line for line in scene.mosquitto.settings if line.startswith("password_file")]
    await scene.serve(scene.authority.pair(), *settings, "allow_anonymous false")
    problem = await scene.problem(scene.config(username="gateway", password="geheim"))
    assert "refused the login of 'gateway'" in problem
    assert "geheim" not in caplog.text + problem


def test_files_that_cannot_be_used_are_told_by_their_key(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    pair, other = authority.pair("gateway"), authority.pair("other")
    nothing, garbage = tmp_path / "nothing", tmp_path / "garbage"
    garbage.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    key_of_none = tmp_path / "key"
    key_of_none.write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")

    def wrong(*files: Path | None) -> tuple[str, str]:
        with pytest.raises(CertificateWrong) as caught:
            client_context(*files)
        return caught.value.key, str(caught.value)

    ca, certificate, key = authority.file, pair.certificate, pair.key
    assert wrong(nothing)[0] == wrong(garbage)[0] == wrong(tmp_path)[0] == "ca_file"
    assert "no such file" in wrong(nothing)[1]
    assert wrong(ca, nothing, key)[0] == wrong(ca, garbage, key)[0] == wrong(ca, key, key)[0] == "certificate_file"
    assert wrong(ca, certificate, other.key) == (
        "key_file",
        "is not the key of certificate_file; allowed: the one that certificate was made for",
    )
    assert "holds no private key" in wrong(ca, certificate, certificate)[1]
    assert "is encrypted" in wrong(ca, certificate, authority.encrypted(pair))[1]
    assert wrong(ca, certificate, key_of_none)[0] == "key_file"
    assert client_context(ca, certificate, key).check_hostname


@pytest.mark.parametrize(("url", "known"), [("mqtts://hub", True), ("mqtt://hub", False)])
def test_a_certificate_is_how_a_broker_knows_us(url: str, known: bool) -> None:
    config = FeedConfig(site="jinan", url=url, certificate_file="a", key_file="b")
    assert config.known_to_broker is known
    assert BrokerAddress.parse(url).tls is known
