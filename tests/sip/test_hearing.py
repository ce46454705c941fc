"""What the line hears: verdicts, hang-up tones, keys, recordings; and what it survives in a call."""

import contextlib
import math
import os
import random
import re
import wave
from itertools import groupby
from pathlib import Path

import psutil
import pytest

from drivers.line import (
    Answer,
    Answered,
    CallOffered,
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
from drivers.sip.clock_thread import NICENESS
from tests.sip.conftest import Bench, write_wav
from tests.sip.peer.caller import Caller

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


async def test_keys_that_overtake_the_ack(bench: Bench):
    caller = await bench.caller()
    confirm, caller._confirm = caller._confirm, lambda answer: None
    caller.invite()
    leg = (await bench.reports.wait(CallOffered)).leg
    bench.line.execute(Answer(leg))
    answer = await caller.response("INVITE", 200)
    caller._aim(answer.body)
    for digit in "*13":
        caller.rtp.press(digit)
    await caller.rtp.wait_for_packets(25)  # for half a second, in which they have been read
    assert not bench.reports.of(Answered) + bench.reports.of(DigitReceived)
    confirm(answer)
    await bench.reports.wait(DigitReceived, count=3)
    assert [event.digit for event in bench.reports.of(DigitReceived, leg)] == list("*13")
    assert len(bench.reports.of(Answered, leg)) == 1


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


def pressed(digits: str, seconds: float = 0.1) -> list[int]:
    """These keys as tones, a tenth of a second each, with as long a pause."""
    grid, rows, columns = "123A456B789C*0#D", (697, 770, 852, 941), (1209, 1336, 1477, 1633)
    samples: list[int] = []
    for digit in digits:
        row, column = divmod(grid.index(digit), 4)
        low, high = tone(seconds, rows[row], 4000), tone(seconds, columns[column], 4000)
        samples += [a + b for a, b in zip(low, high, strict=True)] + [0] * round(seconds * 8000)
    return samples


async def test_keys_in_the_voice_of_a_caller_who_has_no_other_way(bench: Bench):
    caller = await bench.caller()
    caller.invite(sdp=re.sub(r" 101(?=\r\n)|a=(rtpmap|fmtp):101.*\r\n", "", caller.sdp()))
    offer = await bench.reports.wait(CallOffered)
    bench.line.execute(Answer(offer.leg))
    await bench.reports.wait(Answered)
    for digit in "15*#0D":
        await told_by_voice(caller, bench, digit)
    caller.info("application/dtmf-relay", "Signal=9\r\nDuration=160\r\n")
    await digit_heard(bench, "9")
    caller.rtp.start_sending(pressed("33"))
    await caller.rtp.wait_for_packets(len(caller.rtp.packets) + 30)
    caller.info("application/dtmf-relay", "Signal=8\r\nDuration=160\r\n")
    await digit_heard(bench, "8")
    assert "".join(digit for digit, _ in groupby(digits_of(bench))) == "15*#0D98"


async def told_by_voice(caller: Caller, bench: Bench, digit: str) -> None:
    """He presses it until it is heard: where a busy machine keeps him from sending in time, a tone is cut in two,
    or is none."""
    for _ in range(5):
        caller.rtp.start_sending([0] * 800 + pressed(digit))
        with contextlib.suppress(AssertionError):
            await digit_heard(bench, digit, seconds=4.0)
            return
    raise AssertionError(f"{digit} was not heard in five tones of it; heard were {digits_of(bench)}")


async def digit_heard(bench: Bench, digit: str, seconds: float = 20.0) -> None:
    while digits_of(bench)[-1:] != [digit]:
        await bench.reports.wait(DigitReceived, count=len(digits_of(bench)) + 1, seconds=seconds)


def digits_of(bench: Bench) -> list[str]:
    return [event.digit for event in bench.reports.of(DigitReceived)]


async def test_keys_that_are_told_are_not_heard_besides(bench: Bench):
    caller, _ = await bench.answered_call()
    caller.rtp.start_sending(pressed("777"))
    await caller.rtp.wait_for_packets(len(caller.rtp.packets) + 40)
    caller.rtp.press("5")
    await bench.reports.wait(DigitReceived)
    assert [event.digit for event in bench.reports.of(DigitReceived)] == ["5"]


async def test_the_clock_comes_before_the_ears(bench: Bench):
    caller, _ = await bench.answered_call()
    caller.rtp.start_sending()
    await bench.reports.wait(VerdictReached)  # so the clock has handed on what is heard
    pid = bench.line.worker_pid
    assert pid is not None
    lowest = min(os.getpriority(os.PRIO_PROCESS, thread.id) for thread in psutil.Process(pid).threads())
    ears = os.getpriority(os.PRIO_PROCESS, pid)
    assert lowest == (NICENESS if os.geteuid() == 0 else ears)


def threads_of(pid: int) -> set[str]:
    return {comm.read_text().strip() for comm in Path(f"/proc/{pid}/task").glob("*/comm")}


async def test_a_call_wakes_no_thread_but_the_owners_and_the_clocks(bench: Bench):
    caller, leg = await bench.answered_call()
    caller.rtp.start_sending(noise(3))
    await bench.reports.wait(VerdictReached, leg=leg)
    assert "media" not in threads_of(bench.line.worker_pid), "pjmedia's, for each packet"
