"""The modem over bytes: the state changes at the very byte, in any cut of the stream."""

import asyncio

import pytest

from drivers.fxo.at import Result
from drivers.fxo.errors import FxoError, NoAnswer, PortLost
from drivers.fxo.modem import Modem, ModemState

pytestmark = pytest.mark.unit


class Wire:
    """Keeps what was sent and answers each write from a list of cuts."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.answers: list[list[bytes]] = []
        self.modem: Modem | None = None
        self.backlog = 0

    def write(self, data: bytes) -> bool:
        self.sent.append(data)
        for chunk in self.answers.pop(0) if self.answers else []:
            asyncio.get_running_loop().call_soon(self.modem.bytes_received, chunk)
        return True

    async def discard_output(self) -> None: ...

    async def drop_dtr(self, _duration: float) -> bool:
        return False

    async def reopen(self, _pause: float) -> None: ...


class Heard:
    """A Sink that remembers."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.audio = b""
        self.loud = asyncio.Event()
        """Set by the byte FF."""

    def ring_received(self) -> None:
        self.events.append("ring")

    def line_received(self, line: str) -> bool:
        if line.startswith("NMBR"):
            self.events.append(line)
            return True
        return False

    def event_received(self, code: str) -> None:
        self.events.append(code)

    def audio_received(self, audio: bytes) -> None:
        self.audio += audio
        if audio.endswith(b"\xff"):
            self.loud.set()


@pytest.fixture
def parts() -> tuple[Modem, Wire, Heard]:
    wire, heard = Wire(), Heard()
    wire.modem = Modem(wire, heard)
    return wire.modem, wire, heard


def single(data: bytes) -> list[bytes]:
    return [data[i : i + 1] for i in range(len(data))]


@pytest.mark.parametrize("cut", [lambda data: [data], single])
async def test_12_06_ring_and_caller_id_inside_an_answer(parts, cut) -> None:
    modem, wire, heard = parts
    wire.answers = [cut(b"AT+FCLASS=8\r\r\nRING\r\n\r\nNMBR = 123\r\n\x10R\r\nO\x10uK\r\n")]
    reply = await modem.command("AT+FCLASS=8")
    assert reply.result is Result.OK
    assert reply.echoed
    assert heard.events == ["ring", "NMBR = 123", "ring", "u"]


@pytest.mark.parametrize("cut", [lambda data: [data], single])
async def test_12_01_audio_begins_right_after_connect_and_text_right_after_etx(parts, cut) -> None:
    modem, wire, heard = parts
    wire.answers = [cut(b"\r\nCONNECT\r\n\x10u\x7f\n\x10\x10\xff"), cut(b"\x01tail\x10\x03\r\nOK\r\n\r\nRING\r\n")]
    assert await modem.connect(ModemState.DUPLEX)
    await asyncio.wait_for(heard.loud.wait(), 5.0)
    assert modem.state is ModemState.DUPLEX
    assert await modem.end_stream(b"\x10^", within=1.0)
    assert modem.state is ModemState.COMMAND
    assert heard.audio == b"\x7f\n\x10\xff\x01tail"
    assert heard.events == ["u", "ring"]


async def test_12_07_no_at_inside_a_stream(parts) -> None:
    modem, wire, _ = parts
    wire.answers = [[b"\r\nCONNECT\r\n"]]
    await modem.connect(ModemState.RECEIVE)
    with pytest.raises(FxoError):
        await modem.command("AT+VLS=0")
    assert wire.sent == [b"AT+VRX\r"]


async def test_12_08_duplex_refused(parts) -> None:
    modem, wire, _ = parts
    wire.answers = [[b"\r\nERROR\r\n"]]
    assert not await modem.connect(ModemState.DUPLEX)
    assert modem.state is ModemState.COMMAND


