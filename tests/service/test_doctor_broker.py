"""The doctor and a real mosquitto: reached, refused, with TLS, without rights; and brokers that are none."""

import asyncio
import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.doctor import broker
from gateway.doctor.broker import CHECK, RIGHTS, check_broker
from gateway.doctor.census import Census
from gateway.doctor.finding import Finding, Status
from gateway.doctor.machine import Machine
from gateway.doctor.scene import Scene
from tests.broker import Mosquitto, free_port, serving_tls, watching
from tests.service.old_broker import REFUSED, OldBroker
from tests.unit.doctor.tree import config_of, cured, of, sip

pytestmark = pytest.mark.service

LINE = sip("127.0.0.1:5062")
DEPLOYED = Path(__file__).parents[2] / "deploy" / "mosquitto"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where gateway.toml lies: not among the broker's own files."""
    folder = tmp_path / "site"
    folder.mkdir()
    return folder


@pytest.fixture
def mute() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


async def looked(folder: Path, *mqtt: str) -> list[Finding]:
    config = config_of(folder, "\n".join(("[mqtt]", *mqtt)), LINE)
    machine = Machine()
    return await asyncio.to_thread(check_broker, Scene(machine, Census.take(machine), config))


def secret(folder: Path, password: str) -> str:
    (folder / "password").write_text(password)
    return 'password_file = "password"'


async def test_a_broker_that_lets_everybody_in(mosquitto: Mosquitto, folder: Path) -> None:
    await mosquitto.start()
    async with watching(mosquitto.port) as (watcher, _):
        findings = await looked(folder, f'url = "{mosquitto.url}"')
        await watcher.until(lambda w: any("command/result" in topic for topic, _, _ in w.heard))
    assert [finding.status for finding in findings] == [Status.OK, Status.OK]
    # Nothing that stays, and nothing that a dashboard of the gateway's states would take for news.
    assert [(topic.partition("/")[2], retained) for topic, _, retained in watcher.heard] == [
        ("hotline/command/result", False)
    ]


async def test_a_login_is_tried_with_the_configs_credentials(mosquitto: Mosquitto, folder: Path) -> None:
    mosquitto.demand_password("gateway", "right")
    await mosquitto.start()
    url = f'url = "{mosquitto.url}"'
    found = of(await looked(folder, url, 'username = "gateway"', secret(folder, "wrong")), CHECK)
    assert found.status is Status.FAULT
    assert "refuses the login of 'gateway'" in found.finding
    (passwords,) = re.findall(r"^password_file (.*)$", (DEPLOYED / "sansheng.conf").read_text(), re.MULTILINE)
    assert f"sudo mosquitto_passwd {passwords} gateway && " in cured(found)
    assert "wrong" not in str(found)
    assert "refuses a login without username" in of(await looked(folder, url), CHECK).finding
    for protocol in ("3.1.1", "5"):
        version = f'protocol = "{protocol}"'
        good = await looked(folder, url, 'username = "gateway"', secret(folder, "right"), version)
        assert [finding.status for finding in good] == [Status.OK, Status.OK]


async def test_a_user_who_may_not_publish_is_told_with_the_line_for_the_acl(
    mosquitto: Mosquitto, folder: Path, tmp_path: Path
) -> None:
    mosquitto.demand_password("gateway", "right")
    (tmp_path / "acl").write_text("user gateway\ntopic read sansheng/#\n")
    mosquitto.settings.append(f"acl_file {tmp_path / 'acl'}")
    await mosquitto.start()
    login = (f'url = "{mosquitto.url}"', 'username = "gateway"', secret(folder, "right"))
    findings = await looked(folder, *login)
    assert of(findings, CHECK).status is Status.OK
    assert of(findings, RIGHTS).status is Status.FAULT
    assert "topic readwrite sansheng/hotline/#" in cured(of(findings, RIGHTS))


async def test_a_readers_user_is_asked_about_before_he_becomes_a_gateway(
    mosquitto: Mosquitto, folder: Path, tmp_path: Path
) -> None:
    mosquitto.demand_password("wall", "right")
    (tmp_path / "acl").write_text("user wall\ntopic read sansheng/#\n")
    mosquitto.settings.append(f"acl_file {tmp_path / 'acl'}")
    await mosquitto.start()
    login = (f'url = "{mosquitto.url}"', 'username = "wall"', secret(folder, "right"))
    found = of(await looked(folder, *login), RIGHTS)
    assert found.status is Status.FAULT
    assert "is 'wall' the gateway's own user?" in found.cure[0]
    assert "\nuser gateway\n" in (DEPLOYED / "sansheng.acl").read_text()
    assert "calls it 'gateway': correct [mqtt] username" in found.cure[0]
    assert "topic readwrite" not in found.cure[0]


