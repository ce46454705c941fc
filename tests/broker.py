"""A real mosquitto on a free port, started and stopped at will, and a subscriber who keeps what it hears."""

import asyncio
import contextlib
import getpass
import json
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiomqtt
import pytest

from tests.conforming import Inspector

PATIENCE = 30.0
"""Seconds to wait for an event on a slow, busy machine."""


def tool(name: str, package: str) -> str:
    """The path of a program; without it the test fails in CI and is skipped elsewhere."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if path is None:
        message = f"{name} is not installed: apt-get install {package}"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    return path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Mosquitto:
    """A broker that can be killed and started anew on its port; nothing it retains survives."""

    def __init__(self, folder: Path) -> None:
        self._program = tool("mosquitto", "mosquitto")
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self.settings = ["allow_anonymous true"]
        self.login: dict[str, str] = {}
        """`username` and `password` of the one who may log in, for a client's options; empty: everybody may."""

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    def demand_password(self, username: str, password: str) -> None:
        path = self._folder / "passwords"
        path.unlink(missing_ok=True)
        self.know(username, password, path)
        self.settings = ["allow_anonymous false", f"password_file {path}"]
        self.login = {"username": username, "password": password}

    def know(self, username: str, password: str, file: Path) -> None:
        """Put a user into a file of passwords."""
        program = tool("mosquitto_passwd", "mosquitto")
        new = [] if file.exists() else ["-c"]
        subprocess.run([program, "-b", *new, str(file), username, password], check=True, capture_output=True)

    async def start(self) -> None:
        config = self._folder / "mosquitto.conf"
        # Its own user: started as root it would become another one, who may not read these files.
        user = f"user {getpass.getuser()}"
        listener = f"listener {self.port} 127.0.0.1"
        config.write_text("\n".join([user, listener, "persistence false", *self.settings, ""]))
        self._launch(config)
        async with asyncio.timeout(PATIENCE):
            while True:
                with contextlib.suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                    writer.close()
                    await writer.wait_closed()
                    return
                assert self._process is not None
                assert self._process.poll() is None, (self._folder / "mosquitto.log").read_text()
                await asyncio.sleep(0.02)

    def _launch(self, config: Path) -> None:
        with (self._folder / "mosquitto.log").open("ab") as log:
            self._process = subprocess.Popen([self._program, "-c", str(config)], stdout=log, stderr=log)

    @property
    def pid(self) -> int:
        """Of the process that runs."""
        assert self._process is not None, "no broker runs"
        return self._process.pid

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


async def serving_tls(mosquitto: Mosquitto, tmp_path: Path) -> Path:
    """Start the broker with a certificate of its own; gives that certificate."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = await asyncio.create_subprocess_exec(
        tool("openssl", "openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
        "-keyout", str(key), "-out", str(certificate), stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert await made.wait() == 0
    mosquitto.settings += [f"certfile {certificate}", f"keyfile {key}"]
    await mosquitto.start()
    return certificate


class Watcher:
    """A subscriber. `heard` holds (topic below the site, payload, retained) of every message.

    Whatever a gateway publishes is looked at by the feed's schemas, too.
    """

    def __init__(self) -> None:
        self.heard: list[tuple[str, Any, bool]] = []
        self.inspector = Inspector()
        self._news = asyncio.Event()

    async def listen(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            payload = bytes(message.payload).decode(errors="replace")  # type: ignore[arg-type]
            topic = str(message.topic).removeprefix("sansheng/jinan/")
            told = bytes(message.payload)  # type: ignore[arg-type]  # a subscriber is always given bytes
            self.inspector.look_at(str(message.topic), told, message.retain)
            with contextlib.suppress(ValueError):
                payload = json.loads(payload)
            self.heard.append((topic, payload, message.retain))
            self._news.set()

    def of(self, topic: str) -> list[Any]:
        return [payload for heard, payload, _ in self.heard if heard == topic]

    async def until(self, found: Callable[["Watcher"], Any], seconds: float = PATIENCE) -> Any:
        """Wait until `found` gives something, and give it."""
        try:
            async with asyncio.timeout(seconds):
                while not (result := found(self)):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"not heard in {seconds} s; heard last: {self.heard[-12:]}") from None
        return result


@contextlib.asynccontextmanager
async def watching(port: int, topic: str = "#", **options: Any) -> AsyncIterator[tuple[Watcher, aiomqtt.Client]]:
    """Subscribe on a broker of this machine, to everything by default. AssertionError at the end where something
    was published that its schema does not describe."""
    watcher = Watcher()
    async with aiomqtt.Client("127.0.0.1", port, **options) as client:
        await client.subscribe(topic, qos=1)
        listening = asyncio.create_task(watcher.listen(client))
        try:
            yield watcher, client
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
    assert not watcher.inspector.wrong, "\n".join(watcher.inspector.wrong)
