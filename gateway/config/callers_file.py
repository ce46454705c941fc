"""A file of callers who must show a password: `user:realm:HA1` a line, as htdigest writes it.

HA1 is the hash of `user:realm:password`: SHA-256 by its 64 hexadecimal digits, MD5 by its 32. A telephone that
knows no SHA-256 (RFC 8760) has a line with MD5; it is offered to everybody then, but no one whose line has SHA-256
gets in by it.
"""

import re
from pathlib import Path
from typing import Final

from drivers.sip.digest import ALGORITHMS, CallerSecret
from gateway.config.password_file import PasswordFileWrong, text_of

_DIGITS: Final = {64: "SHA-256", 32: "MD5"}
_PART: Final = re.compile(r'[^\s:"\\][^:"\\]{0,62}[^\s:"\\]|[^\s:"\\]')
_HASH: Final = re.compile(r"[0-9a-fA-F]+")
_ALLOWED: Final = "allowed: user:realm:hash, what `sansheng password --caller USER@REALM` prints"


def read_callers(file: Path) -> tuple[CallerSecret, ...]:
    """The callers, one at least, all of one realm. Empty lines and those that begin with `#` are nobody. Raises
    PasswordFileWrong."""
    found: dict[tuple[str, str], CallerSecret] = {}
    for number, line in enumerate(text_of(file).split("\n"), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        caller = _caller(number, line)
        if (caller.user, caller.algorithm) in found:
            raise PasswordFileWrong(number, "names somebody who is there already; allowed: each once")
        if any(caller.realm != other.realm for other in found.values()):
            raise PasswordFileWrong(number, "names another realm; allowed: the same in every line")
        found[caller.user, caller.algorithm] = caller
    if not found:
        raise PasswordFileWrong(None, f"names nobody; {_ALLOWED}")
    return tuple(found.values())


def caller_line(user: str, realm: str, password: str) -> str:
    """The line of somebody with this password. Raises ValueError, in words."""
    if not _PART.fullmatch(user) or not _PART.fullmatch(realm):
        raise ValueError('a user and a realm have 1 to 64 characters, without : " and \\')
    if not password:
        raise ValueError("a password has at least one character")
    return f"{user}:{realm}:{ALGORITHMS['SHA-256'](f'{user}:{realm}:{password}'.encode()).hexdigest()}"


def _caller(number: int, line: str) -> CallerSecret:
    parts = line.split(":")
    if len(parts) != 3 or not all(_PART.fullmatch(part) for part in parts[:2]):
        raise PasswordFileWrong(number, f"is no user, realm and hash; {_ALLOWED}")
    algorithm = _DIGITS.get(len(parts[2]))
    if algorithm is None or not _HASH.fullmatch(parts[2]):
        raise PasswordFileWrong(number, f"holds no hash after the realm; {_ALLOWED}")
    return CallerSecret(parts[0], parts[1], algorithm, parts[2].lower())
