"""A person at the bench: with another telephone, or with a line simulator; and the plug pulled by hand."""

import asyncio
import time
from pathlib import Path
from typing import Protocol

import attr
from labgrid import target_factory
from labgrid.driver import Driver
from labgrid.protocol import PowerProtocol

from hw_tests.bench.far_end import Ability, FarEnd, Means, Samples

CANNOT = {
    Ability.TELL_RINGS: "tell to the tenth of a second when it rang",
    Ability.TELL_OFF_HOOK: "tell to the tenth of a second when the line was answered",
    Ability.SOUND: "send a tone of known level",
    Ability.MEASURE: "measure what he hears; he is asked instead",
}
MEANS = {
    Means.BUSY: "busy tone",
    Means.CONGESTION: "congestion tone",
    Means.DIAL: "dial tone",
    Means.HOWLER: "howler tone",
    Means.LOOP_DROP: "an open loop (about 0.4 s)",
    Means.SILENCE: "silence, no tone at all",
}


class Terminal(Protocol):
    """How a person is spoken to."""

    def ask(self, text: str) -> str:
        """Show `text`, wait for a line and give it back."""


class ControllingTerminal:
    """The terminal that the tests were started from, even where pytest holds their output back."""

    def ask(self, text: str) -> str:
        with Path("/dev/tty").open("r+b", buffering=0) as tty:
            tty.write(f"\n>>> {text} ".encode())
            line = b""
            while not line.endswith(b"\n") and (byte := tty.read(1)):
                line += byte
        return line.decode(errors="replace").strip()


terminal: Terminal = ControllingTerminal()
"""Who asks; a rehearsal puts another one in its place."""


async def _ask(text: str) -> str:
    return await asyncio.to_thread(terminal.ask, text)


@target_factory.reg_driver
@attr.s(eq=False)
class PersonDriver(Driver, FarEnd):
    """Asks for everything, one step at a time. `can`: what the line simulator at hand is able to send after a
    hang-up, by the names of Means; without one the exchange does as it does."""

    number: str | None = attr.ib(
        default=None, validator=attr.validators.optional(attr.validators.instance_of(str))
    )
    can: list[str] = attr.ib(factory=list, validator=attr.validators.instance_of(list))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        self._means = {Means(name) for name in self.can}

    def cannot(self, wanted: Ability | Means) -> str | None:
        if isinstance(wanted, Ability):
            return f"the person at the bench cannot {CANNOT[wanted]}"
        if wanted is Means.OWN or wanted in self._means:
            return None
        return f"the person at the bench cannot make the line give {MEANS[wanted]}: no simulator that can is named"

    async def ring(self) -> float:
        await _ask("Press Enter, then call the modem's line from the other telephone.")
        return time.monotonic()

    async def off_hook_at(self) -> float:
        raise NotImplementedError(CANNOT[Ability.TELL_OFF_HOOK])

    def bursts(self) -> list[tuple[float, float]]:
        raise NotImplementedError(CANNOT[Ability.TELL_RINGS])

    async def send(self, sound: Samples) -> None:
        await _ask(f"Speak for {len(sound) / 8000:.0f} seconds into the telephone, then press Enter.")

    async def press(self, keys: str) -> None:
        await _ask(f"Press the keys {' '.join(keys)} on the telephone, then Enter here.")

    async def listen(self, seconds: float) -> Samples:
        raise NotImplementedError(CANNOT[Ability.MEASURE])

    async def judge(self, question: str) -> bool:
        return (await _ask(f"{question} (y/n)")).lower().startswith("y")

    async def hang_up(self, means: Means = Means.OWN) -> float:
        tone = "" if means is Means.OWN else f" and have the line simulator give {MEANS[means]}"
        await _ask(f"Hang up the other telephone{tone}; press Enter in the same moment.")
        return time.monotonic()

    async def free(self) -> None:
        await _ask("See that the other telephone is on-hook, then press Enter.")


@target_factory.reg_driver
@attr.s(eq=False)
class PlugByHandDriver(Driver, PowerProtocol):
    """A person pulls the modem's USB plug."""

    def off(self) -> None:
        terminal.ask("Press Enter and pull the modem's USB plug at once.")

    def on(self) -> None:
        terminal.ask("Press Enter and put the modem's USB plug back at once.")

    def cycle(self) -> None:
        self.off()
        self.on()
