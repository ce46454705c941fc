"""v253 §12.1, 12.3, 12.6, 12.7: commands and results, however late, missing or garbled."""

import asyncio

import numpy as np
import pytest

from drivers.fxo.at import Result
from drivers.fxo.codecs import Coding
from drivers.fxo.dialogue import ask
from drivers.fxo.errors import NoAnswer
from drivers.fxo.far_end import FarEnd
from drivers.fxo.half_duplex import HalfDuplexSession
from drivers.fxo.modem import ESCAPES, Modem, ModemState
from drivers.fxo.playback import PlayMark
from drivers.fxo.profiles import GENERIC
from drivers.fxo.profiles.events import STANDARD
from drivers.fxo.recording import CallRecording
from drivers.fxo.supervision import HangUpVote
from tests.unit.fxo.timed_wire import CONNECT, ERROR, OK, Wire, told

pytestmark = pytest.mark.unit

# -- 12.6: tolerant results ---------------------------------------------------------------------------------------

SPELLINGS: dict[str, tuple[bytes, Result, tuple[str, ...]]] = {
    "echo with stray CRs": (b"ATI3\r\r\r\nText\r\n\r\nOK\r\n", Result.OK, ("Text",)),
    "echo without its LF": (b"ATI3\rText\r\nOK\r\n", Result.OK, ("Text",)),
    "TA for AT": (b"TAI3\r\r\nOK\r\n", Result.OK, ()),
    "spaces in the echo": (b"AT I3\r\r\nOK\r\n", Result.OK, ()),
    "lower case": (b"ati3\r\r\nok\r\n", Result.OK, ()),
    "VCON for OK": (b"\r\nVCON\r\n", Result.OK, ()),
    "OK and RING in one read": (b"\r\nOK\r\n\r\nRING\r\n", Result.OK, ()),
    "RING before OK": (b"\r\nRING\r\n\r\nOK\r\n", Result.OK, ()),
    "RING in the middle": (b"\r\nTe\r\n\r\nRING\r\n\r\nOK\r\n", Result.OK, ("Te",)),
    "DLE pairs between lines": (b"\x10h\r\nText\x10u\r\n\x10R\r\nO\x10dK\r\n", Result.OK, ("Text",)),
    "NO DIALTONE": (b"\r\nNO DIALTONE\r\n", Result.NO_DIAL_TONE, ()),
    "NO DIAL TONE": (b"\r\nNO DIAL TONE\r\n", Result.NO_DIAL_TONE, ()),
    "CME ERROR": (b"\r\n+CME ERROR: 3\r\n", Result.ERROR, ()),
}


@pytest.mark.parametrize("name", SPELLINGS)
@pytest.mark.parametrize("piece", [1, 1000])
def test_12_06_a_result_in_every_spelling(name: str, piece: int) -> None:
    said, result, lines = SPELLINGS[name]
    pieces = [(0.01 + at * 1e-4, said[at : at + piece]) for at in range(0, len(said), piece)]

    async def story(modem: Modem, _wire: Wire) -> None:
        reply = await modem.command("ATI3")
        assert (reply.result, reply.lines) == (result, lines)

    told({b"ATI3\r": [pieces]}, story)


@pytest.mark.parametrize(("digit", "result"), [(b"0", Result.OK), (b"4", Result.ERROR), (b"3", Result.NO_CARRIER)])
def test_12_06_v0_digits_are_results_while_they_may_be(digit: bytes, result: Result) -> None:
    async def story(modem: Modem, _wire: Wire) -> None:
        modem.queue.numeric = True
        assert (await modem.command("ATV1")).result is result
        modem.queue.numeric = False
        assert (await modem.command("ATS0?")).lines == ("0",), "information"

    told({b"ATV1\r": [[(0.01, b"ATV1\r" + digit + b"\r")]], b"ATS0?\r": [[(0.01, b"\r\n0\r\n" + OK)]]}, story)


