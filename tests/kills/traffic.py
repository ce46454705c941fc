"""Traffic of many calls at once, the same for the same seed: stories dealt into one another fact by fact."""

from datetime import timedelta
from random import Random

from drivers.line import FaultCode, LineFault
from gateway.call.facts import Notice
from tests.service.told import MORNING, Told, called_back, given_up, noisy, not_reached, silent, talker

STORIES = (talker, silent, given_up, noisy, called_back, not_reached)


def traffic(seed: int, calls: int = 40) -> list[Notice]:
    """The facts of so many calls on 8 lines, in the order they are told; now and then a line's fault."""
    chance = Random(seed)
    up: list[list[Notice]] = []
    told: list[Notice] = []
    waiting = [_call(chance, seed, number) for number in range(calls)]
    while waiting or up:
        if waiting and (not up or (len(up) < 12 and chance.random() < 0.2)):
            up.append(list(waiting.pop().notices))
        notices = chance.choice(up)
        told.append(notices.pop(0))
        if not notices:
            up.remove(notices)
        if chance.random() < 0.01:
            told.append(Notice(told[-1].at, "fxo1", None, LineFault(FaultCode.PORT_LOST, "gone")))
    return told


def _call(chance: Random, seed: int, number: int) -> Told:
    at = MORNING + timedelta(seconds=chance.uniform(0, 3600))
    return chance.choice(STORIES)(call=f"{seed:06}-{number:03}", line=f"sip{chance.randint(1, 8)}", at=at)  # type: ignore[arg-type]  # `at` is a time
