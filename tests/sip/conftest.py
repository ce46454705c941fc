"""A SIP line in service on a free port, and callers to it."""

import asyncio
import contextlib
import socket
import wave
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from drivers.line import Answer, Answered, LineEvent, LineFault, LineRestored
from drivers.sip.config import SipConfig
from drivers.sip.line import SipLine
from tests.sip.peer.caller import Caller


def free_port() -> int:
    """A port that is free for UDP and TCP both."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
            udp.bind(("127.0.0.1", 0))
            port = int(udp.getsockname()[1])
            try:
                tcp.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


class Reports:
    """The facts a line has reported, in order, with their times."""

    def __init__(self) -> None:
        self.events: list[LineEvent] = []
        self.times: list[float] = []
        self._arrived = asyncio.Event()

    def __call__(self, event: LineEvent) -> None:
        self.events.append(event)
        self.times.append(asyncio.get_running_loop().time())
        self._arrived.set()

    def of(self, kind: type, leg: str | None = None) -> list:
        return [e for e in self.events if isinstance(e, kind) and leg in (None, getattr(e, "leg", None))]

    def time_of(self, event: LineEvent) -> float:
        return next(at for at, seen in zip(self.times, self.events, strict=True) if seen is event)

    async def wait(self, kind: type, *, count: int = 1, leg: str | None = None, seconds: float = 20):
        """The `count`th event of that kind."""
        try:
            async with asyncio.timeout(seconds):
                while len(found := self.of(kind, leg)) < count:
                    self._arrived.clear()
                    await self._arrived.wait()
        except TimeoutError:
            raise AssertionError(f"no {kind.__name__} no. {count} within {seconds} s; got {self.events}") from None
        return found[count - 1]


class Bench:
    """One open line, its reports, and callers that are closed with it."""

    def __init__(self, line: SipLine, config: SipConfig, reports: Reports) -> None:
        self.line = line
        self.config = config
        self.reports = reports
        self.callers: list[Caller] = []

    @property
    def target(self) -> str:
        return f"sip:8801@{self.config.listen}"

    async def caller(self, kind: type[Caller] = Caller, **options) -> Caller:
        caller = await kind.open(self.target, **options)
        self.callers.append(caller)
        return caller

    async def answered_call(self, **options) -> tuple[Caller, str]:
        """A caller whose call is up, and its leg."""
        from drivers.line import CallOffered

        caller = await self.caller(**options)
        before = len(self.reports.of(CallOffered))
        caller.invite()
        offer = await self.reports.wait(CallOffered, count=before + 1)
        self.line.execute(Answer(offer.leg))
        await self.reports.wait(Answered, leg=offer.leg)
        return caller, offer.leg


OpenLine = Callable[..., Awaitable[Bench]]


@pytest.fixture
async def open_line() -> AsyncIterator[OpenLine]:
    """Opens lines; all are closed at the end, and must be gone then."""
    async with contextlib.AsyncExitStack() as stack:

        async def open_one(**options) -> Bench:
            listen = options.pop("listen", None) or f"127.0.0.1:{free_port()}"
            config = SipConfig("sip1", listen=listen, aor=f"sip:8801@{listen}", **options)
            bench = Bench(SipLine(config), config, Reports())
            stack.push_async_callback(close, bench)
            await bench.line.open(bench.reports)
            return bench

        yield open_one


async def close(bench: Bench) -> None:
    """Hang up and end the line; its worker must be gone then."""
    for caller in bench.callers:
        caller.close()
    await bench.line.close()
    assert bench.line.worker_pid is None


@pytest.fixture
async def bench(open_line: OpenLine) -> Bench:
    """A line in service with everything at its default, but short rings."""
    bench = await open_line(ring_period=0.5)
    assert isinstance(bench.reports.events[0], LineRestored), bench.reports.of(LineFault)
    return bench


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk() -> AsyncIterator[Bench]:
    """One line that dials for a whole module: starting a worker costs more than most of these calls."""
    from tests.sip.dialled import opened  # which takes Bench from here

    bench = await opened()
    pid = bench.line.worker_pid
    yield bench
    assert bench.line.worker_pid == pid, "the worker died on the way"
    await close(bench)


def write_wav(path: Path, samples: list[int]) -> str:
    """An 8000 Hz mono 16-bit WAV."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples))
    return str(path)
