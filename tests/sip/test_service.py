"""A line that takes no more calls: dispatchers learn it at once, and the calls that are up do not notice."""

import signal
from pathlib import Path

import psutil
import pytest

from drivers.line import CallOffered, FarEndHungUp, LineFault, LineRestored, Play
from tests.sip.conftest import Bench, OpenLine, write_wav

pytestmark = pytest.mark.sip


async def told_to_take_no_more(bench: Bench) -> None:
    """The worker has heard of it: it obeys in turn, and has been asked something since."""
    await bench.line.probe("sip:nobody@127.0.0.1:9", 0.1)


async def asked(bench: Bench, method: str) -> int | None:
    """The status with which the line answers a stranger's OPTIONS or INVITE."""
    caller = await bench.caller()
    if method == "INVITE":
        caller.invite()
    else:
        caller.request(method)
    return (await caller.final(method)).status


async def test_new_calls_are_turned_away_and_the_one_that_is_up_goes_on(open_line: OpenLine, tmp_path: Path):
    bench = await open_line()
    assert await asked(bench, "OPTIONS") == 200
    caller, leg = await bench.answered_call()
    bench.line.take_no_more()
    await told_to_take_no_more(bench)
    assert await asked(bench, "OPTIONS") == 503
    assert await asked(bench, "INVITE") == 503
    assert len(bench.reports.of(CallOffered)) == 1
    heard = len(caller.rtp.packets)
    bench.line.execute(Play(leg, 1, (write_wav(tmp_path / "hello.wav", [1000] * 1600),)))
    await caller.rtp.wait_for_packets(heard + 10)
    assert (await caller.offer("sendonly")).status == 200
    caller.bye()
    await bench.reports.wait(FarEndHungUp, leg=leg)


async def test_a_new_worker_takes_none_either(open_line: OpenLine):
    bench = await open_line()
    bench.line.take_no_more()
    assert bench.line.worker_pid is not None
    psutil.Process(bench.line.worker_pid).send_signal(signal.SIGKILL)
    await bench.reports.wait(LineFault)
    await bench.reports.wait(LineRestored, count=2)
    await told_to_take_no_more(bench)
    assert await asked(bench, "INVITE") == 503
