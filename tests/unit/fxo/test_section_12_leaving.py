"""v253 §12.17, 12.18: whenever a line is left, by an order or by force, the modem is on-hook afterwards."""

import asyncio
import random

import numpy as np
import pytest

from drivers.emulator.callers import Caller
from drivers.fxo.line import FxoLine
from drivers.hearing.wav import WavWriter
from drivers.line import Answer, Answered, CallOffered, LineEvent, Play
from tests.unit.fxo.journal import Journal
from tests.unit.fxo.virtual import VirtualModem
from tests.unit.fxo.virtual_time import in_virtual_time

pytestmark = pytest.mark.unit

LONGEST = 25.0
"""Bring-up takes some 5 s, ringing 4 to 9 s; the rest is talk."""
LEAVING = 12.0
"""Seconds that a line may take to let go: an orderly release has 8 s, a farewell 3 s."""
MOMENTS = 15


@pytest.fixture(scope="module")
def prompt(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("prompt") / "prompt.wav"
    with WavWriter(path) as writer:
        writer.write(np.zeros(8000 * 20, dtype=np.int16))
    return str(path)


async def left_at(moment: float, way: str, personality: str, prompt: str, *, off_hook: bool = False) -> bool:
    """Leave a line that far into its life; whether it was off-hook then. DTR does nothing on this modem, which a
    crash may have left `off_hook`."""
    modem = VirtualModem(personality)
    if off_hook:
        modem.exchange.go_off_hook()
    modem.close_drops_dtr, modem.dtr_wanted = False, None
    pump = asyncio.create_task(modem.pump())
    line = modem.line()

    def then(event: LineEvent) -> None:
        if isinstance(event, CallOffered):
            line.execute(Answer(event.leg))
        elif isinstance(event, Answered):
            line.execute(Play(event.leg, 1, (prompt,)))

    async def serve() -> None:
        await line.open(Journal(then))
        modem.exchange.call(Caller.silent().never_hanging_up())

    serving = asyncio.create_task(serve())
    await modem.was_opened.wait()
    await asyncio.sleep(moment)
    off_hook = modem.exchange.off_hook
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await leave(line, way, serving)
    assert loop.time() - begun < LEAVING
    assert modem.port is None, "the port is free"
    await asyncio.sleep(1.0)
    assert not modem.exchange.off_hook, f"{personality} left at {moment:.2f} s by {way}"
    assert not modem.core.in_voice_stream
    pump.cancel()
    await asyncio.wait({pump})
    assert asyncio.all_tasks() == {asyncio.current_task()}
    return off_hook


async def leave(line: FxoLine, way: str, serving: asyncio.Task[None]) -> None:
    if way == "cancelled":
        service = next((task for task in asyncio.all_tasks() if task.get_name() == "fxo line fxo1"), None)
        if service is not None:  # as asyncio.run does it at ^C: everything at once, and nothing is asked
            service.cancel()
            await asyncio.wait({service})
    serving.cancel()
    await asyncio.wait({serving})
    await line.close()


@pytest.mark.parametrize("way", ["closed", "cancelled"])
@pytest.mark.parametrize("personality", ["conexant", "usr5637"])
def test_12_17_left_at_any_moment_the_modem_is_on_hook(way: str, personality: str, prompt: str) -> None:
    moments = random.Random(f"{way} {personality}")
    off_hook = [
        in_virtual_time(left_at(moments.uniform(0.0, LONGEST), way, personality, prompt)) for _ in range(MOMENTS)
    ]
    assert 1 < sum(off_hook) < MOMENTS - 1, "off-hook and on-hook moments were both tried"


@pytest.mark.parametrize("moment", [0.02, 0.35, 0.6, 0.8])
def test_12_17_left_again_before_a_line_that_a_crash_left_off_hook_was_freed(moment: float, prompt: str) -> None:
    in_virtual_time(left_at(moment, "cancelled", "conexant", prompt, off_hook=True))
