"""A modem's bytes: the DLE shielding and the lines between. However a stream is cut, it says the same."""

from drivers.fxo.at import LINE_LIMIT, LineCutter, is_echo, is_line_in_use, is_ring, result_of
from drivers.fxo.dle import PACKET_LIMIT, DleDecoder, DlePacket, Token, stuff
from drivers.fxo.intruder import Intruder
from tests.fuzz.target import Bits, Target, cut


def attempt(data: bytes) -> None:
    bits = Bits(data)
    by = bits.below(256)
    stream = bits.rest()
    whole = _tokens([stream])
    assert whole == _tokens(cut(stream, by)), "another cut of the stream says something else"
    assert sum(len(token) for token in whole if isinstance(token, bytes)) <= 2 * len(stream)
    assert all(len(token.content) <= PACKET_LIMIT for token in whole if isinstance(token, DlePacket))
    assert _tokens(cut(stuff(stream), by)) == ([stream] if stream else []), "what is shielded comes out as it was"
    lines = _lines([stream])
    assert lines == _lines(cut(stream, by)), "another cut has other lines"
    intruder = Intruder()
    for line in lines:
        assert line == line.strip()
        assert 0 < len(line) <= LINE_LIMIT
        result_of(line, numeric=True)
        is_ring(line), is_line_in_use(line)
        assert is_echo(line, line)
        intruder.shows(line, ("ATZ", lines[0]), asked=bool(by & 1))


def _tokens(portions: list[bytes]) -> list[Token]:
    decoder = DleDecoder()
    joined: list[Token] = []
    for portion in portions:
        for token in decoder.feed(portion):
            if isinstance(token, bytes) and joined and isinstance(joined[-1], bytes):
                joined[-1] += token
            else:
                joined.append(token)
    return joined


def _lines(portions: list[bytes]) -> list[str]:
    cutter = LineCutter()
    found = []
    for portion in portions:
        at = 0
        while at < len(portion):
            line, at = cutter.take(portion, at)
            if line is not None:
                found.append(line)
    return found


TARGET = Target(
    "modem",
    "AT lines and the DLE stream of a modem",
    attempt,
    [
        b"\x01\r\nOK\r\n\r\nRING\r\n",
        b"\x05AT+FCLASS=8\r\r\nOK\r\n",
        b"\x09" + bytes(range(64)) + b"\x10\x10\x10R\x10/5\x10~\x10\x03\r\nVCON\r\n",
        b"\x02\x10X\x80\x04RING\x10.\x10d\x10\x1a\x10u",
        b"\x03\r\nCONNECT\r\n\x80\x80\x80\x10\x10\x80\x10s\x10!",
        b"\x04AT+GCAP\r+GCAP: +CIS707-A\r\nNO CARRIER\r\nLINE IN USE\r\nDRON=20\r\n",
    ],
    (
        b"\x10",
        b"\x10X",
        b"\x10.",
        b"\x10\x03",
        b"\x10\x1a",
        b"RING A",
        b"+CME ERROR: 3",
        b"\r\n",
        b"BUSY",
        b"~x\xf0~",
    ),
    longest=1024,
)
