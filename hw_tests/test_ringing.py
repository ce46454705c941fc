"""From the first ring to off-hook: rings counted, the caller known, answered in the gap."""

from drivers.line import CallerIdReceived, RingBurst
from hw_tests.bench.calls import Journey, call
from hw_tests.bench.far_end import Ability, FarEnd
from hw_tests.bench.findings import ANSWERED, ANSWERED_UNTRUSTED, Findings
from hw_tests.bench.voice_modem import VoiceModemDriver

ON_RING = 2


async def test_a_call_is_answered_in_the_gap_after_ring_2_and_its_caller_known(
    modem: VoiceModemDriver, far_end: FarEnd, findings: Findings
) -> None:
    async with modem.line() as line, call(line, far_end, ON_RING, "ring 2") as live:
        findings.journeys.append(live.journey)
        _caller(findings, far_end, live.journey, line.all_of(CallerIdReceived))
        reported = len(line.all_of(RingBurst))
        findings.measured("rings before the answer", reported)
        findings.measured("from the report of ring 2 to the order off-hook", live.ordered - live.ring_reported)
        findings.measured(
            ANSWERED if modem.off_hook_trusted else ANSWERED_UNTRUSTED, live.answered - live.ring_reported
        )
        if no_rings := far_end.cannot(Ability.TELL_RINGS):
            findings.missing(no_rings, ["rings missed or invented", "from the end of ring 2 to off-hook"])
        else:
            bursts = live.journey.bursts
            findings.measured("rings missed or invented", abs(len(bursts) - reported))
            assert live.off_hook is not None
            findings.measured("from the end of ring 2 to off-hook", live.off_hook - bursts[-1][1])


def _caller(
    findings: Findings, far_end: FarEnd, journey: Journey, identified: list[tuple[float, CallerIdReceived]]
) -> None:
    journey.marks += [(at, "caller ID") for at, _ in identified]
    if far_end.number is None:
        findings.missing("the environment file does not tell the far end's `number`", ["caller IDs right"])
        return
    shown = [event.caller_id.number or event.caller_id.presentation for _, event in identified]
    findings.found("caller ID", ", ".join(shown) or "none", far_end.number)
