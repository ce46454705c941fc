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
loadmodule "auth.so"
modparam("registrar", "gruu_enabled", 0)
modparam("registrar", "min_expires", 1)
modparam("registrar", "max_expires", {expires})
request_route {{
    {register}
    if (is_method("REGISTER")) {{ save("location"); exit; }}
    if (has_totag()) {{ loose_route(); t_relay(); exit; }}
    if (is_method("CANCEL")) {{ t_relay_cancel(); exit; }}
    {invite}
    if (!lookup("location")) {{ sl_send_reply("404", "Not Found"); exit; }}
    record_route();
    t_relay();
}}
"""
REALM = "hotline"
REGISTER = """if (is_method("REGISTER") && !pv_www_authenticate("{realm}", "{password}", "0")) {{
        www_challenge("{realm}", "1"); exit;
    }}"""
INVITE = """if (is_method("INVITE") && !pv_proxy_authenticate("{realm}", "{password}", "0")) {{
        proxy_challenge("{realm}", "1"); exit;
    }}
    remove_hf("Proxy-Authorization");"""
"""Digest for whoever registers or calls (RFC 3261 §22)."""


@contextlib.asynccontextmanager
async def kamailio(
    folder: Path, password: str | None = None, *, port: int | None = None, expires: int = 3600
) -> AsyncIterator[int]:
    """Its port, once it answers. `password`: of everybody; None: nobody is asked. `expires`: the longest that a
    registration holds, seconds."""
    program, port = tool("kamailio", "kamailio"), port or free_port()
    config = folder / "kamailio.cfg"
    asked = {"realm": REALM, "password": password}
    rules = ("", "") if password is None else (REGISTER.format(**asked), INVITE.format(**asked))
    config.write_text(CONFIG.format(port=port, expires=expires, register=rules[0], invite=rules[1]))
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
