"""The wallboard's process: `python -m gateway.wallboard`, started and fed by the gateway, ended by the end of its
standard input. On standard output it tells the gateway how it is, one JSON object a line."""

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
from typing import Any, Final

NICENESS: Final = 10
"""Calls come first: of two that want the processor this one gets a tenth."""
LONGEST_FRAME: Final = 64 * 1_048_576
"""Bytes of one line of the gateway's."""
RETRY: Final = 2.0
"""Seconds until an address that could not be had is tried again."""


def main() -> int:
    """Serve until the gateway ends; 2 where it was not the gateway that began it."""
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
    # Ctrl-C, a closed terminal and a service manager's stop reach every process of the group: the gateway ends
    # this one last, by closing its standard input.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    os.set_blocking(sys.stdout.fileno(), False)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(message)s")
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # what browsers do to TLS and sockets
    return asyncio.run(_serve())


async def _serve() -> int:
    reader = asyncio.StreamReader(limit=LONGEST_FRAME)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    from gateway.wallboard.server import Server  # after nice: it takes a while to load
    from gateway.wallboard.settings import Settings

    try:
        settings = Settings.parse(await reader.readline())
    except ValueError:
        sys.stderr.write("usage: python -m gateway.wallboard (started by the gateway: [wallboard] listen)\n")
        return 2
    server = Server(settings)
    known = asyncio.Event()
    opening = asyncio.create_task(_open(server, known))
    try:
        while line := await reader.readline():
            frame = json.loads(line)
            server.hub.take(frame["messages"])
            if not frame.get("more"):
                known.set()
            tell(streams=server.hub.seats)
    finally:
        opening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await opening
        await server.close()
    return 0


async def _open(server: Any, known: asyncio.Event) -> None:
    """Let browsers in, once all that is shown is `known`."""
    from gateway.wallboard.server import ServerError

    await known.wait()
    while True:
        try:
            await server.open()
        except ServerError as error:
            tell(problem=str(error))
            await asyncio.sleep(RETRY)
        else:
            tell(listening=server.url)
            return


def tell(**words: object) -> None:
    """A line for the gateway. What it cannot take is left out: it is hung, or gone."""
    with contextlib.suppress(OSError):
        os.write(sys.stdout.fileno(), json.dumps(words).encode() + b"\n")


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    logging.shutdown()
    os._exit(code)  # without waiting for threads that a database holds up
