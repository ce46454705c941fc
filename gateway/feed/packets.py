"""How long an MQTT packet is, as its own head says: the remaining length (MQTT 3.1.1 §2.2.3, 5.0 §1.5.5). Pure."""

from functools import lru_cache

CONTINUES = 0x80
"""In a byte of a length: another one follows; the other seven bits count, the lowest byte first."""
LONGEST_LENGTH = 4
"""Bytes of a length."""
LARGEST_PACKET = 262_144
"""Bytes of the largest packet that is taken in whole: a request has 16 kB, the largest of what we publish and read
again after a restart some 50. The broker is not told (MQTT 5 §3.1.2.11.4): mosquitto 2.0 counts what it then holds
back as under way for ever, and is silent after 20 of them."""


class NoLength(ValueError):
    """These bytes are no length: it has no end where every length has one."""


@lru_cache(maxsize=1024)  # those of nearly all messages; each is written thousands of times
def length_bytes(length: int) -> bytes:
    """The length as it is written, shortest form; below 128**4."""
    written = bytearray()
    while length >= CONTINUES:
        written.append(length % CONTINUES | CONTINUES)
        length //= CONTINUES
    written.append(length)
    return bytes(written)


def length_at(data: bytes | bytearray, at: int) -> tuple[int, int] | None:
    """How many bytes the length takes that is written at `at`, and the length; None while its end is still to
    come. Raises NoLength."""
    length = 0
    for index, byte in enumerate(data[at : at + LONGEST_LENGTH]):
        length |= (byte & ~CONTINUES) << (7 * index)
        if byte < CONTINUES:
            return index + 1, length
    if len(data) - at >= LONGEST_LENGTH:
        raise NoLength("a length of more than four bytes")
    return None
