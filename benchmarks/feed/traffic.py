"""Whole calls on many lines at a steady rate of events: the same notices, and so the same messages, every time."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from drivers.line import LineRestored, Verdict
from gateway.call import facts
from gateway.call.facts import CallFact, Notice
from gateway.call.states import CallState
from gateway.feed import Feed, FeedConfig
from gateway.feed.events import event_fields
from gateway.feed.topics import Topics
from tests.service.told import ZONE, Told, given_up, noisy, silent, talker

BEGAN = datetime(2026, 2, 18, 0, 30, tzinfo=ZONE)
HASTE = 60.0
"""The calls' own time goes so many times as fast as the clock: at ten events a second a call of a minute is over
in about a second. So the figures hold as many calls as lines that are always busy have in an hour."""


@dataclass(frozen=True)
class Load:
    """How many lines, and how many events each tells in a second; `port` is the broker's."""

    port: int
    lines: int
    rate: float
    queue_limit: int
    protocol: str

    def at(self, port: int) -> "Load":
        """The same with a broker on this port."""
        return replace(self, port=port)

    @property
    def total(self) -> float:
        """Events a second, of all lines."""
        return self.lines * self.rate

    @property
    def names(self) -> list[str]:
        """The lines."""
        return [f"sip{number}" for number in range(1, self.lines + 1)]

    @property
    def topics(self) -> Topics:
        """Where all is published."""
        return Topics("sansheng", "jinan")


def feed_of(load: Load) -> Feed:
    """The feed that takes the load, not started. Its time stands still: the notices bring their own."""
    lines = tuple((line, "sip") for line in load.names)
    config = FeedConfig(
        site="jinan",
        url=f"mqtt://127.0.0.1:{load.port}",
        lines=lines,
        agents=("801", "802"),
        queue_limit=load.queue_limit,
        protocol="5" if load.protocol == "5" else "3.1.1",
    )
    return Feed(config, now=lambda: BEGAN)


def folded(load: Load) -> Feed:
    """The same for its messages alone: nothing is sent, so nobody need be told that what waits is lost."""
    logging.getLogger("gateway.feed.sending").disabled = True
    return feed_of(load)


def served() -> Told:
    """Chooses by a key, waits in the queue, talks to an agent, hangs up."""
    told = Told().rings(2).answered().says("greeting").hears(Verdict.SPEECH)
    told.tell(facts.DigitDialled("1"), facts.KindChosen("enquiry", "1", "TT-1"), after=0.5)
    told.tell(facts.WaitBegan(2), facts.StateEntered(CallState.WAITING), facts.AgentRinging("802"), after=0.5)
    told.tell(facts.WaitMoved(1), after=4.0).tell(facts.AgentMissed("802", "no_answer"), after=4.0)
    told.tell(facts.AgentRinging("801")).tell(facts.WaitEnded(9.0, overdue=False), after=1.0)
    told.tell(facts.AgentConnected("801"), facts.StateEntered(CallState.TALKING))
    return told.tell(facts.CustomerHeld(), after=9.0).tell(facts.CustomerResumed(), after=9.0).hung_up()


STORIES = (served, served, talker, talker, talker, silent, noisy, given_up)


def events(load: Load) -> Iterator[list[Notice]]:
    """Without end: the notices up to and with the next event. Event k is of line k modulo their number, and due
    k / `load.total` seconds after the first; it is its line's event number k // lines + 1."""
    stories = [_facts(story()) for story in STORIES]
    names = load.names
    calls = [_calls(line, stories, Random(line)) for line in names]
    k = 0
    for line in names:
        yield [Notice(BEGAN, line, None, LineRestored())]
        k += 1
    while True:
        at = BEGAN + timedelta(seconds=HASTE * k / load.total)
        line = names[k % load.lines]
        yield [Notice(at, line, call, fact) for call, fact in next(calls[k % load.lines])]
        k += 1


def _calls(line: str, stories: list[list[list[CallFact]]], chance: Random) -> Iterator[list[tuple[str, CallFact]]]:
    """One line's calls, one after the other."""
    number = 0
    while True:
        number += 1
        call = f"{BEGAN:%Y%m%d-%H%M%S}-{line}-{number:06x}"
        for group in chance.choice(stories):
            yield [(call, fact) for fact in group]


def _facts(told: Told) -> list[list[CallFact]]:
    """A story's facts, each group ended by one that is an event."""
    groups: list[list[CallFact]] = [[]]
    for notice in told.notices:
        assert isinstance(notice.fact, CallFact)
        groups[-1].append(notice.fact)
        if event_fields(notice, show_numbers=False) is not None:
            groups.append([])
    assert not groups[-1], "a story ends with `released`"
    return groups[:-1]
