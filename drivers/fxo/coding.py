"""Choosing a voice coding, in class 8."""

from drivers.fxo.codecs import VoiceMode
from drivers.fxo.dialogue import ask, first_ok
from drivers.fxo.errors import AnswerFailed
from drivers.fxo.modem import Modem
from drivers.fxo.start_up import ModemSetup
from drivers.fxo.voice_modes import takes


async def set_coding(modem: Modem, setup: ModemSetup) -> VoiceMode:
    """The best coding that the modem takes, set, and every timer of its own off.

    Raises AnswerFailed if it takes none; NoAnswer, PortLost.
    """
    for mode in setup.modes:
        if await takes(modem, setup.profile, mode):
            await first_ok(modem, setup.profile.silence_detection_off)
            await ask(modem, "AT+VIT=0")
            return mode
    raise AnswerFailed("the modem refuses every voice coding it offers")
