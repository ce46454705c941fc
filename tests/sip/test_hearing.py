"""What the line hears: verdicts, hang-up tones, keys, recordings; and what it survives in a call."""

import math
import random
import wave
from pathlib import Path

import pytest

from drivers.line import (
    DigitReceived,
    FarEndHungUp,
    HangUpSign,
    LegReleased,
    Play,
    PlayFinished,
    PlayStarted,
    Record,
    Release,
    Verdict,
    VerdictReached,
)
from tests.sip.conftest import Bench, write_wav

pytestmark = pytest.mark.sip


def tone(seconds: float, hertz: float = 450, level: float = 3000) -> list[int]:
    return [round(level * math.sin(2 * math.pi * hertz * n / 8000)) for n in range(int(seconds * 8000))]


def noise(seconds: float, level: float = 1500) -> list[int]:
    source = random.Random(3)
    return [round(source.gauss(0, level)) for _ in range(int(seconds * 8000))]


async def test_silence_then_noise(bench: Bench):
    caller, leg = await bench.answered_call()
    caller.rtp.start_sending()
    first = await bench.reports.wait(VerdictReached)
    assert (first.leg, first.verdict) == (leg, Verdict.SILENT)
    caller.rtp.start_sending(noise(10))
    second = await bench.reports.wait(VerdictReached, count=2)
    assert second.verdict is Verdict.NOISY
    assert second.level_dbfs > -45


async def test_caller_who_sends_nothing_is_silent_and_not_gone(bench: Bench):
    caller, _ = await bench.answered_call()
    first = await bench.reports.wait(VerdictReached)
    assert first.verdict is Verdict.SILENT
    await caller.rtp.wait_for_packets(100)
    assert not bench.reports.of(FarEndHungUp)
    assert not caller.has_incoming("BYE")


async def test_busy_tone_is_a_hang_up_but_the_leg_stays_until_release(bench: Bench):
    caller, leg = await bench.answered_call()
    caller.rtp.start_sending((tone(0.35) + [0] * 2800) * 8)
    hung_up = await bench.reports.wait(FarEndHungUp)
    assert hung_up.sign is HangUpSign.BUSY_TONE
    assert not bench.reports.of(LegReleased)
    assert not caller.has_incoming("BYE")
    bench.line.execute(Release(leg))
    await caller.incoming("BYE")
    await bench.reports.wait(LegReleased)
    assert len(bench.reports.of(FarEndHungUp)) == 1


async def test_keys_by_rfc4733_once_a_press(bench: Bench):
    caller, leg = await bench.answered_call()
    for digit in "1*#5":
        caller.rtp.press(digit)
    await bench.reports.wait(DigitReceived, count=4)
    caller.info("application/dtmf-relay", "Signal=9\r\nDuration=160\r\n")
    await bench.reports.wait(DigitReceived, count=5)
    assert [event.digit for event in bench.reports.of(DigitReceived, leg)] == list("1*#59")


@pytest.mark.parametrize(
    ("content_type", "body", "digit"),
    [
        ("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", "5"),
        ("application/dtmf-relay", "Signal= #\r\nDuration= 250\r\n", "#"),
        ("application/dtmf", "7", "7"),
        ("application/dtmf", "*\r\n", "*"),
    ],
)
async def test_keys_by_info(bench: Bench, content_type: str, body: str, digit: str):
    caller, leg = await bench.answered_call()
    caller.info(content_type, body)
    assert (await caller.final("INFO")).status == 200
    assert await bench.reports.wait(DigitReceived) == DigitReceived(leg, digit)


async def test_recording_holds_what_the_caller_said(bench: Bench, tmp_path: Path):
    caller, leg = await bench.answered_call()
    path = tmp_path / "new" / "folder" / "call.wav"
    bench.line.execute(Record(leg, str(path)))
    caller.rtp.start_sending(tone(1, 700, 8000))
    await bench.reports.wait(VerdictReached)
    caller.bye()
    await bench.reports.wait(LegReleased)
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8000, 1, 2)
        samples = memoryview(file.readframes(file.getnframes())).cast("h")
    assert max(samples) == pytest.approx(8000, abs=300)


async def test_prompt_outlives_hold_and_a_new_media_address(bench: Bench, tmp_path: Path):
    prompt = write_wav(tmp_path / "prompt.wav", tone(3, 1000, 8000))
    caller, leg = await bench.answered_call()
    caller.rtp.start_sending()
    bench.line.execute(Play(leg, 1, (prompt,)))
    await bench.reports.wait(PlayStarted)
    for count, direction in enumerate(("sendonly", "sendrecv", "inactive", "sendrecv"), start=2):
        caller.reinvite(direction)
        answer = await caller.response("INVITE", 200, count=count)
        assert {"sendonly": "recvonly"}.get(direction, direction) in answer.body
    moved = await bench.caller()
    moved.rtp.target = caller.rtp.target
    caller.rtp.stop_sending()
    moved.rtp.start_sending()
    caller.reinvite("sendrecv", rtp_port=moved.rtp.port)
    await caller.response("INVITE", 200, count=6)
    await moved.rtp.wait_for_packets(20)
    assert max(moved.rtp.heard()) == pytest.approx(8000, abs=300)
    assert await bench.reports.wait(PlayFinished) == PlayFinished(leg, 1, complete=True)
    assert not caller.has_incoming("BYE")
    assert not bench.reports.of(LegReleased)
    moved.rtp.start_sending(noise(10))
    while bench.reports.of(VerdictReached)[-1].verdict is not Verdict.NOISY:
        await bench.reports.wait(VerdictReached, count=len(bench.reports.of(VerdictReached)) + 1)
