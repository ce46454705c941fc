"""Off-hook for four seconds, to see what no query tells: whether it seizes the line, and what then streams."""

import asyncio
from dataclasses import dataclass

import numpy as np

from drivers.fxo.codecs import RATE, VoiceMode
from drivers.fxo.coding import set_coding
from drivers.fxo.dialogue import ask
from drivers.fxo.dle import END_RECEIVE, END_TRANSMIT
from drivers.fxo.errors import AnswerFailed, NoAnswer
from drivers.fxo.listener import Listener
from drivers.fxo.modem import Modem, ModemState
from drivers.fxo.start_up import ModemSetup
from drivers.fxo.voice_session import IDLE_LEAD, STREAM_END, TICK

LISTEN = 2.0
"""Seconds of audio measured: a modem's portions of 20 to 60 ms are an error of 1 to 3 %."""
PATIENCE = 3.0
"""Seconds in which the first audio comes, if any does."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it."""

    refused: str | None = None
    """Why the line was not seized; None where it was."""
    coding: VoiceMode | None = None
    duplex: bool | None = None
    """Whether +VTR connected."""
    receives: bool = False
    """Whether audio came, by +VTR or, failing that, by +VRX."""
    bytes_per_second: float | None = None
    """Received audio, unshielded; 8000 for one byte a sample."""


async def try_off_hook(modem: Modem, setup: ModemSetup, listener: Listener) -> Trial:
    """Seize the line and measure; whatever happens, the caller puts it on-hook. Raises NoAnswer, PortLost."""
    entered = await ask(modem, "AT+FCLASS=8")
    if entered is not None and not entered.ok:
        return Trial("the modem refuses +FCLASS=8")
    try:
        mode = await set_coding(modem, setup)
    except AnswerFailed as exc:
        return Trial(str(exc))
    if listener.rings:
        return Trial("the line rings; try again when it is quiet", mode)
    seized = await ask(modem, "AT+VLS=1")
    if seized is not None and not seized.ok:
        return Trial(
            "the modem refuses to go off-hook (+VLS=1): is the line plugged in, another telephone lifted?", mode
        )
    await asyncio.sleep(modem.delays.settle)
    duplex = await _connects(modem, ModemState.DUPLEX)
    if not duplex and not await _connects(modem, ModemState.RECEIVE):
        return Trial(coding=mode, duplex=False)
    rate = await _measure(modem, mode, listener, sending=duplex)
    ends = setup.profile.end_duplex if duplex else (END_RECEIVE, END_TRANSMIT)
    if not await modem.end_stream(*ends, within=STREAM_END):
        await modem.escape()
    return Trial(coding=mode, duplex=duplex, receives=rate is not None, bytes_per_second=rate)


async def _connects(modem: Modem, state: ModemState) -> bool:
    try:
        return await modem.connect(state)
    except NoAnswer:
        await modem.escape()
        return False


async def _measure(modem: Modem, mode: VoiceMode, listener: Listener, *, sending: bool) -> float | None:
    """Bytes a second of received audio while silence is sent; None if none comes."""
    loop = asyncio.get_running_loop()
    listener.begin()
    begun, sent = loop.time(), 0.0
    silence = mode.coding.encode(np.zeros(int(RATE * TICK), dtype=np.int16))
    while not listener.lasted >= LISTEN and loop.time() - begun < PATIENCE + LISTEN:
        if not listener.lasted and loop.time() - begun > PATIENCE:
            return None
        while sending and sent < loop.time() - begun + IDLE_LEAD:
            modem.send_audio(silence)
            sent += TICK
        await asyncio.sleep(TICK)
    return listener.rate
