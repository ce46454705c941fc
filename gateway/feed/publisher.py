"""The feed's one connection to its broker: kept up for as long as the gateway runs."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from aiomqtt import MqttError
from aiomqtt.exceptions import MqttConnectError

from gateway.feed.closed_socket import overlook_closed_sockets
from gateway.feed.config import BrokerAddress, FeedConfig, FeedError
from gateway.feed.connection import OFFLINE, ONLINE, Connection, Dialling
from gateway.feed.encoding import Message
from gateway.feed.incoming import Incoming, Outnumbered
from gateway.feed.left_behind import LeftBehind
from gateway.feed.outbox import Outbox
from gateway.feed.own_broker.broker import EmbeddedBroker
from gateway.feed.requests.answering import Answering
from gateway.feed.requests.in_turn import InTurn
from gateway.feed.rivals import SILENCE
from gateway.feed.sending import AT_LEAST_ONCE, Sending
from gateway.feed.session import HEARTBEAT, Session
from gateway.feed.topics import Topics
from gateway.feed.troubles import Alert, Troubles

log = logging.getLogger(__name__)

SITE_TAKEN = "site_taken"
"""The trouble's code while another gateway publishes as this site."""
BROKER_AWAY = "broker_away"
"""The trouble's code while nothing can be published."""
FIRST_RETRY = 0.25
LAST_RETRY = 2.0
"""Seconds between attempts to reach the broker: doubled from the first to the last."""
STEADY = 5.0
"""Seconds a connection must last before the next attempt is a first one again; a broker that takes us and throws
us out at once is not besieged."""
ECHO = 1.0
"""Seconds to wait for our own `offline` to come back: then the other subscribers have it too."""
RENEWAL = 1.0
"""Seconds from one publication of everything anew to the next, however often Home Assistant says that it has
started, or somebody asks for it: each costs what 200 lines publish in a quarter of a second."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """What the publisher asks of the gateway it publishes for, and what it tells it."""

    now: Callable[[], datetime]
    """Aware, in the site's zone."""
    lines: Callable[[], Mapping[str, tuple[str, int]]]
    """The state of every line and how many calls are up on it."""
    tell: Callable[[Message], None]
    """Publishes a message to everybody, through `Publisher.put`."""
    left: Callable[[str], None]
    """Told each of the topics that pass (`Topics.passing`) which the broker has from before."""
    alert: Alert
    """Told the troubles with the broker, and that another gateway publishes as this site."""


