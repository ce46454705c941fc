"""Where hosts are, while the resolver answers and while it is silent."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from drivers.sip import lookup
from drivers.sip.lookup import HostUnknown, Lookup

pytestmark = pytest.mark.unit

LONG, SHORT = 30.0, 0.05
"""Seconds that an answer is waited for: where one comes, be the machine busy, and where none does."""


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What the resolver says of a host: its address, an error to raise, or an event to wait for."""
    known: dict[str, Any] = {}

    def getaddrinfo(host: str, *_: Any, **__: Any) -> list[Any]:
        answer = known[host]
        if isinstance(answer, threading.Event):
            answer.wait()
            raise socket.gaierror(socket.EAI_AGAIN, "silence")
        if isinstance(answer, Exception):
            raise answer
        return [(socket.AF_INET, socket.SOCK_DGRAM, 0, "", (answer, 0))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(lookup, "LIMIT", LONG)
    yield known
    for answer in known.values():
        if isinstance(answer, threading.Event):
            answer.set()


@contextlib.contextmanager
def in_vain() -> Iterator[None]:
    """No answer comes of what is asked in here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lookup, "LIMIT", SHORT)
        yield


async def test_while_the_resolver_is_silent_a_host_is_where_it_was(answers: dict[str, Any]) -> None:
    hosts = Lookup()
    answers["pbx"] = "192.0.2.1"
    assert await hosts.address_of("pbx") == "192.0.2.1"
    answers["pbx"] = socket.gaierror(socket.EAI_AGAIN, "no server answers")
    assert await hosts.address_of("pbx") == "192.0.2.1"
    answers["pbx"] = threading.Event()
    with in_vain():
        assert await hosts.address_of("pbx") == "192.0.2.1"
    (unanswered,) = hosts._asked.values()
    answers["pbx"].set()
    answers["pbx"] = "192.0.2.2"
    await asyncio.wait((unanswered,))
    assert await hosts.address_of("pbx") == "192.0.2.2"


async def test_a_host_that_is_no_more_is_forgotten(answers: dict[str, Any]) -> None:
    hosts = Lookup()
    answers["pbx"] = "192.0.2.1"
    assert await hosts.address_of("pbx") == "192.0.2.1"
    for error in (
        socket.gaierror(socket.EAI_NONAME, "no such host"),
        socket.gaierror(socket.EAI_AGAIN, "silence"),
    ):
        answers["pbx"] = error
        with pytest.raises(HostUnknown, match="pbx: no address is known"):
            await hosts.address_of("pbx")


async def test_silent_look_ups_hold_none_of_asyncios_threads(answers: dict[str, Any]) -> None:
    """As many lines as a gateway has, each with a question to a silent server."""
    answers["pbx"] = threading.Event()
    lines = [Lookup() for _ in range(25)]
    with in_vain():
        found = await asyncio.gather(*(line.address_of("pbx") for line in lines), return_exceptions=True)
    assert {type(one) for one in found} == {HostUnknown}
    async with asyncio.timeout(LONG):
        assert await asyncio.to_thread(lambda: "at once") == "at once"


async def test_a_name_that_is_none_is_told_and_asked_anew(answers: dict[str, Any]) -> None:
    hosts = Lookup()
    answers["p\0x"] = ValueError("embedded null character")
    for _ in range(2):
        with pytest.raises(HostUnknown, match="no address is known: embedded null character"):
            await hosts.address_of("p\0x")
    assert not hosts._asked


async def test_callers_who_name_ever_new_hosts_fill_no_memory(answers: dict[str, Any]) -> None:
    hosts = Lookup()
    names = [f"telephone{number}" for number in range(lookup.REMEMBERED + 10)]
    answers.update(dict.fromkeys(names, "192.0.2.1"))
    for name in names:
        await hosts.address_of(name)
    assert len(hosts._found) == lookup.REMEMBERED
    answers[names[-1]] = answers[names[0]] = socket.gaierror(socket.EAI_AGAIN, "no server answers")
    assert await hosts.address_of(names[-1]) == "192.0.2.1", "the last ones are known"
    with pytest.raises(HostUnknown):
        await hosts.address_of(names[0])


async def test_where_no_thread_can_be_had_it_is_told_at_once_and_asked_anew(
    answers: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    hosts = Lookup()
    answers["pbx"] = "192.0.2.1"
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refused)
        with pytest.raises(HostUnknown, match="can't start new thread"):
            await hosts.address_of("pbx")
    assert await hosts.address_of("pbx") == "192.0.2.1"
