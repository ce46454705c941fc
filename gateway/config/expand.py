"""`count = 25`: one `[[lines]]` table as 25 lines on consecutive ports."""

import re
from collections.abc import Iterator

from gateway.config.forms import split_host_port
from gateway.config.models import GatewayConfig, LineConfig, SipLineConfig

_PORT = re.compile(r":(\d+)$")


def expand_lines(config: GatewayConfig) -> tuple[LineConfig, ...]:
    """Every line of its own, in the file's order.

    A SIP line `sip1` with `count = 3` becomes sip1-1, sip1-2 and sip1-3, each with `count` 1, on its port and
    the two after it; an aor that names the same port as `listen` moves along. With `count = 1` the id stays.
    """
    return tuple(single for line in config.lines for single in expand_line(line))


def expand_line(line: LineConfig) -> Iterator[LineConfig]:
    """The lines that one `[[lines]]` table stands for."""
    if not isinstance(line, SipLineConfig) or line.count == 1:
        yield line
        return
    _, first_port = split_host_port(line.listen)
    for offset in range(line.count):
        yield line.model_copy(
            update={
                "id": f"{line.id}-{offset + 1}",
                "listen": _moved(line.listen, first_port, offset),
                "aor": _moved(line.aor, first_port, offset),
                "count": 1,
            }
        )


def _moved(address: str, port: int, offset: int) -> str:
    """`address` with `offset` added to its port, if that is `port`."""
    match = _PORT.search(address)
    if match is None or int(match.group(1)) != port:
        return address
    return f"{address[: match.start()]}:{port + offset}"
