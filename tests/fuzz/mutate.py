"""Inputs made from good ones: bits, bytes, numbers, lines and tokens changed, and two of them put together."""

from random import Random

from tests.fuzz.target import Target

_EDGES = (b"\0", b"\xff", b"\x7f", b"\x80", b"\r\n", b"\n\n", b"\xff\xff\xff\xff", b"9" * 400, b"\xed\xa0\x80")
_LINE = b"\n"


def mutated(target: Target, random: Random, data: bytes | None = None) -> bytes:
    """Another input: of a seed, a find or `data`, changed once to eight times."""
    made = bytearray(random.choice([*target.seeds, *target.found]) if data is None else data)
    for _ in range(random.choice((1, 1, 2, 3, 5, 8))):
        made = bytearray(random.choice(_CHANGES)(made, random, target))
    return bytes(made[: target.longest])


def _flip(made: bytearray, random: Random, _: Target) -> bytes:
    if made:
        made[random.randrange(len(made))] ^= 1 << random.randrange(8)
    return made


def _byte(made: bytearray, random: Random, _: Target) -> bytes:
    if made:
        made[random.randrange(len(made))] = random.randrange(256)
    return made


def _insert(made: bytearray, random: Random, target: Target) -> bytes:
    at = random.randrange(len(made) + 1)
    what = random.choice((*_EDGES, *target.tokens))
    return made[:at] + what + made[at + random.choice((0, 0, len(what))) :]


def _delete(made: bytearray, random: Random, _: Target) -> bytes:
    at = random.randrange(len(made) + 1)
    return made[:at] + made[at + random.choice((1, 1, 2, 4, 16, 256)) :]


def _repeat(made: bytearray, random: Random, _: Target) -> bytes:
    at = random.randrange(len(made) + 1)
    piece = made[at : at + random.choice((1, 2, 4, 16))]
    return made[:at] + piece * random.choice((2, 3, 10, 100, 1000)) + made[at:]


def _number(made: bytearray, random: Random, _: Target) -> bytes:
    """A run of digits becomes another number."""
    digits = [at for at, byte in enumerate(made) if 0x30 <= byte <= 0x39]
    if not digits:
        return made
    at = random.choice(digits)
    end = at
    while end < len(made) and 0x30 <= made[end] <= 0x39:
        end += 1
    return made[:at] + random.choice((b"0", b"-1", b"1e999", b"4294967296", b"0.5", b"99", b"NaN")) + made[end:]


def _lines(made: bytearray, random: Random, target: Target) -> bytes:
    """A line doubled, dropped, moved, or brought from another seed."""
    lines = bytes(made).split(_LINE)
    at = random.randrange(len(lines))
    match random.randrange(4):
        case 0:
            lines.insert(at, lines[random.randrange(len(lines))])
        case 1:
            del lines[at]
        case 2:
            lines.insert(random.randrange(len(lines)), lines.pop(at))
        case _:
            lines.insert(at, random.choice(random.choice(list(target.seeds)).split(_LINE)))
    return _LINE.join(lines)


def _splice(made: bytearray, random: Random, target: Target) -> bytes:
    other = random.choice(list(target.seeds))
    return made[: random.randrange(len(made) + 1)] + other[random.randrange(len(other) + 1) :]


_CHANGES = (_flip, _byte, _insert, _insert, _delete, _repeat, _number, _lines, _lines, _splice)
