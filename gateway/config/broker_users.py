"""Who may log in at the gateway's own broker: lines `name:hash`, and `name:hash:command` for who may ask for
something."""

from dataclasses import dataclass
from pathlib import Path

from gateway.config.passwords import is_hash

MAY_COMMAND = "command"
_LARGEST = 1_000_000
"""Bytes; far more than a site has people, and less than a file named by mistake."""
_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class BrokerUser:
    """Somebody who may read the feed; and ask for something, if `may_command`."""

    kept: str
    """The hash of his password."""
    may_command: bool


class UsersWrong(Exception):
    """The file cannot be used; `line` counts from 1. The message repeats nothing of the file."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def read_users(file: Path) -> dict[str, BrokerUser]:
    """The users by name. Empty lines and those that begin with `#` are none. Raises UsersWrong."""
    try:
        with file.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise UsersWrong(1, f"cannot be read ({error.strerror}); allowed: a readable file") from None
    except UnicodeDecodeError as error:
        raise UsersWrong(content.count(b"\n", 0, error.start) + 1, "is not UTF-8 text") from None
    if len(content) > _LARGEST:
        raise UsersWrong(1, f"has more than {_LARGEST} bytes; allowed: a line for each user")
    users: dict[str, BrokerUser] = {}
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        if line and not line.startswith("#"):
            name, user = _user(number, line)
            if name in users:
                raise UsersWrong(number, "names a user who is there already; allowed: each once")
            users[name] = user
    if not users:
        raise UsersWrong(1, "names no user; allowed: lines of name:hash, the hash from `sansheng password`")
    return users


def _user(number: int, line: str) -> tuple[str, BrokerUser]:
    name, _, rest = line.partition(":")
    kept, _, right = rest.partition(":")
    if not name or len(name) > _LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise UsersWrong(number, f"begins with no user's name; allowed: 1 to {_LONGEST_NAME} characters, then :")
    if not is_hash(kept):
        raise UsersWrong(number, "holds no hash after the name; allowed: what `sansheng password` prints")
    if right not in ("", MAY_COMMAND):
        raise UsersWrong(number, f"has something else after the hash; allowed: nothing, or :{MAY_COMMAND}")
    return name, BrokerUser(kept, right == MAY_COMMAND)
