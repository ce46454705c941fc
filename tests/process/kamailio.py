"""A real Kamailio as the registrar and proxy between the gateway and agents' telephones."""

import asyncio
import contextlib
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

from tests.broker import PATIENCE, tool
from tests.sip.conftest import free_port
from tests.sip.peer.caller import Caller

CONFIG = """#!KAMAILIO
listen=udp:127.0.0.1:{port}
auto_aliases=no
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
request_route {{
    if (is_method("REGISTER")) {{ save("location"); exit; }}
    if (has_totag()) {{ loose_route(); t_relay(); exit; }}
    if (is_method("CANCEL")) {{ t_relay_cancel(); exit; }}
    if (!lookup("location")) {{ sl_send_reply("404", "Not Found"); exit; }}
    record_route();
    t_relay();
}}
"""


@contextlib.asynccontextmanager
async def kamailio(folder: Path) -> AsyncIterator[int]:
    """Its port, once it answers."""
    program, port = tool("kamailio", "kamailio"), free_port()
    config = folder / "kamailio.cfg"
    config.write_text(CONFIG.format(port=port))
    process = await asyncio.create_subprocess_exec(
        *(program, "-f", str(config), "-DD", "-E", "-n", "1", "-m", "16", "-M", "4"),
        *("-w", str(folder), "-Y", str(folder)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        await _answers(port)
        yield port
    finally:
        process.terminate()
        await process.wait()


async def _answers(port: int) -> None:
    caller = await Caller.open(f"sip:nobody@127.0.0.1:{port}")
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                caller.request("OPTIONS")
                with contextlib.suppress(TimeoutError):
                    await caller.final("OPTIONS", 0.2)
                    return
    finally:
        caller.close()
