"""Orders to play, on their way to the voice stream: read off the loop, held until the line can carry them."""

import asyncio
from collections.abc import Callable, Coroutine

import numpy as np
from numpy.typing import NDArray

from drivers.fxo.playback import PlayMark
from drivers.fxo.prompt_files import read_prompt
from drivers.fxo.voice_session import VoiceSession

Samples = NDArray[np.int16]


class Prompter:
    """`mark` is told when a play begins and ends, each once, however often it had to be begun."""

    def __init__(self, mark: Callable[[PlayMark], None]) -> None:
        self._mark = mark
        self._loop = asyncio.get_running_loop()
        self._session: VoiceSession | None = None
        self._newest = 0
        self._given: dict[int, Samples] = {}
        """What the stream plays, each until it says that it has ended."""
        self._started = 0
        self._changed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def play(self, play: int, recordings: tuple[str, ...]) -> None:
        """Play `recordings`, cutting what runs."""
        self._newest = play
        self._changed.set()
        self._begin(self._load(play, recordings))

    def stop(self) -> None:
        """Cut what runs or waits."""
        self._newest = 0
        self._changed.set()
        if self._session is not None:
            self._session.stop_playing()

    def open(self, session: VoiceSession) -> None:
        """The line can carry a prompt: whatever waits is played."""
        self._session = session
        self._changed.set()

    def hold(self) -> None:
        """The line has turned out to carry nothing: what plays has not been heard and waits, to begin anew."""
        self._session = None
        given, self._given = self._given, {}
        for play, pcm in given.items():
            self._begin(self._deliver(play, pcm))

    def close(self) -> None:
        """Nothing plays any more; what still waits is forgotten."""
        self._session = None
        for task in self._tasks:
            task.cancel()

    def emit(self, mark: PlayMark) -> None:
        """The stream tells of a play."""
        if mark.complete is None:
            if mark.play != self._started:
                self._started = mark.play
                self._mark(mark)
        elif self._given.pop(mark.play, None) is not None:
            self._mark(mark)

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _load(self, play: int, recordings: tuple[str, ...]) -> None:
        pcm = await read_prompt(recordings)
        if pcm is None:
            self._mark(PlayMark(play, complete=False))
        else:
            await self._deliver(play, pcm)

    async def _deliver(self, play: int, pcm: Samples) -> None:
        """Give it to the stream as soon as there is one, unless something newer was ordered meanwhile."""
        while self._session is None and self._newest == play:
            self._changed.clear()
            await self._changed.wait()
        if self._session is None or self._newest != play:
            self._mark(PlayMark(play, complete=False))
            return
        self._given[play] = pcm
        self._session.play(play, pcm)
