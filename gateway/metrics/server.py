"""The one page that Prometheus fetches, over HTTP.

prometheus-client's own server gives each connection a thread for as long as the other end likes; here a scraper
that is slow, or silent, costs a place among a few, and only until its time is up. Nothing asked touches a call.
"""

import asyncio
import contextlib
import logging
from typing import Final

from gateway.metrics.metrics import Metrics, Rendered
from gateway.metrics.request import METHODS, Request, RequestWrong

log = logging.getLogger(__name__)

PATH: Final = "/metrics"
MOST: Final = 16
"""Connections at the same time; a Prometheus or two, and somebody with a browser, are three."""
LONGEST_HEAD: Final = 16_384
"""Bytes of a request before its body; Prometheus sends some 300."""
DEADLINE: Final = 10.0
"""Seconds from connection to the last byte of the answer: Prometheus' own scrape_timeout."""
RETRY: Final = 10.0
"""Seconds until an address that could not be had is tried again."""


class MetricsServer:
    """Answers `GET /metrics`. Made, started and stopped on the gateway's event loop.

    An address that cannot be had is named in the log once, and tried again: the gateway goes on without.
    """

    def __init__(
        self, metrics: Metrics, host: str, port: int, *, retry: float = RETRY, deadline: float = DEADLINE
    ) -> None:
        """`host` is an IPv4 address; with port 0 the system chooses one (`port`). `retry` and `deadline` are in
        seconds."""
        self._metrics = metrics
        self._host, self._wanted = host, port
        self._retry, self._deadline = retry, deadline
        self._server: asyncio.Server | None = None
        self.listening = asyncio.Event()
        """Set once it can be asked."""
        self._opening: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self._serving: set[asyncio.Task[None]] = set()
        self._rendering = asyncio.Lock()
        self.problem: str | None = None
        """Why it cannot be asked at present, in words; None: it can."""

    @property
    def port(self) -> int | None:
        """Where it listens; None while it does not."""
        if self._server is None or not self._server.sockets:
            return None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def start(self) -> None:
        """Begin to listen, or to try to. Never raises."""
        if not await self._listen():
            self._opening = asyncio.create_task(self._keep_trying(), name="metrics: listen")

    async def stop(self) -> None:
        """Hang up on whoever is connected, and listen no more. Idempotent."""
        self._closing.set()
        if self._opening is not None:
            await self._opening
        if self._server is not None:
            self._server.close()
        serving = list(self._serving)
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving)
        self._server = self._opening = None

    async def _keep_trying(self) -> None:
        while not self._closing.is_set() and not await self._listen():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._retry):
                    await self._closing.wait()

    async def _listen(self) -> bool:
        try:
            self._server = await asyncio.start_server(
                self._connected, self._host, self._wanted, limit=LONGEST_HEAD, reuse_address=True
            )
        except OSError as error:
            if self.problem is None:
                self.problem = f"{self._host}:{self._wanted} cannot be had: {error.strerror or error}"
                log.error("metrics: %s; free it, or change [metrics] listen; retrying", self.problem)
            return False
        self.problem = None
        self.listening.set()
        log.info("metrics: http://%s:%d%s", self._host, self.port, PATH)
        return True

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        turned_away = len(self._serving) > MOST
        try:
            async with asyncio.timeout(self._deadline):
                writer.write(_refusal("503 Service Unavailable") if turned_away else await self._answer(reader))
                writer.close()
                await writer.wait_closed()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            # Whoever goes away, or takes too long, is owed nothing more. Nor is anybody when we stop; told to the
            # streams, that would be an error in the log (Python 3.11).
            writer.transport.abort()
        finally:
            self._serving.discard(task)

    async def _answer(self, reader: asyncio.StreamReader) -> bytes:
        try:
            request = Request.parse(await reader.readuntil(b"\r\n\r\n"), PATH)
        except asyncio.LimitOverrunError:
            return _refusal("431 Request Header Fields Too Large")
        except RequestWrong as wrong:
            return _refusal(str(wrong))
        try:
            async with self._rendering:  # each at its turn: a page takes a processor's time
                self._metrics.look()
                page = await asyncio.to_thread(
                    self._metrics.render, request.query, request.accept, request.encoding
                )
        except Exception:  # what goes wrong here concerns the scraper alone
            log.exception("metrics: the page could not be made")
            return _refusal("500 Internal Server Error")
        return _response("200 OK", page, body=request.method != "HEAD")


def _refusal(status: str) -> bytes:
    allow = (("Allow", ", ".join(METHODS)),) if status.startswith("405") else ()
    text = f"{status}; the metrics are at {PATH}\n".encode()
    return _response(status, Rendered((("Content-Type", "text/plain; charset=utf-8"), *allow), text))


def _response(status: str, page: Rendered, *, body: bool = True) -> bytes:
    fields = (*page.headers, ("Content-Length", str(len(page.body))), ("Connection", "close"))
    head = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + (page.body if body else b"")
