"""The verdict on a line from what its last frames were. Thresholds as drivers.line.Verdict defines them.

Frames that may be our own echo are no evidence of anything and are left out.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.hearing.frames import frames_in
from drivers.hearing.levels import power_dbfs
from drivers.hearing.memory import Frame, Memory
from drivers.hearing.noise import voice_over_noise, weakest_moment
from drivers.line import Verdict

_EVERY: Final = frames_in(0.1)  # how often the verdict is thought over
_RECENT: Final = frames_in(1.0)
_BLOCK: Final = frames_in(0.2)
_SOME_EVIDENCE: Final = frames_in(0.2)  # of the last second, for a verdict beside our own prompt
_FULL_EVIDENCE: Final = frames_in(0.9)  # of it, to hold single sounds for nothing
_VOICE_BEGINS: Final = 12  # voiced frames within the last second
_SURELY_BEGINS: Final = 4  # or so many of which there is no doubt: a curt 喂 has no more
_WORD_OVER: Final = frames_in(0.16)  # since the last voiced frame of a word said by itself
_VOICE_ENDS: Final = 3  # this few voiced frames are left within _PAUSE: the speaker has stopped
_PAUSE: Final = frames_in(1.0)  # with the model's own lag people may pause 1.1 s; the verdict is due at 1.5 s
_BEFORE: Final = frames_in(1.2)  # how far before a voice the sound that it is part of is looked for
_STILL_TALKING: Final = frames_in(0.3)  # without a voiced frame for so long, nothing new is known of the voice
_INSTEAD: Final = frames_in(0.6)  # of noise without a voice; a cough between two words is shorter
_CLEAR_SNR: Final = 13.0  # dB: at this or more a starting voice is classed at once, else after _PATIENCE
_CLEAR_LEVEL: Final = 3.0  # dB from a threshold, likewise
_HASTE: Final = frames_in(0.5)  # a first syllable may be 10 dB weaker than the next
_PATIENCE: Final = frames_in(0.8)
_DOUBTFUL: Final = frames_in(0.6)
_AUDIBLE: Final = 0.1  # 10 dB: a voice's weaker syllables
_TAIL: Final = frames_in(0.1)  # how long the voice detector may go on after the voice
_ENOUGH_VOICE: Final = 15  # voiced frames that make a level of their own
_LEVEL_JUMP: Final = 5.0  # dB between the last second and before: the caller came closer or went away

_SILENT_BELOW: Final = -50.0
_NOISY_FROM: Final = -45.0
_MIN_SNR: Final = 10.0
_FAINT_BELOW: Final = -38.0
_LOUD_ABOVE: Final = -10.0
_CLIPPED_SHARE: Final = 0.001
_UNCLIPPED_SHARE: Final = 0.0002  # over _LONG, before a voice that clipped no longer does
_LONG: Final = frames_in(2.0)
_NOISY_BLOCKS: Final = 4  # of the five of a second: one cough fills three, crackle all
_MUSIC_BLOCKS: Final = 7  # of the ten of _LONG: music may have rests, two coughs fill six
_TWICE: Final = 2
_DENSE: Final = 8  # longest a voice without a gap passed for a noisy one in the training half: 0.7 s
_STICK: Final = 1.5  # dB a settled verdict must be left by


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict with its figures, as in VerdictHeard."""

    verdict: Verdict
    level_dbfs: float
    snr_db: float | None


def _loud_blocks(power: NDArray[np.float64]) -> int:
    whole = power[len(power) % _BLOCK :].reshape(-1, _BLOCK)
    return int(np.count_nonzero(whole.max(axis=1) >= 10 ** (_NOISY_FROM / 10)))


