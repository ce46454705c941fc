"""Scenes of our own prompt coming back: alone, and under a customer who talks over it."""

from collections.abc import Iterator
from functools import partial

from benchmarks.corpus import labels
from benchmarks.corpus.draw import RATE, SOUND, Draw, Recipe, Signal, Sound
from benchmarks.corpus.spoken import at_level
from benchmarks.material import echo
from gateway.prompts.speech_level import active_level

LOSSES = (10, 15, 20, 25, 30)
"""dB that the echo is weaker than the prompt."""
_ALONE, _TALK = 8, 8
_LONGEST_DELAY = 0.3
"""Seconds: the round trip through packet buffers on both sides."""
_CODECS = ("alaw", "alaw", "ulaw", "linear16")


def recipes() -> Iterator[Recipe]:
    """All of them."""
    for loss in LOSSES:
        for _ in range(_ALONE):
            yield Recipe("echo", f"prompt alone, {loss} dB", partial(alone, loss=loss))
        for _ in range(_TALK):
            yield Recipe("echo", f"customer over prompt, {loss} dB", partial(_talked_over, loss=loss))


def alone(draw: Draw, loss: float, seconds: float = SOUND) -> Sound:
    """The prompt's echo while the far end says nothing."""
    prompt, back, how = _prompt(draw, loss, seconds)
    return Sound(back, labels.SILENT, how, draw.path(_CODECS, lossy=0.0), near=prompt)


def _talked_over(draw: Draw, loss: float) -> Sound:
    until = draw.between(2.5, 4.5)
    prompt, back, how = _prompt(draw, loss, until + SOUND)
    customer = draw.speaker()
    said = at_level(customer.say(SOUND, draw.rng), draw.between(-30, -16))
    start = len(back) - len(said)
    return Sound(
        said + back[start:],
        labels.voice(said, said + back[start:]),
        f"{customer.name} over {how}",
        draw.path(_CODECS, lossy=0.0),
        before=back[:start],
        near=prompt,
        voice_dbfs=active_level(said),
    )


def _prompt(draw: Draw, loss: float, seconds: float) -> tuple[Signal, Signal, str]:
    """What we play, what comes of it back, both of `seconds`, and how."""
    speaker = draw.speaker()
    prompt = at_level(speaker.say(seconds, draw.rng), draw.between(-24, -18))
    delay = draw.between(0, _LONGEST_DELAY)
    spread = int(draw.rng.integers(16, 97))
    prompt[len(prompt) - round(delay * RATE) - spread :] = 0.0  # so that the last of its echo ends with the sound
    back = echo(prompt, loss, delay, spread, draw.seed())
    how = f"prompt of {speaker.name}, its echo after {delay * 1000:.0f} ms, smeared over {spread} samples"
    return prompt, back, how
