"""What a softphone's process tells the gateway: bytes, messages, and what a line makes of them.

A worker that went mad may end its own calls; the line it belongs to goes on with the next one.
"""

import asyncio
import contextlib
import struct

from drivers.line import (
    Answer,
    Answered,
    CallerId,
    CallerIdReceived,
    CallOffered,
    Dial,
    DialFailed,
    DialFailure,
    DigitReceived,
    FarEndHungUp,
    FaultCode,
    HangUpSign,
    LegFailed,
    LegReleased,
    LineEvent,
    LineFault,
    LineRestored,
    LineTrouble,
    LineTroubleOver,
    Play,
    PlayFinished,
    RingBurst,
    TroubleCode,
    Verdict,
    VerdictReached,
)
from drivers.sip.config import SipConfig
from drivers.sip.line import SipLine
from drivers.sip.messages import (
    Configure,
    Decoder,
    Locate,
    Message,
    Pong,
    Probed,
    WireError,
    WorkerFailed,
    WorkerReady,
    encode,
)
from tests.fuzz.target import Bits, Target, cut

CONFIG = SipConfig("sip1", listen="127.0.0.1:5062", aor="sip:8801@127.0.0.1")
MOST_FACTS = 200
"""Of one message: a call that rang for a quarter of an hour unseen."""
_loop = asyncio.new_event_loop()


def attempt(data: bytes) -> None:
    bits = Bits(data)
    framed, by = bits.below(4), bits.below(256)
    stream = bits.rest()
    if framed:  # a length of its own is what is hardest to guess: each line is a message
        stream = b"".join(struct.pack(">I", len(line)) + line for line in stream.split(b"\n"))
    messages = _decoded([stream])
    cut_up = _decoded(cut(stream, by))
    # What comes before nonsense in one portion goes with it; without nonsense a cut changes nothing.
    assert cut_up[: len(messages)] == messages, "another cut of the stream says something else"
    for message in messages:
        assert Decoder().feed(encode(message)) == [message], "what was read is written as it came"
    _loop.run_until_complete(_told(messages))


def _decoded(portions: list[bytes]) -> list[Message]:
    decoder, found = Decoder(), []
    with contextlib.suppress(WireError):
        for portion in portions:
            found += decoder.feed(portion)
    return found


async def _told(messages: list[Message]) -> None:
    """A line under a worker that says this, then dies."""
    told: list[LineEvent] = []
    line = SipLine(CONFIG)
    line._report = told.append
    line.execute(Dial("out-1", "801"))
    for message in messages:
        if isinstance(message, Locate):
            continue  # asks the machine's resolver
        before = len(told)
        line._receive(message)
        assert len(told) - before <= MOST_FACTS, f"{message} made {len(told) - before} facts"
        assert len(line._legs) <= 64, "no softphone has as many calls"
    line._lost(FaultCode.WORKER_DIED, "the worker ended")
    assert not line._legs
    _check_order(told)


def _check_order(told: list[LineEvent]) -> None:
    """Each leg's facts begin with what begins a leg, and nothing follows the last (drivers.line.events)."""
    up: set[str] = {"out-1"}
    for event in told:
        leg = getattr(event, "leg", None)
        if leg is None:
            continue
        if isinstance(event, CallOffered):
            assert leg not in up, f"{leg} is offered twice"
            up.add(leg)
        assert leg in up, f"{event} of a leg that is not up"
        if isinstance(event, (LegReleased, LegFailed)):
            up.discard(leg)
    assert not up, "the line was lost, and a leg is still up"


def _line(*messages: Message) -> bytes:
    return b"\n".join(encode(message)[4:] for message in messages)


SEEDS = [
    b"\1\3" + _line(WorkerReady(4), LineRestored(), CallOffered("1.1", "8801", seen=12.5)),
    b"\1\3"
    + _line(
        CallOffered("1.1", seen=1.0),
        CallerIdReceived("1.1", CallerId("13812345678", "LI")),
        Answered("1.1", seen=2.0),
        VerdictReached("1.1", Verdict.SPEECH, -20.0, 30.0),
        DigitReceived("1.1", "5"),
        PlayFinished("1.1", 1, True),
        FarEndHungUp("1.1", HangUpSign.BYE),
        LegReleased("1.1"),
    ),
    b"\1\3"
    + _line(DialFailed("out-1", DialFailure.BUSY, "486"), LegReleased("out-1"), Pong(-1), Probed(1, 200, "OK")),
    b"\1\3" + _line(LineTrouble(TroubleCode.SOURCE_BANNED, "x"), LineTroubleOver(TroubleCode.SOURCE_BANNED, "y")),
    b"\1\3" + _line(LineFault(FaultCode.PORT_BUSY, "5062"), WorkerFailed(FaultCode.PORT_BUSY, "5062")),
    b"\1\3" + _line(LegFailed("1.1", FaultCode.INTERNAL, "x"), RingBurst("1.1", 1)),
    b"\1\3" + _line(Configure(CONFIG, 1), Answer("1.1"), Play("1.1", 1, ("a.wav", "b.wav"))),
    b"\0\3" + encode(CallOffered("1.1")) + encode(LegReleased("1.1")),
]
TARGET = Target(
    "worker",
    "messages of a softphone's process",
    attempt,
    SEEDS,
    (
        b'"leg":"1.1"',
        b'"seen":',
        b"null",
        b"1e308",
        b"NaN",
        b"-Infinity",
        b"1" + b"0" * 400,
        b'["',
        b"{}",
        b"[]",
        b"\n",
    ),
    longest=2048,
)
