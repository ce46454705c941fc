"""Raw caller ID as hex (pure): SDMF and MDMF messages of the FSK presentation layer (GR-30, YD/T 1277.1)."""

SDMF, MDMF = 0x04, 0x80
LONGEST = 2 * (255 + 3)
"""Hex digits of the longest message: type, length, 255 bytes, checksum."""
_NUMBER, _DIALLED, _NO_NUMBER, _NAME, _NO_NAME = 0x02, 0x03, 0x04, 0x07, 0x08
_TAGS = {_NUMBER: "NMBR", _DIALLED: "NMBR", _NO_NUMBER: "NMBR", _NAME: "NAME", _NO_NAME: ""}


def hex_of(line: str) -> str | None:
    """The hex digits of a line that holds nothing else, blanks taken out; None for any other line."""
    word = line.replace(" ", "").upper()
    if len(word) < 2 or any(c not in "0123456789ABCDEF" for c in word):
        return None
    return word


def begins_message(digits: str) -> bool:
    """Whether hex digits can be the beginning of a caller ID message."""
    return len(digits) >= 8 and digits[:2] in ("04", "80") and int(digits[2:4], 16) >= 4


def whole(digits: str) -> bool:
    """Whether a message is complete: its length byte is met (the checksum may have been cut off)."""
    return len(digits) // 2 >= int(digits[2:4], 16) + 2


def fields(digits: str) -> dict[str, str]:
    """NMBR and NAME of a complete message; empty when its checksum or structure is wrong."""
    data = bytes.fromhex(digits[: len(digits) // 2 * 2])
    kind, length = data[0], data[1]
    body, checksum = data[2 : 2 + length], data[2 + length : 3 + length]
    if checksum and (sum(data[: 2 + length]) + checksum[0]) % 256:
        return {}
    if kind == SDMF:
        number = body[8:].decode("latin-1")
        return {"NMBR": number} if number else {}
    return parameters(body)


def parameters(body: bytes) -> dict[str, str]:
    """NMBR and NAME of MDMF parameters (tag, length, value …); stops at the first that does not fit."""
    found: dict[str, str] = {}
    position = 0
    while position + 2 <= len(body):
        tag, length = body[position], body[position + 1]
        value = body[position + 2 : position + 2 + length]
        if len(value) < length:
            break
        field = _TAGS.get(tag)
        if field:
            found[field] = value.decode("gb18030" if field == "NAME" else "latin-1", errors="replace")
        position += 2 + length
    return found
