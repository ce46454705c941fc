"""What keeps a dialplan's recordings from going live, found without making any: `sansheng check` tells it."""

from collections.abc import Iterable, Iterator

from drivers.voice.errors import VoiceError
from gateway.config.faults import Fault
from gateway.dialplan.models import Dialplan
from gateway.dialplan.phrases import DIGITS, SPOKEN_DIGITS, Phrase
from gateway.prompts.folders import OwnRecordings, missing_recordings
from gateway.prompts.judge import unusable
from gateway.prompts.voice import RECORDED, voice_of

_EVERY_DIGIT = "".join(SPOKEN_DIGITS)
_TRIAL = "好"
"""Spoken once to know whether a voice speaks."""


def recording_faults(dialplan: Dialplan, agents: Iterable[str] = ()) -> list[Fault]:
    """Recordings that are missing or cannot be played, sentences in two voices, a voice that cannot speak.

    `agents` are the numbers of those who greet; none: anybody. Measures nothing: `sansheng prompts check` does.
    """
    own, agents = OwnRecordings(dialplan), tuple(agents)
    segments = [*own.segments, *own.wholes(agents)]
    files = dict.fromkeys(file for segment in segments if (file := own.file(segment)) is not None)
    faults = [*missing_recordings(dialplan), *(fault for file in files for fault in unusable(file))]
    if dialplan.voice != RECORDED:
        faults += _two_voices(dialplan, own, agents)
    if any(own.file(segment) is None for segment in own.segments):
        faults += _mute_voice(dialplan)
    return faults


def _two_voices(dialplan: Dialplan, own: OwnRecordings, agents: tuple[str, ...]) -> Iterator[Fault]:
    """Each sentence with a number of which people spoke a part, and the computer speaks the rest."""
    for phrase in own.phrases.values():
        if agents and all(_said_whole(own, phrase, agent) for agent in agents):
            continue
        digits = DIGITS.values() if phrase.path == ("call_back", "read_back") else ()  # the customer's number
        segments = dict.fromkeys([*phrase.segments(_EVERY_DIGIT), *digits])
        lacking = [f"{segment.key}.wav" for segment in segments if own.file(segment) is None]
        if 0 < len(lacking) < len(segments):
            message = (
                f"is said in two voices ({phrase.clause}), as {', '.join(lacking)} is not recorded; "
                "allowed: all its parts recorded, or none"
            )
            yield dialplan.document.fault(phrase.path, message)


def _said_whole(own: OwnRecordings, phrase: Phrase, agent: str) -> bool:
    whole = phrase.whole(agent)
    return whole is not None and own.file(whole) is not None


def _mute_voice(dialplan: Dialplan) -> Iterator[Fault]:
    voice = voice_of(dialplan.voice, dialplan.voice_folder)
    if voice is None:
        return
    try:
        voice.say(_TRIAL, phrase=_TRIAL, rate=dialplan.speaking_rate)
    except VoiceError as error:
        yield dialplan.document.fault(("voice",), str(error))
