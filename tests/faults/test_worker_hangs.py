"""A softphone's process that stands still (SIGSTOP) is found out and replaced within five seconds."""

import asyncio
import signal
from pathlib import Path

import pytest

from tests.faults.live import hangs_up, lateness, live_call, on_record, presses, undisturbed
from tests.process.lines import line_events
from tests.process.scene import scene_in

pytestmark = pytest.mark.process

SOON = 5.0
"""Seconds within which a line whose worker hangs must be back."""


async def test_a_hung_worker_is_replaced_and_costs_its_own_calls(tmp_path: Path, dialplan: Path) -> None:
    loop = asyncio.get_running_loop()
    async with scene_in(tmp_path, dialplan) as scene:
        target = scene.target
        async with (
            live_call(scene.watcher, target("sip1")) as (_, lost),
            live_call(scene.watcher, target("sip2")) as (bystander, other),
        ):
            before = len(line_events(scene.watcher, "sip1", "line_restored"))
            async with undisturbed(bystander):
                async with lateness() as late:
                    scene.worker("sip1").send_signal(signal.SIGSTOP)
                    stopped = loop.time()
                    await lost.until("released", by="fault", cause="worker_died")
                    await scene.watcher.until(lambda w: len(line_events(w, "sip1", "line_restored")) > before)
                    took = loop.time() - stopped
                assert took < SOON + late.worst
                print(f"back after {took:.2f} s, this process late by {late.worst:.2f} s")
                await presses(bystander, other, "5")
            await hangs_up(bystander, other)
        async with live_call(scene.watcher, target("sip1")) as (next_one, served):
            await hangs_up(next_one, served)
        assert line_events(scene.watcher, "sip2", "line_fault") == []
        await on_record(scene.site, other)
        record = await scene.site.call_of(lost.number)
        assert (record["outcome"], record["released_by"]) == ("answered", "fault")
        raised, cured = scene.watcher.of("line/sip1/alert/worker_died")
        assert "hung and was killed" in raised["detail"]
        assert cured == ""
