"""Section 12.9 with section 4: a caller ID in every spelling, cut anywhere, in class 0 and 8, in virtual time."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.line import CallerId, CallerIdReceived, CallOffered, Presentation
from tests.examples import examples
from tests.unit.fxo.virtual_line import VirtualLine
from tests.unit.fxo.virtual_time import in_virtual_time

pytestmark = pytest.mark.unit

NUMBER = CallerId("5551234567")
NAMED = CallerId("5551234567", "WIRELESS CALLER")
PRIVATE = CallerId(None, None, Presentation.PRIVATE)
UNAVAILABLE = CallerId(None, None, Presentation.UNAVAILABLE)
GB_SAMPLE = "801601083033313731363536020A32313536343330313434BA"
"""Of the Chinese pages on GB/T: MDMF, 03-17 16:56, 2156430144."""


def mdmf(*parameters: tuple[int, bytes], spoilt: int = 0) -> str:
    body = b"".join(bytes((tag, len(value))) + value for tag, value in parameters)
    message = bytes((0x80, len(body))) + body
    return (message + bytes(((-sum(message) + spoilt) % 256,))).hex().upper()


def sdmf(number: bytes, spoilt: int = 0) -> str:
    body = b"03171656" + number
    message = bytes((0x04, len(body))) + body
    return (message + bytes(((-sum(message) + spoilt) % 256,))).hex().upper()


DATE = (0x01, b"03171656")
SPELLINGS: list[tuple[tuple[str, ...], CallerId | None]] = [
    (("DATE=0117", "TIME=1452", "NMBR=5551234567", "NAME=WIRELESS CALLER"), NAMED),
    (("NAME=WIRELESS CALLER", "NMBR=5551234567", "TIME=1452", "DATE=0117"), NAMED),
    (("DATE = 0117", "TIME = 1452", "NMBR = 5551234567", "NAME = WIRELESS CALLER"), NAMED),
    (("DATE = 0117", "TIME = 1452", "NMBR = 5551234567"), NUMBER),
    (("NMBR = 5551234567",), NUMBER),
    (("NBR=5551234567",), NUMBER),
    (("DDN_NMBR= 5551234567",), NUMBER),
    (("CIDM", "DATE = 0117", "NMBR = 5551234567"), NUMBER),
    (("DRON=11", "DROF=40", "NMBR = 5551234567"), NUMBER),
    (("NAME = SCHWARTZ,LAWREN", "NMBR = 5551234567"), CallerId("5551234567", "SCHWARTZ,LAWREN")),
    (("NMBR = P",), PRIVATE),
    (("NMBR = PRIVATE", "NAME = P"), PRIVATE),
    (("NMBR=0000000000", "NAME=PRIVATE"), PRIVATE),
    (("NMBR=0000000000", "NAME=O"), UNAVAILABLE),
    (("NMBR = O", "NAME = O"), UNAVAILABLE),
    (("NMBR =",), UNAVAILABLE),
    (("NMBR = 13812345678",), CallerId("13812345678")),  # DTMF kind: the number alone
    (("MESG = 030735353531323132",), CallerId("5551212")),
    (("MESG = 040150",), PRIVATE),
    (("MESG = 04014F",), UNAVAILABLE),
    ((GB_SAMPLE,), CallerId("2156430144")),
    ((GB_SAMPLE[:22], GB_SAMPLE[22:]), CallerId("2156430144")),
    ((GB_SAMPLE[:-2] + "BB",), None),
    ((mdmf(DATE, (0x02, b"5551234567"), (0x07, b"WIRELESS CALLER")),), NAMED),
    ((mdmf(DATE, (0x04, b"P"), (0x08, b"P")),), PRIVATE),
    ((mdmf(DATE, (0x04, b"O")),), UNAVAILABLE),
    ((mdmf(DATE, (0x02, b"5551234567"), spoilt=1),), None),
    ((sdmf(b"5551234567"),), NUMBER),
    ((sdmf(b"P"),), PRIVATE),
    ((sdmf(b"5551234567", spoilt=3),), None),
]


async def told(said: bytes, cuts: list[int], *, in_voice: bool, before: bool) -> VirtualLine:
    """One burst and these bytes, in pieces cut where `cuts` says, 1.2 s after it or before."""
    line = VirtualLine(answers={"ATS1?": b"\r\nERROR\r\n"})
    if in_voice:
        line.modem.queue.rest()
        await line.modem.command("AT+FCLASS=8")
    if not before:
        line.ring()
        await asyncio.sleep(1.2)
    places = [0, *sorted({cut % (len(said) + 1) for cut in cuts}), len(said)]
    for first, last in pairwise(places):
        line.say(said[first:last])
        await asyncio.sleep(0.01)
    if before:
        await asyncio.sleep(1.0)
        line.ring()
    await asyncio.sleep(3.5)
    return line


@settings(deadline=None, max_examples=examples(80))
@given(
    st.sampled_from(SPELLINGS),
    st.lists(st.integers(0, 200), max_size=6),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["\r\n{}\r\n", "{}\r\n", "\r\n{}\r\n\r\n", "{}\r"]),
)
def test_12_09_every_spelling(
    spelling: tuple[tuple[str, ...], CallerId | None], cuts: list[int], in_voice: bool, before: bool, framing: str
) -> None:
    lines, expected = spelling
    if before and lines[0].startswith("DRON"):
        return  # that is a ring

    async def body() -> None:
        said = "".join(framing.format(text) for text in lines).encode()
        line = await told(said, cuts, in_voice=in_voice, before=before)
        found = [event.caller_id for event in line.journal.of(CallerIdReceived)]
        assert found == ([] if expected is None else [expected])
        assert len(line.journal.of(CallOffered)) == 1
        await line.close()

    in_virtual_time(body())


@settings(deadline=None)
@given(st.lists(st.integers(0, 60), max_size=6), st.booleans())
def test_12_09_as_a_complex_event_in_the_voice_class(cuts: list[int], before: bool) -> None:
    async def body() -> None:
        said = b"\x10XDATE = 0117\r\nTIME = 1452\r\nNMBR = 5551234567\r\n\x10."
        line = await told(said, cuts, in_voice=True, before=before)
        assert [event.caller_id for event in line.journal.of(CallerIdReceived)] == [NUMBER]
        await line.close()

    in_virtual_time(body())


PIECES = st.sampled_from(
    ["NMBR", "NAME", "DATE", "=", " = ", "P", "O", "0", "80", "04", "MESG", "\r\n", "\x10", "X."]
)


@settings(deadline=None, max_examples=examples(40))
@given(st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=20))
def test_12_09_whatever_comes_a_number_is_only_digits(pieces: list[str]) -> None:
    async def body() -> None:
        line = await told("".join(pieces).encode("latin-1", "replace") + b"\r\n", [], in_voice=False, before=False)
        for event in line.journal.of(CallerIdReceived):
            number = event.caller_id.number
            assert number is None or (number.isdecimal() and number.isascii())
        await line.close()

    in_virtual_time(body())
