"""The DLE-shielded stream of V.253 (pure): plain bytes and event codes, in both directions.

The same shielding holds in every state of the modem: in a voice stream the plain bytes are audio, in command state
they are text, and event codes come between them in either.
"""

from dataclasses import dataclass

DLE = 0x10
SUB = 0x1A
"""Stands for two 0x10 data bytes; decoded always, never sent."""
ETX_CODE = "\x03"
PACKET_CODE = "X"
"""Begins a complex event that runs to DLE `.`: a caller ID, where a modem tells one in its voice class."""
PACKET_LIMIT = 80
"""Longer than any complex event seen; a packet that does not end must not swallow the call."""

END_TRANSMIT = b"\x10\x03"
END_RECEIVE = b"\x10!"
END_DUPLEX = b"\x10^"
CLEAR_TRANSMIT = b"\x10\x18"


@dataclass(frozen=True, slots=True)
class DleEvent:
    """One event code, as the character after DLE; ETX is `\\x03`."""

    code: str


@dataclass(frozen=True, slots=True)
class DlePacket:
    """A complex event: what came between DLE X and DLE `.`."""

    content: bytes


Token = bytes | DleEvent | DlePacket


def stuff(audio: bytes) -> bytes:
    """Shield audio for sending: every 0x10 is doubled."""
    return audio.replace(b"\x10", b"\x10\x10")


class DleDecoder:
    """Splits what the modem sends into plain bytes and events; keeps its state between reads."""

    def __init__(self) -> None:
        self._shielded = False
        self._packet: bytearray | None = None
        """What has come of a complex event; None outside one."""

    def leave_packet(self) -> None:
        """A complex event that has not ended by now never will: what comes next is no part of it."""
        self._packet = None

    def feed(self, data: bytes) -> list[Token]:
        """Take any cut of the stream; the tokens in order, plain bytes joined."""
        tokens: list[Token] = []
        plain = bytearray()
        position = 0
        while position < len(data):
            if self._shielded:
                self._shielded = False
                self._shielded_byte(data[position], plain, tokens)
                position += 1
                continue
            at = data.find(DLE, position)
            end = len(data) if at < 0 else at
            self._plain_bytes(data[position:end], plain)
            self._shielded = at >= 0
            position = end + 1
        if plain:
            tokens.append(bytes(plain))
        return tokens

    def _plain_bytes(self, data: bytes, plain: bytearray) -> None:
        if self._packet is None:
            plain += data
            return
        room = PACKET_LIMIT + 1 - len(self._packet)
        self._packet += data[:room]
        if len(self._packet) > PACKET_LIMIT:
            self._packet = None
            plain += data[room:]  # as much is lost of it in one read as in many

    def _shielded_byte(self, byte: int, plain: bytearray, tokens: list[Token]) -> None:
        code = chr(byte)
        if self._packet is not None:
            if code == ".":
                _give(plain, DlePacket(bytes(self._packet)), tokens)
                self._packet = None
                return
            if code != ETX_CODE:
                self._plain_bytes(b"\x10" if byte == DLE else bytes((DLE, byte)), plain)
                return
            self._packet = None
        if byte == DLE:
            plain.append(DLE)
        elif byte == SUB:
            plain += b"\x10\x10"
        elif code == PACKET_CODE:
            self._packet = bytearray()
        else:
            _give(plain, DleEvent(code), tokens)


def _give(plain: bytearray, token: Token, tokens: list[Token]) -> None:
    """`token` after the plain bytes before it."""
    if plain:
        tokens.append(bytes(plain))
        plain.clear()
    tokens.append(token)
