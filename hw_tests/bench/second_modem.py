"""A second modem at the far end: it dials the first one through a PBX or an ATA, speaks and listens."""

import asyncio
import time
from contextlib import AsyncExitStack
from typing import ClassVar

import attr
import numpy as np
from labgrid import target_factory
from labgrid.driver import Driver

from drivers.fxo.coding import set_coding
from drivers.fxo.config import AUTO, FxoConfig
from drivers.fxo.dialogue import ask
from drivers.fxo.dle import END_RECEIVE
from drivers.fxo.modem import ModemState
from hw_tests.bench.dialogue import Dialogue, dialogue
from hw_tests.bench.far_end import Ability, FarEnd, Means, Samples
from hw_tests.bench.tones import dtmf

DIAL = 30.0
"""Seconds for dial tone to come and for the digits to go out."""
LEAD = 0.4
"""Seconds of sound sent ahead: under the second that a modem's buffer holds."""
PIECE = 400
"""Samples sent at a time: 50 ms."""
END = 2.0
"""Seconds in which a stream ends."""
PAUSE = 1.0
"""Seconds an exchange is given to free the line before the next call."""
CANNOT = {
    Ability.TELL_RINGS: "a calling modem hears the ringback tone, which need not be in step with the bell",
    Ability.TELL_OFF_HOOK: "a calling modem cannot hear an answer that falls into the gap of the ringback tone",
}


@target_factory.reg_driver
@attr.s(eq=False)
class SecondModemDriver(Driver, FarEnd):
    """`dials` is the first modem's number, `number` this one's own as caller ID should show it. Full duplex where
    the modem can; otherwise it is deaf while it speaks."""

    bindings: ClassVar = {"port": {"RawSerialPort", "EmulatedModemDriver"}}
    dials: str = attr.ib(validator=attr.validators.instance_of(str))
    number: str | None = attr.ib(
        default=None, validator=attr.validators.optional(attr.validators.instance_of(str))
    )
    profile: str = attr.ib(default=AUTO, validator=attr.validators.instance_of(str))
    tones: str = attr.ib(default="cn", validator=attr.validators.instance_of(str))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if not self.dials:
            raise ValueError("SecondModemDriver: `dials` is empty; name the first modem's number: NUMBER=8001")
        self._open = AsyncExitStack()

    def cannot(self, wanted: Ability | Means) -> str | None:
        if isinstance(wanted, Means) and wanted is not Means.OWN:
            return f"{wanted}: a second modem only hangs up; what the line gives then is the exchange's own affair"
        return CANNOT.get(wanted) if isinstance(wanted, Ability) else None

    async def ring(self) -> float:
        config = FxoConfig("far end", str(self.port.port), self.profile, self.tones)
        self._talk = await self._open.enter_async_context(dialogue(config))
        modem = self._talk.modem
        await ask(modem, "AT+FCLASS=8")
        self._mode = await set_coding(modem, self._talk.setup)
        dialled = await modem.command(f"ATDT{self.dials};", DIAL)
        assert dialled.ok, f"the second modem could not dial {self.dials}: {dialled.result.value}"
        self._duplex = await modem.connect(ModemState.DUPLEX)
        assert self._duplex or await modem.connect(ModemState.RECEIVE), "the second modem refuses +VTR and +VRX"
        self._talk.ear.begin(self._mode.coding)
        return time.monotonic()

    async def off_hook_at(self) -> float:
        raise NotImplementedError(CANNOT[Ability.TELL_OFF_HOOK])

    def bursts(self) -> list[tuple[float, float]]:
        raise NotImplementedError(CANNOT[Ability.TELL_RINGS])

    async def send(self, sound: Samples) -> None:
        if self._duplex:
            await self._stream(sound)
            return
        modem = self._talk.modem
        await self._end(modem.state)
        assert await modem.connect(ModemState.TRANSMIT), "the second modem refuses +VTX"
        await self._stream(sound)
        await modem.end_transmit(END + LEAD)
        assert await modem.connect(ModemState.RECEIVE), "the second modem refuses +VRX"
        self._talk.ear.begin(self._mode.coding)

    async def press(self, keys: str) -> None:
        pause = np.zeros(800, dtype=np.int16)
        await self.send(np.concatenate([part for key in keys for part in (dtmf(key), pause)]))

    async def listen(self, seconds: float) -> Samples:
        return await self._talk.ear.hear(seconds)

    async def judge(self, question: str) -> bool:
        raise NotImplementedError("a second modem measures; it is not asked")

    async def hang_up(self, means: Means = Means.OWN) -> float:
        modem = self._talk.modem
        await self._end(modem.state)
        await ask(modem, "AT+VLS=0")
        return time.monotonic()

    async def free(self) -> None:
        await self._open.aclose()
        self._open = AsyncExitStack()
        await asyncio.sleep(PAUSE)

    async def _stream(self, sound: Samples) -> None:
        """Send in real time, a little ahead; return when it has been heard."""
        began = time.monotonic()
        for at in range(0, len(sound), PIECE):
            self._talk.modem.send_audio(self._mode.coding.encode(sound[at : at + PIECE]))
            await asyncio.sleep(max(0.0, began + at / 8000 - LEAD - time.monotonic()))
        await asyncio.sleep(max(0.0, began + len(sound) / 8000 - time.monotonic()))

    async def _end(self, state: ModemState) -> None:
        talk: Dialogue = self._talk
        if state is ModemState.RECEIVE:
            await talk.modem.end_stream(END_RECEIVE, within=END)
        elif state is ModemState.DUPLEX:
            await talk.modem.end_stream(*talk.setup.profile.end_duplex, within=END)
