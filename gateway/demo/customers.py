"""The demo's customers, each by his kind of line."""

import asyncio
import logging
from asyncio.subprocess import DEVNULL, PIPE

from drivers import own_process
from drivers.emulator import Caller, EmulatedModem, HangUp, HearPrompts, Say, Wait
from gateway.demo.cast import REQUEST, Part
from gateway.demo.stage import Stage

log = logging.getLogger(__name__)

THINKS_IT_OVER = 7.0
"""Seconds of quiet after which a customer holds the call to be over: longer than the 5 s that he is given to
think after 「anything else?」, so that he hears the farewell."""
GREETED_BY = 14.0
"""Seconds after the answer at which the SIP customer speaks: the greeting takes 12.6."""
RINGS_OFF_AFTER = 3.0
"""Seconds of ringing after which a customer loses patience: before the second ring."""
LISTENS = 2.0
"""Seconds of quiet after which a customer holds a prompt to be over; longer than its pauses at commas."""


def fxo_caller(part: Part) -> Caller:
    """The customer at the emulated exchange."""
    match part.kind:
        case "put through":
            to_the_end = HearPrompts(1, quiet=THINKS_IT_OVER, at_most=120.0)
            script = (HearPrompts(1, quiet=LISTENS), Wait(0.3), Say(REQUEST), to_the_end, HangUp())
            return Caller.following(*script, number=part.number)
        case "talking":
            prompts = HearPrompts(2, quiet=LISTENS, at_most=60.0)
            script = (HearPrompts(1, quiet=LISTENS), Wait(0.3), Say(REQUEST), prompts, HangUp())
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


async def sip_customer(part: Part, stage: Stage) -> None:
    """Call the softphone from a softphone of his own, and stay until the call is over."""
    words = stage.sound(part.kind)
    script = ["--say", str(words)] if words else []
    match part.kind:
        case "talking" | "put through":
            script += ["--delay", str(GREETED_BY), "--hang-up-after-prompt", str(THINKS_IT_OVER)]
        case "noisy":
            script += ["--delay", "0"]
        case "ringing off":
            script += ["--give-up", str(RINGS_OFF_AFTER)]
    target = f"sip:8801@127.0.0.1:{stage.sip_ports[part.line]}"
    command = own_process.command("drivers.sip.caller", target, "--from", part.number, *script)
    # What he says of his call goes to the log alone: the table shows the gateway's side.
    caller = await asyncio.create_subprocess_exec(
        *command, stdout=DEVNULL, stderr=PIPE, env=own_process.environment()
    )
    try:
        _, complaint = await caller.communicate()
    finally:
        if caller.returncode is None:
            caller.kill()
            await caller.wait()
    if caller.returncode:
        log.error("the %s SIP customer could not call: %s", part.kind, complaint.decode(errors="replace").strip())
