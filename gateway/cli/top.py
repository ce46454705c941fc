"""`sansheng top`: the lines of a running gateway, live, from its feed."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiomqtt import MqttError
from rich.console import Console
from rich.live import Live

from gateway.cli.exits import FAULT, GOOD, complain
from gateway.cli.top_drawn import Screen, drawn
from gateway.config import load_config
from gateway.feed import FeedError
from gateway.feed.client import client_of, not_reached
from gateway.feed.config import FeedConfig
from gateway.feed.configured import feed_config
from gateway.feed.picture import Picture
from gateway.feed.topics import Topics

REFRESH = 0.25
"""Seconds between two draws: a second that counts is never more than that late."""
RETAINED = 1.0
"""Seconds without anything that the broker kept, after which all of that has come."""
ALL_RETAINED = 10.0
"""Seconds it is waited for that at most: a slow network has brought a thousand tickets by then."""
TABLE_WIDTH = 120
"""Columns it takes at least in a pipe: nothing is cut there."""
QUIT = frozenset(b"qQ\x03")
"""Keys that end it; the last is Ctrl-C, where the terminal makes no signal of it."""
RETRY = 1.0
"""Seconds until a broker that went away is asked for again."""


def top(path: Path, *, once: bool) -> int:
    """Show the config's gateway until `q` or Ctrl-C; with `once`, or where the output is no terminal, once. Gives
    the exit code: 1 where its broker is not reached, or has no word of it. Raises ConfigErrors."""
    config = feed_config(load_config(path))
    watch = Watch(config)
    try:
        if once or not sys.stdout.isatty():
            return asyncio.run(watch.once(Console()))
        return asyncio.run(watch.live(Console()))
    except FeedError as error:
        return complain(error, FAULT)


class Watch:
    """One gateway, watched by its feed."""

    def __init__(self, config: FeedConfig) -> None:
        self._config = config
        self._topics = Topics(config.base_topic, config.site)
        self.picture = Picture()
        self.problem: str | None = "the broker has not answered yet"
        self._ahead = timedelta()
        """By how much the gateway's clock is ahead of ours, as its last heartbeat showed."""
        self._reached = asyncio.Event()
        """Set once the broker has answered, or it is known why it does not."""
        self._news = asyncio.Event()
        self._subscribed = 0.0

    async def once(self, console: Console) -> int:
        """Print what the broker keeps of the gateway. Raises FeedError where it is not reached."""
        following = asyncio.create_task(self._follow())
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ALL_RETAINED):
                    await self._all_retained()
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
        if self.problem is not None:
            raise FeedError(self.problem)
        console = console if console.is_terminal else Console(width=max(console.width, TABLE_WIDTH))
        console.print(drawn(self.picture, self._config.site, self._now(), Screen(console.width, height=1_000)))
        return GOOD if self.picture.online else FAULT

    async def _all_retained(self) -> None:
        """Returns where the broker is not reached; raises TimeoutError once all that it keeps has come."""
        await self._reached.wait()
        while self.problem is None:
            self._news.clear()
            async with asyncio.timeout(RETAINED):
                await self._news.wait()

    async def live(self, console: Console) -> int:
        """Draw until `q` is pressed, or cancelled."""
        quits = asyncio.Event()
        with _keys(quits), Live(console=console, screen=True, auto_refresh=False) as live:
            following = asyncio.create_task(self._keep_following())
            try:
                while not quits.is_set():
                    screen = Screen(
                        *console.size, self.problem if self._reached.is_set() else None, self._connecting
                    )
                    live.update(drawn(self.picture, self._config.site, self._now(), screen), refresh=True)
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(REFRESH):
                            await quits.wait()
            finally:
                following.cancel()
                await asyncio.gather(following, return_exceptions=True)
        return GOOD

    @property
    def _connecting(self) -> bool:
        """Whether nothing is known yet, and may be in a moment."""
        if not self._reached.is_set():
            return True
        since = asyncio.get_running_loop().time() - self._subscribed
        return self.problem is None and self.picture.online is None and since < RETAINED

    async def _keep_following(self) -> None:
        while True:
            await self._follow()
            await asyncio.sleep(RETRY)

    async def _follow(self) -> None:
        """Take what comes, until the connection ends: why, is the `problem`."""
        try:
            async with client_of(self._config) as client:
                self.picture = Picture()  # what went away meanwhile is told by nobody
                await client.subscribe(f"{self._topics.root}/#", qos=0)
                self.problem = None
                self._subscribed = asyncio.get_running_loop().time()
                self._reached.set()
                async for message in client.messages:
                    self._take(str(message.topic), message.payload)
                    if message.retain:
                        self._news.set()
        except FeedError as error:
            self.problem = str(error)
        except (MqttError, OSError) as error:
            self.problem = not_reached(self._config, error)
        except Exception as error:  # noqa: BLE001 - a screen that stands still must say so, whatever it is
            self.problem = f"{type(error).__name__}: {error}"
        finally:
            self._reached.set()
            self._news.set()

    def _take(self, topic: str, payload: object) -> None:
        heard = self.picture.heard_at
        self.picture.take(
            topic.removeprefix(f"{self._topics.root}/"), payload if isinstance(payload, bytes) else b""
        )
        if self.picture.heard_at is not None and self.picture.heard_at != heard:
            self._ahead = self.picture.heard_at - datetime.now(UTC)

    def _now(self) -> datetime:
        return datetime.now(self._config.zone) + self._ahead


@contextlib.contextmanager
def _keys(quits: asyncio.Event) -> Iterator[None]:
    """`q` sets `quits`, without Enter; where the input is no terminal, Ctrl-C alone ends it."""
    import termios
    import tty

    if not sys.stdin.isatty():
        yield
        return
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    loop = asyncio.get_running_loop()

    def pressed() -> None:
        keys = os.read(descriptor, 64)  # not by sys.stdin, which would keep what comes after the first key
        if not keys or set(keys) & QUIT:
            quits.set()

    tty.setcbreak(descriptor)
    loop.add_reader(descriptor, pressed)
    try:
        yield
    finally:
        loop.remove_reader(descriptor)
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
