"""Keys in both directions: pressed at the far end, and sent by the modem's own +VTS."""

import asyncio
from pathlib import Path

from drivers.fxo.dialogue import ask
from drivers.fxo.ring_detector import GAP_BEGINS
from drivers.line import DigitReceived
from hw_tests.bench.calls import RINGS, call, keep
from hw_tests.bench.far_end import Ability, FarEnd, need
from hw_tests.bench.findings import Findings
from hw_tests.bench.measure import keys
from hw_tests.bench.voice_modem import VoiceModemDriver

KEYS = "0123456789*#"
SENT = "801#"
HEARD = 5.0
"""Seconds the far end listens: four keys of 0.2 s, and the pauses between commands."""


async def test_keys_pressed_at_the_far_end(modem: VoiceModemDriver, far_end: FarEnd, findings: Findings) -> None:
    async with modem.line() as line, call(line, far_end) as live:
        await asyncio.sleep(1.0)  # codes in the first second of a stream are not believed
        await far_end.press(KEYS)
        await asyncio.sleep(1.0)
        heard = "".join(event.digit for _, event in line.all_of(DigitReceived, live.since))
    findings.found("keys received", heard, KEYS)


async def test_keys_sent_by_the_modem(
    modem: VoiceModemDriver, far_end: FarEnd, findings: Findings, folder: Path
) -> None:
    need(far_end, Ability.MEASURE)
    try:
        async with modem.dialogue() as talk:
            await far_end.ring()
            async with asyncio.timeout(RINGS):
                await talk.ear.rang.wait()
            await asyncio.sleep(GAP_BEGINS)
            for command in ("AT+FCLASS=8", "AT+VLS=1"):
                await ask(talk.modem, command)
            heard_there = asyncio.create_task(far_end.listen(HEARD))
            for key in SENT:
                await ask(talk.modem, f"AT+VTS={{{key},20}}")  # 0.2 s each
            heard = await heard_there
    finally:
        await far_end.free()
    keep(folder / "keys-sent.wav", heard)
    findings.found("keys sent, as heard by the far end", keys(heard), SENT)
