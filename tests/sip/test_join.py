"""Legs of two lines joined: each hears the other, and nothing that happens to one harms the other."""

import asyncio
import os
import signal
from pathlib import Path

import numpy as np
import pytest

from drivers.line import (
    Answered,
    Dial,
    FarEndHeld,
    FarEndResumed,
    Join,
    LegFailed,
    LegReleased,
    LineRestored,
    MediaLost,
    MediaRestored,
    Part,
    Play,
    PlayFinished,
    PlayStarted,
    Record,
    Release,
    StopPlaying,
    VerdictReached,
)
from tests.sip.conftest import Bench, OpenLine, write_wav
from tests.sip.peer import g711
from tests.sip.peer.callee import Callee
from tests.sip.peer.rtp import FRAME, RtpPeer
from tests.sip.test_calls import tone

pytestmark = pytest.mark.sip

CUSTOMER, AGENT, PROMPT = 400, 1000, 2200
"""Hz of what each of them says."""
HEARD, UNHEARD = 1000, 100
"""Amplitudes, of tones sent with 4000."""
BIN = 8000 / FRAME


def says(rtp: RtpPeer, hertz: int) -> None:
    rtp.start_sending(tone(60, hertz, 4000))


def amplitudes(samples: np.ndarray) -> dict[int, float]:
    """Of each of the three tones, in a packet's length."""
    spectrum = np.abs(np.fft.rfft(samples)) * 2 / FRAME
    return {hertz: spectrum[round(hertz / BIN)] for hertz in (CUSTOMER, AGENT, PROMPT)}


async def hears(phone, *tones: int) -> None:
    """Wait until the telephone has heard these tones, and none of the others, in ten packets one after another."""
    rtp = phone.rtp
    while True:
        await rtp.wait_for_packets(len(rtp.packets) + 10)
        last = [np.array(g711.decode(p.payload_type, p.payload)) for p in rtp.packets[-10:]]
        found = [amplitudes(samples) for samples in last]
        if all(
            (one[hertz] > HEARD) if hertz in tones else (one[hertz] < UNHEARD) for one in found for hertz in one
        ):
            return


class Desk:
    """A customer's leg on one line, and agents' on another."""

    def __init__(self, front: Bench, back: Bench, folder: Path) -> None:
        self.front, self.back, self.folder = front, back, folder
        self._joins = 0
        self._agents = 0

    async def customer(self):
        customer, leg = await self.front.answered_call()
        says(customer.rtp, CUSTOMER)
        return customer, leg

    async def agent(self, *, early: bool = False):
        """Rung, and unless `early` answered."""
        self._agents += 1
        phone, leg = await self.back.caller(kind=Callee, user="801"), f"out-{self._agents}"
        self.back.line.execute(Dial(leg, phone.uri, "138****8000"))
        await phone.invited()
        says(phone.rtp, AGENT)
        if early:
            phone.reply(183, sdp=True)
        else:
            phone.reply(200, sdp=True)
            await self.back.reports.wait(Answered, leg=leg)
        return phone, leg

    def join(self, customer: str, agent: str) -> tuple[Path, Path]:
        self._joins += 1
        one, other = self.folder / f"{self._joins}.a", self.folder / f"{self._joins}.b"
        self.front.line.execute(Join(customer, str(one), str(other)))
        self.back.line.execute(Join(agent, str(other), str(one)))
        return one, other

    def part(self, customer: str, agent: str) -> None:
        self.front.line.execute(Part(customer))
        self.back.line.execute(Part(agent))


@pytest.fixture
async def desk(open_line: OpenLine, tmp_path: Path) -> Desk:
    front, back = await asyncio.gather(open_line(), open_line())
    return Desk(front, back, tmp_path)


