"""`sansheng password`: the hash of a password, for a file."""

import getpass
import sys

from gateway.cli.exits import FAULT, GOOD, complain
from gateway.config.callers_file import caller_line
from gateway.config.passwords import LONGEST, hashed


def password(caller: str | None = None) -> int:
    """Print the hash of what is typed twice at a terminal, or of the first line of a pipe; for `caller`, a
    `user@realm`, his line of a callers_file. Gives the exit code."""
    try:
        given = _asked() if sys.stdin.isatty() else _piped()
        if caller is None:
            line = hashed(given)
        else:
            user, _, realm = caller.rpartition("@")
            line = caller_line(user, realm, given)
        sys.stdout.write(line + "\n")
    except (ValueError, EOFError) as error:
        return complain(error if str(error) else "no password was given", FAULT)
    return GOOD


def _asked() -> str:
    first = getpass.getpass("Password: ", stream=sys.stderr)
    if getpass.getpass("Again: ", stream=sys.stderr) != first:
        raise ValueError("the two are not the same; nothing was made")
    return first


def _piped() -> str:
    line = sys.stdin.buffer.readline(4 * LONGEST + 2)
    try:
        return line.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise ValueError("a password is UTF-8 text") from None
