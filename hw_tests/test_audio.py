"""What the far end hears of a prompt, and what is recorded of the far end."""

import asyncio
from pathlib import Path

import numpy as np

from drivers.hearing.wav import read_wav
from hw_tests.bench.calls import call, keep
from hw_tests.bench.far_end import Ability, FarEnd, Samples
from hw_tests.bench.findings import Findings
from hw_tests.bench.measure import find_tone, level
from hw_tests.bench.tones import tone
from hw_tests.bench.voice_modem import VoiceModemDriver

FREQUENCY = 1000.0
"""Hz; no signalling tone, and whole cycles in a hop of 10 ms."""
PLAYED = 5.0
SENT = 3.0
QUIET = 2.0
"""Seconds of silence beside a tone."""
PLAYBACK = ("playback level", "playback frequency", "playback length", "playback drop-outs",
            "longest playback drop-out", "playback slips")  # fmt: skip
RECORDED = ("recorded level", "recorded frequency", "recorded length", "recorded drop-outs", "recorded slips")


async def test_a_prompt_is_heard_whole_at_the_far_end(
    modem: VoiceModemDriver, far_end: FarEnd, findings: Findings, folder: Path
) -> None:
    prompt, file = tone(FREQUENCY, -16.0, PLAYED), str(folder / "prompt-sent.wav")
    async with modem.line() as line, call(line, far_end) as live:
        if no_ear := far_end.cannot(Ability.MEASURE):
            await live.play(prompt, file)
            heard = await far_end.judge(f"Did you hear one steady tone of {PLAYED:.0f} seconds, without a break?")
            findings.told("prompt heard as one steady tone", heard)
            findings.missing(no_ear, PLAYBACK)
            return
        heard_there = asyncio.create_task(far_end.listen(PLAYED + 2 * QUIET))
        await live.play(prompt, file)
        heard_samples = await heard_there
    keep(folder / "prompt-heard.wav", heard_samples)
    found = find_tone(heard_samples, FREQUENCY)
    assert found is not None, f"nothing was heard ({level(heard_samples):.0f} dBFS); see {folder}/prompt-heard.wav"
    values = (
        found.level,
        found.frequency,
        found.length,
        len(found.gaps),
        max(found.gaps, default=0.0),
        found.slips,
    )
    for name, value in zip(PLAYBACK, values, strict=True):
        findings.measured(name, value)


async def test_the_far_end_is_recorded_as_it_sounds(
    modem: VoiceModemDriver, far_end: FarEnd, findings: Findings, folder: Path
) -> None:
    file = folder / "recorded.wav"
    quiet = folder / "recorded-silence.wav"
    async with modem.line() as line, call(line, far_end) as live:
        await asyncio.sleep(0.5)  # what follows off-hook on a real line is clicks
        live.record(str(quiet))
        await asyncio.sleep(QUIET)
        live.stop_recording(str(quiet))
        live.record(str(file))
        await far_end.send(tone(FREQUENCY, -20.0, SENT))
        await asyncio.sleep(0.5)  # the way through the modem and back
        live.stop_recording(str(file))
    samples, silence = read_wav(file), read_wav(quiet)
    findings.measured("noise floor", level(silence))
    if no_sound := far_end.cannot(Ability.SOUND):
        findings.measured("level of the voice recorded", _active(samples))
        findings.missing(no_sound, RECORDED)
        return
    found = find_tone(samples, FREQUENCY)
    assert found is not None, f"nothing was recorded ({level(samples):.0f} dBFS); see {file}"
    for name, value in zip(
        RECORDED, (found.level, found.frequency, found.length, len(found.gaps), found.slips), strict=True
    ):
        findings.measured(name, value)


def _active(samples: Samples) -> float:
    """Level of the louder half of a voice's hops."""
    hops = samples[: len(samples) // 160 * 160].reshape(-1, 160)
    powers = np.mean(hops.astype(np.float64) ** 2, axis=1)
    return level(hops[powers >= np.median(powers)].ravel())
