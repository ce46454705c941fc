"""The wallboard over real sockets: pages, the stream, and all that browsers and others may do to it."""

import asyncio
import contextlib
import os
import resource
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.wallboard.__main__ import serve
from gateway.wallboard.door import BESIDES
from gateway.wallboard.server import ServerError
from tests.broker import PATIENCE
from tests.service.wallboard_scene import (
    CALL,
    Scene,
    certificate,
    descriptors,
    next_event,
    serving,
    unopened,
    until,
)

pytestmark = pytest.mark.service


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """Without a log-in."""
    async with serving(tmp_path) as scene:
        yield scene


async def test_a_page_and_its_files(scene: Scene) -> None:
    page = await scene.get("/")
    assert page.status == 200
    assert page.content_type == "text/html"
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert "Python" not in page.headers["Server"]
    again = await scene.get("/", headers={"If-None-Match": page.headers["ETag"]})
    assert again.status == 304
    assert (await scene.get("/healthz")).status == 200
    assert (await scene.get("/nothing")).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/static/../server.py",
        "/static/%2e%2e/server.py",
        "/static//etc/passwd",
        "/static/..%2f__main__.py",
        "/static/",
    ],
)
async def test_no_other_file_is_served(scene: Scene, path: str) -> None:
    answer = await scene.raw(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 404 ")


async def test_the_stream_begins_with_everything_and_follows(scene: Scene) -> None:
    scene.server.hub.take({"line/a/state": {"calls": [{"caller": "13812345678"}]}})
    async with scene.browser.get(f"{scene.url}/stream") as answer:
        assert answer.content_type == "text/event-stream"
        name, told = await next_event(answer)
        assert (name, told["site"]) == ("snapshot", "jinan")
        assert told["messages"]["line/a/state"]["calls"] == [{"caller": "138****5678"}]
        scene.server.hub.take({"line/a/state": {"calls": []}})
        while (event := await next_event(answer))[1].get("messages") != {"line/a/state": {"calls": []}}:
            assert event[0] in ("change", "alive")
    await until(lambda: scene.server.hub.seats == 0)


async def test_there_is_room_for_so_many(scene: Scene) -> None:
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(4):
            answer = await stack.enter_async_context(scene.browser.get(f"{scene.url}/stream"))
            assert answer.status == 200
        full = await scene.get("/stream")
        assert full.status == 503
        assert int(full.headers["Retry-After"]) > 0
    await until(lambda: scene.server.hub.seats == 0)
    assert (await scene.events(1))[0][0] == "snapshot"


async def test_hundreds_that_come_and_vanish_leave_nothing(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.get_running_loop()
    await scene.events(1)
    await until(lambda: scene.server.hub.seats == 0)
    before, tasks = descriptors(), len(asyncio.all_tasks())
    request = b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for _ in range(10):
        sockets = [socket.socket() for _ in range(40)]
        for each in sockets:
            each.setblocking(False)
            await loop.sock_connect(each, ("127.0.0.1", scene.port))
            scene.server.hub.take({"kpi": {"n": id(each)}})
            await loop.sock_sendall(each, request)
        for each in sockets:
            each.close()
    await until(lambda: scene.server.hub.seats == 0 and scene.server.door.inside == 0)
    await until(lambda: len(asyncio.all_tasks()) <= tasks)
    assert descriptors() <= before
    assert not caplog.records, "who leaves is no trouble"
    assert (await scene.events(1))[0][0] == "snapshot"


async def test_who_reads_nothing_is_dropped_and_others_go_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(tmp_path, blocked=0.5) as scene:
        slow = socket.socket()
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(slow, ("127.0.0.1", scene.port))
        await loop.sock_sendall(slow, b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await until(lambda: scene.server.hub.seats == 1)
        async with scene.browser.get(f"{scene.url}/stream") as quick:
            async with asyncio.timeout(PATIENCE):
                value = 0
                while scene.server.hub.seats == 2 or value == 0:
                    value += 1
                    scene.server.hub.take({f"line/{n}/state": {"n": value, "text": "x" * 500} for n in range(400)})
                    await next_event(quick)
            assert scene.server.hub.seats == 1
        slow.close()
    assert not caplog.records


async def test_connections_have_a_bound_of_their_own(tmp_path: Path) -> None:
    async with serving(tmp_path, streams=1, silence=0.5) as scene:
        held = [await asyncio.open_connection("127.0.0.1", scene.port) for _ in range(1 + BESIDES)]
        await until(lambda: scene.server.door.inside == 1 + BESIDES)
        assert (await scene.raw(b"")).startswith(b"HTTP/1.1 503 ")
        held[0][1].write(b"GET / HTTP/1.1\r\nX-Slow: ")  # and never more
        async with asyncio.timeout(PATIENCE):
            for reader, writer in held:
                with contextlib.suppress(ConnectionError):
                    assert await reader.read() == b"", "hung up on: it said nothing"
                writer.close()
        assert (await scene.get("/healthz")).status == 200


async def test_who_asks_for_much_and_reads_nothing_loses_its_place(tmp_path: Path) -> None:
    async with serving(tmp_path, blocked=3.0) as scene:
        loop, door = asyncio.get_running_loop(), scene.server.door
        asking = b"GET /static/js/main.js HTTP/1.1\r\nHost: localhost\r\n\r\n" * 300
        sockets = [socket.socket() for _ in range(4 + BESIDES)]
        for each in sockets:
            each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            each.setblocking(False)
            await loop.sock_connect(each, ("127.0.0.1", scene.port))
            await loop.sock_sendall(each, asking)
        await until(lambda: door.inside == 4 + BESIDES)
        assert (await scene.raw(b"")).startswith(b"HTTP/1.1 503 ")
        await until(lambda: door.inside == 0)
        for each in sockets:
            each.close()


async def test_before_tls_is_agreed_on_a_connection_has_its_place_already(tmp_path: Path) -> None:
    files = await certificate(tmp_path)
    trusting = ssl.create_default_context(cafile=files["certificate_file"])
    trusting.check_hostname = False
    async with serving(tmp_path, tls=trusting, handshake=0.5, **files) as scene:
        loop, door, before = asyncio.get_running_loop(), scene.server.door, descriptors()
        sockets = [socket.socket() for _ in range(200)]
        for each in sockets:
            each.setblocking(False)
            await loop.sock_connect(each, ("127.0.0.1", scene.port))
        await until(lambda: door.inside == 4 + BESIDES)
        assert descriptors() <= before + len(sockets) + 4 + BESIDES + 1
        await until(lambda: door.inside == 0)
        assert (await scene.get("/healthz")).status == 200
        for each in sockets:
            each.close()


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        os.urandom(4096) + b"\r\n\r\n",
        b"GET /" + b"x" * 1_000_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 100_000 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ids=["TLS", "garbage", "line", "field", "fields", "smuggled"],
)
async def test_what_is_no_request_is_refused(scene: Scene, caplog: pytest.LogCaptureFixture, sent: bytes) -> None:
    answer = await scene.raw(sent)
    assert not answer or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4")), answer[:100]
    assert (await scene.get("/healthz")).status == 200
    assert b"Python" not in answer
    assert not answer or b"X-Content-Type-Options: nosniff" in answer
    assert not [record for record in caplog.records if record.exc_info], "no traceback"


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "127.0.0.1.evil.example", "192.0.2.1", "", "[", "x@127.0.0.1.evil"),
        *("evil@127.0.0.1", "localhost#.evil.example", "localhost/.evil.example", "localhost:", "127.0.0.1:x"),
    ],
)
async def test_another_name_for_this_machine_is_refused(scene: Scene, host: str) -> None:
    answer = await scene.raw(f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith((b"HTTP/1.1 421 ", b"HTTP/1.1 400 ")), answer[:100]


RELAYED = {
    "Forwarded": "for=198.51.100.7",
    "X-Forwarded-For": "198.51.100.7",
    "X-Forwarded-Host": "localhost",
    "X-Forwarded-Proto": "https",
    "X-Real-IP": "127.0.0.1",
    "Via": "1.1 wall.example",
    "Referer": "http://wall.example/",
}


@pytest.mark.parametrize("header", RELAYED)
@pytest.mark.parametrize("proxies", [(), ("127.0.0.1",)], ids=["none", "believed"])
async def test_without_a_log_in_no_proxy_stands_before_it(
    tmp_path: Path, header: str, proxies: tuple[str, ...]
) -> None:
    async with serving(tmp_path, proxies=proxies) as scene:
        headers = {header: RELAYED[header]}
        async with scene.browser.get(f"{scene.url}/stream", headers=headers) as answer:
            assert answer.status == 421
            assert "password_file" in await answer.text()


async def test_a_proxy_that_tells_nothing_at_all_is_known_by_its_old_http(scene: Scene) -> None:
    answer = await scene.raw(f"GET / HTTP/1.0\r\nHost: 127.0.0.1:{scene.port}\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.0 421 ")


async def test_a_page_elsewhere_may_link_and_our_own_follows(scene: Scene) -> None:
    assert (await scene.get("/", headers={"Referer": "http://wiki.example/"})).status == 200
    async with scene.browser.get(f"{scene.url}/stream", headers={"Referer": f"{scene.url}/?lang=en"}) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "127.0.0.53:1", "[::1]:8080"])