def test_12_06_one_late_ok_is_not_the_next_commands() -> None:
    """It comes while the modem is asked whether it lives, which it answers too."""

    async def story(modem: Modem, _wire: Wire) -> None:
        assert await ask(modem, "AT+VLS=0") is None
        assert (await modem.command("AT+VTS=1")).result is Result.ERROR, "its own"

    told(
        {
            b"AT+VLS=0\r": [[(3.3, OK)]],
            b"AT\r": [[(0.4, OK)]],
            b"AT+VTS=1\r": [[(0.3, ERROR)]],
        },
        story,
    )


@pytest.mark.parametrize("late", [1.02, 1.2, 1.4])
def test_12_06_information_before_a_late_ok_is_not_the_next_commands(late: float) -> None:
    async def story(modem: Modem, _wire: Wire) -> None:
        with pytest.raises(NoAnswer):
            await modem.command("AT&V", 1.0)
        reply = await modem.command("AT+GMR")
        assert (reply.result, reply.lines) == (Result.OK, ("V1.2.23",))

    told(
        {
            b"AT&V\r": [[(late, b"\r\nDUMP\r\n" + OK)]],
            b"AT+GMR\r": [[(0.4, b"\r\nV1.2.23\r\n" + OK)]],
        },
        story,
    )


def test_12_06_a_missing_ok_costs_half_a_second_and_no_step() -> None:
    async def story(modem: Modem, _wire: Wire) -> None:
        loop = asyncio.get_running_loop()
        with pytest.raises(NoAnswer):
            await modem.command("AT+VLS=0", 1.0)
        begun = loop.time()
        assert (await modem.command("ATH")).result is Result.OK
        assert loop.time() - begun < 0.8
        begun = loop.time()
        assert (await modem.command("AT+FCLASS=9")).result is Result.ERROR
        assert loop.time() - begun < 0.3, "in step again"

    told({b"ATH\r": [[(0.05, OK)]], b"AT+FCLASS=9\r": [[(0.05, ERROR)]]}, story)


def test_12_06_an_ok_long_after_the_end_of_a_stream_is_not_the_next_commands() -> None:
    async def story(modem: Modem, _wire: Wire) -> None:
        assert await modem.connect(ModemState.RECEIVE)
        assert await modem.end_stream(b"\x10!", within=1.0)
        assert (await modem.command("AT+VLS=5")).result is Result.ERROR
        assert await modem.connect(ModemState.RECEIVE)
        assert await modem.end_stream(b"\x10!", within=1.0)
        assert (await modem.command("AT+VLS=5")).result is Result.ERROR, "waited for again, as it was only late"

    told(
        {
            b"AT+VRX\r": [[(0.05, CONNECT)], [(0.05, CONNECT)]],
            b"\x10!": [[(0.05, b"\x10\x03"), (0.7, OK)], [(0.05, b"\x10\x03"), (0.3, OK)]],
            b"AT+VLS=5\r": [[(0.2, ERROR)], [(0.2, ERROR)]],
        },
        story,
    )


def test_12_06_an_echo_that_comes_late_is_no_information() -> None:
    async def story(modem: Modem, _wire: Wire) -> None:
        with pytest.raises(NoAnswer):
            await modem.command("ATI0", 1.0)
        reply = await modem.command("AT+GMR")
        assert (reply.lines, reply.echoed) == (("V1",), True)

    told({b"AT+GMR\r": [[(0.1, b"ATI0\rAT+GMR\r\r\nV1\r\n" + OK)]]}, story)


# -- 12.7: command discipline -------------------------------------------------------------------------------------


def test_12_07_one_command_at_a_time_and_a_pause_after_each_result() -> None:
    async def story(modem: Modem, wire: Wire) -> None:
        await asyncio.gather(*(modem.command(f"AT{n}") for n in range(3)))
        assert wire.sent == [b"AT0\r", b"AT1\r", b"AT2\r"]
        assert wire.times[1] - wire.times[0] >= 0.4 + 0.1
        assert wire.times[2] - wire.times[1] >= 0.05 + 0.1

    told({b"AT0\r": [[(0.4, OK)]], b"AT1\r": [[(0.05, OK)]], b"AT2\r": [[(0.05, OK)]]}, story)


