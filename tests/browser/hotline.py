"""A whole hotline with its wallboard: a real gateway, customers by SIP and by modem, agents' telephones."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drivers.emulator import EmulatedModem
from tests.broker import PATIENCE, free_port
from tests.process.day import quick_exchange
from tests.process.desk_scene import DeskScene, desk_scene_in
from tests.process.gateway import fxo_line, sip_line
from tests.process.material import make_dialplan
from tests.process.sounds import sound
from tests.sip.conftest import free_port as free_udp_port
from tests.sip.conftest import write_wav

RING = 1.5
"""Seconds from ring to ring: each is on the screen for several of the five frames a second that a browser gets."""
MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>"
"""Named by whoever has a name to give."""
SAID = {"greeting-part1": 2.0, "further": 2.0, "farewell": 1.5}
"""Seconds of what is said to a customer, for the same reason."""
PATIENT = "ring_seconds = 120.0"
"""A telephone rings on until the test picks it up."""
SECONDS = PATIENCE * 1000
"""The same for Playwright, in milliseconds."""


@dataclass
class Hotline:
    """The gateway and everybody around it; `url` is its wallboard."""

    scene: DeskScene
    modem: EmulatedModem
    url: str


@contextlib.asynccontextmanager
async def hotline_in(folder: Path) -> AsyncIterator[Hotline]:
    """SIP lines sip1 and sip2, which are answered with the third ring, a modem on fxo1; fxo2 has none."""
    dialplan = folder / make_dialplan(folder)
    for seed, (name, seconds) in enumerate(SAID.items()):
        write_wav(dialplan / "prompts" / f"{name}.wav", sound(seed, seconds))
    ports = {"sip1": free_udp_port(), "sip2": free_udp_port()}
    listen = f"127.0.0.1:{free_port()}"
    lines = (sip_line(line, port, ring_period=RING) for line, port in ports.items())
    async with EmulatedModem("conexant", exchange=quick_exchange()) as modem:
        modems = fxo_line("fxo1", modem.port), fxo_line("fxo2", f"/dev/{MARKUP}")
        tables = (*lines, *modems, f'[wallboard]\nlisten = "{listen}"')
        keys: dict[str, Any] = {"lines": (), "desk": PATIENT, "on_ring": 3, "show_numbers": True}
        async with desk_scene_in(folder, dialplan, *tables, **keys) as scene:
            scene.ports |= ports
            await scene.gateway.logged("wallboard: http")
            yield Hotline(scene, modem, f"http://{listen}")
