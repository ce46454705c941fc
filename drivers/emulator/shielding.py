"""<DLE> shielding of the voice stream, V.253: the modem's side of it, written apart from the driver's."""

from collections.abc import Iterator

DLE = 0x10
SUB = 0x1A
"""<DLE><SUB> stands for two data bytes 10h."""
ETX = 0x03


def code(letter: str | int) -> bytes:
    """An event for the host: <DLE> and one character."""
    return bytes((DLE, letter if isinstance(letter, int) else ord(letter)))


def shield(data: bytes, *, uses_sub: bool = False) -> bytes:
    """Audio as it goes to the host: every 10h doubled, or two of them as <DLE><SUB>."""
    doubled = data.replace(b"\x10", b"\x10\x10")
    return doubled.replace(b"\x10\x10\x10\x10", b"\x10\x1a") if uses_sub else doubled


class Unshielder:
    """Takes the host's stream apart; a pair may be split over two reads."""

    def __init__(self) -> None:
        self._half = False

    def feed(self, data: bytes) -> Iterator[bytes | int]:
        """Runs of audio bytes, and the second byte of each <DLE> pair that is no data, in order."""
        rest = bytes((DLE,)) + data if self._half else data
        self._half = False
        audio, start = bytearray(), 0
        while (at := rest.find(DLE, start)) >= 0:
            audio += rest[start:at]
            if at + 1 == len(rest):
                self._half = True
                start = len(rest)
                break
            start = at + 2
            second = rest[at + 1]
            if second == DLE:
                audio.append(DLE)
            elif second == SUB:
                audio += b"\x10\x10"
            else:
                if audio:
                    yield bytes(audio)
                    audio.clear()
                yield second
        audio += rest[start:]
        if audio:
            yield bytes(audio)
