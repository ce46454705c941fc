"""Lines under test, each with a customer at its far end who can be told what to do."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

from drivers.emulator import Call, EmulatedModem, Exchange, Faults, Say, Wait
from drivers.emulator import Caller as FxoCaller
from drivers.fxo.config import FxoConfig
from drivers.fxo.line import FxoLine
from drivers.line import Line, LineEvent
from drivers.sip.config import SipConfig
from drivers.sip.line import SipLine
from drivers.voice.espeak import speak
from tests.sip.conftest import free_port
from tests.sip.peer.caller import Caller as SipCaller

WORDS = "您好,我家的燃气表坏了,请派人来看一下,谢谢。"
PATIENCE = 60.0
PACKET = 0.02
"""Seconds of audio in an RTP packet."""


class Customer(Protocol):
    """The far end of one call."""

    async def hang_up(self) -> None:
        """Put the receiver down, now."""

    def heard(self) -> int:
        """How many samples that are not silence he has heard."""

    async def waits(self, seconds: float) -> None:
        """Let so much time go by on his line."""

    def falls_mute(self) -> None:
        """No audio of his reaches the line any more, not even silence."""

    def is_heard_again(self) -> None:
        """It does again."""

    def is_connected(self) -> bool:
        """Whether somebody holds his call: the line, or who took it over."""


class Rig(Protocol):
    """A line and the telephone network behind it."""

    line: Line

    async def customer_calls(self, *, talks: bool = False) -> Customer:
        """Ring the line; the customer talks without end, or is silent."""

    def lift_handset(self) -> bool:
        """Pick up a telephone parallel to the line; False where there can be none."""


class Reports:
    """What the line reports, in order."""

    def __init__(self) -> None:
        self.events: list[LineEvent] = []
        self._news = asyncio.Event()

    def __call__(self, event: LineEvent) -> None:
        self.events.append(event)
        self._news.set()

    async def wait(self, kind: type[LineEvent], count: int = 1) -> LineEvent:
        """The `count`th event of a kind."""
        try:
            async with asyncio.timeout(PATIENCE):
                while len(found := [e for e in self.events if isinstance(e, kind)]) < count:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"no {kind.__name__} no. {count}; reported: {self.events}") from None
        return found[count - 1]


class FxoCustomer:
    """At the emulated exchange."""

    def __init__(self, modem: EmulatedModem, call: Call) -> None:
        self._modem = modem
        self._call = call

    async def hang_up(self) -> None:
        self._call.leave()
        await self._call.left()

    def heard(self) -> int:
        return int((abs(self._call.heard.astype(int)) > 200).sum())

    async def waits(self, seconds: float) -> None:
        await self._modem.line_time(seconds)

    def falls_mute(self) -> None:
        self._modem.faults.stalled = True

    def is_heard_again(self) -> None:
        self._modem.faults.stalled = False

    def is_connected(self) -> bool:
        return self._modem.exchange.current is self._call


class FxoRig:
    """The serial driver on an emulated modem."""

    def __init__(self, modem: EmulatedModem) -> None:
        self._modem = modem
        self.line: Line = FxoLine(FxoConfig("line", modem.port))

    async def customer_calls(self, *, talks: bool = False) -> FxoCustomer:
        script = (Wait(0.5), *(Say(WORDS),) * 20) if talks else ()
        return FxoCustomer(self._modem, self._modem.exchange.call(FxoCaller.following(*script)))

    def lift_handset(self) -> bool:
        self._modem.exchange.lift_handset()
        return True

    def loses_dial_tone(self) -> None:
        """The exchange gives none any more."""
        self._modem.exchange.dial_tone = False


class SipCustomer:
    """A user agent on loopback."""

    def __init__(self, agent: SipCaller, words: list[int]) -> None:
        self._agent = agent
        self._words = words

    async def hang_up(self) -> None:
        if self._agent.to_tag:
            self._agent.bye()
        else:
            self._agent.cancel()

    def heard(self) -> int:
        return sum(abs(sample) > 200 for sample in self._agent.rtp.heard())

    async def waits(self, seconds: float) -> None:
        rtp = self._agent.rtp
        await rtp.wait_for_packets(len(rtp.packets) + round(seconds / PACKET))

    def falls_mute(self) -> None:
        self._agent.rtp.stop_sending()

    def is_heard_again(self) -> None:
        self._agent.rtp.start_sending(self._words)

    def is_connected(self) -> bool:
        return not self._agent.has_incoming("BYE")


class SipRig:
    """The softphone, called over SIP."""

    def __init__(self, stack: contextlib.AsyncExitStack) -> None:
        self._stack = stack
        self._listen = f"127.0.0.1:{free_port()}"
        self.line: Line = SipLine(SipConfig("line", self._listen, f"sip:8801@{self._listen}", ring_period=1.0))

    async def customer_calls(self, *, talks: bool = False) -> SipCustomer:
        agent = await SipCaller.open(f"sip:8801@{self._listen}")
        self._stack.callback(agent.close)
        agent.invite()
        words = speak(WORDS * 8).tolist() if talks else []
        talking = asyncio.create_task(self._talk(agent, words))
        self._stack.push_async_callback(_ended, talking)
        return SipCustomer(agent, words)

    def lift_handset(self) -> bool:
        return (
            False  # no second telephone is on the wires of a softphone: each has a dialogue of its own (RFC 3261)
        )

    @staticmethod
    async def _talk(agent: SipCaller, samples: list[int]) -> None:
        await agent.response("INVITE", 200, seconds=PATIENCE)
        agent.rtp.start_sending(samples)


async def _ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@contextlib.asynccontextmanager
async def rig(kind: str, folder: Path) -> AsyncIterator[Rig]:
    """One of RIGS."""
    async with contextlib.AsyncExitStack() as stack:
        if kind == "sip":
            yield SipRig(stack)
            return
        personality, _, way = kind.partition("-")
        modem = EmulatedModem(
            personality,
            link=folder / "modem",
            faults=Faults(no_duplex=way == "half"),
            exchange=Exchange(ring_on=1.0, ring_off=2.0),
        )
        yield FxoRig(await stack.enter_async_context(modem))


RIGS = ("sip", "conexant", "usr5637", "conexant-half")
