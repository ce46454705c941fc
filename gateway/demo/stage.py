"""The demo's stage: a folder, a gateway.toml, emulated modems, sounds for the SIP callers."""

import socket
from contextlib import AsyncExitStack
from pathlib import Path

import numpy as np

from drivers.emulator import EmulatedModem
from drivers.emulator.audio import Samples, noise, to_int16
from drivers.emulator.callers import SPEECH_LEVEL, spoken
from drivers.hearing.wav import WavWriter
from gateway.demo.cast import AT_THE_DESK, GREETERS, PERSONALITIES, REPLY, REQUEST, SIP_LINES
from gateway.demo.desk import telephone

NOISE_SECONDS = 90
"""Longer than the noisy ladder."""

CONFIG = """\
site = "demo"
data_dir = "var"

[mqtt]
broker_port = {broker}

{lines}
{agents}"""

AGENT = """\
[[agents]]
number = "{number}"
"""

AGENT_AT_THE_DESK = """\
[[agents]]
number = "{number}"
extension = "sip:{number}@127.0.0.1:{port}"
"""

FXO_LINE = """\
[[lines]]
id = "{line}"
driver = "fxo"
port = "{port}"
"""

SIP_LINE = """\
[[lines]]
id = "{line}"
driver = "sip"
listen = "127.0.0.1:{port}"
aor = "sip:8801@127.0.0.1"
"""


class Stage:
    """Everything a demo needs beside the gateway; on an exit stack."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.modems: dict[str, EmulatedModem] = {}
        self.sip_ports = {line: free_port(socket.SOCK_DGRAM) for line in SIP_LINES}

    async def set_up(self, stack: AsyncExitStack) -> Path:
        """Plug in the modems and the agents' telephones and write the config; gives its path. Raises
        TelephoneMissing or TimeoutError."""
        for line, personality in PERSONALITIES.items():
            modem = EmulatedModem(personality, link=self._folder / f"modem-{line}")
            self.modems[line] = await stack.enter_async_context(modem)
        lines = [FXO_LINE.format(line=line, port=modem.port) for line, modem in self.modems.items()]
        lines += [SIP_LINE.format(line=line, port=port) for line, port in self.sip_ports.items()]
        agents = [AGENT.format(number=number) for number in GREETERS]
        for number in AT_THE_DESK:
            port = free_port(socket.SOCK_DGRAM)
            await stack.enter_async_context(telephone(number, port, self._spoken("agent", REPLY)))
            agents.append(AGENT_AT_THE_DESK.format(number=number, port=port))
        config = self._folder / "gateway.toml"
        text = CONFIG.format(
            broker=free_port(socket.SOCK_STREAM), lines="\n".join(lines), agents="\n".join(agents)
        )
        config.write_text(text, encoding="utf-8")
        return config

    def sound(self, kind: str) -> Path | None:
        """What a SIP customer of this kind sends; None sends silence."""
        match kind:
            case "talking" | "put through":
                return self._spoken("customer", REQUEST)
            case "noisy":
                return self._noise()
            case _:
                return None

    def _spoken(self, who: str, words: str) -> Path:
        file = self._folder / f"{who}.wav"
        if not file.exists():
            _write(file, spoken(words, SPEECH_LEVEL))
        return file

    def _noise(self) -> Path:
        file = self._folder / "noise.wav"
        if not file.exists():
            samples = noise("street", -30.0, seed=7)
            _write(file, np.tile(samples, 1 + NOISE_SECONDS * 8000 // len(samples)))
        return file


def _write(file: Path, samples: Samples) -> None:
    with WavWriter(file) as writer:
        writer.write(to_int16(samples))


def free_port(kind: socket.SocketKind) -> int:
    """A port nobody uses at this moment on 127.0.0.1."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