async def test_tls(mosquitto: Mosquitto, folder: Path, tmp_path: Path) -> None:
    certificate = await serving_tls(mosquitto, tmp_path)
    url = f'url = "mqtts://localhost:{mosquitto.port}"'
    found = of(await looked(folder, url), CHECK)
    assert "certificate is not accepted: self-signed certificate" in found.finding
    assert f"openssl s_client -connect localhost:{mosquitto.port}" in cured(found)
    assert of(await looked(folder, url, f'ca_file = "{certificate}"'), CHECK).status is Status.OK
    by_number = f'url = "mqtts://127.0.0.1:{mosquitto.port}"'
    found = of(await looked(folder, by_number, f'ca_file = "{certificate}"'), CHECK)
    assert "IP address mismatch" in found.finding
    plain = of(await looked(folder, f'url = "mqtt://localhost:{mosquitto.port}"'), CHECK)
    assert "is there, but does not talk MQTT" in plain.finding
    assert "mqtts://" in cured(plain)


async def test_tls_to_a_port_without_it(mosquitto: Mosquitto, folder: Path) -> None:
    await mosquitto.start()
    found = of(await looked(folder, f'url = "mqtts://localhost:{mosquitto.port}"'), CHECK)
    assert found.status is Status.FAULT
    assert "mqtt:// for a plain one" in cured(found)


async def test_where_nothing_listens(folder: Path) -> None:
    found = of(await looked(folder, f'url = "mqtt://127.0.0.1:{free_port()}"'), CHECK)
    assert found.finding == "nothing listens there"
    assert "sudo systemctl start mosquitto" in cured(found)


async def test_a_name_that_is_not_known(folder: Path) -> None:
    found = of(await looked(folder, 'url = "mqtt://broker.invalid"'), CHECK)
    assert "the name broker.invalid is not known" in found.finding


@pytest.mark.parametrize("scheme", ["mqtt", "mqtts"])
async def test_a_broker_that_never_says_a_word_holds_nothing_up(
    mute: int, folder: Path, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker, "TIMEOUT", 0.5)
    found = of(await looked(folder, f'url = "{scheme}://127.0.0.1:{mute}"'), CHECK)
    assert found.status is Status.FAULT
    assert "is there, but does not talk MQTT" in found.finding or "does not answer" in found.finding


async def test_the_gateways_own_port_taken_by_another_program(folder: Path) -> None:
    code = (
        "import socket; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True); input()"
    )
    other = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert other.stdout is not None
        port = int(await other.stdout.readline())
        found = of(await looked(folder, f"broker_port = {port}"), CHECK)
    finally:
        other.kill()
        await other.wait()
    assert f"is held by python (pid {other.pid})" in found.finding.replace("python3", "python")
    assert f'url = "mqtt://127.0.0.1:{port}"' in cured(found)
    assert of(await looked(folder, f"broker_port = {port}"), CHECK).status is Status.OK


async def test_the_version_that_the_feed_will_speak(mosquitto: Mosquitto, folder: Path) -> None:
    await mosquitto.start()
    assert "MQTT 5" in of(await looked(folder, f'url = "{mosquitto.url}"'), CHECK).finding
    async with OldBroker(REFUSED).serving() as other:
        url = f'url = "mqtt://{other.address}"'
        assert "MQTT 3.1.1" in of(await looked(folder, url), CHECK).finding
        demanded = of(await looked(folder, url, 'protocol = "5"'), CHECK)
        assert (demanded.status, demanded.finding) == (Status.FAULT, "does not have MQTT 5")
        assert 'protocol = "auto"' in cured(demanded)


async def test_a_broker_that_hangs_up_on_mqtt_5_is_reached_with_3_1_1(folder: Path) -> None:
    async with OldBroker(b"").serving() as old:
        findings = await looked(folder, f'url = "mqtt://{old.address}"')
    assert [(finding.check, finding.status) for finding in findings] == [(CHECK, Status.OK)]
    assert "MQTT 3.1.1" in findings[0].finding
