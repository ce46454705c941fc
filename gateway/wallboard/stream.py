"""GET /stream: server-sent events to one browser, for as long as it reads them."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from aiohttp import web

from gateway.wallboard.hub import RETRY, TICK, Hub, NoRoom

log = logging.getLogger(__name__)

BLOCKED: Final = 10.0
"""Seconds for which a browser may read nothing before it is hung up on."""
HIGH_WATER: Final = 16_384
"""Bytes that may wait in the process for a browser, beyond the event that is being written."""


async def turn(hub: Hub) -> None:
    """Have the hub tell what is new, until cancelled."""
    while True:
        hub.tick()
        await asyncio.sleep(TICK)


async def follow(
    request: web.Request, hub: Hub, source: str, allowed: Callable[[], bool], *, blocked: float
) -> web.StreamResponse:
    """Send events until the browser leaves, blocks for `blocked` seconds, or is `allowed` no more."""
    try:
        seat = hub.join(source)
    except NoRoom as full:
        return web.Response(status=503, text=f"{full}\n", headers={"Retry-After": str(RETRY)})
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
    try:
        if request.transport is not None:
            request.transport.set_write_buffer_limits(high=HIGH_WATER)
        await response.prepare(request)
        while True:
            await seat.news.wait()
            if not allowed():  # by now: a log-out in the meantime ends it before another event
                break
            async with asyncio.timeout(blocked):
                await response.write(seat.fetch())
                await request.writer.drain()
    except TimeoutError:
        log.debug("a browser read nothing for %.0f s", blocked)
        if request.transport is not None:
            request.transport.abort()
    except ConnectionResetError:
        pass  # it has gone in the middle of an event
    finally:
        hub.leave(seat)
    return response
