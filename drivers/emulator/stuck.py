"""A stuck modem: it lets everything pass by until what frees it has come. Pure: bytes in, bytes out."""

SEQUENCES = {"etx": b"\x10\x03", "stop": b"\x10!", "end": b"\x10^", "cr": b"\r", "at": b"AT\r", "reset": b"ATZ\r"}
"""What frees it, as far as it is sent over the port."""


class Stuck:
    """Watches the host's bytes for one sequence, over any number of reads."""

    def __init__(self) -> None:
        self._tail = b""

    def feed(self, data: bytes, freed_by: str) -> bytes | None:
        """None: still stuck. Else what the modem gets to see: the command line that freed it, if it is one, and
        what came after it."""
        wanted = SEQUENCES.get(freed_by)
        seen = self._tail + data.upper()
        if wanted is None or (at := seen.find(wanted)) < 0:
            self._tail = seen[-8:]
            return None
        self._tail = b""
        rest = data[max(0, at + len(wanted) - len(seen) + len(data)) :]
        return (wanted if wanted.startswith(b"AT") else b"") + rest
