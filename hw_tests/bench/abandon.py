"""What a program leaves behind that is killed in mid-call: the line seized and a voice stream running."""

import os
import select
import termios
import time
import tty

ANSWER = 5.0
"""Seconds for each answer."""


def abandon_a_stream(path: str) -> None:
    """Go off-hook, start +VRX and close the port without a word, DTR left high. Plain system calls: no code of the
    product is in the way. Raises AssertionError if the modem does not go along."""
    fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        tty.setraw(fd)
        hang_up_on_close(fd, False)
        for command, wanted in (
            ("ATZ", b"OK"),
            ("AT+FCLASS=8", b"OK"),
            ("AT+VLS=1", b"OK"),
            ("AT+VRX", b"CONNECT"),
        ):
            os.write(fd, command.encode() + b"\r")
            answer = _until(fd, wanted)
            assert wanted in answer, f"{command}: {answer!r}"
    finally:
        os.close(fd)


def restore(path: str) -> None:
    """Let a closing of the port drop DTR again."""
    fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        hang_up_on_close(fd, True)
    finally:
        os.close(fd)


def hang_up_on_close(fd: int, on: bool) -> None:
    """Whether the kernel drops DTR when the port is closed."""
    attributes = termios.tcgetattr(fd)
    attributes[2] = attributes[2] | termios.HUPCL if on else attributes[2] & ~termios.HUPCL
    termios.tcsetattr(fd, termios.TCSANOW, attributes)


def _until(fd: int, wanted: bytes) -> bytes:
    """All that comes up to `wanted`, or in ANSWER seconds; then a pause, as V.250 asks for."""
    read, end = b"", time.monotonic() + ANSWER
    while wanted not in read and (left := end - time.monotonic()) > 0:
        if select.select([fd], [], [], left)[0]:
            read += os.read(fd, 4096)
    time.sleep(0.2)
    return read
