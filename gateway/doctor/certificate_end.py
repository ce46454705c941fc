"""When a certificate ends (RFC 5280 §4.1.2.5). The standard library tells it of authorities' and peers' alone, and
a package that reads all of it would be larger than the rest of the doctor; so these few bytes are read here."""

import ssl
from datetime import UTC, datetime
from typing import Final

_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
_VERSION: Final = 0xA0
_UTC_TIME: Final = 0x17
_VALIDITY: Final = 3
"""Its place in the signed part: after serial number, algorithm and issuer."""


def end_of(pem: bytes) -> float:
    """When the first certificate of a PEM file ends, in seconds since 1970. Raises ValueError for what is none."""
    text = pem.decode("ascii", "replace")
    first = text[text.index(_BEGIN) : text.index(_END) + len(_END)]
    try:
        signed = _parts(_parts(_parts(ssl.PEM_cert_to_DER_cert(first))[0][1])[0][1])
        fields = [content for tag, content in signed if tag != _VERSION]
        tag, told = _parts(fields[_VALIDITY])[1]
        form = "%y%m%d%H%M%SZ" if tag == _UTC_TIME else "%Y%m%d%H%M%SZ"
        return datetime.strptime(told.decode("ascii"), form).replace(tzinfo=UTC).timestamp()
    except IndexError:
        raise ValueError("it is no certificate") from None


def _parts(der: bytes) -> list[tuple[int, bytes]]:
    """The values that stand in a row, as (tag, content) (X.690 §8.1)."""
    found = []
    place = 0
    while place < len(der):
        tag, length, place = der[place], der[place + 1], place + 2
        if length & 0x80:
            more = length & 0x7F
            length, place = int.from_bytes(der[place : place + more]), place + more
        found.append((tag, der[place : place + length]))
        place += length
    return found