@pytest.mark.parametrize("word", [b"VCON", b"CONNECT 8000"])
async def test_12_06_vcon_is_connect_and_an_ok_before_connect_is_not(parts, word: bytes) -> None:
    modem, wire, heard = parts
    wire.answers = [[b"\r\nOK\r\n", b"\r\n" + word + b"\r\nabc"]]
    assert await modem.connect(ModemState.RECEIVE)
    assert heard.audio == b"abc"


async def test_12_03_transmit_ends_with_exactly_one_etx_and_ok(parts) -> None:
    modem, wire, _ = parts
    wire.answers = [[b"\r\nCONNECT\r\n"], [], [b"\r\nOK\r\n"]]
    await modem.connect(ModemState.TRANSMIT)
    modem.send_audio(b"a\x10")
    assert await modem.end_transmit(1.0)
    assert wire.sent == [b"AT+VTX\r", b"a\x10\x10", b"\x10\x03"]
    assert modem.state is ModemState.COMMAND


async def test_12_03_a_late_ok_gets_a_second_etx_then_can(parts) -> None:
    modem, wire, _ = parts
    wire.answers = [[b"\r\nCONNECT\r\n"], [], [], [b"\r\nOK\r\n"]]
    await modem.connect(ModemState.TRANSMIT)
    assert await modem.end_transmit(0.05)
    assert wire.sent[1:] == [b"\x10\x03", b"\x10\x03", b"\x10\x18\x10\x03"]


async def test_12_06_ok_absent_after_etx(parts) -> None:
    modem, wire, _ = parts
    wire.answers = [[b"\r\nCONNECT\r\n"], [b"\x10\x03"]]
    await modem.connect(ModemState.RECEIVE)
    assert await modem.end_stream(b"\x10!", within=1.0)


async def test_a_transmission_that_ends_with_dle_etx_and_no_ok(parts) -> None:
    modem, wire, _ = parts
    loop = asyncio.get_running_loop()
    connect, ended, ok = [b"\r\nCONNECT\r\n"], [b"\x10\x03"], [b"\r\nOK\r\n"]
    wire.answers = [connect, ended, ok, connect, ended, ok]
    for prompt in (1, 2):
        await modem.connect(ModemState.TRANSMIT)
        begun = loop.time()
        assert await modem.end_transmit(3.0)
        assert modem.state is ModemState.COMMAND
        assert loop.time() - begun < 2.5, f"prompt {prompt}: not waited for in vain"
    assert wire.sent == [b"AT+VTX\r", b"\x10\x03", b"AT\r", b"AT+VTX\r", b"\x10\x03"], "learnt from the first"


async def test_7_a_stream_that_ends_with_ok_alone(parts) -> None:
    modem, wire, heard = parts
    wire.answers = [[b"\r\nCONNECT\r\n"], [b"ab", b"\r\nO", b"K\r\n"]]
    await modem.connect(ModemState.DUPLEX)
    assert await modem.end_stream(b"\x10^", within=1.0)
    assert heard.audio.startswith(b"ab")


async def test_12_07_a_command_has_its_time(parts) -> None:
    modem, _, _ = parts
    with pytest.raises(NoAnswer, match=r"AT\+VIT=0"):
        await modem.command("AT+VIT=0", 0.05)


async def test_12_07_commands_are_paced_and_never_overlap(parts) -> None:
    modem, wire, _ = parts
    loop = asyncio.get_running_loop()
    wire.answers = [[b"\r\nOK\r\n"]] * 3
    begun = loop.time()
    await asyncio.gather(*(modem.command(command) for command in ("AT1", "AT2", "AT3")))
    assert wire.sent == [b"AT1\r", b"AT2\r", b"AT3\r"]
    assert loop.time() - begun >= 0.2


async def test_12_15_a_lost_port_ends_the_command_in_flight(parts) -> None:
    modem, _, _ = parts
    asyncio.get_running_loop().call_soon(modem.lost, PortLost("gone"))
    with pytest.raises(PortLost):
        await modem.command("AT")
    with pytest.raises(PortLost):
        await modem.command("AT")
