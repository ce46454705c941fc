"""The gateway under load: `sansheng run` with mosquitto, SQLite and the shipped default standard, said at a
person's pace."""

import contextlib
import io
import socket
import wave
from collections.abc import AsyncIterator
from pathlib import Path

from drivers.voice.espeak import speak
from gateway.dialplan import load_dialplan
from gateway.dialplan.phrases import phrases_of, segments_of
from gateway.prompts.level import RATE, levelled
from tests.broker import Mosquitto
from tests.process.gateway import Site, mqtt, sip_line, site_in

STANDARD = "jihua-gas"
PACE = 300
"""Words a minute of the voice: the greeting takes some 4 s, as people say it, in place of the 13 s of the shipped
pace. Ten calls a second for which 100 legs are enough must be over after 10 s."""
AGENT = "801"
"""Who greets where no `[[agents]]` stands."""
CALLS_A_LINE = 4
FIRST_PORT, LAST_PORT = 25062, 29900
"""Of the lines; below Linux' ephemeral ports."""
PATIENCE = 90.0
"""Seconds for 25 workers to start on a busy machine."""


def make_dialplan(folder: Path) -> Path:
    """The standard, word for word, with recordings."""
    recordings = folder / "prompts"
    recordings.mkdir(parents=True)
    (folder / "dialplan.toml").write_text(f'base = "{STANDARD}"\n')
    for segment in segments_of(load_dialplan(folder)):
        samples = levelled(speak(segment.spoken, words_per_minute=PACE))
        write_wav(recordings / f"{segment.key}.wav", samples.tobytes())
    return folder


def greeting_of(dialplan: Path, path: Path) -> float:
    """Write what a caller is greeted with, in one recording; gives its seconds."""
    phrase = phrases_of(load_dialplan(dialplan))["greeting"]
    parts = []
    for segment in phrase.segments(AGENT):
        with wave.open(str(dialplan / "prompts" / f"{segment.key}.wav")) as file:
            parts.append(file.readframes(file.getnframes()))
    samples = b"".join(parts)
    write_wav(path, samples)
    return len(samples) / 2 / RATE


def write_wav(path: Path, samples: bytes) -> None:
    """8000 Hz, mono, 16 bits."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(samples)


def free_ports(count: int, first: int = FIRST_PORT, last: int = LAST_PORT) -> int:
    """The first of `count` consecutive UDP ports of 127.0.0.1 that nobody has. OSError where there are none."""
    for base in range(first, last - count, max(count, 40)):
        with contextlib.suppress(OSError), contextlib.ExitStack() as held:
            for port in range(base, base + count):
                probe = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                probe.bind(("127.0.0.1", port))
            return base
    raise OSError(f"no {count} free UDP ports in a row from {first} to {last}")


@contextlib.asynccontextmanager
async def serving(
    folder: Path, dialplan: Path, lines: int, on_ring: int, ring_period: float
) -> AsyncIterator[tuple[Site, tuple[int, int], int]]:
    """A gateway of so many lines of four calls, all in service, its process and that of its broker, and the first
    line's port. AssertionError with its log where it does not come up, or does not end as it should."""
    port = free_ports(lines)
    broker = Mosquitto(made(folder))
    await broker.start()
    try:
        async with quietly(site_in(folder, dialplan)) as site:
            line = sip_line("sip1", port, count=lines, calls=CALLS_A_LINE, ring_period=ring_period)
            site.write(mqtt(broker.url), line, on_ring=on_ring)
            gateway = await site.start(ready=False)
            await gateway.logged("in service$", count=lines, seconds=PATIENCE)
            yield site, (gateway.pid, broker.pid), port
    finally:
        broker.kill()


def made(folder: Path) -> Path:
    """The folder, which is new."""
    folder.mkdir()
    return folder


@contextlib.asynccontextmanager
async def quietly(site: contextlib.AbstractAsyncContextManager[Site]) -> AsyncIterator[Site]:
    """The site, without its log on standard output at the end."""
    entered = await site.__aenter__()
    try:
        yield entered
    finally:
        with contextlib.redirect_stdout(io.StringIO()):
            await site.__aexit__(None, None, None)
