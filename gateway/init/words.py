"""Everything that `sansheng init` and `sansheng try` say, English and Chinese side by side."""

from collections.abc import Mapping
from typing import Literal

from gateway.init.phrases import PHRASES

Language = Literal["en", "zh"]


def language_of(environ: Mapping[str, str]) -> Language:
    """By the locale's variables, in POSIX's order (IEEE 1003.1, 8.2): Chinese for `zh…`, else English."""
    named = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    return "zh" if named.lower().startswith("zh") else "en"


class Words:
    """The phrases in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, key: str, **fields: object) -> str:
        """The phrase `key`, its {names} filled in."""
        english, chinese = PHRASES[key]
        return (chinese if self.language == "zh" else english).format(**fields)