class Publisher:
    """Publishes what the outbox holds. Nothing here ever raises into the gateway: a trouble is a `problem`."""

    def __init__(
        self, config: FeedConfig, topics: Topics, answering: Answering, retained: list[Message], gateway: Gateway
    ) -> None:
        """`retained` is what is shown from the beginning."""
        self._topics = topics
        self._gateway = gateway
        self._session = Session.begin(gateway.now(), config.site, version("sansheng"))
        self._born = False
        """Whether the broker has been told of this session."""
        self._outbox = Outbox(config.queue_limit)
        self._url = config.url or ""
        self._broker = EmbeddedBroker(config, topics) if config.url is None else None
        self._dialling = Dialling(config, topics.status)
        self._troubles = Troubles(topics, gateway.alert, gateway.now)
        self._sending = Sending(self._outbox, self._troubles)
        self._home = f"{config.discovery_prefix}/status" if config.discovery_prefix else ""
        self._requests = InTurn(answering)
        self._incoming = Incoming(
            topics, self._requests, self._home, left=self._left_by_others, put=self.put, renew=self.refresh
        )
        self._contested = False
        self._left_behind = LeftBehind(gateway.left)
        self._began = 0.0
        self._renewal = asyncio.Event()
        """Everything is to be published anew."""
        self._parting = False
        """Whether our clean `offline` is on its way."""
        self._closing = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._answering: asyncio.Task[None] | None = None
        self.online = self._sending.online
        """Set while the broker has our birth and everything retained that was known when it was reached."""
        self.problem: str | None = None
        """Why the broker is not reached, in words for the user; None while it is."""
        for message in retained:
            self._outbox.put(message)

    @property
    def url(self) -> str:
        """The broker's address."""
        return self._broker.url if self._broker is not None else self._url

    @property
    def dropped(self) -> int:
        """Events that were lost because the broker stayed away too long."""
        return self._outbox.dropped

    @property
    def waiting(self) -> int:
        """Messages that the broker has not acknowledged; while it is away, events alone."""
        return len(self._outbox)

    def put(self, message: Message) -> None:
        """Publish a message as soon as can be; returns at once."""
        self._sending.put(message)

    def keeps(self, topic: str) -> bool:
        """Whether something retained has been put on this topic, and not been given up since."""
        return self._outbox.keeps(topic)

    def retained(self) -> list[Message]:
        """The newest message of each topic that keeps one."""
        return self._outbox.retained()

    def refresh(self) -> None:
        """Publish everything retained anew, once the broker has all of it, and at most once in RENEWAL seconds
        however often it is asked for."""
        self._renewal.set()

    async def start(self) -> None:
        """Begin; an embedded broker is listening when this returns, unless it could not (see `problem`)."""
        loop = asyncio.get_running_loop()
        overlook_closed_sockets(loop)
        self._began = loop.time()
        with contextlib.suppress(FeedError):
            await self._start_broker()
        self._answering = asyncio.create_task(self._requests.run(), name="feed: requests")
        self._task = asyncio.create_task(self._keep_connected(), name="feed")

    async def stop(self) -> None:
        """Publish what waits and a clean `offline`, if the broker is there; then end. Idempotent."""
        self._closing.set()
        self._sending.close()
        if self._task is not None:
            await self._task
            self._task = None
        if self._answering is not None:
            self._answering.cancel()
            await asyncio.gather(self._answering, return_exceptions=True)
            self._answering = None
        self._troubles.stop()
        if self._broker is not None:
            await self._broker.stop()

    async def _start_broker(self) -> None:
        if self._broker is None:
            return
        try:
            await self._broker.start()
        except FeedError as error:
            self._report(str(error))
            raise

    async def _keep_connected(self) -> None:
        retry = FIRST_RETRY
        clock = asyncio.get_running_loop().time
        while not self._closing.is_set():
            began = clock()
            try:
                await self._start_broker()
                async with self._dialling.connected(self._address(), self._session.number) as connection:
                    await self._serve(connection)
            except Outnumbered as newer:
                self._session = self._session.after(newer.number)
                continue  # at once: the last will is of this session, too
            except FeedError as error:
                self._report(str(error))
            except MqttConnectError as error:
                self._report(self._dialling.refusal(error, self._address()))
            except (MqttError, OSError) as error:
                self._report(self._dialling.unreached(error, self._address()))
            except Exception:  # the feed must never take the gateway down
                log.exception("the feed failed; it goes on")
                self._report("the feed failed; the log has the details")
            finally:
                self._sending.disconnected()
            if clock() - began >= STEADY:
                retry = FIRST_RETRY
            with contextlib.suppress(TimeoutError):  # not wait_for, which may lose a cancellation
                async with asyncio.timeout(retry):
                    await self._closing.wait()
            retry = min(retry * 2, LAST_RETRY)

    async def _serve(self, connection: Connection) -> None:
        await self._compare_sessions(connection)
        session = self._session.message(self._topics, connection.protocol)
        await connection.publish(session)
        self._gateway.tell(session)
        self._born = True
        await connection.publish_status(self._topics.status, ONLINE)
        for topic in (self._topics.command, self._home):
            if topic:
                await connection.client.subscribe(topic, qos=AT_LEAST_ONCE)
        self._renewal.clear()
        self._report(None)
        self._outbox.connected()
        self._parting = False
        listening = asyncio.create_task(self._listen(connection), name="feed: listening")
        living = (
            asyncio.create_task(self._beat(connection), name="feed: heartbeat"),
            asyncio.create_task(self._renew(connection), name="feed: renewal"),
        )
        publishing = asyncio.create_task(self._publish(connection), name="feed: publishing")
        tasks = (listening, publishing, *living)
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            await _ended(living)  # neither `online` nor a heartbeat may follow
            self._parting = True
            await connection.publish_status(self._topics.status, OFFLINE)
            await asyncio.wait((listening,), timeout=ECHO)
        finally:
            await _ended(tasks)

    async def _compare_sessions(self, connection: Connection) -> None:
        """Look at what the broker retains of the run before, and listen for others. Raises Outnumbered."""
        self._incoming.rivals.listening(asyncio.get_running_loop().time())
        client = connection.client
        for topic in (self._topics.session, self._topics.status, self._topics.heartbeat):
            # What is retained of the first two has come when the last is answered; if not, `_listen` takes it.
            await client.subscribe(topic, qos=AT_LEAST_ONCE)
        for _ in range(len(client.messages)):
            message = await anext(client.messages)
            if str(message.topic) == self._topics.status:
                if message.payload == ONLINE and not self._born:  # and may be: it is heard, if so
                    self._left_behind.hold(asyncio.get_running_loop().time() + SILENCE)
            else:
                self._incoming.take_session(message, connection.session, begins=not self._born)

    async def _publish(self, connection: Connection) -> None:
        """Publish what is put in the outbox; ends when closing and all is out."""
        for topics in (*self._topics.passing, *self._topics.standing):  # while `_listen` takes what comes
            await connection.client.subscribe(topics, qos=AT_LEAST_ONCE)
        await self._sending.run(connection.client, connection.protocol)

    async def _listen(self, connection: Connection) -> None:
        """Take what comes; ends when our own clean `offline` has come back."""
        async for message in connection.client.messages:
            if self._parting and str(message.topic) == self._topics.status:
                if message.payload == OFFLINE:
                    return
                continue
            await self._incoming.take(message, connection)
            self._look_for_rivals()

    async def _beat(self, connection: Connection) -> None:
        """A sign of life every HEARTBEAT seconds, for as long as the connection lasts."""
        clock = asyncio.get_running_loop().time
        await self.online.wait()
        for topics in self._topics.standing:  # what an earlier run left has come; ours need not come back to us
            await connection.client.unsubscribe(topics)
        while True:
            gateway = self._gateway
            uptime = clock() - self._began
            gateway.tell(self._session.heartbeat(self._topics, gateway.now(), uptime, gateway.lines()))
            self._look_for_rivals()
            await asyncio.sleep(HEARTBEAT)

    async def _renew(self, connection: Connection) -> None:
        """Publish everything anew when that is asked for."""
        while True:
            await self._renewal.wait()
            await self.online.wait()
            self._renewal.clear()
            await connection.publish_status(self._topics.status, ONLINE)
            self._sending.refresh()
            await asyncio.sleep(RENEWAL)

    def _left_by_others(self, topic: str) -> None:
        self._left_behind.found(topic, asyncio.get_running_loop().time())

    def _look_for_rivals(self) -> None:
        """Tell of them when they come and go. Raises Outnumbered where one that has gone had a larger number."""
        now = asyncio.get_running_loop().time()
        there = self._incoming.rivals.there(now)
        self._left_behind.look(now, others=there)
        if there == self._contested:
            return
        self._contested = there
        where = f"{self._topics.root} on MQTT broker {self._address()}"
        if there:
            words = (
                f"another gateway publishes as {where}: what the two tell is mixed up; "
                "give one of them another `site` in gateway.toml, or stop it"
            )
            log.error("feed: %s", words)
        else:
            words = f"no other gateway publishes as {where} any more"
            log.info("feed: %s", words)
        self._gateway.alert(SITE_TAKEN, words, there)
        if not there:
            self.refresh()  # what it told last is not what we know
            largest = self._incoming.rivals.largest
            if largest > self._session.number:  # clients that have seen it take ours for a stale one
                raise Outnumbered(largest)

    def _address(self) -> BrokerAddress:
        return BrokerAddress.parse(self._broker.own_url if self._broker is not None else self._url)

    def _report(self, problem: str | None) -> None:
        """Tell the log once about each problem, and about its end."""
        if problem == self.problem:
            return
        self.problem = problem
        # Whoever is beside the broker, as the wallboard is, sees it now; the others that it was.
        self._gateway.alert(BROKER_AWAY, problem or "the broker is reached again", problem is not None)
        if problem is None:
            log.info("feed: connected to MQTT broker %s", self._address())
        else:
            log.error("feed: %s", problem)


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancel these, and wait for their end. Again where it is not heard: before Python 3.12 `wait_for` forgets it
    where what it waits for, as an UNSUBACK, has just come."""
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=0.2)
    await asyncio.gather(*tasks, return_exceptions=True)
