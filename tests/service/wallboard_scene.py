"""The wallboard's server on a port of its own, and somebody who visits it."""

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, ClientSession, CookieJar, TCPConnector

from gateway.config.passwords import hashed
from gateway.wallboard.server import Server
from gateway.wallboard.settings import Settings
from tests.broker import PATIENCE, tool

PASSWORD = "three rings"
KEPT = hashed(PASSWORD)
CALL = "20260218-093000-sip1-5f03ab"


@dataclass
class Scene:
    server: Server
    browser: ClientSession

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    async def get(self, path: str, **keys: Any) -> ClientResponse:
        async with self.browser.get(self.url + path, allow_redirects=False, **keys) as answer:
            await answer.read()
            return answer

    async def post(self, path: str, form: dict[str, str] | None = None, **headers: str) -> ClientResponse:
        origin = {"Origin": self.url, **headers}
        async with self.browser.post(
            self.url + path, data=form or {}, headers=origin, allow_redirects=False
        ) as got:
            await got.read()
            return got

    async def log_in(self, password: str = PASSWORD, user: str = "wall", **headers: str) -> ClientResponse:
        return await self.post("/login", {"user": user, "password": password}, **headers)

    async def raw(self, sent: bytes) -> bytes:
        """All that is answered to some bytes, until we are hung up on."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        async with asyncio.timeout(PATIENCE):
            with contextlib.suppress(ConnectionError):
                writer.write(sent)
                await writer.drain()
            try:
                return await reader.read()
            except ConnectionError:
                return b""
            finally:
                writer.close()

    async def events(self, count: int) -> list[tuple[str, Any]]:
        """The first so many that a new stream gives."""
        async with self.browser.get(f"{self.url}/stream") as answer:
            assert answer.status == 200
            return [await next_event(answer) for _ in range(count)]


async def next_event(answer: ClientResponse) -> tuple[str, Any]:
    async with asyncio.timeout(PATIENCE):
        name = (await answer.content.readline()).decode().strip().removeprefix("event: ")
        data = json.loads((await answer.content.readline()).removeprefix(b"data: "))
        assert await answer.content.readline() == b"\n"
    return name, data


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def until(seen: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not seen():  # noqa: ASYNC110 - nobody tells when a socket that was left is noticed
            await asyncio.sleep(0.01)


def unopened(
    folder: Path, *, blocked: float = 10.0, silence: float = 10.0, handshake: float = 10.0, **keys: Any
) -> Server:
    settings = Settings(
        site="jinan",
        host="127.0.0.1",
        port=0,
        timezone="Asia/Shanghai",
        streams=4,
        database_url=f"sqlite:///{folder}/calls.db",
        data_dir=str(folder),
    )
    return Server(replace(settings, **keys), blocked=blocked, silence=silence, handshake=handshake)


@contextlib.asynccontextmanager
async def serving(folder: Path, *, tls: ssl.SSLContext | None = None, **keys: Any) -> AsyncIterator[Scene]:
    server = unopened(folder, **keys)
    await server.open()
    try:
        async with ClientSession(
            cookie_jar=CookieJar(unsafe=True), connector=TCPConnector(ssl=tls or True)
        ) as browser:
            yield Scene(server, browser)
    finally:
        await server.close()


async def certificate(folder: Path, days: int = 2) -> dict[str, str]:
    """Made anew in the same files."""
    files = {"certificate_file": str(folder / "wall.pem"), "key_file": str(folder / "wall.key")}
    made = await asyncio.create_subprocess_exec(
        tool("openssl", "openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
        "-nodes", "-days", str(days), "-subj", "/CN=localhost", "-keyout", files["key_file"],
        "-out", files["certificate_file"], stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert await made.wait() == 0
    return files
