"""Which prompt a file's name means."""

import difflib
from collections.abc import Iterable

from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import Segment, phrases_of, segments_of


class Names:
    """The names that a dialplan's recordings have."""

    def __init__(self, dialplan: Dialplan, agents: Iterable[str] = ()) -> None:
        """With `agents` (numbers) known, only theirs may be in the name of a recording in an agent's own voice."""
        self._phrases = phrases_of(dialplan)
        self._agents = tuple(agents)
        self._segments = {segment.key: segment for segment in segments_of(dialplan)}
        for phrase in self._phrases.values():
            for agent in self._agents:
                whole = phrase.whole(agent)
                if whole is not None:
                    self._segments[whole.key] = whole

    def segment(self, stem: str) -> Segment | None:
        """The recording that a file `<stem>.wav` is, or None."""
        return self._segments.get(stem) or self._of_some_agent(stem)

    def unknown(self, stem: str) -> str:
        """What to tell about a file that is none of them."""
        near = difflib.get_close_matches(stem, self._segments, n=1, cutoff=0.5)
        meant = f"did you mean {near[0]}? " if near else ""
        return f"fits no prompt; {meant}`sansheng prompts list` shows every name"

    def _of_some_agent(self, stem: str) -> Segment | None:
        """An agent's own recording, where no agents are known to tell."""
        key, _, number = stem.rpartition("-")
        phrase = self._phrases.get(key)
        if self._agents or phrase is None or not (number.isdigit() and number.isascii()):
            return None
        return phrase.whole(number)