async def test_its_own_names_are_good(scene: Scene, host: str) -> None:
    assert (await scene.get("/", headers={"Host": host})).status == 200


async def test_another_sites_page_may_link_and_nothing_else(scene: Scene) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
    assert (await scene.get("/stream", headers=foreign)).status == 403
    assert (await scene.get("/", headers={**foreign, "Sec-Fetch-Mode": "navigate"})).status == 200


@pytest.mark.parametrize("call", [CALL, "x", "20260218", "%27%20OR%201=1", "..%2f..%2fetc"])
async def test_a_call_that_is_not_on_record(scene: Scene, call: str) -> None:
    answer = await scene.get(f"/call/{call}?lang=en")
    assert answer.status == 404
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"] or call.startswith("..")


async def test_a_port_that_is_taken_is_told_with_the_cure(scene: Scene, tmp_path: Path) -> None:
    with pytest.raises(ServerError, match=r"cannot be had: Address already in use; .*\[wallboard\] listen"):
        async with serving(tmp_path, port=scene.port):
            pass


async def test_a_process_without_descriptors_tells_so(scene: Scene) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with socket.socket() as lowest:
        free = lowest.fileno()
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, hard))
    try:
        with pytest.raises(ServerError, match="cannot be had: Too many open files"):
            await scene.server.open()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_a_server_whose_work_has_failed_ends_the_process(tmp_path: Path) -> None:
    server, frames = unopened(tmp_path), asyncio.StreamReader()
    frames.feed_data(b'{"messages": {}}\n')
    server.hub.take({"kpi": {"no JSON": object()}})
    with pytest.raises(TypeError):
        await asyncio.wait_for(serve(server, frames), PATIENCE)


async def test_the_end_of_the_frames_ends_it_without_a_word(tmp_path: Path) -> None:
    server, frames = unopened(tmp_path), asyncio.StreamReader()
    frames.feed_data(b'{"messages": {"kpi": {}}}\n')
    frames.feed_eof()
    await asyncio.wait_for(serve(server, frames), PATIENCE)
    assert "kpi" in server.hub.snapshot().decode()
