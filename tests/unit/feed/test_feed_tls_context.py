"""The certificates are read beside the event loop, which carries calls."""

import asyncio
import ssl
import threading
from pathlib import Path

import pytest
from aiomqtt import MqttError

from gateway.config.certificates import CertificateWrong, client_context
from gateway.feed.config import BrokerAddress, FeedConfig
from gateway.feed.connection import Dialling
from tests.broker import free_port

pytestmark = pytest.mark.unit


@pytest.fixture
def made_in(monkeypatch: pytest.MonkeyPatch) -> list[threading.Thread]:
    """The threads in which the system's authorities were read."""
    threads: list[threading.Thread] = []
    made = ssl.create_default_context

    def making() -> ssl.SSLContext:
        threads.append(threading.current_thread())
        return made()

    monkeypatch.setattr(ssl, "create_default_context", making)
    return threads


def test_a_connection_reads_them_in_another_thread(made_in: list[threading.Thread]) -> None:
    async def dialled() -> None:
        port = free_port()
        config = FeedConfig(site="jinan", url=f"mqtts://127.0.0.1:{port}")
        with pytest.raises(MqttError):
            async with Dialling(config, "s/status").connected(BrokerAddress.parse(config.url or ""), 1):
                pass

    asyncio.run(dialled())
    assert made_in
    assert threading.main_thread() not in made_in


def test_with_an_authority_of_ones_own_the_systems_are_not_read(
    made_in: list[threading.Thread], tmp_path: Path
) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(CertificateWrong):
        client_context(tmp_path / "ca.pem")
    assert not made_in
