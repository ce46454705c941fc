"""Many calls in a row: each one answered, its caller known, its end noticed."""

from pathlib import Path

import numpy as np
import pytest

from drivers.line import CallerIdReceived, HangUpSign, LineFault
from hw_tests.bench.calls import call
from hw_tests.bench.far_end import FarEnd, Means
from hw_tests.bench.findings import ANSWERED_UNTRUSTED, Findings
from hw_tests.bench.tones import tone
from hw_tests.bench.voice_modem import VoiceModemDriver

ON_RING = 2
WITHIN = 20.0
SIGNS = {
    HangUpSign.BUSY_TONE,
    HangUpSign.CONGESTION_TONE,
    HangUpSign.DIAL_TONE,
    HangUpSign.HOWLER,
    HangUpSign.LOOP_DROP,
}


@pytest.mark.timeout(0)  # as many calls as were ordered; each has its own limits
async def test_calls_in_a_row(
    modem: VoiceModemDriver, far_end: FarEnd, findings: Findings, folder: Path, calls: int
) -> None:
    greeting, ordered, waited, answered, noticed, known = tone(1000, -20, 1.0), [], [], 0, 0, 0
    async with modem.line() as line:
        for number in range(1, calls + 1):
            async with call(line, far_end, ON_RING, f"call {number}") as live:
                findings.journeys.append(live.journey)
                answered += 1
                ordered.append(live.ordered - live.ring_reported)
                waited.append(live.answered - live.ring_reported)
                await live.play(greeting, str(folder / "greeting.wav"))
                _, gone = await live.hang_up(Means.OWN, WITHIN)
                noticed += gone.sign in SIGNS
                ids = line.all_of(CallerIdReceived, live.since)
                live.journey.marks += [(at, "caller ID") for at, _ in ids]
                known += [event.caller_id.number for _, event in ids] == [far_end.number]
        findings.measured("faults of the line", len(line.all_of(LineFault)))
    findings.measured("calls answered", 100 * answered / calls)
    findings.measured("hang-ups noticed", 100 * noticed / calls)
    findings.measured("order off-hook after its ring, 99 of 100 calls", float(np.percentile(ordered, 99)))
    if not modem.off_hook_trusted:
        findings.measured(ANSWERED_UNTRUSTED, waited.pop(0))
    if waited:
        findings.measured("slowest answer after its ring", max(waited))
    if far_end.number is None:
        findings.missing("the environment file does not tell the far end's `number`", ["caller IDs right"])
    else:
        findings.measured("caller IDs right", 100 * known / calls)
