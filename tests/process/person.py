"""A person at a terminal: the real program on a pseudo-terminal, read and answered."""

import asyncio
import os
import pty
import signal
from types import TracebackType

from tests.broker import PATIENCE
from tests.process.gateway import SANSHENG


class Person:
    """Runs `sansheng …` at a terminal. `seen` is what it has shown so far."""

    def __init__(self, *arguments: str, language: str = "C.UTF-8") -> None:
        self._arguments = arguments
        self._environ = {**os.environ, "LANG": language, "LC_ALL": language, "COLUMNS": "200"}
        self.seen = ""
        self._read_to = 0
        self._news = asyncio.Event()

    async def __aenter__(self) -> "Person":
        self._mine, theirs = pty.openpty()
        self._process = await asyncio.create_subprocess_exec(
            SANSHENG,
            *self._arguments,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=self._environ,
            start_new_session=True,
            # A shell that runs the tests in the background has them ignore it.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        os.close(theirs)
        asyncio.get_running_loop().add_reader(self._mine, self._read)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.get_running_loop().remove_reader(self._mine)
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        os.close(self._mine)
        print(self.seen)  # shown beside a failure
        assert "Traceback" not in self.seen

    def _read(self) -> None:
        try:
            data = os.read(self._mine, 65536)
        except OSError:  # its last writer has gone
            asyncio.get_running_loop().remove_reader(self._mine)
        else:
            self.seen += data.decode(errors="replace").replace("\r\n", "\n")
        self._news.set()

    async def until(self, text: str) -> None:
        """Until it has shown `text` anew."""
        try:
            async with asyncio.timeout(PATIENCE):
                while (found := self.seen.find(text, self._read_to)) < 0:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"{text!r} was not shown:\n{self.seen[self._read_to :]}") from None
        self._read_to = found + len(text)

    async def answers(self, question: str, line: str) -> None:
        """Types `line` once it is asked a question that holds these words."""
        await self.until(question)
        os.write(self._mine, f"{line}\n".encode())

    def presses_ctrl_c(self) -> None:
        """What the terminal does then."""
        self._process.send_signal(signal.SIGINT)

    async def ended(self) -> int:
        """Its exit code."""
        async with asyncio.timeout(PATIENCE):
            return await self._process.wait()
