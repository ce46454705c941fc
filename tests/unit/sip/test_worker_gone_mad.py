"""A worker that tells nonsense: the gateway's side takes it or leaves it, and starts the next."""

import asyncio
import logging

import pytest

from drivers.line import CallOffered, FaultCode, LegReleased, LineEvent, LineRestored
from drivers.sip.config import SipConfig
from drivers.sip.line import SipLine
from drivers.sip.messages import Message, WorkerReady, encode
from drivers.sip.worker_client import WorkerClient, _Life

pytestmark = pytest.mark.unit

CONFIG = SipConfig("sip1", listen="127.0.0.1:5062", aor="sip:8801@127.0.0.1")


async def test_what_cannot_be_taken_ends_the_worker_and_not_who_watches_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    taken: list[Message] = []

    def receive(message: Message) -> None:
        taken.append(message)
        raise KeyError("leg")

    client = WorkerClient(CONFIG, receive, lambda code, detail: None)
    reader = asyncio.StreamReader()
    reader.feed_data(encode(WorkerReady(4)) + encode(LineRestored()))
    reader.feed_eof()
    life = _Life(1)
    with caplog.at_level(logging.ERROR):
        await client._read(reader, life)
    assert taken == [WorkerReady(4)]
    assert life.detail == "the worker told what could not be taken: KeyError"
    assert "is replaced" in caplog.text


async def test_facts_of_legs_that_are_not_up_are_left_out_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    line, told = SipLine(CONFIG), list[LineEvent]()
    line._report = told.append
    for _ in range(100):
        line._receive(LegReleased("9.9"))
    line._receive(CallOffered("1.1"))
    line._receive(CallOffered("1.1"))
    assert told == [CallOffered("1.1")]
    assert len([record for record in caplog.records if "makes no sense" in record.message]) == 1
    line._lost(FaultCode.WORKER_DIED, "ended")
    assert not line._legs


async def test_no_worker_has_more_calls_than_a_softphone_can_have() -> None:
    line, told = SipLine(CONFIG), list[LineEvent]()
    line._report = told.append
    for number in range(1000):
        line._receive(CallOffered(f"1.{number}"))
    assert len(told) < 50
    line._lost(FaultCode.WORKER_DIED, "ended")
