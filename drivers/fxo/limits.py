"""What a modem cannot do, in words, each with what it means for the hotline (pure)."""

from collections.abc import Iterator

from drivers.fxo.codecs import RATE, Coding
from drivers.fxo.country import COUNTRIES
from drivers.fxo.findings import Findings
from drivers.fxo.profiles import ModemEvent

RATE_TOLERANCE = 0.03
"""Of the bytes a second: half a per cent is a modem's clock, the rest the error of a short measurement."""
_LINEAR_8 = {Coding.UNSIGNED_8, Coding.SIGNED_8}


def limits(findings: Findings, tones: str) -> list[str]:
    """One sentence for each; empty only for a modem that lacks nothing."""
    if findings.unfit is not None:
        lack = "no coding that the gateway speaks" if findings.voice and findings.codings else "no voice"
        return [f"{lack}: the gateway cannot answer, play or listen with it", *_for_any_call(findings, tones)]
    return [
        *_of_the_voice(findings),
        *_of_duplex(findings),
        *_of_the_trial(findings),
        *_for_any_call(findings, tones),
        *_of_reports(findings),
    ]


def _of_the_voice(findings: Findings) -> Iterator[str]:
    assert findings.setup is not None
    modes = findings.setup.modes
    if not findings.codings:
        yield "it lists no codings: those usual in its family are tried, and a call fails if it refuses them all"
    elif not any(listed.coding for listed in findings.codings):
        yield "it lists no coding that the gateway speaks, and takes one usual in its family: listen to a call"
    if modes[0].coding in _LINEAR_8:
        yield "8-bit linear samples: a quiet customer is heard through their hiss"
    if findings.sources and 1 not in findings.sources:
        yield "it does not list +VLS=1, the telephone line: answering may fail"


def _of_duplex(findings: Findings) -> Iterator[str]:
    if findings.duplex is None:
        yield (
            "whether it hears while it speaks (+VTR) is tried on every call, and not known before; "
            "`--off-hook` tries it now"
        )
    elif not findings.duplex:
        yield (
            "half duplex: while a prompt plays nobody is heard, keys may be lost and a hang-up is noticed "
            "when the prompt is over"
        )


def _of_the_trial(findings: Findings) -> Iterator[str]:
    trial = findings.trial
    if trial is None:
        return
    if trial.refused is not None:
        yield f"the line was not seized: {trial.refused}"
        return
    if not trial.receives:
        yield "off-hook, it delivered no audio: the customer would not be heard"
    elif trial.bytes_per_second is not None and trial.coding is not None:
        due = RATE * trial.coding.coding.sample_bytes
        if abs(trial.bytes_per_second / due - 1) > RATE_TOLERANCE:
            yield f"it delivers {trial.bytes_per_second:.0f} bytes/s where {due} are due: audio would be lost"
    if findings.put_down is False:
        yield "it did not confirm that it hung up: closing the port did, if it heeds DTR; unplug it to be sure"


def _for_any_call(findings: Findings, tones: str) -> Iterator[str]:
    if findings.caller_id is False:
        yield "no caller ID: calls are answered and recorded without a number"
    elif findings.caller_id is None:
        yield "it takes caller ID and cannot be asked whether it is on: see whether a call shows a number"
    wanted = COUNTRIES.get(tones)
    if wanted is not None and findings.country != wanted:
        state = f"it is set to country {findings.country}" if findings.country else "its country cannot be read"
        yield (
            f"{state}, not {wanted} (+GCI): its own tone detection and caller ID may fail; "
            "the gateway hears tones by itself"
        )


def _of_reports(findings: Findings) -> Iterator[str]:
    profile = findings.profile
    meanings = set(profile.events.values())
    if ModemEvent.LOOP_BREAK not in meanings:
        yield "it reports no loop drop: a hang-up is told by the exchange's tones alone"
    if not meanings & {ModemEvent.EXTENSION_UP, ModemEvent.PHONE_UP}:
        yield "it does not report another telephone lifted on the line"
    if profile.false_codes_while_playing:
        yield "it reports tones and keys that are not there while it plays: the gateway trusts its own ears"
    if not profile.off_hook_trusted:
        yield "whether it stops the ringing when it says so is proved on the first call, which begins a ring later"
