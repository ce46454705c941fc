"""How passwords of people who log in here are kept: as argon2id hashes (RFC 9106), never themselves."""

import unicodedata

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""OWASP's least for argon2id: 2 passes over 19 MiB, some 30 ms of one core; RFC 9106's 64 MiB by four threads
would be felt by the calls of a small machine."""
LONGEST = 1024
"""Characters of a password; longer ones are nobody's."""
_MOST_WORK = 1_048_576
"""KiB times passes that a hash made elsewhere may ask for: some two seconds of one core."""


def hashed(password: str) -> str:
    """The hash to be kept in a file: one line, without colons and blanks. Takes some 30 ms and 19 MiB. Raises
    ValueError, in words, for a password that nobody could log in with."""
    if not password or len(password) > LONGEST:
        raise ValueError(f"a password has 1 to {LONGEST} characters")
    try:
        return _HASHER.hash(_normal(password))
    except UnicodeEncodeError:
        raise ValueError("a password is UTF-8 text") from None


def matches(kept: str, password: str) -> bool:
    """Whether the hash `kept` is this password's; False too for what is no hash. Takes as long as `hashed`, and
    does not hold the interpreter: call it in a thread."""
    if not is_hash(kept) or len(password) > LONGEST:
        return False
    try:
        return _HASHER.verify(kept, _normal(password))
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


def is_hash(text: str) -> bool:
    """Whether a text is such a hash, and one that can be verified in reasonable time."""
    try:
        asked = extract_parameters(text)
    except (InvalidHashError, ValueError):
        return False
    return text.isascii() and 0 < asked.memory_cost * asked.time_cost <= _MOST_WORK


def _normal(password: str) -> str:
    """One form for what looks the same on every keyboard (RFC 8265 §4.2.2, OpaqueString)."""
    return unicodedata.normalize("NFC", password)
