"""Processes that publish: the real feed, and beside it nothing but aiomqtt with the same messages."""

import asyncio
import gc
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection

from aiomqtt import Client

from benchmarks.feed.stamps import Stamps
from benchmarks.feed.traffic import Load, events, feed_of, folded
from gateway.call.facts import Notice
from gateway.feed.encoding import Message

WORKERS = 16
"""Messages that the bare publisher has under way: awaited one after the other they would not keep the rate."""


@dataclass
class Spent:
    """What a stretch of load took: seconds of clock and of CPU, and what was published."""

    wall: float
    cpu: float
    events: int
    messages: int
    late: float
    """Seconds by which the last event was told too late: what could not be kept up with."""
    dropped: int = 0


class Pace:
    """Events at their time."""

    def __init__(self, load: Load, stamps: Stamps) -> None:
        self._rate = load.total
        self._stamps = stamps
        self.k = 0

    async def wait(self, begin: float, first: int) -> None:
        """Until event k is due, `begin` being the time of the first one; then stamp it."""
        wait = begin + (self.k - first) / self._rate - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        elif not self.k % 64:
            await asyncio.sleep(0)  # it is late, but what is sent must get its turn
        self._stamps.tell(self.k, time.monotonic())
        self.k += 1


def publish_feed(load: Load, stamps: Stamps, orders: Connection) -> None:
    """Each order is for how many seconds the load goes on; None ends it. Answers with what that has Spent."""
    asyncio.run(_feed(load, stamps, orders))


async def _feed(load: Load, stamps: Stamps, orders: Connection) -> None:
    loop = asyncio.get_running_loop()
    feed, pace, traffic = feed_of(load), Pace(load, stamps), events(load)
    messages = 0

    def count(_: Message) -> None:
        nonlocal messages
        messages += 1

    feed.watch(count)
    await feed.start()
    await feed.online.wait()
    gc.collect()
    gc.freeze()  # as the gateway does once it is ready
    orders.send(None)
    while (seconds := await loop.run_in_executor(None, orders.recv)) is not None:
        begin, cpu, first, before = time.monotonic(), time.process_time(), pace.k, messages
        while pace.k - first < seconds * load.total:
            await pace.wait(begin, first)
            for notice in next(traffic):
                feed.receive(notice)
        wall = time.monotonic() - begin
        spent = Spent(wall, time.process_time() - cpu, pace.k - first, messages - before, wall - seconds)
        spent.dropped = feed.dropped
        orders.send(spent)
    await feed.stop()
    orders.send(feed.dropped)


def publish_nothing(load: Load, stamps: Stamps, orders: Connection) -> None:
    """As `publish_feed`, but nobody takes the notices: what the benchmark's own pace costs."""
    asyncio.run(_nothing(load, stamps, orders))


async def _nothing(load: Load, stamps: Stamps, orders: Connection) -> None:
    pace, traffic = Pace(load, stamps), events(load)
    seconds = orders.recv()
    begin, cpu = time.monotonic(), time.process_time()
    while pace.k < seconds * load.total:
        await pace.wait(begin, 0)
        for notice in next(traffic):
            _nobody(notice)
    wall = time.monotonic() - begin
    orders.send(Spent(wall, time.process_time() - cpu, pace.k, 0, wall - seconds))


def _nobody(_: Notice) -> None:
    pass


def publish_bare(load: Load, stamps: Stamps, orders: Connection) -> None:
    """As `publish_feed`, with the feed's messages made beforehand for `orders.recv()` seconds."""
    asyncio.run(_bare(load, stamps, orders))


async def _bare(load: Load, stamps: Stamps, orders: Connection) -> None:
    loop = asyncio.get_running_loop()
    pace, made = Pace(load, stamps), _made(load, await loop.run_in_executor(None, orders.recv))
    waiting: asyncio.Queue[Message] = asyncio.Queue()
    async with Client("127.0.0.1", load.port) as client:
        client.pending_calls_threshold = WORKERS + 1

        async def send() -> None:
            while True:
                message = await waiting.get()
                await client.publish(message.topic, message.payload, qos=1, retain=message.retained)
                waiting.task_done()

        workers = [asyncio.create_task(send()) for _ in range(WORKERS)]
        orders.send(None)
        while (seconds := await loop.run_in_executor(None, orders.recv)) is not None:
            begin, cpu, first, messages = time.monotonic(), time.process_time(), pace.k, 0
            while pace.k - first < seconds * load.total and pace.k < len(made):
                await pace.wait(begin, first)
                for message in made[pace.k - 1]:
                    waiting.put_nowait(message)
                    messages += 1
            await waiting.join()
            wall = time.monotonic() - begin
            orders.send(Spent(wall, time.process_time() - cpu, pace.k - first, messages, wall - seconds))
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    orders.send(0)


def _made(load: Load, seconds: float) -> list[list[Message]]:
    """The messages of each event."""
    feed, traffic = folded(load), events(load)
    made: list[list[Message]] = []
    feed.watch(lambda message: made[-1].append(message))
    for _ in range(int(seconds * load.total)):
        made.append([])
        for notice in next(traffic):
            feed.receive(notice)
        feed.flush()
    gc.freeze()  # a heap that the bare publisher has for the benchmark's sake alone is not to be searched
    return made