def test_12_07_the_pause_is_what_the_family_wants() -> None:
    async def story(modem: Modem, wire: Wire) -> None:
        modem.queue.pace = 0.5
        await modem.command("AT0")
        await modem.command("AT1")
        assert wire.times[1] - wire.times[0] >= 0.05 + 0.5

    told({b"AT0\r": [[(0.05, OK)]], b"AT1\r": [[(0.05, OK)]]}, story)


def test_12_07_a_late_connect_is_ended_before_any_command_is_believed() -> None:
    """Until its end comes the modem is in a stream that nobody wants, and AT would be audio."""

    async def story(modem: Modem, wire: Wire) -> None:
        with pytest.raises(NoAnswer):
            await modem.connect(ModemState.DUPLEX)
        reply = await modem.command("AT")
        assert reply.ok
        assert modem.state is ModemState.COMMAND
        assert wire.sent == [b"AT+VTR\r", b"AT\r", ESCAPES]

    told(
        {
            b"AT+VTR\r": [[(3.3, CONNECT), (3.32, bytes(300))]],
            ESCAPES: [[(0.1, bytes(100) + b"\x10\x03" + OK)]],
        },
        story,
    )


def test_12_01_audio_before_the_end_of_connect_is_recognised_is_kept() -> None:
    heard: list[bytes] = []

    async def story(modem: Modem, _wire: Wire) -> None:
        modem._sink.audio_received = heard.append
        assert await modem.connect(ModemState.DUPLEX)
        await asyncio.sleep(0.1)
        assert b"".join(heard) == b"\x7f\x10abc"

    told({b"AT+VTR\r": [[(0.1, b"\r\nCONNECT\r"), (0.11, b"\n\x7f\x10"), (0.12, b"\x10abc")]]}, story)


def test_12_07_a_prompt_ordered_before_the_stream_runs_again_is_played() -> None:
    """A half-duplex stream that is connected anew listens already when the prompt comes."""
    marks: list[PlayMark] = []

    async def story(modem: Modem, wire: Wire) -> None:
        far_end = FarEnd(
            "leg", Coding.ULAW, "cn", HangUpVote(2, STANDARD), CallRecording(), lambda _: None, lambda _: None
        )
        session = HalfDuplexSession(modem, Coding.ULAW, far_end, marks.append, GENERIC)
        assert await session.start()
        session.play(1, np.zeros(800, dtype=np.int16))
        running = asyncio.create_task(session.run())
        await asyncio.sleep(2.5)
        session.end()
        await running
        orders = [each for each in wire.sent if len(each) < 10]
        assert orders[:4] == [b"AT+VRX\r", b"\x10!", b"AT+VTX\r", b"\x10\x03"]
        assert marks == [PlayMark(1), PlayMark(1, complete=True)]

    ended = [(0.02, b"\x10\x03" + OK)]
    told(
        {b"AT+VRX\r": [[(0.02, CONNECT)]] * 2, b"\x10!": [ended] * 2, b"AT+VTX\r": [[(0.02, CONNECT)]]}
        | {b"\x10\x03": [[(0.9, OK)]]},
        story,
    )


# -- 12.3: the end of a stream is never lost ----------------------------------------------------------------------


def test_12_03_one_etx_then_a_second_then_an_abort_and_each_has_its_time() -> None:
    async def story(modem: Modem, wire: Wire) -> None:
        assert await modem.connect(ModemState.TRANSMIT)
        assert not await modem.end_transmit(2.0)
        assert wire.sent[1:] == [b"\x10\x03", b"\x10\x03", b"\x10\x18\x10\x03"]
        assert np.allclose(np.diff(wire.times[1:]), 2.0)

    told({b"AT+VTX\r": [[(0.05, CONNECT)]]}, story)
