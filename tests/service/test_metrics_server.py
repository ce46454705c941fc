"""The page over HTTP, asked by scrapers good and bad, on real sockets."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from gateway.metrics import Metrics, MetricsServer, Seen
from gateway.metrics.page import SEEN, an_example
from gateway.metrics.server import LONGEST_HEAD, MOST
from tests.broker import PATIENCE

pytestmark = pytest.mark.service

FOR_EVER = 100 * PATIENCE
MORE_THAN_A_SOCKET_HOLDS = 30_000_000
"""Bytes; Linux gives a socket at most 6 MB to receive into and 4 MB to send from (tcp_rmem, tcp_wmem)."""
GET = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"


@contextlib.asynccontextmanager
async def serving(metrics: Metrics | None = None, **options: float) -> AsyncIterator[MetricsServer]:
    server = MetricsServer(metrics or an_example(), "127.0.0.1", 0, **options)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


async def connected(server: MetricsServer) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    assert server.port is not None
    return await asyncio.open_connection("127.0.0.1", server.port)


async def answer_to(server: MetricsServer, request: bytes) -> tuple[bytes, bytes]:
    """The answer's head and body; the server hangs up after it."""
    reader, writer = await connected(server)
    writer.write(request)
    async with asyncio.timeout(PATIENCE):
        answer = await reader.read()
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return head, body


@pytest.fixture
def attempts(monkeypatch: pytest.MonkeyPatch) -> asyncio.Semaphore:
    """Released at each attempt to listen."""
    made = asyncio.Semaphore(0)
    listen = asyncio.start_server

    async def told(*arguments: Any, **options: Any) -> asyncio.Server:
        made.release()
        return await listen(*arguments, **options)

    monkeypatch.setattr(asyncio, "start_server", told)
    return made


async def hung_up(reader: asyncio.StreamReader) -> bool:
    """Whether the server hangs up without a word."""
    async with asyncio.timeout(PATIENCE):
        try:
            return await reader.read() == b""
        except ConnectionError:
            return True


async def test_a_scrape() -> None:
    async with serving() as server:
        head, body = await answer_to(server, GET)
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert f"Content-Length: {len(body)}".encode() in head
        families = {family.name for family in text_string_to_metric_families(body.decode())}
        assert {"sansheng_calls", "sansheng_line_state", "process_cpu_seconds"} <= families


async def test_the_headers_choose_format_and_packing() -> None:
    asking = b"accept: application/openmetrics-text\r\nACCEPT-ENCODING: gzip\r\n\r\n"
    async with serving() as server:
        head, body = await answer_to(server, GET.removesuffix(b"\r\n") + asking)
        assert b"Content-Type: application/openmetrics-text" in head
        assert b"Content-Encoding: gzip" in head
        assert body.startswith(b"\x1f\x8b")


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"HEAD /metrics HTTP/1.1", b"200"),
        (b"GET /metrics?name[]=up HTTP/1.0", b"200"),
        (b"GET / HTTP/1.1", b"404"),
        (b"GET /metrics/../etc/passwd HTTP/1.1", b"404"),
        (b"POST /metrics HTTP/1.1", b"405"),
        (b"GET http://[ HTTP/1.1", b"400"),
        (b"GET /metrics", b"400"),
        (b"GET /metrics HTTP/2", b"400"),
        (b"INVITE sip:8801@127.0.0.1 SIP/2.0", b"400"),
        (b"\x16\x03\x01 TLS\x00 \xff", b"400"),
        (b"GET /metrics HTTP/1.1\r\nAccept: a\nSet-Cookie: b", b"400"),
    ],
)
async def test_other_requests(request_line: bytes, status: bytes) -> None:
    async with serving() as server:
        head, body = await answer_to(server, request_line + b"\r\n\r\n")
        assert head.split(b" ")[1] == status
        assert (b"Allow: GET, HEAD" in head) == (status == b"405")
        assert bool(body) != request_line.startswith((b"HEAD", b"GET /metrics?"))


async def test_a_head_without_end_is_refused() -> None:
    async with serving() as server:
        head, _ = await answer_to(server, b"GET /metrics HTTP/1.1\r\nX: " + b"x" * LONGEST_HEAD)
        assert head.startswith(b"HTTP/1.1 431 ")