async def test_two_talk_and_a_prompt_is_heard_by_both(desk: Desk, tmp_path: Path):
    customer, leg = await desk.customer()
    recording = tmp_path / "both.wav"
    desk.front.line.execute(Record(leg, str(recording), both=True))
    agent, agent_leg = await desk.agent()
    one, other = desk.join(leg, agent_leg)
    async with asyncio.timeout(60):
        await hears(agent, CUSTOMER)
        await hears(customer, AGENT)
        desk.front.line.execute(Play(leg, 1, (write_wav(tmp_path / "p.wav", tone(60, PROMPT, 4000)),)))
        await hears(agent, CUSTOMER, PROMPT)
        await hears(customer, AGENT, PROMPT)
        desk.front.line.execute(StopPlaying(leg))
        await hears(agent, CUSTOMER)
        desk.part(leg, agent_leg)
        await hears(agent)
        await hears(customer)
        desk.join(leg, agent_leg)
        one, other = desk.join(leg, agent_leg)
        await hears(agent, CUSTOMER)
        assert sorted(desk.folder.glob("*.[ab]")) == [one, other]
        agent.bye()
        await desk.back.reports.wait(LegReleased, leg=agent_leg)
        await hears(customer)
        assert sorted(desk.folder.glob("*.[ab]")) == [one]
        second, second_leg = await desk.agent()
        one, other = desk.join(leg, second_leg)
        await hears(customer, AGENT)
        second._respond = lambda request: None  # his BYE is not answered, and he talks on
        desk.back.line.execute(Release(second_leg))
        await second.incoming("BYE")
        await hears(customer)
        assert sorted(desk.folder.glob("*.[ab]")) == [one]
        customer.bye()
        await desk.front.reports.wait(LegReleased, leg=leg)
        assert sorted(desk.folder.glob("*.[ab]")) == []
    assert_sides(recording)


def assert_sides(recording: Path) -> None:
    """Left the customer alone, right what he heard."""
    with recording.open("rb") as file:
        samples = np.frombuffer(file.read()[44:], dtype="<i2")
    sides = samples.reshape(-1, 2)
    heard = [np.zeros(3), np.zeros(3)]
    for start in range(0, len(sides) - FRAME, FRAME):
        for side in (0, 1):
            found = amplitudes(sides[start : start + FRAME, side])
            heard[side] += np.array([found[hertz] > HEARD for hertz in (CUSTOMER, AGENT, PROMPT)])
    assert heard[0][0] > 50
    assert heard[0][1:].tolist() == [0, 0]
    assert heard[1][0] == 0
    assert min(heard[1][1:]) > 10


async def test_hold_and_lost_audio_are_silence_to_the_other(desk: Desk):
    customer, leg = await desk.customer()
    agent, agent_leg = await desk.agent()
    desk.join(leg, agent_leg)
    async with asyncio.timeout(60):
        await hears(customer, AGENT)
        await agent.offer("sendonly")
        await desk.back.reports.wait(FarEndHeld, leg=agent_leg)
        await hears(customer)  # his telephone's music is not for the customer
        await agent.offer("sendrecv")
        await desk.back.reports.wait(FarEndResumed, leg=agent_leg)
        await hears(customer, AGENT)
        await hears(agent, CUSTOMER)
        agent.rtp.stop_sending()
        await desk.back.reports.wait(MediaLost, leg=agent_leg)
        await hears(customer)
        says(agent.rtp, AGENT)
        await desk.back.reports.wait(MediaRestored, leg=agent_leg)
        await hears(customer, AGENT)
        await customer.offer("inactive")
        await desk.front.reports.wait(FarEndHeld, leg=leg)
        await hears(agent)
        await customer.offer("sendrecv")
        await hears(agent, CUSTOMER)


async def test_a_killed_worker_is_silence_to_the_customer_and_early_media_is_heard(desk: Desk, tmp_path: Path):
    customer, leg = await desk.customer()
    _, agent_leg = await desk.agent()
    desk.join(leg, agent_leg)
    async with asyncio.timeout(60):
        await hears(customer, AGENT)
        before = len(desk.front.reports.events)
        os.kill(desk.back.line.worker_pid, signal.SIGKILL)
        await desk.back.reports.wait(LegFailed, leg=agent_leg)
        await hears(customer)
        await desk.back.reports.wait(LineRestored, count=2)
        # The first agent's telephone sends on: it must not come between.
        announced, announced_leg = await desk.agent(early=True)
        desk.join(leg, announced_leg)
        await hears(customer, AGENT)
        assert not desk.back.reports.of(Answered, announced_leg)
        announced.reply(200, sdp=True)
        await desk.back.reports.wait(Answered, leg=announced_leg)
        await hears(announced, CUSTOMER)
        await hears(customer, AGENT)
        nowhere = str(tmp_path / "missing" / "socket")
        desk.front.line.execute(Join(leg, nowhere, nowhere))
        await hears(customer)
        desk.front.line.execute(Play(leg, 1, (write_wav(tmp_path / "p.wav", tone(0.4, PROMPT, 4000)),)))
        await desk.front.reports.wait(PlayFinished, leg=leg)
    told = [event for event in desk.front.reports.events[before:] if getattr(event, "leg", None) == leg]
    assert {type(event) for event in told} <= {PlayStarted, PlayFinished, VerdictReached}
