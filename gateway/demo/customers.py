"""The demo's customers, each by his kind of line."""

import asyncio

from drivers.emulator import Caller, EmulatedModem, HangUp, HearPrompts, Say, Wait
from gateway.demo.cast import REQUEST, Part
from gateway.demo.stage import Stage

RINGS_OFF_AFTER = 3.0
"""Seconds of ringing after which a customer loses patience: before the second ring."""
LISTENS = 2.0
"""Seconds of quiet after which a customer holds a prompt to be over; longer than its pauses at commas."""


def fxo_caller(part: Part) -> Caller:
    """The customer at the emulated exchange."""
    match part.kind:
        case "talking":
            prompts = HearPrompts(2, quiet=LISTENS, at_most=60.0)
            script = (HearPrompts(1, quiet=0.8), Wait(0.3), Say(REQUEST), prompts, HangUp())
            return Caller.following(*script, number=part.number)
        case "silent":
            return Caller.silent(number=part.number)
        case "noisy":
            return Caller.noisy("street", number=part.number)
        case _:
            return Caller.ringing_off(RINGS_OFF_AFTER, number=part.number)


async def fxo_customer(part: Part, modem: EmulatedModem) -> None:
    """Ring the modem's line and stay until the call is over."""
    await modem.exchange.call(fxo_caller(part)).ended()