async def test_who_says_nothing_or_takes_nothing_is_hung_up_on() -> None:
    """A silent one, one that sends half a request, and one whose socket is full; nobody else waits for them."""
    large = Metrics(["sip1"], lambda: SEEN, version="1", site="j" * MORE_THAN_A_SOCKET_HOLDS)
    async with serving(large, deadline=2.0) as server:
        assert server.port is not None
        silent, half = [await connected(server) for _ in range(2)]
        half[1].write(GET[:20])
        with socket.socket() as full:
            full.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            full.setblocking(False)
            loop = asyncio.get_running_loop()
            await loop.sock_connect(full, ("127.0.0.1", server.port))
            await loop.sock_sendall(full, GET)
            head, _ = await answer_to(server, b"GET / HTTP/1.1\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 404 ")
            last = await connected(server)  # whose time is up after all others'
            for reader, writer in (silent, half, last):
                assert await hung_up(reader)
                writer.close()
            received = 0
            with contextlib.suppress(ConnectionError):
                while data := await loop.sock_recv(full, 1_000_000):
                    received += len(data)
            assert 0 < received < MORE_THAN_A_SOCKET_HOLDS


async def test_a_page_larger_than_a_socket_holds_is_given_whole() -> None:
    large = Metrics(["sip1"], lambda: SEEN, version="1", site="j" * MORE_THAN_A_SOCKET_HOLDS)
    async with serving(large, deadline=FOR_EVER) as server:
        head, body = await answer_to(server, GET)
        assert len(body) > MORE_THAN_A_SOCKET_HOLDS
        assert f"Content-Length: {len(body)}".encode() in head


async def test_more_connections_than_are_served_are_turned_away_and_the_next_is_served() -> None:
    async with serving() as server:
        idle = [await connected(server) for _ in range(MOST)]
        reader, writer = await connected(server)
        assert (await reader.read()).startswith(b"HTTP/1.1 503 ")
        writer.close()
        for leaving, going in idle:
            going.write_eof()
            assert await hung_up(leaving)
            going.close()
        head, _ = await answer_to(server, GET)
        assert head.startswith(b"HTTP/1.1 200 ")


async def test_stopping_hangs_up_and_leaves_no_task(caplog: pytest.LogCaptureFixture) -> None:
    before = asyncio.all_tasks()
    async with serving(deadline=FOR_EVER) as server:
        reader, writer = await connected(server)
        writer.write(GET[:20])
        await answer_to(server, GET)  # which came later: the first is being served
    assert await hung_up(reader)
    writer.close()
    assert asyncio.all_tasks() == before
    assert server.port is None
    assert not [entry for entry in caplog.records if entry.levelno >= logging.WARNING]


async def test_an_address_that_is_taken_is_told_once_and_had_when_it_is_free(
    caplog: pytest.LogCaptureFixture, attempts: asyncio.Semaphore
) -> None:
    async with asyncio.timeout(PATIENCE):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            server = MetricsServer(an_example(), "127.0.0.1", port, retry=0.01)
            await server.start()
            assert server.port is None
            assert f"127.0.0.1:{port}" in str(server.problem)
            for _ in range(4):
                await attempts.acquire()
        try:
            await server.listening.wait()
            assert server.problem is None
            head, _ = await answer_to(server, GET)
            assert head.startswith(b"HTTP/1.1 200 ")
        finally:
            await server.stop()
    assert len([entry for entry in caplog.records if entry.levelno >= logging.ERROR]) == 1


async def test_a_gateway_that_stops_waits_for_no_address(attempts: asyncio.Semaphore) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        server = MetricsServer(an_example(), "127.0.0.1", other.getsockname()[1], retry=FOR_EVER)
        await server.start()
        async with asyncio.timeout(PATIENCE):
            for _ in range(2):
                await attempts.acquire()
            await server.stop()


async def test_a_page_that_cannot_be_made_is_the_scrapers_trouble_alone(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> Seen:
        raise KeyError("sip1")

    async with serving(Metrics(["sip1"], broken, version="1", site="jinan")) as server:
        head, _ = await answer_to(server, GET)
        assert head.startswith(b"HTTP/1.1 500 ")
        assert "the page could not be made" in caplog.text
        head, _ = await answer_to(server, b"GET / HTTP/1.1\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 404 ")
