"""Troubles that stand, each retained on a topic of its own until it is cured, and told on `alert`. Pure."""

from collections.abc import Callable
from datetime import datetime

from gateway.feed.encoding import Message, encode, rfc3339
from gateway.feed.topics import Topics

NO_MORE = b""
"""An empty retained message: the broker forgets the topic (MQTT 3.1.1 §3.3.1.3)."""


class Standing:
    """The troubles of one line, or of the gateway itself. On `alert` each `trouble` is followed by its
    `trouble_over` before there is another one with its code."""

    def __init__(self, topics: Topics, line: str | None) -> None:
        """`line` is None for those of the gateway's own."""
        self._alert = topics.alert
        self._topic: Callable[[str], str] = (
            topics.trouble if line is None else lambda code: topics.line_alert(line, code)
        )
        self._line = line
        self._of = {} if line is None else {"line": line}
        self._words: dict[str, str] = {}
        """What is wrong at present, in words, by its code."""

    @property
    def codes(self) -> tuple[str, ...]:
        """Of what stands."""
        return tuple(self._words)

    def raised(self, code: str, detail: str, at: datetime) -> list[Message]:
        """The trouble stands from now on. Told again it changes nothing; with other words it shows those."""
        before = self._words.get(code)
        if before == detail:
            return []
        self._words[code] = detail
        fields = {"code": code, "detail": detail, "ts": rfc3339(at)}
        state = Message(self._topic(code), encode(self._of | fields), retained=True)
        return [state, *([self._event("trouble", fields)] if before is None else [])]

    def cured(self, code: str, detail: str, at: datetime) -> list[Message]:
        """It stands no more, and how that is known; nothing where it did not stand."""
        if self._words.pop(code, None) is None:
            return []
        fields = {"code": code, "detail": detail, "ts": rfc3339(at)}
        return [Message(self._topic(code), NO_MORE, retained=True), self._event("trouble_over", fields)]

    def _event(self, name: str, fields: dict[str, str]) -> Message:
        return Message(self._alert, encode({"event": name, "line": self._line, **fields}), retained=False)
