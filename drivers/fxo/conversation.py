"""An answered call's voice streams: full duplex if the modem can, else half; connected anew when one dies."""

import logging
from collections.abc import Callable

from drivers.fxo.codecs import Coding
from drivers.fxo.dialogue import probe
from drivers.fxo.duplex import DuplexSession
from drivers.fxo.errors import AnswerFailed, StreamLost
from drivers.fxo.event_codes import OVERRUN, STARVED
from drivers.fxo.far_end import FarEnd
from drivers.fxo.half_duplex import HalfDuplexSession
from drivers.fxo.joined import Joined
from drivers.fxo.modem import Modem
from drivers.fxo.profiles import Profile
from drivers.fxo.prompter import Prompter
from drivers.fxo.voice_session import VoiceSession, try_start

logger = logging.getLogger(__name__)

STREAM_RESTARTS = 2
"""Times a stream that the modem dropped is connected again within one call."""


class Conversation:
    """One call's, through all its streams. `over` tells when no stream is wanted any more; `make_far_end` makes
    who hears; `duplex_known` is told whether the call can hear while it plays."""

    def __init__(
        self,
        modem: Modem,
        profile: Profile,
        prompter: Prompter,
        make_far_end: Callable[[Coding], FarEnd],
        over: Callable[[], bool],
        duplex_known: Callable[[bool], None],
    ) -> None:
        self._modem = modem
        self._profile = profile
        self._prompter = prompter
        self._make_far_end = make_far_end
        self._over = over
        self._duplex_known = duplex_known
        self._far_end: FarEnd | None = None
        self._session: VoiceSession | None = None
        self._joined: Joined | None = None

    @property
    def connected(self) -> bool:
        """Whether a stream has been up in this call."""
        return self._session is not None

    @property
    def playing(self) -> bool:
        """Whether a prompt is on the line or about to be."""
        return self._session is not None and self._session.playing

    @property
    def somebody_heard(self) -> bool:
        """Whether a voice or a key has been heard: the line is ours beyond doubt."""
        return self._far_end is not None and self._far_end.somebody

    def line_time(self, now: float) -> float:
        """When what is being taken was on the line; all times in the loop's seconds."""
        return now if self._far_end is None else self._far_end.line_time(now)

    async def connect(self, coding: Coding) -> None:
        """Raises AnswerFailed if the modem can neither, NoAnswer, PortLost."""
        far_end = self._far_end = self._far_end or self._make_far_end(coding)
        emit, profile = self._prompter.emit, self._profile
        full = await self._start(DuplexSession(self._modem, coding, profile.end_duplex, far_end, emit))
        self._duplex_known(full)
        if not full and not await self._start(HalfDuplexSession(self._modem, coding, far_end, emit, profile)):
            raise AnswerFailed("the modem says it is off-hook and refuses +VTR and +VRX")

    async def talk(self) -> None:
        """Carry audio until it is over. Raises StreamLost when the stream cannot be kept, NoAnswer, PortLost."""
        assert self._session is not None
        restarts = 0
        while not self._over():
            try:
                await self._session.run()
            except StreamLost as exc:
                restarts += 1
                logger.warning("%s", exc)
                await self._modem.escape()
                await probe(self._modem)
                if restarts > STREAM_RESTARTS or not await self._start(self._session):
                    raise

    def settled(self) -> None:
        """The line can carry a prompt."""
        if self._session is not None:
            self._prompter.open(self._session)

    def join(self, joined: Joined | None) -> None:
        """Exchange audio with another leg, in place of the one before; None: with no one any more."""
        before, self._joined = self._joined, joined
        if self._session is not None:
            self._session.join(joined)
        if before is not None:
            before.close()

    def end(self) -> None:
        """Let `talk` return."""
        if self._session is not None:
            self._session.end()

    def audio_received(self, audio: bytes) -> None:
        """Audio of the stream."""
        if self._session is not None:
            self._session.audio_received(audio)

    def code_received(self, code: str, now: float) -> None:
        """An event code that came with the stream."""
        if code == OVERRUN and self._far_end is not None:
            self._far_end.overrun(now)
        elif self._session is not None and code == STARVED:
            self._session.ran_dry()
        elif self._session is not None:
            self._session.code_received(code, now)

    def close(self) -> None:
        """The call is over."""
        self.join(None)
        if self._far_end is not None:
            self._far_end.close()

    async def _start(self, session: VoiceSession) -> bool:
        """Whether the stream is up."""
        self._session = session
        session.join(self._joined)
        started = await try_start(session, self._modem)
        if started and self._over():
            session.end()
        return started
