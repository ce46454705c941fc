"""`python -m benchmarks.wallboard.storm URL COUNT`: browsers that open the stream and vanish, and one that reads
nothing, from a process of their own."""

import asyncio
import socket
import sys
from urllib.parse import urlsplit

AT_ONCE = 200
"""Connections at the same time."""
REQUEST = b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n"


async def main(url: str, count: int) -> None:
    """Prints how many were let in, and how many were told to come later."""
    parts = urlsplit(url)
    address = parts.hostname or "", parts.port or 80
    answers: dict[str, int] = {}
    deaf = socket.create_connection(address)
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.sendall(REQUEST)
    left = iter(range(count))

    async def visits() -> None:
        for _ in left:
            told = await _visit(*address)
            answers[told] = answers.get(told, 0) + 1

    await asyncio.gather(*(visits() for _ in range(AT_ONCE)))
    deaf.close()
    sys.stdout.write(f"answers: {answers}\n")


async def _visit(host: str, port: int) -> str:
    try:
        reader, writer = await asyncio.open_connection(host, port)
    except OSError as error:
        return error.strerror or str(error)
    try:
        writer.write(REQUEST)
        return (await reader.read(12)).decode().removeprefix("HTTP/1.1 ") or "closed"
    except OSError as error:
        return error.strerror or str(error)
    finally:
        writer.transport.abort()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
