"""The person at the terminal, by a script."""

from collections.abc import Iterable

from gateway.init.asking import Asker
from gateway.init.words import Language, Words


class Scripted:
    """Types these lines, one for each prompt; then has gone (Ctrl-D)."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.shown: list[str] = []
        self.secrets: list[str] = []

    def say(self, text: str) -> None:
        self.shown.append(text)

    def ask(self, prompt: str, *, secret: bool = False) -> str:
        (self.secrets if secret else self.shown).append(prompt)
        try:
            return next(self._lines)
        except StopIteration:
            raise EOFError from None

    @property
    def text(self) -> str:
        return "\n".join(self.shown)


def asked(*lines: str, language: Language = "en", **given: str) -> tuple[Asker, Scripted]:
    """Somebody who types `lines`, beside answers given by option."""
    terminal = Scripted(lines)
    return Asker(Words(language), _options(given), terminal), terminal


def nobody(**given: str) -> Asker:
    """No terminal, only options."""
    return Asker(Words("en"), _options(given), None)


def _options(given: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): text for name, text in given.items()}
