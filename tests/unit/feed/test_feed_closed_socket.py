"""A socket that was closed before the event loop came to watch it."""

import asyncio
import logging
import socket

import pytest

from gateway.feed.closed_socket import overlook_closed_sockets

pytestmark = pytest.mark.unit


async def test_a_socket_closed_meanwhile_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.get_running_loop()
    overlook_closed_sockets(loop)
    with socket.socket() as lost:
        number = lost.fileno()
    loop.call_soon(loop.add_writer, number, print)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not caplog.records


async def test_every_other_error_is_told(caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.get_running_loop()
    overlook_closed_sockets(loop)
    overlook_closed_sockets(loop)
    loop.call_soon({}.__getitem__, "missing")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "missing" in caplog.text