class Judge:
    """Takes a frame at a time, gives a Finding whenever the verdict changes."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget what was heard."""
        self._memory = Memory()
        self._voice_since: int | None = None
        self._sound_since = 0
        self._beside_prompt = -_INSTEAD
        """The last frame in which a prompt's echo may have been."""
        self._last_active = 0.0
        self._verdict: Verdict | None = None
        self._candidate: Verdict | None = None
        self._times = 0

    def hear(self, frame: Frame) -> Finding | None:
        """One frame more."""
        # A voice as strong as the one that was there would not have been hidden.
        gone = not frame.evidence and self._talking and frame.hidden_below < _AUDIBLE * self._last_active
        if frame.hidden_below > 0.0:
            self._beside_prompt = self._memory.heard
        self._memory.add(frame, gone=gone)
        return self._think() if self._memory.heard % _EVERY == 0 else None

    @property
    def _talking(self) -> bool:
        return self._verdict in (Verdict.SPEECH, Verdict.FAINT, Verdict.LOUD)

    def disregard_last(self) -> None:
        """The last frame turned out to be the edge of a tone: silence after all, unless it is voice."""
        self._memory.last_was_tone()

    def disregard_voice(self) -> None:
        """What was heard in the last half second was our own echo after all."""
        self._memory.disregard(_DOUBTFUL)
        self._candidate = None
        if not self._talking:
            self._voice_since = None

    def _think(self) -> Finding | None:
        finding = self._with_voice() if self._is_voice() else self._without_voice()
        if finding is None or finding.verdict is self._verdict:
            self._candidate = None
            return None
        if finding.verdict is not self._candidate:
            self._candidate, self._times = finding.verdict, 0
        self._times += 1
        if self._verdict is not None and self._times < self._needed(finding):
            return None
        self._verdict, self._candidate = finding.verdict, None
        return finding

    def _needed(self, finding: Finding) -> int:
        """How often in a row it must have been found: what lives for 0.1 s is a flutter at a threshold, and people
        who talk without a gap look for a moment as if there were noise."""
        under_voice = finding.verdict is Verdict.NOISY and finding.snr_db is not None
        return _DENSE if self._talking and under_voice else _TWICE

    def _is_voice(self) -> bool:
        if self._voice_since is not None:
            if self._memory.count_voiced(_PAUSE) <= _VOICE_ENDS:
                self._voice_since = None
        else:
            voiced = self._memory.voiced(_RECENT)
            sure = self._memory.count_sure(_RECENT)
            if np.count_nonzero(voiced) >= _VOICE_BEGINS or sure >= _SURELY_BEGINS:
                self._voice_since = self._memory.heard - len(voiced) + int(voiced.argmax())
                self._sound_since = self._sound_start(self._voice_since)
        return self._voice_since is not None

    def _without_voice(self) -> Finding | None:
        if self._memory.heard < _RECENT:
            return None
        power = self._memory.power(_RECENT)
        # A signalling tone is as good as silence: it is neither voice nor noise.
        sound = self._memory.sound(_RECENT)
        power = np.where(sound, power, 0.0)
        counted = int(np.count_nonzero(self._memory.evidence(_RECENT)))
        level = power_dbfs(float(power.sum()) / max(counted, 1))
        if self._talking and counted < _FULL_EVIDENCE:
            return None  # what an echo hides may go on: a voice is not given up on the gaps alone
        if level >= _NOISY_FROM and self._goes_on(power):
            return Finding(Verdict.NOISY, level, None)
        # Nor is noise given up for silence.
        settled = self._verdict not in (None, Verdict.SILENT)
        if counted < (_FULL_EVIDENCE if settled else _SOME_EVIDENCE):
            return None
        if level >= _SILENT_BELOW and (self._verdict is Verdict.NOISY or counted < _FULL_EVIDENCE):
            return None
        return Finding(Verdict.SILENT, level, None)

    def _goes_on(self, power: NDArray[np.float64]) -> bool:
        """Whether the sound of the last second (its frames' powers) is more than a cough or a click."""
        maybe_voice = self._memory.count_voiced(_RECENT) > _VOICE_ENDS
        if _loud_blocks(power) >= _NOISY_BLOCKS + maybe_voice:
            return True
        longer = np.where(self._memory.sound(_LONG), self._memory.power(_LONG), 0.0)
        return not maybe_voice and _loud_blocks(longer) >= _MUSIC_BLOCKS

    def _sound_start(self, voice_since: int) -> int:
        """When the sound that the voice is part of began: after the last silent frame of the second before."""
        power = self._memory.power(_BEFORE)
        silent = np.flatnonzero(power < 10 ** (_SILENT_BELOW / 10))
        silent = silent[silent < len(power) - (self._memory.heard - voice_since)]
        return self._memory.heard - len(power) + (int(silent[-1]) + 1 if len(silent) else 0)

    def _with_voice(self) -> Finding | None:
        assert self._voice_since is not None
        over = int(self._memory.voiced(_PAUSE)[::-1].argmax())  # frames since the last voiced one
        single = self._verdict in (None, Verdict.SILENT) and over >= _WORD_OVER
        if over >= _STILL_TALKING and not single:
            return self._noise_instead(over)
        since = self._memory.heard - self._voice_since
        voice = self._voice_power(since)
        snr = self._over_rest(voice, over) if single else self._over_noise(voice)
        level = power_dbfs(voice)
        if self._verdict in (None, Verdict.SILENT) and not (
            self._clear(level, snr) or (single and snr >= _CLEAR_SNR)
        ):
            return None
        return Finding(self._voice_class(level, snr), level, round(snr, 1))

    def _noise_instead(self, over: int) -> Finding | None:
        """Noisy, if what came after the voice is no pause but a noise that would have drowned it."""
        rest = over - _TAIL
        beside_prompt = self._memory.heard - self._beside_prompt <= over
        if over < _INSTEAD or beside_prompt or not self._memory.sound(rest).all():
            return None
        power = self._memory.power(rest)
        noise = weakest_moment(power)
        drowned = power_dbfs(self._last_active) - power_dbfs(noise) < _MIN_SNR - _STICK
        if power_dbfs(noise) < _NOISY_FROM or not drowned:
            return None
        return Finding(Verdict.NOISY, power_dbfs(float(power.mean())), None)

    def _clear(self, level: float, snr: float) -> bool:
        """Whether a voice that has just begun can be classed already."""
        since = self._memory.heard - self._sound_since
        if not _HASTE <= since < _PATIENCE:
            return since >= _PATIENCE
        far = min(abs(level - _FAINT_BELOW), abs(level - _LOUD_ABOVE)) >= _CLEAR_LEVEL
        return snr >= _CLEAR_SNR and far

    def _voice_class(self, level: float, snr: float) -> Verdict:
        """The class, the present one being left only by _STICK dB."""

        def edge(verdict: Verdict, threshold: float, towards: float) -> float:
            return threshold + (towards * _STICK if self._verdict is verdict else 0.0)

        # In doubt it is no noise: a first estimate of it errs on the side of more.
        if snr < _MIN_SNR + (_STICK if self._verdict is Verdict.NOISY else -_STICK):
            return Verdict.NOISY
        if level > edge(Verdict.LOUD, _LOUD_ABOVE, -1) or self._is_clipped():
            return Verdict.LOUD
        faint_below = _FAINT_BELOW - (_STICK if self._verdict is Verdict.SPEECH else 0.0)
        return Verdict.FAINT if level < edge(Verdict.FAINT, faint_below, 1) else Verdict.SPEECH

    def _is_clipped(self) -> bool:
        if self._verdict is Verdict.LOUD:
            return self._memory.clipped(_LONG) > _UNCLIPPED_SHARE
        return self._memory.clipped(_RECENT) > _CLIPPED_SHARE

    def _voice_power(self, since: int) -> float:
        """Mean power of the active voice: of the last second after a jump, else over all that is remembered."""
        long = self._active_power(since)
        if since <= _RECENT or self._memory.count_voiced(_RECENT) < _ENOUGH_VOICE:
            return long
        recent = self._active_power(_RECENT)
        return recent if abs(power_dbfs(recent) - power_dbfs(long)) > _LEVEL_JUMP else long

    def _active_power(self, frames: int) -> float:
        power = self._memory.power(frames)[self._memory.voiced(frames)]
        if not len(power):
            return self._last_active
        self._last_active = float(np.add.reduce(power)) / len(power)
        return self._last_active

    def _over_rest(self, voice: float, over: int) -> float:
        """How far (dB) a word said by itself stands over what it left behind: the noise that lay under it."""
        rest = self._memory.power(over)[-max(1, over - _TAIL // 2) :]
        noise = float(np.partition(rest, len(rest) // 2)[len(rest) // 2])
        return power_dbfs(voice - noise) - power_dbfs(noise)

    def _over_noise(self, voice: float) -> float:
        """How far (dB) the voice stands over the noise heard with it, up to its last frame."""
        voiced = self._memory.voiced(_STILL_TALKING)
        over = int(voiced[::-1].argmax()) + _TAIL  # frames since the voice, the noise may have stopped with it
        since = self._memory.heard - self._sound_since
        power, bands = self._memory.power(since), self._memory.bands(since)
        until = max(len(power) - over, 0)
        return voice_over_noise(voice, power[:until], bands[:until])
