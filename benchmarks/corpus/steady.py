"""Long scenes of one class each: the verdict must not change."""

from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.corpus import labels
from benchmarks.corpus.draw import Draw, Recipe, Sound
from benchmarks.corpus.spoken import at_level
from benchmarks.corpus.unspoken import comfort, idle, noisy
from gateway.prompts.speech_level import active_level

_MINUTE = 60.0


def recipes() -> Iterator[Recipe]:
    """All of them."""
    scenes: tuple[tuple[str, Callable[[Draw], Sound]], ...] = (
        ("silent", partial(idle, seconds=_MINUTE)),
        ("silent", partial(comfort, seconds=_MINUTE)),
        ("noisy", partial(noisy, name="white", low=-40, high=-25, seconds=_MINUTE)),
        ("noisy", partial(noisy, name="brown", low=-40, high=-25, seconds=_MINUTE)),
        ("noisy", partial(noisy, name="hum", low=-40, high=-20, seconds=_MINUTE)),
        ("noisy", partial(noisy, name="crowd", low=-35, high=-20, seconds=_MINUTE)),
        ("noisy", partial(noisy, name="engine", low=-35, high=-20, seconds=_MINUTE)),
        *(("speech", partial(_talking, recorded=recorded, low=-32, high=-20)) for recorded in (True, True, False)),
        *(("faint", partial(_talking, recorded=recorded, low=-46, high=-41)) for recorded in (True, True, False)),
        *(("loud", partial(_talking, recorded=recorded, low=-7, high=-5)) for recorded in (True, False)),
    )
    for verdict, make in scenes:
        yield Recipe("steady", verdict, make)


def _talking(draw: Draw, recorded: bool, low: float, high: float) -> Sound:
    speaker = draw.speaker(recorded)
    said = at_level(speaker.say(_MINUTE, draw.rng), draw.between(low, high))
    path = draw.path(("alaw", "ulaw", "linear16"), lossy=0.0)
    return Sound(said, labels.voice(said, said), speaker.name, path, voice_dbfs=active_level(said))
