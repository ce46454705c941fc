"""What is made of a worker that does not turn while telephones are asked."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from drivers.sip.config import SipConfig
from drivers.sip.lookup import Lookup
from drivers.sip.messages import Ping, Probe, Probed
from drivers.sip.probing import Probing, Reach
from tests.unit.fxo.virtual_time import in_virtual_time

pytestmark = pytest.mark.unit

LIMIT = 2.0
NO_ANSWER = Reach(False, None, "no answer within 2 s")
Asked = asyncio.Task[Reach]


def asks(story: Callable[[Probing, list[Probe | Ping], Asked], Awaitable[None]]) -> None:
    """A telephone is asked by a worker that has not taken the question yet; the rest is the story's."""

    async def whole() -> None:
        sent: list[Probe | Ping] = []
        probing = Probing(SipConfig("desk-1", "127.0.0.1:5062", "sip:desk@192.0.2.1"), Lookup(), sent.append)
        assert not (await probing.ask("sip:801@192.0.2.9", LIMIT)).asked, "there is no worker yet"
        probing.present()
        asked = asyncio.create_task(probing.ask("sip:801@192.0.2.9", LIMIT))
        await asyncio.sleep(0)
        assert sent == [Probe(1, "sip:801@192.0.2.9"), Ping(-1)]
        sent.clear()
        await story(probing, sent, asked)

    in_virtual_time(whole())


def test_the_limit_runs_from_when_the_worker_has_taken_the_question() -> None:
    async def story(probing: Probing, sent: list[Probe | Ping], asked: Asked) -> None:
        await asyncio.sleep(3.0)
        probing.turned(1)
        await asyncio.sleep(1.9)
        assert not asked.done()
        probing.receive(Probed(1, 200, "OK"))
        assert await asked == Reach(True, 200, "SIP 200 OK")
        assert not sent

    asks(story)


def test_no_answer_is_none_only_if_the_worker_turns() -> None:
    async def story(probing: Probing, sent: list[Probe | Ping], asked: Asked) -> None:
        probing.turned(1)
        await asyncio.sleep(LIMIT + 1.0)
        assert not asked.done()
        assert sent == [Ping(-1)]
        probing.turned(1)
        assert await asked == NO_ANSWER
        probing.turned(1)
        probing.receive(Probed(1, 200, "OK"))

    asks(story)


def test_an_answer_that_lay_with_the_worker_counts() -> None:
    async def story(probing: Probing, sent: list[Probe | Ping], asked: Asked) -> None:
        probing.turned(1)
        await asyncio.sleep(LIMIT + 1.0)
        probing.receive(Probed(1, 486, "Busy Here"))
        probing.turned(1)
        assert (await asked).reachable

    asks(story)


@pytest.mark.parametrize("turned", [False, True])
def test_who_was_asked_by_a_worker_that_is_lost_was_not_asked(turned: bool) -> None:
    async def story(probing: Probing, sent: list[Probe | Ping], asked: Asked) -> None:
        if turned:
            probing.turned(1)
        await asyncio.sleep(LIMIT + 1.0)
        probing.lost("the worker hung and was killed")
        assert await asked == Reach(False, None, "the worker hung and was killed", asked=False)

    asks(story)
