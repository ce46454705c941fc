"""The fields of an MQTT packet, one after the other (MQTT 3.1.1 §1.5). Pure."""


class Malformed(ValueError):
    """These bytes are no packet of ours."""


class Fields:
    """Of a packet without its fixed header. Raises Malformed where there is none left."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    @property
    def at_end(self) -> bool:
        """Whether there is nothing left."""
        return self._at == len(self._body)

    def byte(self) -> int:
        """One byte."""
        return self._take(1)[0]

    def number(self) -> int:
        """Two bytes, the high one first."""
        high, low = self._take(2)
        return high * 256 + low

    def data(self) -> bytes:
        """Bytes, after their number."""
        return self._take(self.number())

    def text(self) -> str:
        """The same in UTF-8, without null characters."""
        try:
            text = self.data().decode()
        except UnicodeDecodeError:
            raise Malformed("not UTF-8") from None
        if "\0" in text:
            raise Malformed("holds a null character")
        return text

    def rest(self) -> bytes:
        """All that is left."""
        return self._take(len(self._body) - self._at)

    def _take(self, count: int) -> bytes:
        taken = self._body[self._at : self._at + count]
        if len(taken) < count:
            raise Malformed("cut short")
        self._at += count
        return taken
