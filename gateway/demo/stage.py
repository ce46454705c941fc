"""The demo's stage: a folder, a gateway.toml, emulated modems, sounds for the SIP callers."""

import socket
from contextlib import AsyncExitStack
from pathlib import Path

import numpy as np

from drivers.emulator import EmulatedModem
from drivers.emulator.audio import noise, to_int16
from drivers.emulator.callers import SPEECH_LEVEL, spoken
from drivers.hearing.wav import WavWriter
from gateway.demo.cast import AGENTS, PERSONALITIES, REQUEST

NOISE_SECONDS = 90
"""Longer than the noisy ladder."""

CONFIG = """\
site = "demo"
data_dir = "var"

[mqtt]
broker_port = {broker}

{fxo}
[[lines]]
id = "sip1"
driver = "sip"
listen = "127.0.0.1:{sip}"
aor = "sip:8801@127.0.0.1"

{agents}"""

AGENT = """\
[[agents]]
number = "{number}"
"""

FXO_LINE = """\
[[lines]]
id = "{line}"
driver = "fxo"
port = "{port}"
"""


class Stage:
    """Everything a demo needs beside the gateway; on an exit stack."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.modems: dict[str, EmulatedModem] = {}
        self.sip_port = free_port(socket.SOCK_DGRAM)

    async def set_up(self, stack: AsyncExitStack) -> Path:
        """Plug the modems in and write the config; gives its path."""
        for line, personality in PERSONALITIES.items():
            modem = EmulatedModem(personality, link=self._folder / f"modem-{line}")
            self.modems[line] = await stack.enter_async_context(modem)
        fxo = "\n".join(FXO_LINE.format(line=line, port=modem.port) for line, modem in self.modems.items())
        config = self._folder / "gateway.toml"
        agents = "\n".join(AGENT.format(number=number) for number in AGENTS)
        text = CONFIG.format(broker=free_port(socket.SOCK_STREAM), sip=self.sip_port, fxo=fxo, agents=agents)
        config.write_text(text, encoding="utf-8")
        return config

    def sound(self, kind: str) -> Path | None:
        """What a SIP customer of this kind sends; None sends silence."""
        if kind not in ("talking", "noisy"):
            return None
        file = self._folder / f"{kind}.wav"
        if not file.exists():
            samples = spoken(REQUEST, SPEECH_LEVEL) if kind == "talking" else noise("street", -30.0, seed=7)
            repeats = 1 if kind == "talking" else 1 + NOISE_SECONDS * 8000 // len(samples)
            with WavWriter(file) as writer:
                writer.write(to_int16(np.tile(samples, repeats)))
        return file


def free_port(kind: socket.SocketKind) -> int:
    """A port nobody uses at this moment on 127.0.0.1."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
