"""A dialplan walked with its own recordings: people's where there are some, else the voice's."""

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from gateway.config import ConfigErrors
from gateway.dialplan import Call, Dialplan, Recording, Segment, compile_plan
from gateway.prompts import PromptBook
from gateway.walk.reckoned import Reckoned
from gateway.walk.script import Script
from gateway.walk.signalling import SIP, Signalling
from gateway.walk.walk import Walk, walk

RECORDING = "walk.wav"
"""Where a call would be recorded."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A walk, and the recordings that it had to do without."""

    walk: Walk
    missing: tuple[str, ...]
    """Names of recordings that nobody has made, or that cannot be used: they were taken to be as long as
    `speaking_rate` makes them."""


def rehearse(dialplan: Dialplan, call: Call, script: Script, signalling: Signalling = SIP) -> Rehearsal:
    """Walk one call, offered at `call.at`, which must be set. Nothing stays on disk.

    What is said is synthesised where nobody has recorded it, and nothing else is: a fraction of a second. Raises
    ConfigErrors where the voice or the disk fails.
    """
    # Real calls are recorded, answers apart; on a virtual line the order is all there is of it.
    recorded = replace(call, recording=call.recording or RECORDING)
    try:
        folder = TemporaryDirectory(prefix="sansheng-walk-")
    except OSError as error:
        message = (
            f"no temporary folder for what is synthesised ({error.strerror}); free one, or name one in TMPDIR"
        )
        raise ConfigErrors([dialplan.document.fault((), message)]) from error
    with folder:
        book = PromptBook(dialplan, Path(folder.name))
        return _rehearse(dialplan, recorded, script, signalling, book)


def _rehearse(
    dialplan: Dialplan, call: Call, script: Script, signalling: Signalling, book: PromptBook
) -> Rehearsal:
    """Walk again and again, each time with the recordings of what was said the last time, until all are there."""
    assert call.at is not None, "a walk needs its day"
    own = {segment for segment, _, origin in book.listing([call.agent]) if origin == "own"}
    known: dict[Segment, Recording] = {}
    tried: set[Segment] = set()
    while True:
        recordings = Reckoned(dialplan.speaking_rate, known, own)
        result = walk(compile_plan(dialplan, recordings, call), script, call.at, signalling)
        played = {path for prompt in result.said for path in prompt.recordings}
        wanted = {segment for path, segment in recordings.reckoned.items() if path in played} - tried
        if not wanted:
            return Rehearsal(result, tuple(sorted(segment.key for segment in tried - known.keys())))
        known |= book.gather([call.agent], only=wanted).recordings
        tried |= wanted
