"""The wallboard's process: `python -m gateway.wallboard`, started and fed by the gateway, ended by the end of its
standard input. On standard output it tells the gateway how it is, one JSON object a line."""

import asyncio
import contextlib
import json
import logging
import os
import resource
import signal
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gateway.wallboard.server import Server

NICENESS: Final = 10
"""Calls come first: of two that want the processor this one gets a tenth."""
LONGEST_FRAME: Final = 64 * 1_048_576
"""Bytes of one line of the gateway's."""
RETRY: Final = 2.0
"""Seconds until an address that could not be had is tried again."""


def main() -> int:
    """Serve until the gateway ends: 0; 1 after a failure, which has been told; 2 where it was not the gateway that
    began it."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
    with contextlib.suppress(OSError, ValueError):
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a descriptor for each browser
    # Ctrl-C, a closed terminal and a service manager's stop reach every process of the group: the gateway ends
    # this one last, by closing its standard input.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    os.set_blocking(sys.stdout.fileno(), False)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(message)s")
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # what browsers do to TLS and sockets
    try:
        return asyncio.run(_begin())
    except Exception as error:  # whatever it is: the gateway tells it, and starts another
        logging.getLogger(__name__).exception("the wallboard failed")
        tell(failed=f"{type(error).__name__}: {error}")
        return 1


async def _begin() -> int:
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
    await serve(Server(settings), reader)
    return 0


async def serve(server: "Server", frames: asyncio.StreamReader) -> None:
    """Show the gateway's frames until they end. Raises whatever keeps browsers out meanwhile."""
    known = asyncio.Event()
    tasks = [asyncio.create_task(work) for work in (_read(server, frames, known), _open(server, known))]
    try:
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in ended:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.close()


async def _read(server: "Server", frames: asyncio.StreamReader, known: asyncio.Event) -> None:
    """Take frames until they end; `known` is set once all that is shown has come."""
    while line := await frames.readline():
        frame = json.loads(line)
        server.hub.take(frame["messages"])
        if not frame.get("more"):
            known.set()
        tell(streams=server.hub.seats)


async def _open(server: "Server", known: asyncio.Event) -> None:
    """Let browsers in, once all that is shown is `known`, and see that the server goes on. Never returns."""
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
            await server.run()


def tell(**words: object) -> None:
    """A line for the gateway. What it cannot take is left out: it is hung, or gone."""
    with contextlib.suppress(OSError):
        os.write(sys.stdout.fileno(), json.dumps(words).encode() + b"\n")


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    logging.shutdown()
    os._exit(code)  # without waiting for threads that a database holds up
